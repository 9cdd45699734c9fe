"""Entering scores: one cell at a time, nothing overwritten in silence."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Role, User
from assessment.carrying import bring_along
from assessment.marking import is_whole, missing
from assessment.models import Attempt, AttemptState, Score
from assessment.retaking import open_retake
from core import states
from core.errors import Conflict, Refused
from enrollment.models import Cohort, CohortState, Enrolment, EnrolmentState
from programs.models import Criterion

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


def _check(enrolment: Enrolment, criterion: Criterion, points: int | None, version: int, by: User) -> Attempt | None:
    """The attempt to score (None: the first is still to be made); raises `Refused` with the reason in words."""
    cohort = enrolment.cohort
    if not teaches(by, cohort):
        raise Refused(_("Scores are entered by the trainers of this cohort."))
    if enrolment.listener.user_id == by.pk:
        raise Refused(_("Nobody scores their own work."))
    if criterion.rubric_id != cohort.rubric_id:
        raise Refused(_("“%(criterion)s” is not a criterion of this cohort.") % {"criterion": criterion.title})
    if points is not None and not is_whole(points, criterion.max_points):
        raise Refused(
            _("“%(criterion)s”: only a whole number from 0 to %(maximum)s.")
            % {"criterion": criterion.title, "maximum": criterion.max_points}
        )
    if type(version) is not int or version < 0:
        raise Refused(_("The version of the score is missing. Please open the page again."))
    attempt = enrolment.attempts.exclude(state=AttemptState.VOID).order_by("pk").last()
    if attempt and criterion.at_defence and attempt.defences.live().exists():
        raise Refused(_("“%(criterion)s” is judged by the commission at the defence.") % {"criterion": criterion.title})
    if reason := why_closed(cohort, enrolment, attempt):
        raise Refused(reason)
    return attempt


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


@transaction.atomic
def save_score(*, enrolment: Enrolment, criterion: Criterion, points: int | None, version: int, by: User) -> Score:
    """Write one cell: whole `points` 0..maximum, or None to empty it. `version` is the one seen (0: an empty cell).

    Guarantees: the first score makes the first attempt; the attempt is `submitted` exactly while every criterion has
    points (one audit row per change); every change keeps its history and raises the version by one. The same request
    again, or a value that already stands at the seen version, changes nothing and returns the row (unsaved, version
    0, when an empty cell is emptied). Raises `ScoreChanged` when the cell is no longer as seen, `Refused` for points
    out of range, a stranger to the cohort, a closed attempt. All of it under a lock on the enrolment.
    """
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("cohort__rubric", "listener")
        .get(pk=enrolment.pk)
    )
    if enrolment.origin_id:
        bring_along(enrolment)  # quicker than the worker
    if enrolment.state == EnrolmentState.NOT_PASSED:
        open_retake(enrolment)  # likewise
    attempt = _check(enrolment, criterion, points, version, by)
    scores = {score.criterion_id: score for score in attempt.scores.select_related("entered_by")} if attempt else {}
    score = scores.get(criterion.pk) or Score(criterion=criterion, version=0, points=None)
    author = score.entered_by if score.pk else None
    repeated = (score.points, score.version, author) == (points, version + 1, by)
    if repeated or (score.version == version and score.points == points):
        return score
    if score.version != version:
        raise ScoreChanged(criterion, Theirs(score.points, score.version, author, score.entered_at))
    return write_points(attempt=attempt or first_attempt(enrolment, by), criterion=criterion, points=points, by=by)


def write_points(*, attempt: Attempt, criterion: Criterion, points: int | None, by: User, why: str = "") -> Score:
    """Put points into a cell, with history and the next version; `why` stands in the history.

    No check of who, when or what was seen: that is the business of the verb that calls this, with the enrolment locked.
    """
    scores = {score.criterion_id: score for score in attempt.scores.all()}
    score = scores.setdefault(criterion.pk, Score(attempt=attempt, criterion=criterion, version=0))
    score.points, score.max_points, score.version = points, criterion.max_points, score.version + 1
    score.entered_by, score.entered_at = by, timezone.now()
    score._history_user = by  # type: ignore[attr-defined]
    score._change_reason = why[:100]  # type: ignore[attr-defined]
    score.save()
    _settle(attempt, scores, attempt.enrolment.cohort, by)
    return score
