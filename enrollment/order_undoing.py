"""Whether a signed order can be undone by another one: nothing may have come after it."""

from functools import partial

from django.utils.translation import gettext as _

from core.models import AuditEntry
from enrollment.admission import refuse_overfull
from enrollment.cohorts import UNDECIDED
from enrollment.models import (
    SEATED,
    CohortState,
    EnrolmentState,
    MovementRequest,
    Order,
    OrderKind,
    OrderLine,
    OrderState,
    RequestState,
)
from enrollment.order_complaints import Complaints, asked, unfit

OVER = (CohortState.CLOSED, CohortState.CANCELLED)


def judge_cancellation(order: Order, lines: list[OrderLine]) -> Complaints:
    """Everybody can go back to where the cancelled order found them: nothing came after it."""
    cancelled = order.cancels
    if cancelled is None:
        raise AssertionError("a constraint keeps this from being")
    undone = {line.enrolment_id: line for line in cancelled.lines.select_related("opened", "request")}
    strange = [line for line in lines if line.enrolment_id not in undone]
    yield from unfit(strange, _("They are not in that order: %(names)s."))
    known = [line for line in lines if line not in strange]
    later = _ordered_after(cancelled, undone)
    after = _("Something came after the order, so it cannot be undone for: %(names)s.")
    yield from unfit([line for line in known if _has_moved_on(line, undone[line.enrolment_id], later)], after)
    if cancelled.kind == OrderKind.RETAKE:
        retaken = [line for line in known if undone[line.enrolment_id].cohort_id is None and line.enrolment.retaken_on]
        yield from unfit(retaken, _("The retake has been decided on, so the order stays for: %(names)s."))
    yield from _reopening(known, undone)
    for cohort in {line.enrolment.cohort for line in known}:
        back = [line for line in known if line.enrolment.cohort_id == cohort.pk]
        gain = [line for line in back if line.enrolment.state not in SEATED]
        seats = sum(undone[line.enrolment_id].from_state in SEATED for line in gain)
        yield from asked(partial(refuse_overfull, cohort, seats), back)
        if cohort.state in OVER:
            stranded = [line for line in back if undone[line.enrolment_id].from_state in UNDECIDED]
            yield from unfit(stranded, _("Their cohort is over, so they cannot come back into it: %(names)s."))


def _reopening(lines: list[OrderLine], undone: dict[int, OrderLine]) -> Complaints:
    """Their requests become open again, and a person has one open request at a time."""
    reopened = [
        line for line in lines if (was := undone[line.enrolment_id].request) and was.state == RequestState.ORDERED
    ]
    filed = MovementRequest.objects.filter(
        enrolment__in=[line.enrolment_id for line in reopened], state=RequestState.FILED
    )
    busy = set(filed.values_list("enrolment", flat=True))
    yield from unfit(
        [line for line in reopened if line.enrolment_id in busy],
        _("They have another open request; decide it first: %(names)s."),
    )


def _has_moved_on(line: OrderLine, was: OrderLine, later: set[int]) -> bool:
    """Whether the enrolment, or the one that the order opened, is not where the order left it."""
    return (
        line.enrolment_id in later
        or bool(was.to_state and line.enrolment.state != was.to_state)
        or (was.opened is not None and (was.opened.state != EnrolmentState.ENROLLED or was.opened_id in later))
    )


def _ordered_after(cancelled: Order, undone: dict[int, OrderLine]) -> set[int]:
    """Enrolments of the order, or opened by it, that stand in an order in force which was signed later."""
    touched = [*undone, *(line.opened_id for line in undone.values() if line.opened_id)]
    others = OrderLine.objects.filter(enrolment__in=touched, order__state=OrderState.SIGNED)
    pairs = set(
        others.exclude(order__in=[cancelled.pk])
        .exclude(order__kind=OrderKind.CANCELLATION)
        .values_list("order", "enrolment")
    )
    # The trail knows what was signed first; two clocks, or one that stands still, do not.
    signings = AuditEntry.objects.filter(
        model=Order._meta.label, to_state=OrderState.SIGNED, object_id__in=[cancelled.pk, *(pk for pk, _pk in pairs)]
    )
    places = dict(signings.order_by("pk").values_list("object_id", "pk"))
    return {enrolment for order, enrolment in pairs if places.get(order, 0) > places.get(cancelled.pk, 0)}
