"""Two people want one room or one trainer at the same moment, on whichever database: one of them gets it."""

from datetime import timedelta
from functools import partial

import pytest

from enrollment.models import CohortState, Session
from enrollment.tests.test_capacity_race import all_at_once
from enrollment.timetabling.booking import DoesNotFit, add_session, move_session
from enrollment.timetabling.checks import all_clashes
from enrollment.timetabling.diary import meeting_of
from enrollment.timetabling.tests.conftest import at
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def halls(edition, trainer, other_trainer):  # type: ignore[no-untyped-def]
    """Four cohorts of the same two trainers."""
    return [
        factories.make_cohort(
            edition=edition, code=f"H-{number}", trainers=[trainer, other_trainer], state=CohortState.RUNNING
        )
        for number in range(4)
    ]


def no_clash() -> bool:
    return all_clashes([meeting_of(session) for session in Session.objects.standing()]) == []


def test_one_room_is_booked_once(course, halls, details, administrator):
    deeds = [partial(add_session, cohort=hall, details=details(trainer=None), by=administrator) for hall in halls]
    results = all_at_once(deeds)
    assert sorted(type(result).__name__ for result in results) == ["DoesNotFit"] * 3 + ["Session"]
    assert Session.objects.count() == 1


def test_one_trainer_is_booked_once(course, halls, details, administrator):
    deeds = [partial(add_session, cohort=hall, details=details(room=None), by=administrator) for hall in halls]
    results = all_at_once(deeds)
    assert [type(result) for result in results].count(DoesNotFit) == 3


def test_moves_across_rooms_and_trainers_neither_clash_nor_deadlock(
    course, halls, details, administrator, room, other_room, trainer, other_trainer
):
    places = [(trainer, room), (other_trainer, other_room), (trainer, other_room), (other_trainer, room)]
    sessions = [
        add_session(
            cohort=hall, details=details(f"2026-09-{7 + n:02} 09:00", trainer=who, room=where), by=administrator
        )
        for n, (hall, (who, where)) in enumerate(zip(halls, places, strict=True))
    ]
    goal = at("2026-09-14 09:00")
    deeds = [
        partial(move_session, session=session, starts_at=goal + timedelta(minutes=10 * n), by=administrator)
        for n, session in enumerate(sessions)
    ]
    results = all_at_once(deeds)
    assert {type(result) for result in results} == {Session, DoesNotFit}
    assert no_clash()
