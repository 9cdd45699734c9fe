"""What each kind of order does to the enrolments of its list; every person is judged before the first one moves.

Called by `ordering.sign_order` alone, with all rows held.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Refused
from core.states import born, move
from core.workdays import month_later
from enrollment import notices, request_letters
from enrollment.admission import refuse_elsewhere, refuse_overfull, refuse_unless_taking_people
from enrollment.models import (
    SEATED,
    Cohort,
    DecisionLine,
    Enrolment,
    EnrolmentState,
    Order,
    OrderKind,
    OrderLine,
    OrderState,
    RequestState,
    Way,
)
from enrollment.order_checks import (
    check_reopening,
    check_requests,
    check_targets,
    check_ways,
    refuse_for,
    refuse_other_states,
    refuse_over,
)
from enrollment.standings import limits, standings_of
from enrollment.ways import follows, transfer_until


@dataclass(frozen=True)
class Signing:
    """The order that is being signed, by whom, and how the audit trail names it."""

    order: Order
    by: User | None
    basis: str

    def move(self, line: OrderLine, to: str, **fields: object) -> None:
        """Move the line's enrolment and remember where it came from."""
        line.from_state, line.to_state = line.enrolment.state, to
        move(line.enrolment, to, by=self.by, basis=self.basis, reason=line.note, **fields)

    def open(self, line: OrderLine, cohort: Cohort) -> None:
        """A new enrolment in `cohort` that continues the line's; what was attended and handed in goes along."""
        new = Enrolment(
            cohort=cohort,
            listener=line.enrolment.listener,
            state=EnrolmentState.ENROLLED,
            order=self.order,
            origin=line.enrolment,
        )
        new.save()
        born([new], by=self.by, basis=self.basis)
        line.opened = new


def carry_out(order: Order, lines: list[OrderLine], *, by: User | None, basis: str) -> None:
    """Judge everybody of the list, then move them. Raises `Refused`, naming people, before anything is moved."""
    signing = Signing(order, by, basis)
    check_requests(order, lines)
    EFFECTS[OrderKind(order.kind)](signing, lines)
    OrderLine.objects.bulk_update(lines, ["from_state", "to_state", "opened"])
    for line in lines:
        if line.request and line.request.state == RequestState.FILED:
            move(line.request, RequestState.ORDERED, by=by, basis=basis)
            request_letters.tell_ordered(line.request, order)


def _enrol(signing: Signing, lines: list[OrderLine]) -> None:
    """Admitted → enrolled, with the agreement accepted or on file."""
    refuse_other_states(lines, EnrolmentState.ADMITTED)
    agreed = set(
        Enrolment.objects.filter(pk__in=[line.enrolment_id for line in lines], agreement__isnull=False).values_list(
            "pk", flat=True
        )
    )
    without = [line for line in lines if line.enrolment_id not in agreed]
    refuse_for(without, _("The course agreement is neither accepted nor on file: %(names)s."))
    for cohort in {line.enrolment.cohort for line in lines}:
        refuse_unless_taking_people(cohort)
        refuse_over(cohort, signing.order.date)
        refuse_elsewhere(cohort, [line.enrolment.listener_id for line in lines if line.enrolment.cohort == cohort])
    for line in lines:
        signing.move(line, EnrolmentState.ENROLLED, order=signing.order)


def _transfer(signing: Signing, lines: list[OrderLine]) -> None:
    """R8: into another cohort of the edition that begins within the calendar year."""
    refuse_for([line for line in lines if line.cohort is None], _("Say into which cohort they go: %(names)s."))
    check_ways(lines, signing.order.date, lambda line: Way.TRANSFER)
    check_targets(lines, signing.order.date)
    standings = standings_of([line.enrolment for line in lines])
    late = [
        line for line in lines if line.cohort and line.cohort.starts_on > transfer_until(standings[line.enrolment_id])
    ]
    refuse_for(late, _("The other cohort begins after this calendar year: %(names)s."))
    for line in lines:
        _continue(signing, line)


def _continue(signing: Signing, line: OrderLine) -> None:
    """Open the enrolment in the other cohort. A decided one stays as it was decided (I10)."""
    if line.cohort is None:
        raise AssertionError("checked before")
    signing.open(line, line.cohort)
    if line.enrolment.state in (EnrolmentState.ENROLLED, EnrolmentState.DEFERRED):
        signing.move(line, EnrolmentState.TRANSFERRED)


def _defer(signing: Signing, lines: list[OrderLine]) -> None:
    """R9: until a set date; who did not pass keeps that outcome and gets the right to come back."""
    check_ways(lines, signing.order.date, lambda line: Way.DEFERRAL)
    refuse_for([line for line in lines if line.until is None], _("Say until when: %(names)s."))
    day = signing.order.date
    last = month_later(day, limits().deferral_months)
    outside = [line for line in lines if line.until and not day < line.until <= last]
    refuse_for(outside, _("The date lies outside what a deferral may last: %(names)s."))
    for line in lines:
        if line.enrolment.state == EnrolmentState.ENROLLED:
            signing.move(line, EnrolmentState.DEFERRED, deferred_until=line.until)
        else:
            line.enrolment.deferred_until = line.until
            line.enrolment.save(update_fields=["deferred_until"])


def _reinstate(signing: Signing, lines: list[OrderLine]) -> None:
    """Back into the own cohort, or into another one of the edition."""
    check_ways(lines, signing.order.date, lambda line: Way.REINSTATEMENT)
    check_targets(lines, signing.order.date)
    staying = [line for line in lines if line.cohort is None]
    refuse_for(
        [line for line in staying if line.enrolment.state == EnrolmentState.NOT_PASSED],
        _("Say into which cohort they go: %(names)s."),
    )
    for cohort in {line.enrolment.cohort for line in staying}:
        refuse_unless_taking_people(cohort)
        refuse_overfull(cohort, sum(line.enrolment.cohort_id == cohort.pk for line in staying))
    for line in lines:
        if line.cohort:
            _continue(signing, line)
        else:
            signing.move(line, EnrolmentState.ENROLLED, deferred_until=None)


def _expel(signing: Signing, lines: list[OrderLine]) -> None:
    """R10: resting on a decision of the commission about each of them; R11: their employers are told."""
    refuse_other_states(lines, EnrolmentState.ENROLLED, EnrolmentState.DEFERRED)
    decision = signing.order.decision
    if decision is None:
        raise Refused(_("Nobody is expelled without a decision of the commission. Choose it."))
    if decision.held_on > signing.order.date:
        raise Refused(_("The commission's decision is later than the order."))
    meant = set(decision.lines.filter(resolution=DecisionLine.Resolution.EXPEL).values_list("enrolment", flat=True))
    refuse_for(
        [line for line in lines if line.enrolment_id not in meant],
        _("The commission has not decided to expel them: %(names)s."),
    )
    for line in lines:
        signing.move(line, EnrolmentState.EXPELLED)
        notices.write_notice(line=line, by=signing.by)


def _withdraw(signing: Signing, lines: list[OrderLine]) -> None:
    """Out at one's own wish; the application is the basis."""
    check_ways(lines, signing.order.date, lambda line: Way.WITHDRAWAL)
    if not signing.order.basis and any(line.request is None for line in lines):
        raise Refused(_("Give the basis: the application and its date."))
    for line in lines:
        signing.move(line, EnrolmentState.WITHDRAWN)


def _complete(signing: Signing, lines: list[OrderLine]) -> None:
    """Records who has completed the course; the protocol has moved them already."""
    refuse_other_states(lines, EnrolmentState.COMPLETED)
    before = OrderLine.objects.filter(
        enrolment__in=[line.enrolment_id for line in lines],
        order__kind=OrderKind.COMPLETION,
        order__state=OrderState.SIGNED,
    )
    already = set(before.values_list("enrolment", flat=True))
    refuse_for(
        [line for line in lines if line.enrolment_id in already],
        _("They stand in an order of completion already: %(names)s."),
    )


def _admit_to_retake(signing: Signing, lines: list[OrderLine]) -> None:
    """R6: the right to one retake. R7, with a cohort given: assessment together with that following cohort."""
    check_ways(lines, signing.order.date, lambda line: Way.NEXT_COHORT if line.cohort else Way.RETAKE)
    check_targets(lines, signing.order.date)
    early = [line for line in lines if line.cohort and not follows(line.enrolment.cohort.ends_on, line.cohort.ends_on)]
    refuse_for(early, _("The other cohort does not follow theirs: %(names)s."))
    for line in lines:
        if line.cohort:
            signing.open(line, line.cohort)


def _cancel(signing: Signing, lines: list[OrderLine]) -> None:
    """Everybody back to where the cancelled order found them; what it opened is left again."""
    if signing.order.cancels is None:
        raise AssertionError("a constraint keeps this from being")
    undone = {
        line.enrolment_id: line
        for line in signing.order.cancels.lines.select_related("opened__cohort", "request").order_by("pk")
    }
    refuse_for([line for line in lines if line.enrolment_id not in undone], _("They are not in that order: %(names)s."))
    moved = [line for line in lines if (was := undone[line.enrolment_id].to_state) and line.enrolment.state != was]
    refuse_for(moved, _("Something came after the order, so it cannot be undone for: %(names)s."))
    gone = [
        line for line in lines if (new := undone[line.enrolment_id].opened) and new.state != EnrolmentState.ENROLLED
    ]
    refuse_for(gone, _("Something came after the order, so it cannot be undone for: %(names)s."))
    check_reopening([undone[line.enrolment_id] for line in lines])
    for cohort in {line.enrolment.cohort for line in lines}:
        back = [line for line in lines if line.enrolment.cohort_id == cohort.pk]
        gain = [line for line in back if line.enrolment.state not in SEATED]
        refuse_overfull(cohort, sum(undone[line.enrolment_id].from_state in SEATED for line in gain))
    for line in lines:
        _undo(signing, line, undone[line.enrolment_id])


def _undo(signing: Signing, line: OrderLine, was: OrderLine) -> None:
    if was.opened:
        move(was.opened, EnrolmentState.WITHDRAWN, by=signing.by, basis=signing.basis)
    deferral = signing.order.cancels is not None and signing.order.cancels.kind == OrderKind.DEFERRAL
    if was.to_state:
        back_to_deferral = was.from_state == EnrolmentState.DEFERRED
        signing.move(line, was.from_state, deferred_until=_deferred_until(line.enrolment) if back_to_deferral else None)
    elif deferral:
        line.enrolment.deferred_until = None
        line.enrolment.save(update_fields=["deferred_until"])
    if was.request and was.request.state == RequestState.ORDERED:
        move(was.request, RequestState.FILED, by=signing.by, basis=signing.basis)
        request_letters.tell_reopened(was.request, signing.order)
    notices.void_notice(line=was, by=signing.by, basis=signing.basis)


def _deferred_until(enrolment: Enrolment) -> date | None:
    """Until when an order in force deferred it; a reinstatement that is undone had taken the date away."""
    deferrals = OrderLine.objects.filter(
        enrolment=enrolment, order__kind=OrderKind.DEFERRAL, order__state=OrderState.SIGNED
    )
    last = deferrals.order_by("order__date", "pk").last()
    return last.until if last else None


EFFECTS: dict[OrderKind, Callable[[Signing, list[OrderLine]], None]] = {
    OrderKind.ENROLMENT: _enrol,
    OrderKind.TRANSFER: _transfer,
    OrderKind.DEFERRAL: _defer,
    OrderKind.REINSTATEMENT: _reinstate,
    OrderKind.EXPULSION: _expel,
    OrderKind.WITHDRAWAL: _withdraw,
    OrderKind.COMPLETION: _complete,
    OrderKind.RETAKE: _admit_to_retake,
    OrderKind.CANCELLATION: _cancel,
}
