"""What must always hold on this floor: cohorts and enrolments here, the rest by noun."""

from collections.abc import Iterator

from django.db.models import F, Q

from enrollment import (
    agreement_invariants,
    application_invariants,
    attendance_invariants,
    order_invariants,
    people_invariants,
    request_invariants,
)
from enrollment.cohorts import UNDECIDED
from enrollment.models import Cohort, CohortState, Enrolment, EnrolmentState, OrderState
from enrollment.timetabling import invariants as timetable_invariants

BY_ORDER = (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.NOT_PASSED)
BY_NOUN = (
    people_invariants,
    application_invariants,
    agreement_invariants,
    order_invariants,
    request_invariants,
    timetable_invariants,
    attendance_invariants,
)


def broken() -> Iterator[str]:
    """One line per broken invariant."""
    yield from _cohorts()
    yield from _enrolments()
    for noun in BY_NOUN:
        yield from noun.broken()


def _cohorts() -> Iterator[str]:
    for cohort in Cohort.objects.with_seats().filter(seats_taken__gt=F("capacity")):
        yield f"cohort {cohort.code}: {cohort.seats_taken} people on {cohort.capacity} places"
    for code in Cohort.objects.exclude(rubric__edition=F("edition")).values_list("code", flat=True):
        yield f"cohort {code}: its rubric belongs to another edition"


def _enrolments() -> Iterator[str]:
    without_order = Q(state__in=BY_ORDER) & ~Q(order__state=OrderState.SIGNED)
    for pk in Enrolment.objects.filter(without_order).values_list("pk", flat=True):
        yield f"enrolment {pk}: enrolled without an order in force"
    over = Enrolment.objects.filter(cohort__state__in=[CohortState.CLOSED, CohortState.CANCELLED], state__in=UNDECIDED)
    for pk in over.values_list("pk", flat=True):
        yield f"enrolment {pk}: undecided in a cohort that is over"
