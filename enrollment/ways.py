"""Which ways are open to somebody who could not finish or did not pass, until when, and why others are not (R6–R9).

Pure: plain values in, verdicts out. The cabinet shows them, and the signing of an order decides by them. All days are
included: a way that is open until a day is open on that day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core.workdays import month_later
from enrollment.models.movements import Way
from enrollment.models.states import EnrolmentState

TAKING_PART = (EnrolmentState.ENROLLED, EnrolmentState.DEFERRED)
RETAKE_MONTHS = 12  # R6: "once within a year"


@dataclass(frozen=True)
class Standing:
    """What the ways of one enrolment depend on."""

    state: str
    course_ends_on: date  # the last day of its cohort
    decided_on: date | None = None  # the session that decided, for who has an outcome
    deferred_until: date | None = None
    retakes_on: Sequence[date] = ()  # dates of the orders that admitted to a retake, here and in what this continues
    continued_in: str = ""  # the code of the cohort where the course goes on, if it does


@dataclass(frozen=True)
class WayOut:
    """Whether a way is open, and why it is closed, as a sentence.

    `until` is its last day (None: no limit); of a deferral that is open, the last day to which it may be granted.
    """

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
    """The last day for a retake (R6): of the calendar year, 12 months after the decision, or the earlier of both.

    A year never ends later than 12 months after one of its days, so "stricter" is at present the calendar year.
    """
    calendar, months = year_end(decided_on), month_later(decided_on, RETAKE_MONTHS)
    return {"calendar": calendar, "months": months, "stricter": min(calendar, months)}[window]


def transfer_until(standing: Standing) -> date:
    """R8, "the current calendar year": that of the last day of the course, or of the decision if that came later."""
    return year_end(max(standing.course_ends_on, standing.decided_on or standing.course_ends_on))


def follows(own_ends_on: date, ends_on: date) -> bool:
    """R7: whether a cohort that ends on `ends_on` follows one that ended on `own_ends_on`."""
    return ends_on > own_ends_on


def _retake(standing: Standing, on: date, limits: Limits) -> WayOut:
    """R6: below the pass mark, once within a year. One retake per course, whatever followed it."""
    if standing.state != EnrolmentState.NOT_PASSED or standing.decided_on is None:
        return WayOut(Way.RETAKE, None, _("Only who did not pass the final attestation retakes it."))
    until = retake_until(standing.decided_on, limits.retake_window)
    if standing.retakes_on:
        return WayOut(Way.RETAKE, until, _("The one retake within a year has been given already."))
    return WayOut(Way.RETAKE, until, _("The time for a retake is over.") if on > until else "")


def _next_cohort(standing: Standing, on: date, limits: Limits) -> WayOut:
    """R7: below the pass mark, together with a following cohort."""
    if standing.state != EnrolmentState.NOT_PASSED:
        return WayOut(Way.NEXT_COHORT, None, _("Only who did not pass is assessed with a following cohort."))
    return WayOut(Way.NEXT_COHORT, None)


def _transfer(standing: Standing, on: date, limits: Limits) -> WayOut:
    """R8: for a valid reason, within the calendar year."""
    if standing.state not in (*TAKING_PART, EnrolmentState.NOT_PASSED):
        return WayOut(Way.TRANSFER, None, _("Only who takes part or did not pass is transferred."))
    until = transfer_until(standing)
    return WayOut(Way.TRANSFER, until, _("A transfer is possible within the calendar year only.") if on > until else "")


def _deferral(standing: Standing, on: date, limits: Limits) -> WayOut:
    """R9: for a valid reason and with papers, until a set date. One that has run out is not given anew."""
    if standing.state not in (*TAKING_PART, EnrolmentState.NOT_PASSED):
        return WayOut(Way.DEFERRAL, None, _("Only who takes part or did not pass completes the course later."))
    if standing.state == EnrolmentState.DEFERRED or standing.deferred_until:
        over = standing.deferred_until is not None and on > standing.deferred_until
        why_not = _("The deferral has run out.") if over else _("The course is deferred already.")
        return WayOut(Way.DEFERRAL, standing.deferred_until, why_not)
    return WayOut(Way.DEFERRAL, month_later(on, limits.deferral_months))


def _reinstatement(standing: Standing, on: date, limits: Limits) -> WayOut:
    """R9: back from a deferral while it runs; an expelled person when the order says so."""
    if standing.state == EnrolmentState.EXPELLED:
        return WayOut(Way.REINSTATEMENT, None)
    deferrable = (EnrolmentState.DEFERRED, EnrolmentState.NOT_PASSED)
    if standing.state not in deferrable or standing.deferred_until is None:
        return WayOut(Way.REINSTATEMENT, None, _("Only who was deferred or expelled is reinstated."))
    over = on > standing.deferred_until
    return WayOut(Way.REINSTATEMENT, standing.deferred_until, _("The deferral has run out.") if over else "")


def _withdrawal(standing: Standing, on: date, limits: Limits) -> WayOut:
    """Out at one's own wish, while no outcome stands."""
    closed = "" if standing.state in TAKING_PART else _("Only who takes part can leave.")
    return WayOut(Way.WITHDRAWAL, None, closed)


RULES = {
    Way.RETAKE: _retake,
    Way.NEXT_COHORT: _next_cohort,
    Way.TRANSFER: _transfer,
    Way.DEFERRAL: _deferral,
    Way.REINSTATEMENT: _reinstatement,
    Way.WITHDRAWAL: _withdrawal,
}


def _closed_to_all(standing: Standing, on: date) -> str:
    """What closes every way at once, as a sentence."""
    if standing.continued_in:
        return _("The course goes on in the cohort %(code)s.") % {"code": standing.continued_in}
    if standing.state == EnrolmentState.NOT_PASSED and standing.decided_on and on < standing.decided_on:
        return _("This cannot be earlier than the decision of the final attestation.")
    return ""


def ways(standing: Standing, on: date, limits: Limits) -> dict[Way, WayOut]:
    """Every way with its verdict on the day `on`, in the order in which a page lists them."""
    if why_not := _closed_to_all(standing, on):
        return {way: WayOut(way, None, why_not) for way in RULES}
    return {way: rule(standing, on, limits) for way, rule in RULES.items()}
