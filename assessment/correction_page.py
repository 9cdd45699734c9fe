"""The administrators' page on which a correction of a closed protocol is prepared: changed, looked at, drafted."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessment.correcting import changes, draft_correction
from assessment.correction_forms import CorrectionForm
from assessment.models import Appeal, AppealState, Outcome, Protocol, ProtocolKind, ProtocolState
from enrollment.posting import carried_out, posted, status_of

TEMPLATE = "admin/assessment/correction.html"


def _appeal(request: HttpRequest, protocol: Protocol) -> Appeal | None:
    """The upheld appeal for which the correction is prepared, if the address names one."""
    asked = request.GET.get("appeal", "")
    upheld = Appeal.objects.filter(outcome__protocol=protocol, state=AppealState.UPHELD, correction=None)
    return upheld.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 10 else None


def _said(appeal: Appeal | None) -> dict[str, str]:
    """What an appeal says for the reason and the basis."""
    if appeal is None or appeal.held_on is None:
        return {}
    day = date_format(appeal.held_on, "SHORT_DATE_FORMAT")
    return {"reason": appeal.decision[:500], "basis": _("Decision on the appeal of %(day)s") % {"day": day}}


@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: HttpRequest, pk: int, shared: dict[str, Any]) -> HttpResponse:
    """Change points or endings, look at what changes, and store the draft for the chair."""
    protocols = Protocol.objects.filter(state=ProtocolState.CLOSED).select_related("cohort__rubric", "cohort__edition")
    protocol = get_object_or_404(protocols, pk=pk)
    appeal = _appeal(request, protocol)
    outcomes = Outcome.objects.in_force().filter(protocol=protocol).select_related("attempt__enrolment__listener")
    if appeal:
        outcomes = outcomes.filter(pk=appeal.outcome_id)
    drafts = protocol.cohort.protocols.filter(state=ProtocolState.DRAFT)
    draft = drafts.filter(kind=ProtocolKind.CORRECTION).prefetch_related("members", "corrections").first()
    form = CorrectionForm(
        posted(request),
        protocol=protocol,
        draft=draft,
        outcomes=outcomes.order_by("attempt__enrolment__listener__sort_key", "pk"),
        criteria=list(protocol.cohort.rubric.criteria.all()),
        initial=_said(appeal),
    )
    if form.is_valid() and "draft" in request.POST:
        made = carried_out(form, draft_correction, cohort=protocol.cohort, by=request.user, **form.correction())
        if made:
            chair = form.cleaned_data["chair"].full_name
            messages.success(request, _("The draft is stored. It is closed by the chair: %(name)s.") % {"name": chair})
            return redirect("admin:assessment_cohort_protocol", pk=protocol.cohort_id)
    looked = form.is_bound and form.is_valid()
    context = shared | {
        "title": _("Correction of protocol No %(no)s") % {"no": protocol.no},
        "protocol": protocol,
        "cohort": protocol.cohort,
        "opts": Protocol._meta,
        "form": form,
        "corrections": changes(form.lines(), form.criteria) if looked else [],
        "looked": looked,
    }
    return render(request, TEMPLATE, context, status=status_of(form))
