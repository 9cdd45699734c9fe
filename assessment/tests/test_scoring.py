"""One cell is written: what it guarantees, and each refusal."""

from threading import Barrier, Thread

import pytest
from django.db import connections
from django.utils import timezone

from assessment.invariants import broken
from assessment.models import Attempt, AttemptState, Score
from assessment.scoring import ScoreChanged, Theirs, save_score
from core import states
from core.errors import Refused
from enrollment.models import CohortState, EnrolmentState
from tests import factories


@pytest.fixture
def save(enrolment, criteria, trainer):  # type: ignore[no-untyped-def]
    """`save(18)` writes the first criterion (20 points at most) as seen empty, by the trainer."""

    def do(points, *, version=0, at=0, by=trainer, enrolment=enrolment, criterion=None):  # type: ignore[no-untyped-def]
        criterion = criterion or criteria[at]
        return save_score(enrolment=enrolment, criterion=criterion, points=points, version=version, by=by)

    return do


def stored():  # type: ignore[no-untyped-def]
    return list(Score.objects.order_by("criterion__position").values_list("criterion__code", "points", "version"))


def trail(enrolment):  # type: ignore[no-untyped-def]
    entries = enrolment.attempts.get().audit_trail().order_by("id")
    return [(entry.from_state, entry.to_state, entry.by) for entry in entries]


def test_save_score_first_creates_attempt_row_history_and_audit(save, enrolment, trainer):
    score = save(18)
    assert (score.points, score.max_points, score.version, score.entered_by) == (18, 20, 1, trainer)
    assert stored() == [("theory", 18, 1)]
    assert trail(enrolment) == [("", "open", trainer)]
    assert [(h.points, h.version, h.history_user) for h in score.history.all()] == [(18, 1, trainer)]


@pytest.mark.parametrize("points", [0, 20])
def test_save_score_bounds_are_stored(save, points):
    assert save(points).points == points


@pytest.mark.parametrize("points", [-1, 21, 10**30, 18.0, "18", True, [18]])
def test_save_score_not_whole_or_out_of_range_is_refused_with_criterion_and_maximum(save, points):
    with pytest.raises(Refused) as refusal:
        save(points)
    assert refusal.value.sentence == "“theory criterion”: only a whole number from 0 to 20."
    assert (Attempt.objects.count(), Score.objects.count()) == (0, 0)


def test_save_score_as_seen_changes_it_and_keeps_history(save, enrolment, trainer, other_trainer):
    enrolment.cohort.trainers.add(other_trainer)
    save(18)
    assert save(15, version=1, by=other_trainer).version == 2
    assert stored() == [("theory", 15, 2)]
    history = Score.objects.get().history.order_by("history_id")
    assert [(h.points, h.history_user) for h in history] == [(18, trainer), (15, other_trainer)]


def test_save_score_stale_version_is_refused_with_theirs_and_overwrites_nothing(save, enrolment, other_trainer):
    enrolment.cohort.trainers.add(other_trainer)
    theirs = save(15, by=other_trainer)
    with pytest.raises(ScoreChanged) as refusal:
        save(18)
    assert refusal.value.theirs == Theirs(15, 1, other_trainer, theirs.entered_at)
    assert refusal.value.sentence == "“theory criterion” was changed in the meantime by Басқаев Берік."
    assert stored() == [("theory", 15, 1)]


def test_save_score_stale_version_and_same_points_of_another_is_still_shown(save, enrolment, other_trainer):
    enrolment.cohort.trainers.add(other_trainer)
    save(18, by=other_trainer)
    with pytest.raises(ScoreChanged):
        save(18)


def test_save_score_version_of_a_score_that_was_never_written_is_refused(save):
    with pytest.raises(ScoreChanged) as refusal:
        save(18, version=3)
    assert refusal.value.theirs == Theirs(None, 0, None, None)


@pytest.mark.parametrize("version", [-1, "0", None, 1.0, True])
def test_save_score_version_that_is_none_is_refused(save, version):
    with pytest.raises(Refused, match="open the page again"):
        save(18, version=version)


def test_save_score_repeated_request_returns_the_row(save):
    first = save(18)
    assert save(18).pk == first.pk
    assert (stored(), first.history.count()) == ([("theory", 18, 1)], 1)


def test_save_score_repeated_with_other_points_is_refused(save):
    save(18)
    with pytest.raises(ScoreChanged):
        save(19)


def test_save_score_value_that_stands_already_changes_nothing(save):
    first = save(18)
    assert (save(18, version=1).version, first.history.count()) == (1, 1)


def test_save_score_emptying_an_empty_cell_stores_nothing(save):
    score = save(None)
    assert (score.pk, score.points, score.version) == (None, None, 0)
    assert Attempt.objects.count() == 0


def test_save_score_emptied_is_missing_again(save):
    save(18)
    assert save(None, version=1).version == 2
    assert stored() == [("theory", None, 2)]


def test_save_score_last_criterion_submits_and_emptying_reopens_with_one_audit_row_each(save, enrolment, trainer):
    for at, points in enumerate([18, 20, 10, 25, 8]):
        save(points, at=at)
    assert enrolment.attempts.get().state == AttemptState.SUBMITTED
    save(9, at=4, version=1)
    save(None, at=4, version=2)
    assert enrolment.attempts.get().state == AttemptState.OPEN
    assert trail(enrolment) == [("", "open", trainer), ("open", "submitted", trainer), ("submitted", "open", trainer)]
    assert list(broken()) == []


def test_save_score_by_a_trainer_of_another_cohort_is_refused(save, other_trainer):
    with pytest.raises(Refused, match="trainers of this cohort"):
        save(18, by=other_trainer)


def test_save_score_by_an_administrator_is_refused(save, administrator):
    with pytest.raises(Refused, match="trainers of this cohort"):
        save(18, by=administrator)


def test_save_score_by_a_trainer_whose_account_is_closed_is_refused(save, trainer):
    trainer.is_active = False
    with pytest.raises(Refused, match="trainers of this cohort"):
        save(18, by=trainer)


def test_save_score_of_own_work_is_refused(save, cohort, listener):
    listener.user.is_trainer = True
    listener.user.save()
    cohort.trainers.add(listener.user)
    with pytest.raises(Refused, match="own work"):
        save(18, by=listener.user)


def test_save_score_for_a_criterion_of_another_rubric_is_refused(save):
    foreign = factories.make_edition(year=2027).rubrics.get().criteria.first()
    with pytest.raises(Refused, match="not a criterion of this cohort"):
        save(18, criterion=foreign)


@pytest.mark.parametrize("state", [s for s in EnrolmentState if s != EnrolmentState.ENROLLED])
def test_save_score_of_somebody_not_enrolled_is_refused(save, cohort, state):
    enrolment = factories.make_enrolment(cohort=cohort, state=EnrolmentState.ENROLLED)
    type(enrolment).objects.filter(pk=enrolment.pk).update(state=state, waiting_since=timezone.now())
    with pytest.raises(Refused, match="enrolled listeners only"):
        save(18, enrolment=enrolment)


@pytest.mark.parametrize("state", CohortState.values)
def test_save_score_only_while_the_cohort_runs_or_is_assessed(save, cohort, enrolment, state):
    type(cohort).objects.filter(pk=cohort.pk).update(state=state)
    if state in (CohortState.RUNNING, CohortState.ASSESSING):
        assert save(18).points == 18
    else:
        with pytest.raises(Refused, match="while the cohort is running"):
            save(18)


def test_save_score_of_a_decided_attempt_is_refused(save, enrolment, trainer):
    attempt = factories.make_scores(enrolment, [18, 20, 10, 25, 8], by=trainer)
    states.move(attempt, AttemptState.DECIDED, by=None)
    with pytest.raises(Refused, match="no longer change"):
        save(17, version=1)


@pytest.mark.django_db(transaction=True)
def test_save_score_two_trainers_at_once_make_one_attempt_and_one_winner(enrolment, criteria, trainer, other_trainer):
    enrolment.cohort.trainers.add(other_trainer)
    start, results = Barrier(2), []

    def write(points, by):  # type: ignore[no-untyped-def]
        start.wait(timeout=10)
        try:
            score = save_score(enrolment=enrolment, criterion=criteria[0], points=points, version=0, by=by)
            results.append(("saved", score.points))
        except ScoreChanged as error:
            results.append(("changed", error.theirs.points))
        finally:
            connections.close_all()

    threads = [Thread(target=write, args=pair) for pair in ((18, trainer), (15, other_trainer))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    winner = Score.objects.get().points
    assert sorted(results) == [("changed", winner), ("saved", winner)]
    assert Attempt.objects.count() == 1


def test_save_score_costs_few_queries(save, count_queries):
    save(18)
    with count_queries() as seen:
        save(19, version=1)
    assert seen.count == 11
