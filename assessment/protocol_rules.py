"""When a protocol can be closed and on whom it cannot decide, with the refusals in words."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.conf import settings
from django.utils.translation import gettext as _

from assessment.models import Attempt, AttemptState
from assessment.retaking import too_late
from assessment.sheet import Row, Sheet
from core.errors import Conflict, Refused
from enrollment.attendance import shares
from enrollment.attendance_rules import Share
from enrollment.models import Cohort, CohortState

REASON_LENGTH = 300


class Incomplete(Refused):
    """Some people have criteria without points and are not left out; `people` are their full names."""

    def __init__(self, people: Sequence[str]) -> None:
        super().__init__(
            _("Points are missing for: %(names)s. Enter them, or leave these people out with a reason.")
            % {"names": ", ".join(people)}
        )
        self.people = tuple(people)


class NoQuorum(Refused):
    """Too few members, somebody who did not serve on that day, or no chair."""


class BelowAttendance(Refused):
    """Some people have not attended enough for the final attestation; `people` are their full names."""

    def __init__(self, people: Sequence[tuple[str, Share]]) -> None:
        names = "; ".join(f"{name}, {shown(share)}" for name, share in people)
        super().__init__(
            _("Attendance below the minimum, %(minimum)s: %(names)s. Leave these people out with a reason.")
            % {"minimum": f"{settings.ATTENDANCE_MINIMUM}\N{NO-BREAK SPACE}%", "names": names}
        )
        self.people = tuple(name for name, _share in people)


class NothingToDecide(Refused):
    """Nobody is left for a protocol: everybody has an outcome or is left out."""


class ScoresMoved(Conflict):
    """The points are no longer those that the administrator confirmed."""


def _retakes(cohort: Cohort) -> bool:
    """Whether somebody of the cohort, which may be closed by then, has a retake to be decided on (R6)."""
    open_ones = Attempt.objects.filter(enrolment__cohort=cohort, kind=Attempt.Kind.RETAKE)
    return open_ones.filter(state__in=(AttemptState.OPEN, AttemptState.SUBMITTED)).exists()


def refuse_late(rows: Sequence[Row], held_on: date) -> None:
    """Raise `Refused` naming whose retake comes after its time (R6)."""
    attempts = [row.attempt for row in rows if row.attempt is not None]
    if late := too_late(attempts, held_on):
        raise Refused(
            _("The time for a retake is over on that day for: %(names)s. Leave these people out with a reason.")
            % {"names": ", ".join(attempt.enrolment.listener.full_name for attempt in late)}
        )


def why_not_now(cohort: Cohort) -> str:
    """Why no protocol of this cohort can be closed in its present state, as a sentence; empty when it can."""
    if cohort.state == CohortState.ASSESSING or (cohort.state == CohortState.CLOSED and _retakes(cohort)):
        return ""
    return _("A protocol is closed while the cohort is in its final assessment; this one is: %(state)s.") % {
        "state": cohort.get_state_display()
    }


def shown(share: Share) -> str:
    """The share of attendance in a sentence: «75 %», or a dash while nothing is held."""
    return "–" if share.percent is None else f"{share.percent}\N{NO-BREAK SPACE}%"


def attendance_of(sheet: Sheet) -> dict[int, Share]:
    """The share of attendance of everybody who waits for a decision, by enrolment; a constant number of queries."""
    return shares(row.enrolment for row in sheet.pending)


def barred(sheet: Sheet, attended: Mapping[int, Share]) -> set[int]:
    """The enrolments that may not be decided on for their attendance: nobody, unless ATTENDANCE_RULE is `refuse`.

    Then it is whoever has not shown the minimum; without a single held session that is everybody.
    """
    if settings.ATTENDANCE_RULE != "refuse":
        return set()
    minimum = settings.ATTENDANCE_MINIMUM
    return {row.enrolment.pk for row in sheet.pending if not attended[row.enrolment.pk].reaches(minimum)}


def refuse_absent(rows: Sequence[Row], sheet: Sheet) -> None:
    """Raises `BelowAttendance`, naming people with their share."""
    attended = attendance_of(sheet)
    kept_out = barred(sheet, attended)
    if absent := [row for row in rows if row.enrolment.pk in kept_out]:
        raise BelowAttendance([(r.enrolment.listener.full_name, attended[r.enrolment.pk]) for r in absent])
