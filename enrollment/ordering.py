"""Orders: drafted, signed and cancelled. Signing moves every enrolment of the list, or none (R6–R10).

Locks are taken in one sequence everywhere: the order, its decision, cohorts by number, enrolments by number.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User
from core.errors import Conflict, Refused
from core.kazakh import date_attributive
from core.nudge import nudge
from core.states import born, move
from enrollment import order_effects, order_judging
from enrollment.cohorts import ADVANCE
from enrollment.models import (
    Book,
    Cohort,
    CommissionDecision,
    Enrolment,
    MovementRequest,
    Order,
    OrderKind,
    OrderLine,
    OrderState,
    Signatory,
)
from enrollment.order_snapshots import take_snapshot


@dataclass(frozen=True)
class Listed:
    """One person of an order to be drafted: where to, until when, by which request, on what ground."""

    enrolment: Enrolment
    cohort: Cohort | None = None
    until: date | None = None
    request: MovementRequest | None = None
    note: str = ""


def suggested_number(book: str, year: int) -> str:
    """The number after the highest of the book and year, with the ending of the last one («41-к» → «42-к»)."""
    kept = Order.objects.filter(book=book, year=year).exclude(state=OrderState.DISCARDED).order_by("pk")
    return after_highest(kept.values_list("number", flat=True))


def after_highest(numbers: Iterable[str]) -> str:
    """The number after the highest, with the ending of the last one that is as high; at most 30 characters."""
    highest, ending = 0, ""
    for number in numbers:
        digits = number[: len(number) - len(number.lstrip("0123456789"))]
        if digits and int(digits) >= highest:
            highest, ending = int(digits), number[len(digits) :]
    return f"{highest + 1}{ending}"[:30]


def basis_of(order: Order) -> str:
    """How the audit trail names an order: official Kazakh, «2026 жылғы 4 қыркүйектегі № 12-к бұйрық»."""
    return f"{date_attributive(order.date)} №\N{NO-BREAK SPACE}{order.number} бұйрық"


@transaction.atomic
def draft_order(
    *,
    kind: str,
    number: str,
    date: date,
    signatory: Signatory,
    people: Sequence[Listed],
    by: User | None,
    book: str = Book.LISTENERS,
    basis: str = "",
    basis_ru: str = "",
    decision: CommissionDecision | None = None,
    backdating_reason: str = "",
    cancels: Order | None = None,
) -> Order:
    """Write down an order that nobody has signed yet; it moves nothing.

    Raises `Refused` without a number or people, and `Conflict` when the book has the number already in that year.
    """
    order = Order(
        kind=kind,
        number=" ".join(number.split()),
        date=date,
        book=book,
        signatory=signatory,
        basis=basis.strip(),
        basis_ru=basis_ru.strip(),
        decision=decision,
        backdating_reason=backdating_reason.strip(),
        cancels=cancels,
        created_by=by,
    )
    store_draft(order, people)
    born([order], by=by)
    return order


@transaction.atomic
def change_draft(*, order: Order, people: Sequence[Listed], by: User | None, **terms: Any) -> Order:
    """Store a draft with other `terms` (number, date, book, signatory, basis, …) and another list.

    Its kind stays. Raises as `store_draft` does. `by` is who changed it; a draft has no history before it is signed.
    """
    held = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    for name, value in terms.items():
        setattr(held, name, " ".join(value.split()) if name == "number" else value)
    store_draft(held, people)
    return held


@transaction.atomic
def discard_draft(*, order: Order, by: User | None) -> Order:
    """Draft → discarded: it can no longer be signed, and its number is free again. Twice is once.

    Raises `Refused` for an order that was signed.
    """
    held = Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    if held.state == OrderState.DISCARDED:
        return held
    if not held.can_move(OrderState.DISCARDED):
        raise Refused(_("A signed order never changes. It is cancelled by another order."))
    return move(held, OrderState.DISCARDED, by=by, cancels=None)


@transaction.atomic
def store_draft(order: Order, people: Sequence[Listed]) -> None:
    """Store a new or changed draft with its list. Raises as `draft_order` does, and `Refused` for a signed order."""
    if not order.number:
        raise Refused(_("Give the number of the order."))
    if not people and order.kind != OrderKind.CANCELLATION:
        raise Refused(_("Choose at least one person."))
    if order.pk and Order.objects.select_for_update().get(pk=order.pk).state != OrderState.DRAFT:
        raise Refused(_("A signed order never changes. It is cancelled by another order."))
    try:
        with transaction.atomic():
            order.save()
            order.lines.all().delete()
            OrderLine.objects.bulk_create(
                OrderLine(
                    order=order,
                    position=position,
                    enrolment=one.enrolment,
                    cohort=one.cohort,
                    until=one.until,
                    request=one.request,
                    note=one.note.strip(),
                )
                for position, one in enumerate(people, start=1)
            )
    except IntegrityError as error:
        raise Conflict(
            _("This book already has an order No %(number)s in %(year)s, or somebody stands in the list twice.")
            % {"number": order.number, "year": order.date.year}
        ) from error


@transaction.atomic
def sign_order(*, order: Order, by: User | None) -> Order:
    """Record that the head has signed: every enrolment of the list is moved and the order is frozen, or nothing is.

    Signing a signed order again changes nothing. Raises `Refused`, naming people, when the date, the signatory, the
    basis or anybody of the list does not fit; then no enrolment has moved.
    """
    if by is not None and Role.ADMINISTRATOR not in by.roles:
        raise Refused(_("Orders are recorded by an administrator."))
    held = Order.objects.select_for_update(of=("self",)).select_related("signatory").get(pk=order.pk)
    if held.state == OrderState.SIGNED:
        return held
    if held.decision_id:
        held.decision = CommissionDecision.objects.select_for_update().get(pk=held.decision_id)
    lines = _locked_lines(held)
    for complaint in order_judging.judge(held, lines):
        raise complaint.refusal
    order_effects.carry_out(held, lines, by=by, basis=basis_of(held))
    snapshot = take_snapshot(held, lines)
    move(held, OrderState.SIGNED, by=by, snapshot=snapshot, signed_at=timezone.now())
    if held.cancels:
        move(held.cancels, OrderState.CANCELLED, by=by, basis=basis_of(held))
    nudge(ADVANCE)  # whoever leaves by an order frees a place
    return held


@transaction.atomic
def cancel_order(
    *, order: Order, number: str, date: date, signatory: Signatory, basis: str, by: User, **more: Any
) -> Order:
    """Undo a signed order by another one, drafted and signed at once; every enrolment goes back, or none does.

    Raises `Refused` when something came after it (another order, an outcome), naming the people.
    """
    held = Order.objects.select_for_update().get(pk=order.pk)
    if held.state != OrderState.SIGNED or held.kind == OrderKind.CANCELLATION:
        raise Refused(_("Only a signed order that is in force can be cancelled."))
    if not basis.strip():
        raise Refused(_("Say why the order is cancelled."))
    people = [Listed(line.enrolment) for line in held.lines.select_related("enrolment")]
    cancelling = draft_order(
        kind=OrderKind.CANCELLATION,
        number=number,
        date=date,
        signatory=signatory,
        people=people,
        basis=basis,
        cancels=held,
        by=by,
        **more,
    )
    return sign_order(order=cancelling, by=by)


@transaction.atomic
def enrol(
    *,
    enrolments: Sequence[Enrolment],
    number: str,
    date: date,
    by: User | None,
    signatory: Signatory | None = None,
    backdating_reason: str = "",
    basis: str = "",
) -> Order:
    """An order of enrolment, drafted and signed at once; by whoever is in power on its date unless `signatory` says.

    Repeating the same order changes nothing and returns it. Raises as `draft_order` and `sign_order` do.
    """
    number = " ".join(number.split())
    wanted = {enrolment.pk for enrolment in enrolments}
    before = Order.objects.signed().filter(book=Book.LISTENERS, kind=OrderKind.ENROLMENT, number=number, date=date)
    if (same := before.first()) and wanted == set(same.lines.values_list("enrolment", flat=True)):
        return same
    signatory = signatory or Signatory.objects.in_power_on(date).first()
    if signatory is None:
        raise Refused(_("Nobody on record has the power to sign on this date. Add a signatory first."))
    order = draft_order(
        kind=OrderKind.ENROLMENT,
        number=number,
        date=date,
        signatory=signatory,
        people=[Listed(enrolment) for enrolment in enrolments],
        basis=basis,
        backdating_reason=backdating_reason,
        by=by,
    )
    return sign_order(order=order, by=by)


def _locked_lines(order: Order) -> list[OrderLine]:
    """The lines with their rows held: cohorts first, then enrolments, each by number."""
    lines = list(order.lines.select_related("request"))
    enrolments = Enrolment.objects.filter(pk__in=[line.enrolment_id for line in lines])
    cohorts = set(enrolments.values_list("cohort", flat=True)) | {line.cohort_id for line in lines if line.cohort_id}
    held_cohorts = {c.pk: c for c in Cohort.objects.select_for_update().filter(pk__in=cohorts).order_by("pk")}
    held = {
        e.pk: e for e in enrolments.select_for_update(of=("self",)).select_related("listener__employer").order_by("pk")
    }
    for line in lines:
        line.order = order
        line.enrolment = held[line.enrolment_id]
        line.enrolment.cohort = held_cohorts[line.enrolment.cohort_id]
        if line.cohort_id:
            line.cohort = held_cohorts[line.cohort_id]
    return lines
