"""How a listener stands in one course: the result by criterion with what it means, or what is still awaited."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from assessment.appealing import appeal_until
from assessment.models import Attempt, Defence, DefenceState, Outcome
from enrollment.attendance import Own
from enrollment.models import Enrolment
from programs.models import Criterion


@dataclass(frozen=True)
class Points:
    """Points for one criterion, and their share of the maximum in whole per cent."""

    criterion: Criterion
    points: int
    share: int


@dataclass(frozen=True)
class Standing:
    """One enrolment as its listener sees it. `outcome` is the latest decision, None before the protocol is closed."""

    enrolment: Enrolment
    outcome: Outcome | None
    points: list[Points]
    documents: list[Any]
    attendance: Own
    appeal_until: date | None = None  # while an appeal can still be filed

    @property
    def defence(self) -> Defence | None:
        """The defence that is still to come or not judged yet, of the latest attempt that has one."""
        planned = (one for attempt in self.enrolment.attempts.all() for one in attempt.defences.all())
        return next((one for one in planned if one.state == DefenceState.SCHEDULED), None)

    @property
    def appeal(self) -> Any:
        """The appeal against the outcome, None without one."""
        return getattr(self.outcome, "appeal", None)


def _outcome(attempt: Attempt) -> Outcome | None:
    return getattr(attempt, "outcome", None)


def standing(enrolment: Enrolment, attendance: Own) -> Standing:
    """The standing from an enrolment whose attempts, rubric and `papers` are prefetched; no queries of its own."""
    decided = [o for o in map(_outcome, sorted(enrolment.attempts.all(), key=lambda a: a.pk)) if o]
    outcome = decided[-1] if decided else None
    points = [
        Points(c, given, given * 100 // c.max_points)
        for c in enrolment.cohort.rubric.criteria.all()
        if outcome and (given := outcome.points.get(c.code)) is not None
    ]
    until = appeal_until(outcome) if outcome and timezone.localdate() <= appeal_until(outcome) else None
    papers = enrolment.papers  # type: ignore[attr-defined]
    return Standing(enrolment, outcome, points, papers, attendance, until)
