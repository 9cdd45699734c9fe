"""Entering scores: one cell at a time, nothing overwritten in silence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User
from assessment.carrying import bring_along
from assessment.marking import is_whole, missing
from assessment.models import COMMENT_LENGTH, Attempt, AttemptState, Score
from assessment.retaking import open_retake
from core import states
from core.errors import Conflict, DomainError, Refused
from enrollment.models import Cohort, CohortState, Enrolment, EnrolmentState
from programs.models import Criterion

WHY_LENGTH = 100
SCORED_WHILE = (CohortState.RUNNING, CohortState.ASSESSING)


@dataclass(frozen=True)
class Theirs:
    """What stands in a cell now: points (None: empty), its version, who wrote it and when (None: nobody yet)."""

    points: int | None
    version: int
    by: User | None
    at: datetime | None


class ScoreChanged(Conflict):
    """Somebody changed the cell since it was seen; `theirs` is what stands there. Nothing was overwritten."""

    def __init__(self, criterion: Criterion, theirs: Theirs) -> None:
        super().__init__(
            _("“%(criterion)s” was changed in the meantime by %(name)s.")
            % {"criterion": criterion.title, "name": theirs.by or "–"}
        )
        self.theirs = theirs


def teaches(user: User, cohort: Cohort) -> bool:
    """Whether this person is a trainer of the cohort now."""
    return Role.TRAINER in user.roles and cohort.trainers.filter(pk=user.pk).exists()


def why_closed(cohort: Cohort, enrolment: Enrolment, attempt: Attempt | None) -> str:
    """Why no score of this enrolment may be entered now, as a sentence; empty when it may."""
    if attempt and attempt.state == AttemptState.DECIDED:
        return _("The protocol is closed: these points no longer change.")
    is_retake = attempt is not None and attempt.kind == Attempt.Kind.RETAKE  # R6: the enrolment stays not passed
    if enrolment.state != EnrolmentState.ENROLLED and not (is_retake and enrolment.state == EnrolmentState.NOT_PASSED):
        return _("Scores are entered for enrolled listeners only.")
    if cohort.state not in SCORED_WHILE and not (is_retake and cohort.state == CohortState.CLOSED):
        return _("Scores are entered while the cohort is running or in its final assessment.")
    return ""


@dataclass
class _Row:
    """One listener's cells while their row is locked: read once, written cell by cell."""

    enrolment: Enrolment
    attempt: Attempt | None
    scores: dict[int, Score]
    by_commission: bool  # whether a live defence gives the points of the criteria that are judged there


def _locked(enrolment: Enrolment, by: User) -> _Row:
    """The row under a lock on the enrolment; raises `Refused` for who may not write in it at all."""
    held = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("cohort__rubric", "listener")
        .prefetch_related("cohort__rubric__criteria")
        .get(pk=enrolment.pk)
    )
    if held.origin_id:
        bring_along(held)  # quicker than the worker
    if held.state == EnrolmentState.NOT_PASSED:
        open_retake(held)  # likewise
    if not teaches(by, held.cohort):
        raise Refused(_("Scores are entered by the trainers of this cohort."))
    if held.listener.user_id == by.pk:
        raise Refused(_("Nobody scores their own work."))
    attempt = held.attempts.exclude(state=AttemptState.VOID).order_by("pk").last()
    if reason := why_closed(held.cohort, held, attempt):
        raise Refused(reason)
    scores = {score.criterion_id: score for score in attempt.scores.select_related("entered_by")} if attempt else {}
    return _Row(held, attempt, scores, attempt is not None and attempt.defences.live().exists())


def _check(row: _Row, criterion: Criterion, points: int | None, version: int) -> None:
    """Raises `Refused` with the reason in words."""
    if criterion.rubric_id != row.enrolment.cohort.rubric_id:
        raise Refused(_("“%(criterion)s” is not a criterion of this cohort.") % {"criterion": criterion.title})
    if points is not None and not is_whole(points, criterion.max_points):
        raise Refused(
            _("“%(criterion)s”: only a whole number from 0 to %(maximum)s.")
            % {"criterion": criterion.title, "maximum": criterion.max_points}
        )
    if type(version) is not int or version < 0:
        raise Refused(_("The version of the score is missing. Please open the page again."))
    if criterion.at_defence and row.by_commission:
        raise Refused(_("“%(criterion)s” is judged by the commission at the defence.") % {"criterion": criterion.title})


def first_attempt(enrolment: Enrolment, by: User) -> Attempt:
    """The attempt that everybody begins with; call it with the enrolment locked and no attempt there."""
    attempt = Attempt.objects.create(enrolment=enrolment)
    states.born([attempt], by=by)
    return attempt


def _settle(attempt: Attempt, scores: dict[int, Score], cohort: Cohort, by: User) -> None:
    """Move the attempt to `submitted` when its last points are in, back to `open` when some were taken out."""
    criteria = list(cohort.rubric.criteria.all())
    points = {c.code: scores[c.pk].points if c.pk in scores else None for c in criteria}
    state = AttemptState.OPEN if missing(points, criteria) else AttemptState.SUBMITTED
    if attempt.state != state:
        states.move(attempt, state, by=by)


@dataclass(frozen=True)
class Entry:
    """One cell to write: whole points or None, the version that was seen, and why."""

    criterion: Criterion
    points: int | None
    version: int
    why: str = ""


def save_score(
    *, enrolment: Enrolment, criterion: Criterion, points: int | None, version: int, by: User, why: str = ""
) -> Score:
    """Write one cell: whole `points` 0..maximum, or None to empty it. `version` is the one seen (0: an empty cell).

    Guarantees: the first score makes the first attempt; the attempt is `submitted` exactly while every criterion has
    points (one audit row per change); every change keeps its history, with `why`, and raises the version by one. The
    same request again, or a value that already stands at the seen version, changes nothing and returns the row
    (unsaved, version 0, when an empty cell is emptied). Raises `ScoreChanged` when the cell is no longer as seen,
    `Refused` for points out of range, a stranger to the cohort, a closed attempt, a criterion that the commission
    judges. All of it under a lock on the enrolment.
    """
    (result,) = save_cells(enrolment=enrolment, entries=[Entry(criterion, points, version, why)], by=by)
    if isinstance(result, DomainError):
        raise result
    return result


@transaction.atomic
def save_cells(*, enrolment: Enrolment, entries: Sequence[Entry], by: User) -> list[Score | DomainError]:
    """Write several cells of one listener, each as `save_score` would: its row, or why it was refused, for each entry.

    One refused cell does not hold up the others. Raises `Refused` when nothing may be written in this row at all.
    """
    row = _locked(enrolment, by)
    results: list[Score | DomainError] = []
    for entry in entries:
        try:
            results.append(_save(row, entry, by))
        except DomainError as refusal:
            results.append(refusal)
    return results


def _seen(row: _Row, criterion: Criterion, version: int) -> Score:
    """The cell as it stands; raises `ScoreChanged` when that is not what was seen."""
    score = row.scores.get(criterion.pk) or Score(criterion=criterion, version=0, points=None)
    if score.version != version:
        author = score.entered_by if score.pk else None
        raise ScoreChanged(criterion, Theirs(score.points, score.version, author, score.entered_at))
    return score


def _save(row: _Row, entry: Entry, by: User) -> Score:
    _check(row, entry.criterion, entry.points, entry.version)
    stored = row.scores.get(entry.criterion.pk)
    if stored and (stored.points, stored.version, stored.entered_by) == (entry.points, entry.version + 1, by):
        return stored  # the same request once more: its answer was lost
    score = _seen(row, entry.criterion, entry.version)
    if score.points == entry.points:
        return score
    return _written(row, entry.criterion, by, why=entry.why, points=entry.points)


def _written(row: _Row, criterion: Criterion, by: User, *, why: str = "", **change: Any) -> Score:
    row.attempt = row.attempt or first_attempt(row.enrolment, by)
    score = row.scores.setdefault(criterion.pk, Score(attempt=row.attempt, criterion=criterion, version=0))
    _store(score, by, why, **change)
    _settle(row.attempt, row.scores, row.enrolment.cohort, by)
    return score


def _store(score: Score, by: User, why: str, **change: Any) -> None:
    """The cell with the next version, author, time and history."""
    for name, value in change.items():
        setattr(score, name, value)
    score.max_points, score.version = score.criterion.max_points, score.version + 1
    score.entered_by, score.entered_at = by, timezone.now()
    score._history_user = by  # type: ignore[attr-defined]
    score._change_reason = " ".join(why.split())[:WHY_LENGTH]  # type: ignore[attr-defined]
    score.save()


@transaction.atomic
def comment_score(*, enrolment: Enrolment, criterion: Criterion, comment: str, version: int, by: User) -> Score:
    """Write the trainers' comment of a cell, with or without points; empty takes it away. Versions as in `save_score`.

    Raises `ScoreChanged`, and `Refused` as `save_score` does, and for a comment that is too long.
    """
    comment = " ".join(comment.split())
    if len(comment) > COMMENT_LENGTH:
        raise Refused(_("The comment is longer than %(length)s characters.") % {"length": COMMENT_LENGTH})
    row = _locked(enrolment, by)
    stored = row.scores.get(criterion.pk)
    _check(row, criterion, stored.points if stored else None, version)
    if stored and (stored.comment, stored.version, stored.entered_by) == (comment, version + 1, by):
        return stored
    score = _seen(row, criterion, version)
    if score.comment == comment:
        return score
    return _written(row, criterion, by, comment=comment)


def write_points(*, attempt: Attempt, criterion: Criterion, points: int | None, by: User, why: str = "") -> Score:
    """Put points into a cell, with history and the next version; `why` stands in the history.

    No check of who, when or what was seen: that is the business of the verb that calls this, with the enrolment locked.
    """
    scores = {score.criterion_id: score for score in attempt.scores.all()}
    score = scores.setdefault(criterion.pk, Score(attempt=attempt, criterion=criterion, version=0))
    _store(score, by, why, points=points)
    _settle(attempt, scores, attempt.enrolment.cohort, by)
    return score
