"""The course agreement in the listener's cabinet: read, accepted, taken away as PDF."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import DomainError, Refused
from core.pdf import MissingLettersError
from enrollment import agreeing
from enrollment.agreement_gaps import laid_out
from enrollment.agreement_offers import offer_to
from enrollment.agreement_papers import draft_of, render_agreement
from enrollment.forms import AcceptForm
from enrollment.models import Agreement, Enrolment


def _own(request: HttpRequest, pk: int) -> Enrolment:
    """The signed-in listener's own enrolment with what an agreement says, or 404."""
    enrolments = (
        Enrolment.objects.visible_to(request.user)
        .filter(listener__user=request.user)
        .select_related(
            "listener__employer", "cohort__edition", "cohort__rubric", "agreement__text", "agreement__continues__text"
        )
    )
    return get_object_or_404(enrolments, pk=pk)


def _language() -> str:
    return get_language() or "kk"


def paper(snapshot: dict[str, Any], name: str) -> HttpResponse:
    """The PDF of an agreement as a download. Raises `Refused` for letters that cannot be printed."""
    try:
        content = render_agreement(snapshot)
    except MissingLettersError as error:
        raise Refused(_("The agreement has characters that cannot be printed. Please tell the institute.")) from error
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}.pdf"', "Cache-Control": "private, no-store"},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def my_agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """The agreement to read and accept; once there is one, what was agreed."""
    enrolment = _own(request, pk)
    if enrolment.has_agreement:
        return _agreed(request, enrolment)
    offer, why_not = offer_to(enrolment), agreeing.why_not_acceptable(enrolment)
    form = AcceptForm(request.POST if request.method == "POST" else None, initial={"seen": offer.fingerprint})
    status = 422 if form.errors else 200
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            agreeing.accept_agreement(enrolment=enrolment, seen=seen, language=_language(), by=request.user)
        except DomainError as refusal:
            form = AcceptForm(initial={"seen": offer.fingerprint})
            form.refusal = refusal.sentence  # type: ignore[attr-defined]
            status = refusal.status
        else:
            messages.success(request, _("You have accepted the course agreement. The course materials are open now."))
            return redirect("my_agreement", pk)
    context = {
        "enrolment": enrolment,
        "offer": offer,
        "blocks": laid_out(offer.filled[_language()]),
        "form": form,
        "why_not": why_not,
    }
    return render(request, "enrollment/my_agreement.html", context, status=status)


def _agreed(request: HttpRequest, enrolment: Enrolment) -> HttpResponse:
    made = enrolment.agreement.made
    blocks = laid_out(made.snapshot["text"][_language()]) if made.snapshot else []
    context = {"enrolment": enrolment, "agreement": enrolment.agreement, "made": made, "blocks": blocks}
    return render(request, "enrollment/my_agreement_made.html", context)


@require_safe
def my_agreement_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """The agreement as a PDF to read before it is accepted, marked as a draft."""
    enrolment = _own(request, pk)
    if enrolment.has_agreement:
        raise Http404
    return paper(draft_of(offer_to(enrolment), enrolment.cohort), enrolment.cohort.code)


@require_safe
def agreement_download(request: HttpRequest, pk: int) -> HttpResponse:
    """The accepted agreement as PDF, for its listener and for administrators; one on paper has no file."""
    agreements = Agreement.objects.visible_to(request.user).select_related("continues")
    made = get_object_or_404(agreements, pk=pk).made
    if made.snapshot is None:
        raise Http404
    return paper(made.snapshot, made.number)
