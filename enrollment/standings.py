"""What is stored about enrolments, as the plain values by which `enrollment.ways` judges."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date

from django.conf import settings

from enrollment.models import Enrolment, EnrolmentState, OrderKind, OrderLine, OrderState
from enrollment.ways import Limits, Standing


def limits() -> Limits:
    """The rules' settings."""
    return Limits(settings.RETAKE_WINDOW, settings.DEFERRAL_MONTHS)


def standings_of(enrolments: Collection[Enrolment]) -> dict[int, Standing]:
    """What the ways of each of these enrolments depend on, by primary key; two queries for any number.

    Their `cohort` must be loaded. A retake counts for all that continues the course in which it was given. An
    enrolment that continues another and was left again does not close the ways of the first.
    """
    people = {enrolment.listener_id for enrolment in enrolments}
    related = list(
        Enrolment.objects.filter(listener__in=people)
        .values_list("pk", "origin", "state", "cohort__code")
        .order_by("pk")
    )
    origins = {pk: origin for pk, origin, _state, _code in related}
    continued = {origin: code for _pk, origin, state, code in related if origin and state != EnrolmentState.WITHDRAWN}
    retakes = _retakes(origins)
    return {
        enrolment.pk: Standing(
            state=enrolment.state,
            course_ends_on=enrolment.cohort.ends_on,
            decided_on=enrolment.decided_on,
            deferred_until=enrolment.deferred_until,
            retakes_on=tuple(sorted(day for pk in _line_of_descent(enrolment.pk, origins) for day in retakes[pk])),
            continued_in=continued.get(enrolment.pk, ""),
        )
        for enrolment in enrolments
    }


def standing_of(enrolment: Enrolment) -> Standing:
    """What the ways of this enrolment depend on; two queries."""
    return standings_of([enrolment])[enrolment.pk]


def _retakes(enrolments: Collection[int]) -> dict[int, list[date]]:
    """Dates of the orders in force that admitted each of these enrolments to a retake (R6)."""
    found = OrderLine.objects.filter(
        enrolment__in=enrolments, cohort=None, order__kind=OrderKind.RETAKE, order__state=OrderState.SIGNED
    )
    dates: dict[int, list[date]] = defaultdict(list)
    for enrolment, day in found.values_list("enrolment", "order__date"):
        dates[enrolment].append(day)
    return dates


def _line_of_descent(pk: int | None, origins: dict[int, int | None]) -> list[int]:
    """The enrolment and what it continues, the latest first."""
    line: list[int] = []
    while pk is not None and pk not in line:
        line.append(pk)
        pk = origins.get(pk)
    return line
