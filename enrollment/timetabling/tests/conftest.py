"""A cohort of three weeks in September 2026 with its trainers and rooms; the clock stands a week before it."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from django.utils import translation

from core import states
from enrollment.models import CohortState, Enrolment, EnrolmentState, Room
from enrollment.timetabling.booking import Details, add_session
from enrollment.timetabling.diary import moment
from tests import factories


def at(text: str) -> datetime:
    """`at("2026-09-07 09:00")` by the institute's clocks."""
    return moment(datetime.fromisoformat(text))


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """Sentences are compared as they stand in the code."""
    with translation.override("en"):
        yield


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Monday 31 August 2026, noon; `clock.move_to(at(…))` goes elsewhere."""
    with time_machine.travel(at("2026-08-31 12:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def room(db):  # type: ignore[no-untyped-def]
    return Room.objects.create(name="204", address="Ерубаев к-сі, 16", seats=30)


@pytest.fixture
def other_room(db):  # type: ignore[no-untyped-def]
    return Room.objects.create(name="Зал", seats=40)


@pytest.fixture
def course(clock, edition, trainer, other_trainer):  # type: ignore[no-untyped-def]
    """A running cohort of both trainers, 7 to 25 September."""
    return factories.make_cohort(
        edition=edition, code="RUN-1", trainers=[trainer, other_trainer], state=CohortState.RUNNING
    )


@pytest.fixture
def other_course(course, edition, trainer, other_trainer):  # type: ignore[no-untyped-def]
    """Another one of the same trainers and days."""
    return factories.make_cohort(
        edition=edition, code="RUN-2", trainers=[trainer, other_trainer], state=CohortState.RUNNING
    )


@pytest.fixture
def plan_course(clock, edition, trainer):  # type: ignore[no-untyped-def]
    """A planned cohort, whose timetable is a draft."""
    return factories.make_cohort(edition=edition, code="PLAN-1", trainers=[trainer], state=CohortState.PLANNED)


@pytest.fixture
def details(course, trainer, room):  # type: ignore[no-untyped-def]
    """`details("2026-09-07 09:00", kind="practice")`: two hours of lecture of module 1 with `trainer` in `room`."""

    def do(starts="2026-09-07 09:00", *, no=1, **values):  # type: ignore[no-untyped-def]
        module = course.edition.modules.get(no=no)
        fields = {"module": module, "kind": "lecture", "hours": 2, "trainer": trainer, "room": room} | values
        return Details(starts_at=at(starts), **fields)

    return do


@pytest.fixture
def session(course, details, administrator):  # type: ignore[no-untyped-def]
    """Monday 7 September, 09:00–10:40, known to its people."""
    stored = add_session(cohort=course, details=details(), by=administrator)
    stored.told_sequence = stored.sequence
    stored.save()
    return stored


@pytest.fixture
def newcomer(course):  # type: ignore[no-untyped-def]
    """A listener of the course who has a place and has not accepted the agreement yet."""
    user = factories.UserFactory(email="newcomer@example.kz", is_listener=True)
    listener = factories.ListenerFactory(user=user, email=user.email)
    enrolment = Enrolment.objects.create(cohort=course, listener=listener, state=EnrolmentState.ADMITTED)
    states.born([enrolment], by=None)
    return user


@pytest.fixture
def admin(sign_in, administrator):  # type: ignore[no-untyped-def]
    """An administrator's browser, in English."""
    return sign_in(administrator, language="en")
