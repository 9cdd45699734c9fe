"""What must always hold about orders, the commission's decisions and the letters to employers (R10, R11, I2, I10)."""

from collections.abc import Iterator

from django.db.models import Count, F, Q

from core.models import AuditEntry
from enrollment.deciding import QUORUM
from enrollment.models import (
    IN_THE_BOOK,
    CommissionDecision,
    DecisionLine,
    EmployerNotice,
    Enrolment,
    NoticeState,
    Order,
    OrderKind,
    OrderLine,
    OrderState,
)


def broken() -> Iterator[str]:
    """One line per broken invariant."""
    yield from _numbers()
    yield from _lines()
    yield from _expulsions()
    yield from _notices()
    yield from _decisions()


def _numbers() -> Iterator[str]:
    """What a signed order is known by is what its paper says; its number and year are unique by a constraint."""
    for order in Order.objects.filter(state__in=IN_THE_BOOK).iterator(chunk_size=500):
        paper = order.snapshot or {}
        said = tuple(paper.get(part) for part in ("book", "number", "date", "kind"))
        if said != (order.book, order.number, order.date.isoformat(), order.kind) or order.year != order.date.year:
            yield f"order {order.pk}: its paper bears another number, date, book or kind"
    cancelled = Order.objects.filter(state=OrderState.CANCELLED).exclude(cancelled_by__state=OrderState.SIGNED)
    for pk in cancelled.values_list("pk", flat=True):
        yield f"order {pk}: cancelled, but by no signed order"


def _lines() -> Iterator[str]:
    """Lines of signed orders have moved who stands in them, and lines of drafts nobody."""
    moves = AuditEntry.objects.filter(model=Enrolment._meta.label)
    moved = set(moves.values_list("object_id", "from_state", "to_state"))
    for line in OrderLine.objects.filter(order__state__in=IN_THE_BOOK).exclude(to_state="").iterator(chunk_size=500):
        if (line.enrolment_id, line.from_state, line.to_state) not in moved:
            yield f"line {line.pk}: its move {line.from_state} → {line.to_state} did not happen"
    early = OrderLine.objects.exclude(order__state__in=IN_THE_BOOK).filter(~Q(to_state="") | Q(opened__isnull=False))
    for pk in early.values_list("pk", flat=True):
        yield f"line {pk}: has moved somebody by an order that nobody signed"
    strange = OrderLine.objects.filter(opened__isnull=False).exclude(
        opened__origin=F("enrolment"), opened__order=F("order")
    )
    for pk in strange.values_list("pk", flat=True):
        yield f"line {pk}: the enrolment that it opened says otherwise"


def _expulsions() -> Iterator[str]:
    """R10: each expulsion in force rests on a decision about that person; R11: each has its letter."""
    lines = OrderLine.objects.filter(order__kind=OrderKind.EXPULSION, order__state__in=IN_THE_BOOK)
    decided = set(
        DecisionLine.objects.filter(resolution=DecisionLine.Resolution.EXPEL).values_list("decision", "enrolment")
    )
    for pk, decision, enrolment in lines.values_list("pk", "order__decision", "enrolment"):
        if (decision, enrolment) not in decided:
            yield f"R10 line {pk}: an expulsion without a decision of the commission about that person"
    for pk in lines.filter(notice=None).values_list("pk", flat=True):
        yield f"R11 line {pk}: an expulsion without a letter to the employer"


def _notices() -> Iterator[str]:
    """Letters run 1..n in each year (I2); only one whose order was cancelled is not needed any more."""
    years = EmployerNotice.objects.order_by("year").values_list("year").annotate(Count("pk"))
    for year, count in years:
        counters = EmployerNotice.objects.filter(year=year).order_by("counter").values_list("counter", flat=True)
        if list(counters) != list(range(1, count + 1)):
            yield f"I2 letters of {year}: their numbers do not run from 1 to {count}"
    waiting = Q(state=NoticeState.DUE, line__order__state=OrderState.CANCELLED)
    given_up = Q(state=NoticeState.VOID) & ~Q(line__order__state=OrderState.CANCELLED)
    for number in EmployerNotice.objects.filter(waiting | given_up).values_list("number", flat=True):
        yield f"R11 letter {number}: its state does not follow its order"


def _decisions() -> Iterator[str]:
    """What orders rest on was decided by enough members who served on that day."""
    used = CommissionDecision.objects.filter(orders__state__in=IN_THE_BOOK).distinct()
    serving = Q(members__valid_from__lte=F("held_on")) & (
        Q(members__valid_to=None) | Q(members__valid_to__gte=F("held_on"))
    )
    for decision in used.annotate(
        present=Count("members", distinct=True), able=Count("members", serving, distinct=True)
    ):
        if decision.present < QUORUM or decision.able < decision.present:  # type: ignore[attr-defined]
            yield f"R10 decision {decision.pk}: too few members, or members who did not serve on that day"
