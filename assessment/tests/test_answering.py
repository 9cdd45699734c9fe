"""Answers to handed-in work: who may, what a second trainer is told, one letter each."""

from functools import partial

import pytest

from assessment.answering import AnsweredMeanwhile, answer
from assessment.models import Feedback, Submission, SubmissionState
from assessment.tests.working import make_assignment, make_version
from core import states
from core.errors import Refused
from core.models import Message
from enrollment.models import EnrolmentState
from enrollment.tests.test_capacity_race import all_at_once

ACCEPT = {"verdict": "accepted", "words": "Жақсы жұмыс", "seen": 0}
RETURN = {"verdict": "returned", "words": "Тәуекелдерді қосыңыз", "seen": 0}


@pytest.fixture
def version(enrolment, trainer):
    return make_version(enrolment, by=trainer)


def state(version) -> str:
    return Submission.objects.get(pk=version.submission_id).state


def letters() -> list[Message]:
    return list(Message.objects.filter(kind="work-answered"))


@pytest.mark.parametrize("words", [ACCEPT, RETURN])
def test_answer_moves_the_work_and_writes_one_letter(version, trainer, words):
    answer(version=version, by=trainer, **words)
    assert state(version) == words["verdict"]
    assert [words["words"] in letter.body for letter in letters()] == [True]


def test_same_answer_sent_twice_is_one(version, trainer):
    first = answer(version=version, by=trainer, **ACCEPT)
    assert answer(version=version, by=trainer, **ACCEPT) == first
    assert (Feedback.objects.count(), len(letters())) == (1, 1)


def test_accepted_work_can_be_returned_and_handed_in_again(version, enrolment, trainer):
    answer(version=version, by=trainer, **ACCEPT)
    answer(version=version, by=trainer, **RETURN | {"seen": 1})
    assert state(version) == SubmissionState.RETURNED
    make_version(enrolment, assignment=version.submission.assignment)
    assert state(version) == SubmissionState.HANDED_IN


def test_words_can_be_added_to_the_same_verdict(version, trainer):
    answer(version=version, by=trainer, **ACCEPT)
    answer(version=version, by=trainer, verdict="accepted", words="Тағы бір пікір", seen=1)
    assert (state(version), Feedback.objects.count()) == ("accepted", 2)


@pytest.mark.parametrize("gone", [EnrolmentState.EXPELLED, EnrolmentState.WITHDRAWN, EnrolmentState.TRANSFERRED])
def test_work_of_somebody_who_left_is_not_answered(version, enrolment, administrator, trainer, gone):
    states.move(enrolment, gone, by=administrator)
    with pytest.raises(Refused, match="does not take this course any more"):
        answer(version=version, by=trainer, **ACCEPT)
    assert (Feedback.objects.count(), letters()) == (0, [])


def test_older_version_is_not_answered_once_a_newer_came(version, enrolment, trainer):
    make_version(enrolment, assignment=version.submission.assignment)
    with pytest.raises(AnsweredMeanwhile, match="Version 2"):
        answer(version=version, by=trainer, **ACCEPT)
    assert Feedback.objects.count() == 0


def test_second_trainer_is_told_that_the_first_answered(version, trainer, other_trainer, cohort):
    cohort.trainers.add(other_trainer)
    answer(version=version, by=trainer, **ACCEPT)
    with pytest.raises(AnsweredMeanwhile, match=trainer.full_name):
        answer(version=version, by=other_trainer, **RETURN)
    assert state(version) == "accepted"


@pytest.mark.django_db(transaction=True)
def test_two_trainers_at_once_are_one_answer_and_one_refusal(version, trainer, other_trainer, cohort):
    cohort.trainers.add(other_trainer)
    results = all_at_once(
        [
            partial(answer, version=version, by=trainer, **ACCEPT),
            partial(answer, version=version, by=other_trainer, **RETURN),
        ]
    )
    assert sorted(type(result).__name__ for result in results) == ["AnsweredMeanwhile", "Feedback"]
    assert state(version) == Feedback.objects.get().verdict


def test_only_trainers_of_the_cohort_and_administrators_answer(version, administrator, other_trainer, listener):
    for stranger in (other_trainer, listener.user):
        with pytest.raises(Refused):
            answer(version=version, by=stranger, **ACCEPT)
    answer(version=version, by=administrator, **ACCEPT)
    assert state(version) == "accepted"


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"words": "  "}, "Write what is good"), ({"words": "а" * 5001}, "5000"), ({"verdict": "perhaps"}, "Choose")],
)
def test_answer_without_words_or_verdict_is_refused(version, trainer, changed, why):
    with pytest.raises(Refused, match=why):
        answer(version=version, by=trainer, **ACCEPT | changed)
    assert (Feedback.objects.count(), letters()) == (0, [])


def test_work_on_a_closed_assignment_is_accepted_but_not_returned(enrolment, trainer, cohort):
    version = make_version(enrolment, assignment=make_assignment(cohort, by=trainer))
    type(version.submission.assignment).objects.update(state="closed")
    with pytest.raises(Refused, match="closed"):
        answer(version=version, by=trainer, **RETURN)
    answer(version=version, by=trainer, **ACCEPT)
    assert state(version) == "accepted"
