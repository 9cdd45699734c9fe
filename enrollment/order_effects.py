"""What each kind of order does to the enrolments of its list.

Called by `ordering.sign_order` alone, with all rows held and nothing left that `order_judging.judge` complains about.
"""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import User
from core.states import born, move
from enrollment import agreeing, notices, request_letters
from enrollment.models import (
    Cohort,
    Enrolment,
    EnrolmentState,
    Order,
    OrderKind,
    OrderLine,
    OrderState,
    RequestState,
)


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
        """A new enrolment in `cohort` that continues the line's; agreement, attendance and work go along."""
        new = Enrolment(
            cohort=cohort,
            listener=line.enrolment.listener,
            state=EnrolmentState.ENROLLED,
            order=self.order,
            origin=line.enrolment,
        )
        new.save()
        born([new], by=self.by, basis=self.basis)
        agreeing.carry_along([line.enrolment])
        line.opened = new


def carry_out(order: Order, lines: list[OrderLine], *, by: User | None, basis: str) -> None:
    """Move everybody of the list; what each line did is stored with it, and its request is carried out."""
    EFFECTS[OrderKind(order.kind)](Signing(order, by, basis), lines)
    OrderLine.objects.bulk_update(lines, ["from_state", "to_state", "opened"])
    for line in lines:
        if line.request and line.request.state == RequestState.FILED:
            move(line.request, RequestState.ORDERED, by=by, basis=basis)
            request_letters.tell_ordered(line.request, order)


def _enrol(signing: Signing, lines: list[OrderLine]) -> None:
    """Admitted → enrolled."""
    for line in lines:
        signing.move(line, EnrolmentState.ENROLLED, order=signing.order)


def _transfer(signing: Signing, lines: list[OrderLine]) -> None:
    """R8: into another cohort."""
    for line in lines:
        _continue(signing, line)


def _continue(signing: Signing, line: OrderLine) -> None:
    """Open the enrolment in the other cohort. A decided one stays as it was decided (I10)."""
    if line.cohort is None:
        raise AssertionError("judged before")
    signing.open(line, line.cohort)
    if line.enrolment.state in (EnrolmentState.ENROLLED, EnrolmentState.DEFERRED):
        signing.move(line, EnrolmentState.TRANSFERRED)


def _defer(signing: Signing, lines: list[OrderLine]) -> None:
    """R9: until a set date; who did not pass keeps that outcome and gets the right to come back."""
    for line in lines:
        if line.enrolment.state == EnrolmentState.ENROLLED:
            signing.move(line, EnrolmentState.DEFERRED, deferred_until=line.until)
        else:
            line.enrolment.deferred_until = line.until
            line.enrolment.save(update_fields=["deferred_until"])


def _reinstate(signing: Signing, lines: list[OrderLine]) -> None:
    """Back into the own cohort, or into another one of the edition."""
    for line in lines:
        if line.cohort:
            _continue(signing, line)
        else:
            signing.move(line, EnrolmentState.ENROLLED, deferred_until=None)


def _expel(signing: Signing, lines: list[OrderLine]) -> None:
    """R10; R11: their employers are told."""
    for line in lines:
        signing.move(line, EnrolmentState.EXPELLED)
        notices.write_notice(line=line, by=signing.by)


def _withdraw(signing: Signing, lines: list[OrderLine]) -> None:
    """Out at one's own wish."""
    for line in lines:
        signing.move(line, EnrolmentState.WITHDRAWN)


def _complete(signing: Signing, lines: list[OrderLine]) -> None:
    """Records who has completed the course; the protocol has moved them already."""


def _admit_to_retake(signing: Signing, lines: list[OrderLine]) -> None:
    """R6: the right to one retake. R7, with a cohort given: assessment together with that following cohort."""
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
    for line in lines:
        _undo(signing, line, undone[line.enrolment_id])


def _undo(signing: Signing, line: OrderLine, was: OrderLine) -> None:
    if was.opened:
        move(was.opened, EnrolmentState.WITHDRAWN, by=signing.by, basis=signing.basis)
    if was.to_state:
        signing.move(line, was.from_state, **_deferral_undone(was))
    elif signing.order.cancels and signing.order.cancels.kind == OrderKind.DEFERRAL:
        line.enrolment.deferred_until = None
        line.enrolment.save(update_fields=["deferred_until"])
    if was.request and was.request.state == RequestState.ORDERED:
        move(was.request, RequestState.FILED, by=signing.by, basis=signing.basis)
        request_letters.tell_reopened(was.request, signing.order)
    notices.void_notice(line=was, by=signing.by, basis=signing.basis)


def _deferral_undone(was: OrderLine) -> dict[str, object]:
    """What becomes of the date of a deferral: gone with the deferral, there again when its end is undone."""
    if was.to_state == EnrolmentState.DEFERRED:
        return {"deferred_until": None}
    if was.from_state != EnrolmentState.DEFERRED:
        return {}
    deferrals = OrderLine.objects.filter(
        enrolment=was.enrolment_id, order__kind=OrderKind.DEFERRAL, order__state=OrderState.SIGNED
    )
    return {"deferred_until": deferrals.order_by("-order__signed_at", "-pk").values_list("until", flat=True).first()}


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
