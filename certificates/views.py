"""The public check of a document, and the holder's download."""

from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Role
from certificates import verification
from certificates.files import open_file
from certificates.forms import LookupForm
from certificates.models import Document, DocumentState
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


def _answer(verdict: Verdict) -> HttpResponse:
    page = HttpResponse(verdict_page(verdict), status=STATUS_CODES.get(verdict.status, 200))
    return _private(page)


@require_safe
@limit_misses("VERIFICATION_MISSES_PER_MINUTE")
def verify_document(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the QR code: no session, no cookie, no write, one query."""
    return _answer(verification.check(token))


@csrf_exempt  # changes nothing and knows nobody, so that the page can do without a cookie
@require_http_methods(["GET", "HEAD", "POST"])
def verify_lookup(request: HttpRequest) -> HttpResponse:
    """The look-up by number and surname, limited per address and minute."""
    form = LookupForm(request.POST or None)
    if request.method == "POST":
        limit(request, what="look-up", per_minute=settings.LOOKUPS_PER_MINUTE)
        if form.is_valid():
            return _answer(verification.look_up(form.cleaned_data["number"], form.cleaned_data["surname"]))
    status = 422 if form.errors else 200
    return _private(render(request, "certificates/verify_lookup.html", {"form": form}, status=status))


@require_safe
@limit_misses("VERIFICATION_MISSES_PER_MINUTE")
def verify_document_json(request: HttpRequest, token: str) -> HttpResponse:
    """The same answer for machines; its keys are always there, null where there is nothing to say."""
    verdict = verification.check(token)
    facts = verdict.facts
    answer: dict[str, Any] = {
        "status": verdict.status.value,
        "number": facts and facts.number,
        "holder": facts and facts.holder,
        "kind": facts and facts.kind,
        "topic": facts and facts.topic,
        "hours": facts and facts.hours,
        "course": facts and {"from": facts.course_from, "to": facts.course_to},
        "issued_on": facts and facts.issued_on,
        "valid_until": facts and facts.valid_until,
        "organisation": facts and facts.organisation,
        "replaced_by": facts and facts.replaced_by,
        "duplicate_of": facts and facts.duplicate_of,
        "checked_at": verdict.checked_at.isoformat(timespec="seconds"),
    }
    code = STATUS_CODES.get(verdict.status, 200)
    return _private(JsonResponse(answer, status=code, json_dumps_params={"ensure_ascii": False}))


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
