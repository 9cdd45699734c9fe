"""Sessions one by one: stored when they fit, refused in words when not."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.errors import Conflict, MoveRefused, Refused
from core.states import move
from enrollment import cohorts
from enrollment.models import CohortState, Session, SessionState
from enrollment.timetabling.booking import (
    DoesNotFit,
    add_session,
    cancel_session,
    change_session,
    details_of,
    is_followed,
    move_session,
    remove_session,
)
from enrollment.timetabling.tests.conftest import at
from tests import factories

pytestmark = pytest.mark.django_db


def stored(session):  # type: ignore[no-untyped-def]
    return Session.objects.get(pk=session.pk)


def test_add_stores_the_end_and_a_birth(course, details, administrator):
    session = add_session(cohort=course, details=details(), by=administrator)
    assert (session.starts_at, session.ends_at) == (at("2026-09-07 09:00"), at("2026-09-07 10:40"))
    assert (session.state, session.sequence, session.told_sequence) == (SessionState.PLANNED, 1, 0)
    assert session.audit_trail().get().by == administrator
    assert session.history.count() == 1


def test_length_follows_the_settings(course, details, administrator, settings):
    settings.ACADEMIC_HOUR_MINUTES, settings.ACADEMIC_BREAK_MINUTES = 50, 5
    session = add_session(cohort=course, details=details(hours=3), by=administrator)
    assert session.ends_at - session.starts_at == timedelta(minutes=160)


def test_draft_is_told_to_nobody(plan_course, details, administrator):
    session = add_session(cohort=plan_course, details=details(), by=administrator)
    assert (session.sequence, session.told_sequence) == (0, 0)
    moved = move_session(session=session, starts_at=at("2026-09-08 09:00"), by=administrator)
    assert (moved.sequence, moved.told_sequence, moved.changed_from) == (1, 1, {})


@pytest.mark.parametrize(
    ("state", "today", "followed"),
    [
        (CohortState.PLANNED, date(2026, 9, 6), False),
        (CohortState.OPEN, date(2026, 8, 30), False),
        (CohortState.OPEN, date(2026, 8, 31), True),
        (CohortState.RUNNING, date(2026, 8, 1), True),
        (CohortState.ASSESSING, date(2026, 9, 28), True),
        (CohortState.CLOSED, date(2026, 9, 28), False),
    ],
)
def test_people_follow_a_timetable_from_a_week_before_it_begins(course, state, today, followed):
    course.state = course._stored_state = state
    assert is_followed(course, today) is followed


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "The trainer is taken then (Тренеров Талғат): RUN-1, № 1, lecture, 09:00–10:40."),
        ({"trainer": None}, "The room is taken then (204): RUN-1, № 1, lecture, 09:00–10:40."),
    ],
)
def test_add_refuses_trainer_or_room_of_another_cohort(session, other_course, details, administrator, values, words):
    with pytest.raises(DoesNotFit) as refusal:
        add_session(cohort=other_course, details=details("2026-09-07 10:00", **values), by=administrator)
    assert words in refusal.value.sentence
    assert Session.objects.count() == 1


def test_add_refuses_two_sessions_of_one_cohort_at_once(session, course, details, administrator, other_trainer):
    asked = details("2026-09-07 10:39", trainer=other_trainer, room=None)
    with pytest.raises(DoesNotFit, match="already has a session then: RUN-1, № 1, lecture"):
        add_session(cohort=course, details=asked, by=administrator)
    add_session(cohort=course, details=replace(asked, starts_at=at("2026-09-07 10:40")), by=administrator)


def test_cancelled_session_frees_trainer_and_room(session, other_course, details, administrator):
    cancel_session(session=session, reason="Illness", by=administrator)
    add_session(cohort=other_course, details=details(), by=administrator)


def test_add_names_everything_that_stands_in_the_way(course, details, administrator, room):
    room.seats = 3
    room.save()
    for _person in range(4):
        factories.make_enrolment(cohort=course)
    stranger = factories.UserFactory(is_trainer=True, full_name="Бөтен Бек")
    with pytest.raises(DoesNotFit) as refusal:
        add_session(cohort=course, details=details("2026-09-28 09:00", trainer=stranger), by=administrator)
    assert refusal.value.sentence == (
        "The day lies outside the cohort’s dates: 07.09.2026 – 25.09.2026. "
        "This trainer does not teach the cohort: Бөтен Бек. Add them to its trainers first. "
        "The room is too small (204). Seats: 3, people: 4."
    )


def test_room_is_measured_by_places_before_the_course_and_by_people_in_it(
    plan_course, course, details, administrator, room
):
    room.seats = 24
    room.save()
    with pytest.raises(DoesNotFit, match="Seats: 24, people: 25"):
        add_session(cohort=plan_course, details=details(), by=administrator)
    add_session(cohort=course, details=details(), by=administrator)


def test_add_refuses_room_out_of_use_and_foreign_module(course, details, administrator, room):
    room.is_active = False
    room.save()
    with pytest.raises(DoesNotFit, match="not in use: 204"):
        add_session(cohort=course, details=details(), by=administrator)
    foreign = factories.make_edition(year=2027).modules.first()
    with pytest.raises(Refused, match="another programme edition"):
        add_session(cohort=course, details=replace(details(room=None), module=foreign), by=administrator)


def test_holiday_is_a_warning_not_a_refusal(edition, trainer, details, administrator):
    december = factories.make_cohort(
        edition=edition, code="DEC", trainers=[trainer], starts_on=date(2026, 12, 14), ends_on=date(2026, 12, 25)
    )
    assert add_session(cohort=december, details=details("2026-12-16 09:00"), by=administrator).pk


def test_change_raises_the_sequence_and_remembers_what_people_know(session, administrator, other_room):
    moved = move_session(session=session, starts_at=at("2026-09-08 09:00"), room=other_room, by=administrator)
    assert (moved.sequence, moved.told_sequence) == (2, 1)
    assert moved.changed_from["starts_at"] == "2026-09-07T04:00:00+00:00"
    again = move_session(session=moved, starts_at=at("2026-09-09 09:00"), by=administrator)
    assert (again.sequence, again.changed_from) == (3, moved.changed_from)
    assert session.history.count() == 4


def test_change_to_the_same_changes_nothing(session, administrator):
    same = change_session(session=session, details=details_of(session), by=administrator, sequence=99)
    assert (same.sequence, same.changed_at) == (session.sequence, session.changed_at)


def test_change_refuses_what_somebody_changed_in_between(session, administrator, details):
    move_session(session=session, starts_at=at("2026-09-08 09:00"), by=administrator)
    with pytest.raises(Conflict, match="changed this session in between"):
        change_session(
            session=session, details=details("2026-09-10 09:00"), by=administrator, sequence=session.sequence
        )
    assert stored(session).starts_at == at("2026-09-08 09:00")


def test_change_refuses_a_clash_and_changes_nothing(session, other_course, details, administrator):
    other = add_session(cohort=other_course, details=details("2026-09-08 09:00"), by=administrator)
    with pytest.raises(DoesNotFit):
        move_session(session=other, starts_at=session.starts_at, by=administrator)
    assert stored(other).starts_at == at("2026-09-08 09:00")
    assert stored(other).sequence == other.sequence


def test_held_and_cancelled_sessions_do_not_change(session, clock, administrator):
    clock.move_to(at("2026-09-07 11:00"))
    move(session, SessionState.HELD, by=None)
    with pytest.raises(Refused, match="held or cancelled"):
        move_session(session=session, starts_at=at("2026-09-08 09:00"), by=administrator)
    with pytest.raises(MoveRefused):
        cancel_session(session=session, reason="x", by=administrator)


def test_timetable_of_a_closed_cohort_does_not_change(session, course, details, administrator):
    type(course).objects.filter(pk=course.pk).update(state=CohortState.CLOSED)
    for deed in (
        lambda: add_session(cohort=course, details=details("2026-09-08 09:00"), by=administrator),
        lambda: move_session(session=session, starts_at=at("2026-09-08 09:00"), by=administrator),
    ):
        with pytest.raises(Refused, match="cohort is over"):
            deed()


def test_cancel_needs_a_reason_and_keeps_it(session, administrator):
    with pytest.raises(Refused, match="say why"):
        cancel_session(session=session, reason="  ", by=administrator)
    done = cancel_session(session=session, reason=" No  light ", by=administrator)
    assert (done.state, done.sequence, done.told_sequence) == (SessionState.CANCELLED, 2, 1)
    assert done.audit_trail()[0].reason == "No light"
    assert cancel_session(session=session, reason="again", by=administrator).sequence == 2


def test_remove_is_for_drafts_only(session, plan_course, details, administrator):
    with pytest.raises(Refused, match="rely on this timetable"):
        remove_session(session=session, by=administrator)
    draft = add_session(cohort=plan_course, details=details("2026-09-09 09:00"), by=administrator)
    remove_session(session=draft, by=administrator)
    assert list(Session.objects.all()) == [session]


def test_cancelled_cohort_frees_rooms_and_trainers(plan_course, course, details, administrator):
    session = add_session(cohort=plan_course, details=details(), by=administrator)
    cohorts.cancel(cohort=plan_course, reason="Too few", by=administrator)
    assert stored(session).state == SessionState.CANCELLED
    add_session(cohort=course, details=details(), by=administrator)
