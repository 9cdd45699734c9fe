"""The commission's pages: the protocols of one's own sessions, the chair's closing, special opinions, the paper."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from assessment.correcting import changes, close_correction
from assessment.models import Outcome, Protocol, ProtocolKind, ProtocolMember, ProtocolState
from assessment.protocol_forms import ClosingForm, OpinionForm
from assessment.protocol_papers import render_protocol
from assessment.protocol_rules import attendance_of, barred
from assessment.protocols import close_protocol, give_opinion
from assessment.sheet import read_sheet
from core.errors import DomainError

asks = require_http_methods(["GET", "HEAD", "POST"])


def _protocols(request: HttpRequest) -> QuerySet[Protocol]:
    visible = Protocol.objects.visible_to(request.user).exclude(state=ProtocolState.DISCARDED)
    return visible.select_related("cohort__edition", "cohort__rubric", "closed_by").prefetch_related("members__member")


@never_cache
@require_safe
def protocol_list(request: HttpRequest) -> HttpResponse:
    """Protocols of the sessions in which this person sits: drafts first, then the latest."""
    mine = _protocols(request).filter(members__member__user=request.user)
    protocols = sorted(mine, key=lambda one: (one.state != ProtocolState.DRAFT, -one.held_on.toordinal(), -one.pk))
    return render(request, "assessment/protocol_list.html", {"protocols": protocols})


def _seat(request: HttpRequest, protocol: Protocol) -> ProtocolMember | None:
    """This person's seat in the session."""
    return next((one for one in protocol.members.all() if one.member.user_id == request.user.pk), None)


def _without_account(request: HttpRequest, protocol: Protocol) -> list[ProtocolMember]:
    """Seats of members who have no account: an administrator writes their special opinions down."""
    return (
        [one for one in protocol.members.all() if one.member.user_id is None] if request.user.is_administrator else []
    )


def _page(request: HttpRequest, protocol: Protocol, form: ClosingForm | None = None, status: int = 200) -> HttpResponse:
    sheet, seat = read_sheet(protocol.cohort), _seat(request, protocol)
    kept_out = barred(sheet, attendance_of(sheet))
    left = {int(pk): reason for pk, reason in protocol.left_out.items()}
    waiting = [row for row in sheet.pending if row.enrolment.pk not in left]
    context: dict[str, Any] = {
        "protocol": protocol,
        "sheet": sheet,
        "rows": [row for row in waiting if row.is_decidable and row.enrolment.pk not in kept_out],
        "blocked": [row for row in waiting if not row.is_decidable or row.enrolment.pk in kept_out],
        "left_out": [(row, left[row.enrolment.pk]) for row in sheet.pending if row.enrolment.pk in left],
        "corrections": changes(
            protocol.corrections.select_related("outcome__attempt__enrolment__listener"), sheet.criteria
        ),
        "seat": seat,
        "others": _without_account(request, protocol),
        "is_chair": seat is not None and seat.is_chair,
        "form": form or ClosingForm(initial={"seen": sheet.fingerprint}),
        "opinion": OpinionForm(initial={"opinion": seat.special_opinion}) if seat else None,
    }
    return render(request, "assessment/protocol_close.html", context, status=status)


def _closed_page(request: HttpRequest, protocol: Protocol) -> HttpResponse:
    outcomes = Outcome.objects.filter(protocol=protocol).select_related(
        "band", "attempt__enrolment__listener", "attempt__corrected_by__outcome__protocol"
    )
    criteria = list(protocol.cohort.rubric.criteria.all())
    people = outcomes.order_by("attempt__enrolment__listener__sort_key", "pk")
    rows = [(outcome, [outcome.points.get(c.code) for c in criteria]) for outcome in people]
    return render(request, "assessment/protocol_show.html", {"protocol": protocol, "criteria": criteria, "rows": rows})


@never_cache
@asks
def protocol_show(request: HttpRequest, pk: int) -> HttpResponse:
    """A draft, to be closed by its chair; a closed protocol, to read."""
    protocol = get_object_or_404(_protocols(request), pk=pk)
    if protocol.state == ProtocolState.CLOSED:
        return _closed_page(request, protocol)
    if request.method != "POST":
        return _page(request, protocol)
    form = ClosingForm(request.POST)
    if form.is_valid():
        try:
            closed = _close(protocol, request.user, form.cleaned_data["seen"])
        except DomainError as error:
            again = ClosingForm(request.POST | {"seen": read_sheet(protocol.cohort).fingerprint})
            again.add_error(None, error.sentence)
            return _page(request, protocol, again, error.status)
        messages.success(request, _("Protocol No %(no)s is closed.") % {"no": closed.no})
        return redirect("protocol_show", pk=protocol.pk)
    return _page(request, protocol, form, 422)


def _close(protocol: Protocol, by: User, seen: str) -> Protocol:
    if protocol.kind == ProtocolKind.CORRECTION:
        return close_correction(protocol=protocol, by=by)
    return close_protocol(protocol=protocol, by=by, seen=seen)


@require_POST
def protocol_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """A member's own special opinion, or (`seat`) that of one without an account, written down by an administrator."""
    protocol = get_object_or_404(_protocols(request), pk=pk)
    seat, form = _seat(request, protocol), OpinionForm(request.POST)
    if asked := request.POST.get("seat", ""):
        seat = next((one for one in _without_account(request, protocol) if str(one.pk) == asked), None)
    if seat is None:
        raise Http404
    if form.is_valid():
        try:
            give_opinion(protocol=protocol, member=seat, opinion=form.cleaned_data["opinion"], by=request.user)
            messages.success(request, _("The special opinion is stored."))
        except DomainError as error:
            messages.error(request, error.sentence)
    else:
        messages.error(request, _("The special opinion is longer than 2000 characters."))
    return redirect("protocol_show", pk=protocol.pk)


@never_cache
@require_safe
def protocol_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The paper of a closed protocol, from its snapshot."""
    protocol = get_object_or_404(_protocols(request).filter(state=ProtocolState.CLOSED), pk=pk)
    response = HttpResponse(render_protocol(protocol.snapshot or {}), content_type="application/pdf")
    name = f"{protocol.cohort.code}-{protocol.no}.pdf"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
