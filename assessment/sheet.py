"""A cohort's scores as one table: what a trainer fills in and a protocol decides on. Reads only."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db.models import Prefetch

from assessment.carrying import origin_note
from assessment.marking import Mark, mark
from assessment.models import ENDED, Attempt, AttemptState, Defence, DefenceState, Ending, Outcome, Score
from assessment.retaking import retake_note
from assessment.scoring import why_closed
from enrollment.models import Cohort, Enrolment, EnrolmentState
from programs.models import Band, Criterion

UNSETTLED = (DefenceState.SCHEDULED, DefenceState.DISPUTED)
SCORED = (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.NOT_PASSED)


@dataclass(frozen=True)
class Cell:
    """Points for one criterion (None: not given yet), and the stored score, None while nobody has written one.

    `by_commission`: the listener has a defence, and its commission judges this criterion. `awaited`: it has not yet, so
    what a trainer gave before the defence was planned does not count.
    """

    criterion: Criterion
    score: Score | None
    by_commission: bool = False
    awaited: bool = False

    @property
    def comment(self) -> str:
        """The trainers' comment; empty without one."""
        return self.score.comment if self.score else ""

    @property
    def points(self) -> int | None:
        """Whole points, 0..maximum."""
        return self.score.points if self.score and not self.awaited else None

    @property
    def version(self) -> int:
        """The version that a change must name as seen; 0 for a cell that was never written."""
        return self.score.version if self.score else 0


@dataclass(frozen=True)
class Row:
    """One listener: cells in the rubric's order, the mark they make, and why they are closed (empty: they are not)."""

    enrolment: Enrolment
    attempt: Attempt | None
    outcome: Outcome | None
    cells: Sequence[Cell]
    mark: Mark[Any]  # with a Band, whose fields mypy does not take for the properties that Mark asks for
    closed: str
    namesake: bool
    note: str = ""  # where somebody comes from, who continues the course of another cohort
    defence: Defence | None = None  # the one that was not called off

    @property
    def points(self) -> dict[str, int | None]:
        """Points by criterion code."""
        return {cell.criterion.code: cell.points for cell in self.cells}

    @property
    def missing(self) -> list[Criterion]:
        """Criteria without points, in the rubric's order."""
        return [cell.criterion for cell in self.cells if cell.points is None]

    @property
    def ending(self) -> Ending:
        """How a protocol would decide now: by points, or on an absence or a breach that the commission wrote down."""
        state = self.defence.state if self.defence else ""
        return {DefenceState.NO_SHOW: Ending.NO_SHOW, DefenceState.BREACH: Ending.BREACH}.get(state, Ending.SCORED)  # type: ignore[call-overload,no-any-return]

    @property
    def is_scored(self) -> bool:
        """Whether points decide."""
        return self.ending == Ending.SCORED

    @property
    def awaits_defence(self) -> bool:
        """Whether the commission has not settled the defence yet."""
        return _is_awaited(self.defence)

    @property
    def is_decidable(self) -> bool:
        """Whether a protocol can decide: all criteria have points and the defence is over, or points do not decide."""
        return not self.is_scored or (self.mark.is_complete and not self.awaits_defence)

    @property
    def is_pending(self) -> bool:
        """Whether it waits for a decision: enrolled, or admitted to a retake that is not decided."""
        if self.enrolment.state == EnrolmentState.ENROLLED:
            return True
        return self.attempt is not None and self.attempt.state not in ENDED

    @property
    def has_nothing(self) -> bool:
        """Whether no criterion has points."""
        return all(cell.points is None for cell in self.cells)


@dataclass(frozen=True)
class Sheet:
    """A cohort's rows in the order of the Kazakh alphabet."""

    cohort: Cohort
    criteria: Sequence[Criterion]
    bands: Sequence[Band]
    rows: Sequence[Row]

    @property
    def complete_count(self) -> int:
        """How many listeners have points for every criterion."""
        return sum(row.mark.is_complete for row in self.rows)

    @property
    def is_open(self) -> bool:
        """Whether there is a cell to write in."""
        return any(not row.closed for row in self.rows)

    @property
    def pending(self) -> list[Row]:
        """Rows that no protocol has decided on yet."""
        return [row for row in self.rows if row.is_pending]

    @property
    def fingerprint(self) -> str:
        """A digest of who is pending with which points: equal exactly when a protocol would decide the same."""
        seen = [(row.enrolment.pk, row.ending, row.is_decidable, sorted(row.points.items())) for row in self.pending]
        return sha256(repr(sorted(seen)).encode()).hexdigest()


def _latest(enrolment: Enrolment) -> Attempt | None:
    attempts = [attempt for attempt in enrolment.attempts.all() if attempt.state != AttemptState.VOID]
    return attempts[-1] if attempts else None


def _defence(attempt: Attempt | None) -> Defence | None:
    """The defence that was not called off."""
    defences = attempt.defences.all() if attempt else ()
    return next((defence for defence in defences if defence.state != DefenceState.CANCELLED), None)


def _is_awaited(defence: Defence | None) -> bool:
    return defence is not None and defence.state in UNSETTLED


def _row(enrolment: Enrolment, cohort: Cohort, criteria: list[Criterion], bands: list[Any], namesake: bool) -> Row:
    attempt = _latest(enrolment)
    scores: dict[int, Score] = {s.criterion_id: s for s in attempt.scores.all()} if attempt else {}
    defence = _defence(attempt)
    awaited = _is_awaited(defence)
    cells = [
        Cell(c, scores.get(c.pk), defence is not None and c.at_defence, awaited and c.at_defence) for c in criteria
    ]
    outcome = getattr(attempt, "outcome", None) if attempt else None
    return Row(
        enrolment=enrolment,
        attempt=attempt,
        outcome=outcome,
        cells=cells,
        mark=mark({cell.criterion.code: cell.points for cell in cells}, criteria, bands),
        closed=why_closed(cohort, enrolment, attempt),
        namesake=namesake,
        note=retake_note(list(enrolment.attempts.all()), criteria) or origin_note(enrolment, attempt),
        defence=defence,
    )


def read_sheet(cohort: Cohort) -> Sheet:
    """The cohort's scored enrolments with their latest attempts; six queries for any number of listeners."""
    criteria, bands = list(cohort.rubric.criteria.all()), list(cohort.rubric.bands.all())
    scores = Prefetch("scores", Score.objects.select_related("entered_by"))
    attempts = Attempt.objects.select_related("outcome__band", "outcome__protocol").order_by("pk")
    attempts = attempts.prefetch_related(scores, "defences")
    enrolments = list(
        cohort.enrolments.filter(state__in=SCORED)
        .by_name()
        .select_related("origin__cohort", "opened_by__order")
        .prefetch_related(Prefetch("attempts", attempts))
    )
    names = Counter(e.listener.full_name for e in enrolments)
    rows = [_row(e, cohort, criteria, bands, names[e.listener.full_name] > 1) for e in enrolments]
    return Sheet(cohort, criteria, bands, rows)


def complete_count(cohort: Cohort) -> int:
    """How many of the cohort's listeners have points for every criterion, by the state of attempts and defences."""
    complete = Attempt.objects.filter(
        enrolment__cohort=cohort,
        enrolment__state__in=SCORED,
        state__in=(AttemptState.SUBMITTED, AttemptState.DECIDED),
    ).exclude(defences__state__in=UNSETTLED)
    return complete.values("enrolment").distinct().count()


def read_mark(cohort: Cohort, attempt: Attempt | None) -> Mark[Any]:
    """The mark of one attempt as it is stored now."""
    rubric = cohort.rubric
    awaited = _is_awaited(_defence(attempt))
    codes = {c.pk: c.code for c in rubric.criteria.all() if not (awaited and c.at_defence)}
    scores = attempt.scores.all() if attempt else []
    points = {codes[s.criterion_id]: s.points for s in scores if s.criterion_id in codes}
    bands: list[Any] = list(rubric.bands.all())
    return mark(points, rubric.criteria.all(), bands)
