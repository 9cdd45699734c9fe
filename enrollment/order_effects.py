"""What each kind of order does to the enrolments of its list; every person is judged before the first one moves.

Called by `ordering.sign_order` alone, with all rows held.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Refused
from core.states import born, move
from enrollment import notices
from enrollment.admission import refuse_elsewhere, refuse_overfull, refuse_unless_taking_people
from enrollment.cohorts import names_of
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
from enrollment.ways import Limits, Standing, ways

WITH_REQUEST = {OrderKind.TRANSFER: Way.TRANSFER, OrderKind.DEFERRAL: Way.DEFERRAL}  # R8, R9: a reason on file
WITH_PAPERS = {OrderKind.DEFERRAL}  # R9: and documents that support it


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


def standing_of(enrolment: Enrolment) -> Standing:
    """What the ways of this enrolment depend on; one query."""
    retakes = OrderLine.objects.filter(
        enrolment=enrolment, cohort=None, order__kind=OrderKind.RETAKE, order__state=OrderState.SIGNED
    )
    return Standing(
        state=enrolment.state,
        course_ends_on=enrolment.cohort.ends_on,
        decided_on=enrolment.decided_on,
        deferred_until=enrolment.deferred_until,
        retakes_on=tuple(retakes.values_list("order__date", flat=True)),
    )


def limits() -> Limits:
    """The rules' settings."""
    return Limits(settings.RETAKE_WINDOW, settings.DEFERRAL_MONTHS)


def carry_out(order: Order, lines: list[OrderLine], *, by: User | None, basis: str) -> None:
    """Judge everybody of the list, then move them. Raises `Refused`, naming people, before anything is moved."""
    signing = Signing(order, by, basis)
    _check_requests(order, lines)
    EFFECTS[OrderKind(order.kind)](signing, lines)
    OrderLine.objects.bulk_update(lines, ["from_state", "to_state", "opened"])
    for line in lines:
        if line.request and line.request.state == RequestState.FILED:
            move(line.request, RequestState.ORDERED, by=by, basis=basis)


def _refuse(lines: Iterable[OrderLine], sentence: str) -> None:
    """Raise `Refused` with the sentence, whose %(names)s are those of the lines, if there are any."""
    if unfit := list(lines):
        raise Refused(sentence % {"names": names_of(line.enrolment for line in unfit)})


def _refuse_other_states(lines: list[OrderLine], *states: str) -> None:
    wrong = [line for line in lines if line.enrolment.state not in states]
    _refuse(wrong, _("An order of this kind does not fit their present state: %(names)s."))


def _check_requests(order: Order, lines: list[OrderLine]) -> None:
    """Requests belong to their people and ask for this; R8 and R9 need one, R9 with papers."""
    foreign = [line for line in lines if line.request and line.request.enrolment_id != line.enrolment_id]
    _refuse(foreign, _("A request belongs to somebody else: %(names)s."))
    done = [line for line in lines if line.request and line.request.state != RequestState.FILED]
    _refuse(done, _("Their request is decided already: %(names)s."))
    if (way := WITH_REQUEST.get(OrderKind(order.kind))) is None:
        return
    without = [line for line in lines if line.request is None or line.request.way != way]
    _refuse(without, _("There is no request with a valid reason on file: %(names)s."))
    if order.kind in WITH_PAPERS:
        bare = [line for line in lines if line.request and not line.request.papers.exists()]
        _refuse(bare, _("No supporting paper is on file: %(names)s."))


def _check_ways(signing: Signing, lines: list[OrderLine], way_of: Callable[[OrderLine], Way]) -> None:
    """Each person's way is open on the order's date (R6–R9)."""
    for line in lines:
        out = ways(standing_of(line.enrolment), signing.order.date, limits())[way_of(line)]
        if not out.is_open:
            raise Refused(f"{line.enrolment.listener}: {out.why_not}")


def _check_targets(lines: list[OrderLine]) -> None:
    """The cohorts where people go: of the edition, not theirs, taking people, with places, not twice."""
    going = [line for line in lines if line.cohort]
    same = [line for line in going if line.cohort_id == line.enrolment.cohort_id]
    _refuse(same, _("They are in this cohort already: %(names)s."))
    other = [line for line in going if line.cohort and line.cohort.edition_id != line.enrolment.cohort.edition_id]
    _refuse(other, _("The other cohort follows another edition of the programme: %(names)s."))
    for cohort in {line.cohort for line in going if line.cohort}:
        coming = [line for line in going if line.cohort_id == cohort.pk]
        refuse_unless_taking_people(cohort)
        there = set(cohort.enrolments.values_list("listener", flat=True))
        known = [line for line in coming if line.enrolment.listener_id in there]
        _refuse(known, _("They are or were in the other cohort already: %(names)s."))
        refuse_overfull(cohort, len(coming))


def _enrol(signing: Signing, lines: list[OrderLine]) -> None:
    """Admitted → enrolled, with the agreement accepted or on file."""
    _refuse_other_states(lines, EnrolmentState.ADMITTED)
    agreed = set(
        Enrolment.objects.filter(pk__in=[line.enrolment_id for line in lines], agreement__isnull=False).values_list(
            "pk", flat=True
        )
    )
    without = [line for line in lines if line.enrolment_id not in agreed]
    _refuse(without, _("The course agreement is neither accepted nor on file: %(names)s."))
    for cohort in {line.enrolment.cohort for line in lines}:
        refuse_unless_taking_people(cohort)
        if signing.order.date > cohort.ends_on:
            raise Refused(
                _("The order's date cannot be later than the last day of the cohort %(code)s.") % {"code": cohort.code}
            )
        refuse_elsewhere(cohort, [line.enrolment.listener_id for line in lines if line.enrolment.cohort == cohort])
    for line in lines:
        signing.move(line, EnrolmentState.ENROLLED, order=signing.order)


def _transfer(signing: Signing, lines: list[OrderLine]) -> None:
    """R8: into another cohort of the edition that begins within the calendar year."""
    _refuse([line for line in lines if line.cohort is None], _("Say into which cohort they go: %(names)s."))
    _check_ways(signing, lines, lambda line: Way.TRANSFER)
    _check_targets(lines)
    late = [line for line in lines if line.cohort and line.cohort.starts_on.year > line.enrolment.cohort.ends_on.year]
    _refuse(late, _("The other cohort begins after this calendar year: %(names)s."))
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
    _check_ways(signing, lines, lambda line: Way.DEFERRAL)
    _refuse([line for line in lines if line.until is None], _("Say until when: %(names)s."))
    for line in lines:
        last = ways(standing_of(line.enrolment), signing.order.date, limits())[Way.DEFERRAL].until
        if line.until and last and not signing.order.date < line.until <= last:
            _refuse([line], _("The date lies outside what a deferral may last: %(names)s."))
    for line in lines:
        if line.enrolment.state == EnrolmentState.ENROLLED:
            signing.move(line, EnrolmentState.DEFERRED, deferred_until=line.until)
        else:
            line.enrolment.deferred_until = line.until
            line.enrolment.save(update_fields=["deferred_until"])


def _reinstate(signing: Signing, lines: list[OrderLine]) -> None:
    """Back into the own cohort, or into another one of the edition."""
    _check_ways(signing, lines, lambda line: Way.REINSTATEMENT)
    _check_targets(lines)
    staying = [line for line in lines if line.cohort is None]
    _refuse(
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
    _refuse_other_states(lines, EnrolmentState.ENROLLED, EnrolmentState.DEFERRED)
    decision = signing.order.decision
    if decision is None:
        raise Refused(_("Nobody is expelled without a decision of the commission. Choose it."))
    if decision.held_on > signing.order.date:
        raise Refused(_("The commission's decision is later than the order."))
    meant = set(decision.lines.filter(resolution=DecisionLine.Resolution.EXPEL).values_list("enrolment", flat=True))
    _refuse(
        [line for line in lines if line.enrolment_id not in meant],
        _("The commission has not decided to expel them: %(names)s."),
    )
    for line in lines:
        signing.move(line, EnrolmentState.EXPELLED)
        notices.write_notice(line=line, by=signing.by)


def _withdraw(signing: Signing, lines: list[OrderLine]) -> None:
    """Out at one's own wish; the application is the basis."""
    _check_ways(signing, lines, lambda line: Way.WITHDRAWAL)
    if not signing.order.basis and any(line.request is None for line in lines):
        raise Refused(_("Give the basis: the application and its date."))
    for line in lines:
        signing.move(line, EnrolmentState.WITHDRAWN)


def _complete(signing: Signing, lines: list[OrderLine]) -> None:
    """Records who has completed the course; the protocol has moved them already."""
    _refuse_other_states(lines, EnrolmentState.COMPLETED)
    before = OrderLine.objects.filter(
        enrolment__in=[line.enrolment_id for line in lines],
        order__kind=OrderKind.COMPLETION,
        order__state=OrderState.SIGNED,
    )
    already = set(before.values_list("enrolment", flat=True))
    _refuse(
        [line for line in lines if line.enrolment_id in already],
        _("They stand in an order of completion already: %(names)s."),
    )


def _admit_to_retake(signing: Signing, lines: list[OrderLine]) -> None:
    """R6: the right to one retake. R7, with a cohort given: assessment together with that following cohort."""
    _check_ways(signing, lines, lambda line: Way.NEXT_COHORT if line.cohort else Way.RETAKE)
    _check_targets(lines)
    early = [line for line in lines if line.cohort and line.cohort.ends_on <= line.enrolment.cohort.ends_on]
    _refuse(early, _("The other cohort does not follow theirs: %(names)s."))
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
    _refuse([line for line in lines if line.enrolment_id not in undone], _("They are not in that order: %(names)s."))
    moved = [line for line in lines if (was := undone[line.enrolment_id].to_state) and line.enrolment.state != was]
    _refuse(moved, _("Something came after the order, so it cannot be undone for: %(names)s."))
    gone = [
        line for line in lines if (new := undone[line.enrolment_id].opened) and new.state != EnrolmentState.ENROLLED
    ]
    _refuse(gone, _("Something came after the order, so it cannot be undone for: %(names)s."))
    for cohort in {line.enrolment.cohort for line in lines}:
        back = [line for line in lines if line.enrolment.cohort_id == cohort.pk]
        gain = [line for line in back if line.enrolment.state not in SEATED]
        refuse_overfull(cohort, sum(undone[line.enrolment_id].from_state in SEATED for line in gain))
    for line in lines:
        _undo(signing, line, undone[line.enrolment_id])


def _undo(signing: Signing, line: OrderLine, was: OrderLine) -> None:
    if was.opened:
        move(was.opened, EnrolmentState.WITHDRAWN, by=signing.by, basis=signing.basis)
    if was.to_state:
        deferred = was.until if was.to_state == EnrolmentState.DEFERRED else None
        fields = {"deferred_until": None} if deferred else {}
        signing.move(line, was.from_state, **fields)
    elif was.until:
        line.enrolment.deferred_until = None
        line.enrolment.save(update_fields=["deferred_until"])
    if was.request and was.request.state == RequestState.ORDERED:
        move(was.request, RequestState.FILED, by=signing.by, basis=signing.basis)
    notices.void_notice(line=was, by=signing.by, basis=signing.basis)


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
