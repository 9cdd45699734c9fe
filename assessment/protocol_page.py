"""The administrators' page of a cohort's protocols: the draft for the chair, and what was decided."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assessment.models import Outcome, Protocol, ProtocolState
from assessment.protocol_forms import DiscardForm, DraftForm
from assessment.protocol_rules import attendance_of, barred, shown, why_not_now
from assessment.protocols import discard_protocol, draft_protocol
from assessment.sheet import Row, Sheet, read_sheet
from core.errors import DomainError
from enrollment.attendance_rules import Share
from enrollment.models import Cohort, Enrolment

TEMPLATE = "admin/assessment/cohort_protocol.html"


def left_out(protocols: Sequence[Protocol]) -> dict[int, list[tuple[str, str]]]:
    """Full name and reason of everybody left out, by protocol, in the order of the Kazakh alphabet; one query."""
    people = {int(pk) for protocol in protocols for pk in protocol.left_out}
    known = (
        {e.pk: e.listener for e in Enrolment.objects.filter(pk__in=people).select_related("listener")} if people else {}
    )
    found: dict[int, list[tuple[str, str]]] = {}
    for protocol in protocols:
        listed = [(known[int(pk)], reason) for pk, reason in protocol.left_out.items() if int(pk) in known]
        listed.sort(key=lambda pair: pair[0].sort_key)
        found[protocol.pk] = [(listener.full_name, reason) for listener, reason in listed]
    return found


def _closed(sheet: Sheet) -> list[dict[str, Any]]:
    """The cohort's protocols, the latest first, each with its outcomes by name and who was left out."""
    closed = sheet.cohort.protocols.filter(state=ProtocolState.CLOSED)
    protocols = list(closed.select_related("closed_by").order_by("-no"))
    people = Outcome.objects.filter(protocol__in=protocols).select_related(
        "band", "attempt__enrolment__listener", "attempt__corrected_by__outcome__protocol"
    )
    outcomes = list(people.order_by("attempt__enrolment__listener__sort_key", "pk"))
    absent = left_out(protocols)
    return [
        {
            "protocol": protocol,
            "rows": [
                (o, [o.points.get(c.code) for c in sheet.criteria]) for o in outcomes if o.protocol_id == protocol.pk
            ],
            "left_out": absent[protocol.pk],
        }
        for protocol in protocols
    ]


Attended = Mapping[int, Share]


def _below(sheet: Sheet, attended: Attended) -> list[Row]:
    """Who waits for a decision and is below the minimum."""
    return [row for row in sheet.pending if attended[row.enrolment.pk].is_below(settings.ATTENDANCE_MINIMUM)]


def _attendance(sheet: Sheet, attended: Attended, form: DraftForm) -> dict[str, Any]:
    """What the page says of attendance: who is below the minimum, and whether that refuses them."""
    return {
        "minimum": settings.ATTENDANCE_MINIMUM,
        "below": [(row, shown(attended[row.enrolment.pk]), form.reason_of(row)) for row in _below(sheet, attended)],
        "nothing_held": bool(sheet.pending) and not any(share.held for share in attended.values()),
        "is_refused": settings.ATTENDANCE_RULE == "refuse",
    }


def _draft_of(cohort: Cohort) -> Protocol | None:
    drafts = cohort.protocols.filter(state=ProtocolState.DRAFT)
    return drafts.prefetch_related("members__member").first()


def _form(sheet: Sheet, draft: Protocol | None, attended: Attended, *args: Any) -> DraftForm:
    below = {row.enrolment.pk for row in _below(sheet, attended)}
    return DraftForm(*args, sheet=sheet, draft=draft, barred=barred(sheet, attended), below=below)


def _page(
    request: HttpRequest,
    sheet: Sheet,
    draft: Protocol | None,
    attended: Attended,
    form: DraftForm,
    shared: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    left = set(draft.left_out) if draft else set()
    context = shared | {
        "title": _("Protocol of cohort %(code)s") % {"code": sheet.cohort.code},
        "cohort": sheet.cohort,
        "sheet": sheet,
        "draft": draft,
        "form": form,
        "why_not": why_not_now(sheet.cohort),
        "complete": [
            r
            for r in sheet.pending
            if r.is_decidable and r.enrolment.pk not in form.barred and str(r.enrolment.pk) not in left
        ],
        "protocols": _closed(sheet),
        **_attendance(sheet, attended, form),
    }
    return render(request, TEMPLATE, context, status=status)


def _cohort(request: HttpRequest, pk: int) -> Cohort:
    return get_object_or_404(Cohort.objects.visible_to(request.user).select_related("rubric", "edition"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def cohort_protocol(request: HttpRequest, pk: int, shared: dict[str, Any]) -> HttpResponse:
    """Show who would be decided on and store the draft for the chair; a refusal is shown above the form (4xx)."""
    cohort = _cohort(request, pk)
    sheet, draft = read_sheet(cohort), _draft_of(cohort)
    attended = attendance_of(sheet)
    if request.method != "POST":
        return _page(request, sheet, draft, attended, _form(sheet, draft, attended), shared)
    form = _form(sheet, draft, attended, request.POST)
    if not form.is_valid():
        return _page(request, sheet, draft, attended, form, shared, status=422)
    try:
        protocol = draft_protocol(cohort=cohort, by=request.user, **form.session())
    except DomainError as error:
        form.add_error(None, error.sentence)
        return _page(request, sheet, draft, attended, form, shared, status=error.status)
    chair = form.cleaned_data["chair"].full_name
    messages.success(request, _("The draft is stored. It is closed by the chair: %(name)s.") % {"name": chair})
    if protocol.members.filter(is_chair=True, member__user=request.user).exists():
        return redirect("protocol_show", pk=protocol.pk)
    return redirect("admin:assessment_cohort_protocol", pk=cohort.pk)


@require_POST
def discard_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the cohort's draft away, with a reason."""
    cohort = _cohort(request, pk)
    form = DiscardForm(request.POST)
    draft = get_object_or_404(cohort.protocols.filter(state=ProtocolState.DRAFT))
    if form.is_valid():
        discard_protocol(protocol=draft, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The draft is put away."))
    else:
        messages.error(request, _("Give the reason."))
    return redirect("admin:assessment_cohort_protocol", pk=cohort.pk)
