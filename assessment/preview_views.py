"""What a submitted file says, to be read without opening it: pages as pictures, office files as text."""

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from assessment.models import Submission, SubmittedFile
from assessment.printing import content_of
from core.reading import PICTURE, TROUBLES, Reading, draw, read

MOST_PAGES = 20  # that are shown
_AS_DRAWN = "1"  # changes with the way in which pages are drawn


def _visible(request: HttpRequest, pk: int) -> SubmittedFile:
    submissions = Submission.objects.visible_to(request.user)
    files = SubmittedFile.objects.filter(version__submission__in=submissions)
    return get_object_or_404(files.select_related("version__submission__assignment"), pk=pk)


@never_cache
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})  # type: ignore[arg-type]
@require_safe
def submitted_preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The first pages, or what the file says; a sentence and the way to the file itself when neither can be shown."""
    file = _visible(request, pk)
    content = content_of(file)
    reading = read(content) if content is not None else Reading("", trouble="missing")
    drawn = 1 if reading.kind == PICTURE else min(reading.pages, MOST_PAGES) if reading.kind == "pdf" else 0
    context = {
        "file": file,
        "reading": reading,
        "pages": _pages(reading, drawn),
        "is_more": reading.is_cut or (reading.kind == "pdf" and reading.pages > drawn),
        "why_not": "" if drawn else _(TROUBLES[reading.trouble]) if reading.trouble else "",
    }
    return render(request, "assessment/submitted_preview.html", context)


def _pages(reading: Reading, drawn: int) -> list[tuple[int, list[str]]]:
    """Each page that is drawn, with what it says."""
    words: dict[int, list[str]] = {no: [] for no in range(1, drawn + 1)}
    no = 0
    for block in reading.blocks:
        no = block.number if block.kind == "page" else no
        if no in words and block.text:
            words[no].append(block.text)
    return list(words.items())


@require_safe
def submitted_page(request: HttpRequest, pk: int, no: int) -> HttpResponseBase:
    """A page of a PDF as a picture, or a picture made small. The reader's browser keeps it and asks each time."""
    file = _visible(request, pk)
    if not 1 <= no <= MOST_PAGES:
        raise Http404
    etag = f'"{file.sha256}-{no}-{_AS_DRAWN}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        content = content_of(file)
        drawn = draw(content, no) if content is not None else None
        if drawn is None:
            raise Http404
        response = HttpResponse(drawn, content_type="image/webp", headers={"ETag": etag})
    patch_cache_control(response, private=True, no_cache=True)
    return response
