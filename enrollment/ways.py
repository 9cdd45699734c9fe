"""Which ways are open to somebody who could not finish or did not pass, until when, and why others are not (R6–R9).

Pure: plain values in, verdicts out. The cabinet shows them, and the signing of an order decides by them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.workdays import month_later
from enrollment.models.movements import Way
from enrollment.models.states import EnrolmentState

TAKING_PART = (EnrolmentState.ENROLLED, EnrolmentState.DEFERRED)


@dataclass(frozen=True)
class Standing:
    """What the ways of one enrolment depend on."""

    state: str
    course_ends_on: date  # the last day of its cohort
    decided_on: date | None = None  # the session that decided, for who has an outcome
    deferred_until: date | None = None
    retakes_on: Sequence[date] = ()  # dates of the orders that admitted to a retake


@dataclass(frozen=True)
class WayOut:
    """Whether a way is open, its last day (None: no limit), and why it is closed, as a sentence."""

    way: Way
    until: date | None
    why_not: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it can be taken."""
        return not self.why_not


@dataclass(frozen=True)
class Limits:
    """The settings RETAKE_WINDOW (calendar, months or stricter) and DEFERRAL_MONTHS."""

    retake_window: str = "stricter"
    deferral_months: int = 12


def year_end(day: date) -> date:
    """The last day of its calendar year."""
    return date(day.year, 12, 31)


def retake_until(decided_on: date, window: str) -> date:
    """The last day for a retake (R6): of the calendar year, 12 months after the decision, or the earlier of both."""
    calendar, months = year_end(decided_on), month_later(decided_on, 12)
    return {"calendar": calendar, "months": months, "stricter": min(calendar, months)}[window]


def _retake(standing: Standing, on: date, limits: Limits) -> WayOut:
    """R6: below the pass mark, once within a year."""
    if standing.state != EnrolmentState.NOT_PASSED or standing.decided_on is None:
        return WayOut(Way.RETAKE, None, _("Only who did not pass the final attestation retakes it."))
    until = retake_until(standing.decided_on, limits.retake_window)
    if any(standing.decided_on <= day <= until for day in standing.retakes_on):
        return WayOut(Way.RETAKE, until, _("The one retake within a year has been given already."))
    return WayOut(Way.RETAKE, until, _("The time for a retake is over.") if on > until else "")


def _next_cohort(standing: Standing, on: date, limits: Limits) -> WayOut:
    """R7: below the pass mark, together with a following cohort."""
    if standing.state != EnrolmentState.NOT_PASSED:
        return WayOut(Way.NEXT_COHORT, None, _("Only who did not pass is assessed with a following cohort."))
    return WayOut(Way.NEXT_COHORT, None)


def _transfer(standing: Standing, on: date, limits: Limits) -> WayOut:
    """R8: for a valid reason, within the calendar year of the person's own course."""
    until = year_end(standing.course_ends_on)
    if standing.state not in (*TAKING_PART, EnrolmentState.NOT_PASSED):
        return WayOut(Way.TRANSFER, None, _("Only who takes part or did not pass is transferred."))
    return WayOut(Way.TRANSFER, until, _("A transfer is possible within the calendar year only.") if on > until else "")


def _deferral(standing: Standing, on: date, limits: Limits) -> WayOut:
    """R9: for a valid reason and with papers, until a set date."""
    until = month_later(on, limits.deferral_months)
    if standing.deferred_until and standing.deferred_until >= on:
        return WayOut(Way.DEFERRAL, standing.deferred_until, _("The course is deferred already."))
    if standing.state not in (EnrolmentState.ENROLLED, EnrolmentState.NOT_PASSED):
        return WayOut(Way.DEFERRAL, None, _("Only who takes part or did not pass completes the course later."))
    return WayOut(Way.DEFERRAL, until)


def _reinstatement(standing: Standing, on: date, limits: Limits) -> WayOut:
    """R9: back from a deferral while it runs; an expelled person when the order says so."""
    if standing.state == EnrolmentState.EXPELLED:
        return WayOut(Way.REINSTATEMENT, None)
    if standing.deferred_until is None:
        return WayOut(Way.REINSTATEMENT, None, _("Only who was deferred or expelled is reinstated."))
    over = on > standing.deferred_until
    return WayOut(Way.REINSTATEMENT, standing.deferred_until, _("The deferral has run out.") if over else "")


def _withdrawal(standing: Standing, on: date, limits: Limits) -> WayOut:
    """Out at one's own wish, while no outcome stands."""
    closed = "" if standing.state in TAKING_PART else _("Only who takes part can leave.")
    return WayOut(Way.WITHDRAWAL, None, closed)


RULES = (_retake, _next_cohort, _transfer, _deferral, _reinstatement, _withdrawal)


def ways(standing: Standing, on: date, limits: Limits) -> dict[Way, WayOut]:
    """Every way with its verdict on the day `on`, in the order in which a page lists them."""
    found = [rule(standing, on, limits) for rule in RULES]
    return {out.way: out for out in found}
