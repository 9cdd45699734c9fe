"""The public check of a document, and the holder's download."""

import gzip
from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Role
from certificates import verification, watching
from certificates.files import open_file
from certificates.forms import LookupForm
from certificates.models import Document, DocumentState, Way
from certificates.verdict_pages import verdict_page
from certificates.verification import Status, Verdict
from core.throttle import limit, limit_misses

if TYPE_CHECKING:
    from accounts.models import User

STATUS_CODES = {Status.NOT_FOUND: 404, Status.UNAVAILABLE: 503}


def _private(response: HttpResponse) -> HttpResponse:
    """Neither kept by a browser nor listed by a search engine."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _answer(request: HttpRequest, verdict: Verdict, way: str) -> HttpResponse:
    """The page with the verdict, compressed for who takes it: a telephone on a slow line, where no proxy does it.

    Nothing on it is a secret of its reader, so its length tells nothing.
    """
    watching.note(way, verdict)
    page = HttpResponse(verdict_page(verdict), status=STATUS_CODES.get(verdict.status, 200))
    page.headers["Vary"] = "Accept-Encoding"
    if "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", ""):
        page.content = gzip.compress(page.content, compresslevel=5, mtime=0)
        page.headers["Content-Encoding"] = "gzip"
    return _private(page)


@require_safe
@limit_misses("VERIFICATION_MISSES_PER_MINUTE")
def verify_document(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the QR code: no session, no cookie, no write, one query."""
    return _answer(request, verification.check(token), Way.PAGE)


@csrf_exempt  # changes nothing and knows nobody, so that the page can do without a cookie
@require_http_methods(["GET", "HEAD", "POST"])
def verify_lookup(request: HttpRequest) -> HttpResponse:
    """The look-up by number and surname, limited per address and minute."""
    form = LookupForm(request.POST or None)
    if request.method == "POST":
        limit(request, what="look-up", per_minute=settings.LOOKUPS_PER_MINUTE)
        if form.is_valid():
            asked = form.cleaned_data
            return _answer(request, verification.look_up(asked["number"], asked["surname"]), Way.LOOK_UP)
    status = 422 if form.errors else 200
    return _private(render(request, "certificates/verify_lookup.html", {"form": form}, status=status))


@require_safe
def document_download(request: HttpRequest, pk: int) -> FileResponse:
    """The PDF, for its holder while it is in force, for administrators always."""
    user = cast("User", request.user)
    document = get_object_or_404(Document.objects.visible_to(user).exclude(file=""), pk=pk)
    if Role.ADMINISTRATOR not in user.roles and document.state != DocumentState.READY:
        raise Http404
    response = FileResponse(
        open_file(document), as_attachment=True, filename=f"{document.number}.pdf", content_type="application/pdf"
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
