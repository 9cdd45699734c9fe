"""A database that breaks what must hold is told so, line by line."""

import pytest

from assessment.invariants import broken
from assessment.models import Attempt, Outcome, Protocol, Score
from enrollment.models import Enrolment
from programs.models import Criterion
from tests import factories
from tests.factories import close_protocol

pytestmark = pytest.mark.usefixtures("after_the_course")


@pytest.fixture
def outcome(cohort, scored, administrator):  # type: ignore[no-untyped-def]
    """Of a closed protocol: 81, good."""
    scored("Әлімов", "good")
    return close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out={}, by=administrator).outcomes.get()


def test_broken_after_a_course_finds_nothing(outcome):
    assert list(broken()) == []


@pytest.mark.parametrize("change", ["points = 17", "points = NULL"])
def test_broken_score_behind_an_outcome(outcome, tamper, change):
    score = Score.objects.get(criterion__code="theory")
    tamper(f"UPDATE assessment_score SET {change} WHERE id = {score.pk}")
    assert list(broken()) == [f"I4 outcome {outcome.pk}: it is not the mark of its stored scores"]


@pytest.mark.parametrize("change", ["total = 82", "passed = (1 = 0)", "points = '{}'"])
def test_broken_outcome_itself(outcome, tamper, change):
    tamper(f"UPDATE assessment_outcome SET {change}")
    found = list(broken())
    assert found[0] == f"I4 outcome {outcome.pk}: it is not the mark of its stored scores"


def test_broken_outcome_of_an_open_protocol(outcome, tamper):
    tamper("UPDATE assessment_protocol SET state = 'draft', no = NULL, closed_at = NULL, closed_by_id = NULL")
    assert list(broken()) == [f"I4 outcome {outcome.pk}: protocol {outcome.protocol_id} is not closed"]


def test_broken_attempt_that_is_open_again(outcome, tamper):
    tamper("UPDATE assessment_attempt SET state = 'open'")
    assert list(broken()) == [f"I4 outcome {outcome.pk}: attempt {outcome.attempt_id} is not decided"]


def test_broken_decided_attempt_without_an_outcome(outcome, tamper):
    tamper("DELETE FROM assessment_outcome")
    assert list(broken()) == [
        f"attempt {outcome.attempt_id}: decided without an outcome",
        f"protocol {outcome.protocol_id}: its paper does not say what was decided",
    ]


def test_broken_enrolment_that_ended_otherwise(outcome):
    Enrolment.objects.update(state="not_passed")
    assert list(broken()) == [f"enrolment {outcome.attempt.enrolment_id}: not_passed, but its outcome says completed"]


def test_broken_protocol_numbers(outcome, tamper):
    tamper("UPDATE assessment_protocol SET no = 2")
    assert list(broken()) == [f"protocol {outcome.protocol_id}: its number is 2, not 1"]


def test_broken_outcome_under_the_protocol_of_another_cohort(outcome, other_cohort, tamper):
    tamper(f"UPDATE assessment_protocol SET cohort_id = {other_cohort.pk}")
    assert list(broken()) == [f"I4 outcome {outcome.pk}: protocol {outcome.protocol_id} is of another cohort"]


def test_broken_maximum_that_is_not_the_criterions(cohort, scored):
    scored("Әлімов", "incomplete")
    score = Score.objects.get(criterion__code="theory")
    Score.objects.filter(pk=score.pk).update(max_points=30)
    assert list(broken()) == [f"I12 score {score.pk}: its points or maximum are not those of its criterion"]


def test_broken_criterion_of_another_rubric(cohort, scored):
    scored("Әлімов", "incomplete")
    foreign = Criterion.objects.get(rubric=factories.make_edition(year=2027).rubrics.get(), code="theory")
    score = Score.objects.get(criterion__code="theory")
    Score.objects.filter(pk=score.pk).update(criterion=foreign)
    assert list(broken()) == [f"I12 score {score.pk}: its criterion is not of the cohort's rubric"]


def test_broken_costs_the_same_queries_for_any_number(cohort, scored, administrator, count_queries):
    counted = []
    for people in (1, 3):
        for i in range(people):
            scored(f"Әлімов{people}{i}", "good")
        close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out={}, by=administrator)
        with count_queries() as seen:
            assert list(broken()) == []
        counted.append(seen.count)
    assert (counted[0], Outcome.objects.count(), Protocol.objects.count(), Attempt.objects.count()) == (
        counted[1],
        4,
        2,
        4,
    )
