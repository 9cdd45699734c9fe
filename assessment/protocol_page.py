"""The administrators' page of a cohort's protocols: what would be decided, the closing, and what was decided."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessment.forms import ProtocolForm
from assessment.models import Outcome, Protocol
from assessment.protocol_rules import attendance_of, barred, shown, why_not_now
from assessment.protocols import close_protocol, draft_protocol
from assessment.sheet import Row, Sheet, read_sheet
from core.errors import DomainError, Refused
from enrollment.attendance_rules import Share
from enrollment.models import Body, Cohort, CommissionMember, Enrolment

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
    protocols = list(sheet.cohort.protocols.select_related("closed_by").order_by("-no"))
    people = Outcome.objects.filter(protocol__in=protocols).select_related("band", "attempt__enrolment__listener")
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


def _attendance(sheet: Sheet, attended: Attended, form: ProtocolForm) -> dict[str, Any]:
    """What the page says of attendance: who is below the minimum, and whether that refuses them."""
    return {
        "minimum": settings.ATTENDANCE_MINIMUM,
        "below": [(row, shown(attended[row.enrolment.pk]), form.reason_of(row)) for row in _below(sheet, attended)],
        "nothing_held": bool(sheet.pending) and not any(share.held for share in attended.values()),
        "is_refused": settings.ATTENDANCE_RULE == "refuse",
    }


def _form(sheet: Sheet, attended: Attended, *args: Any, **kwargs: Any) -> ProtocolForm:
    below = {row.enrolment.pk for row in _below(sheet, attended)}
    return ProtocolForm(*args, sheet=sheet, barred=barred(sheet, attended), below=below, **kwargs)


def _page(
    request: HttpRequest,
    sheet: Sheet,
    attended: Attended,
    form: ProtocolForm,
    shared: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    context = shared | {
        "title": _("Protocol of cohort %(code)s") % {"code": sheet.cohort.code},
        "cohort": sheet.cohort,
        "sheet": sheet,
        "form": form,
        "why_not": why_not_now(sheet.cohort),
        "complete": [r for r in sheet.pending if r.mark.is_complete and r.enrolment.pk not in form.barred],
        "protocols": _closed(sheet),
        **_attendance(sheet, attended, form),
    }
    return render(request, TEMPLATE, context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def cohort_protocol(request: HttpRequest, pk: int, shared: dict[str, Any]) -> HttpResponse:
    """Show who would be decided on and, confirmed, close the protocol; a refusal is shown above the form (4xx)."""
    cohorts = Cohort.objects.visible_to(request.user).select_related("rubric", "edition")
    cohort = get_object_or_404(cohorts, pk=pk)
    sheet = read_sheet(cohort)
    attended = attendance_of(sheet)
    if request.method != "POST":
        form = _form(sheet, attended, initial={"seen": sheet.fingerprint})
        return _page(request, sheet, attended, form, shared)
    form = _form(sheet, attended, request.POST)
    if not form.is_valid():
        return _page(request, sheet, attended, form, shared, status=422)
    try:
        held_on = form.cleaned_data["held_on"]
        members = list(CommissionMember.objects.serving_on(held_on, Body.ATTESTATION))
        chair = next((member for member in members if member.user_id == request.user.pk), None)
        if chair is None:
            raise Refused(_("A protocol is closed by the chair of the session."))
        protocol = draft_protocol(
            cohort=cohort, held_on=held_on, members=members, chair=chair, leave_out=form.leave_out, by=request.user
        )
        protocol = close_protocol(protocol=protocol, by=request.user, seen=form.cleaned_data["seen"])
    except DomainError as error:
        sheet = read_sheet(cohort)
        attended = attendance_of(sheet)
        form = _form(sheet, attended, request.POST)
        form.add_error(None, error.sentence)
        return _page(request, sheet, attended, form, shared, status=error.status)
    messages.success(request, _("Protocol No %(no)s is closed.") % {"no": protocol.no})
    return redirect("admin:assessment_cohort_protocol", pk=cohort.pk)
