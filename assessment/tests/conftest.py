"""The cast of this floor: an enrolled listener, the rubric, and sentences in English."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.utils import translation

from tests import factories

AFTER_THE_COURSE = datetime(2026, 9, 28, 5, 0, tzinfo=UTC)  # 10:00 in Almaty
POINTS = {"good": [18, 20, 10, 25, 8], "failed": [5, 10, 5, 12, 3], "incomplete": [18, None, 10, None, 8]}


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Sentences are compared as they stand in the code, whatever the catalogues say."""
    with translation.override("en"):
        yield


@pytest.fixture
def after_the_course() -> Iterator[None]:
    """Three days after the cohort's last day."""
    with time_machine.travel(AFTER_THE_COURSE, tick=False):
        yield


@pytest.fixture
def enrolment(listener):  # type: ignore[no-untyped-def]
    return listener.enrolments.get()


@pytest.fixture
def criteria(cohort):  # type: ignore[no-untyped-def]
    return list(cohort.rubric.criteria.all())


@pytest.fixture
def scored(cohort, trainer):  # type: ignore[no-untyped-def]
    """`scored("Әлімов", "good")`: an enrolled listener of `cohort` with those POINTS (None: none at all)."""

    def do(surname, points="good"):  # type: ignore[no-untyped-def]
        enrolment = factories.make_enrolment(cohort=cohort, surname=surname, given_name="Айбек", patronymic="")
        if points:
            factories.make_scores(enrolment, POINTS[points], by=trainer)
        return enrolment

    return do
