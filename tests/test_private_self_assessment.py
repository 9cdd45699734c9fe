"""Private self-assessments: a walk through every address finds the listener's words nowhere but with the trainers."""

import io
import zipfile
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from assessment.models import SelfAssessment
from assessment.tests.self_answering import give_checklist
from course_admin.people import dossier
from tests.test_blindness import defence, login, paths, read  # noqa: F401 - a fixture

CANARY = "Қырмызы-қанат-сөз"
SEES = {"trainer", "listener"}


@pytest.fixture
def answered(defence):  # noqa: F811
    """The world of the blindness walk, with a private self-assessment in the cohort that is walked."""
    enrolment = defence.attempt.enrolment
    day = enrolment.cohort.starts_on + timedelta(days=1)
    with time_machine.travel(f"{day}T05:00:00Z", tick=False):
        give_checklist(enrolment, words=CANARY, is_private=True)
    return defence


@pytest.mark.parametrize("who", ["anonymous", "administrator", "other_trainer", "other_listener", "trainer"])
def test_private_words_are_nowhere_but_with_the_trainers(request, answered, other_listener, who):
    client = login(request, who)
    told = [path for path in paths(answered) if CANARY in read(client.get(path))]
    if who in SEES:
        assert told == [reverse("cohort_self_assessment", args=[answered.attempt.enrolment.cohort_id])]
    else:
        assert told == []


def test_walk_catches_a_leak(request, answered):
    SelfAssessment.objects.update(is_private=False)
    client = login(request, "administrator")
    told = [path for path in paths(answered) if CANARY in read(client.get(path))]
    assert reverse("cohort_self_assessment", args=[answered.attempt.enrolment.cohort_id]) in told


@pytest.mark.parametrize(("own", "told"), [(True, True), (False, False)])
def test_private_words_go_along_only_in_the_persons_own_export(answered, administrator, own, told):
    listener = answered.attempt.enrolment.listener
    by = listener.user if own else administrator
    record = dossier.record_export(listener=listener, by=by, ground="" if own else "Өтініш бойынша")
    with zipfile.ZipFile(io.BytesIO(b"".join(dossier.stream(record)))) as archive:
        words = "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    assert (CANARY in words) is told
