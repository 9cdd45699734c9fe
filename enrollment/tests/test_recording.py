"""Recording attendance: who may, when, about whom; nothing overwritten in silence."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from core import states
from core.errors import MoveRefused, Refused
from enrollment.attendance import shares
from enrollment.invariants import broken as broken_lines
from enrollment.models import (
    Attendance,
    AttendanceMark,
    CohortState,
    Enrolment,
    EnrolmentState,
    Session,
    SessionState,
)
from enrollment.recording import Entry, RecordChanged, hold_session, record
from enrollment.tests.factories_timetable import at, make_attendance, make_session
from tests import factories

pytestmark = pytest.mark.django_db
PRESENT, ABSENT, EXCUSED = AttendanceMark.PRESENT, AttendanceMark.ABSENT, AttendanceMark.EXCUSED


@pytest.fixture
def session(cohort):  # type: ignore[no-untyped-def]
    """Of two academic hours (90 minutes), 9:00 on the first day."""
    return make_session(cohort)


@pytest.fixture
def enrolment(listener):  # type: ignore[no-untyped-def]
    return listener.enrolments.get()


@pytest.fixture(autouse=True)
def _during_the_session():  # type: ignore[no-untyped-def]
    with time_machine.travel(at("2026-09-07 09:20"), tick=False):
        yield


def one(session, by, enrolment, mark=PRESENT, correction="", **more):  # type: ignore[no-untyped-def]
    """Record one person; the record, or the refusal that became of it."""
    done = record(session=session, entries=[Entry(enrolment.pk, mark, **more)], by=by, correction=correction)
    return done.saved.get(enrolment.pk) or done.refused[enrolment.pk]


def sentence(*args, **more):  # type: ignore[no-untyped-def]
    return one(*args, **more).sentence


def value(row):  # type: ignore[no-untyped-def]
    row = Attendance.objects.get(pk=row.pk)
    return row.mark, row.minutes, row.reason, row.version


def test_record_keeps_who_and_when_in_row_and_history(session, trainer, enrolment):
    row = one(session, trainer, enrolment)
    assert value(row) == (PRESENT, None, "", 1)
    assert (row.recorded_by, row.recorded_at, row.source) == (trainer, timezone.now(), Attendance.Source.TRAINER)
    (entry,) = row.history.all()
    assert (entry.history_user, entry.history_type, entry.version) == (trainer, "+", 1)


@pytest.mark.parametrize(
    ("more", "stored"),
    [
        ({"mark": PRESENT, "minutes": 30}, (PRESENT, 30, "", 1)),
        ({"mark": PRESENT, "minutes": 90}, (PRESENT, None, "", 1)),
        ({"mark": PRESENT, "reason": "not kept"}, (PRESENT, None, "", 1)),
        ({"mark": ABSENT, "minutes": 30}, (ABSENT, None, "", 1)),
        ({"mark": EXCUSED, "reason": "  ауырып   қалды "}, (EXCUSED, None, "ауырып қалды", 1)),
    ],
)
def test_record_keeps_only_what_belongs_to_the_mark(session, trainer, enrolment, more, stored):
    assert value(one(session, trainer, enrolment, **more)) == stored


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"mark": "late"}, "say whether the person was present, absent or excused"),
        ({"mark": EXCUSED}, "give the reason of the absence"),
        ({"mark": EXCUSED, "reason": " \x00 "}, "give the reason of the absence"),
        ({"mark": EXCUSED, "reason": "а" * 301}, "longer than 300 characters"),
        ({"minutes": 0}, "a whole number from 1 to 90"),
        ({"minutes": 91}, "a whole number from 1 to 90"),
        ({"minutes": -5}, "a whole number from 1 to 90"),
        ({"minutes": True}, "a whole number from 1 to 90"),
        ({"minutes": "30"}, "a whole number from 1 to 90"),
        ({"minutes": 1.5}, "a whole number from 1 to 90"),
        ({"version": "1"}, "could not be read"),
        ({"version": -1}, "could not be read"),
        ({"reason": 5}, "could not be read"),
    ],
)
def test_record_refuses_what_is_no_entry(session, trainer, enrolment, more, said):
    assert said in sentence(session, trainer, enrolment, **more)
    assert Attendance.objects.count() == 0


def test_record_of_several_is_judged_person_by_person(session, cohort, trainer, enrolment):
    other = factories.make_enrolment(cohort=cohort)
    done = record(session=session, entries=[Entry(enrolment.pk, EXCUSED), Entry(other.pk, PRESENT)], by=trainer)
    assert (list(done.saved), list(done.refused), done.status) == ([other.pk], [enrolment.pk], 422)
    assert Attendance.objects.get().enrolment == other


@pytest.mark.parametrize("many", [1, 3])
def test_record_costs_the_same_for_any_number_of_people(session, cohort, trainer, many, count_queries):
    people = [factories.make_enrolment(cohort=cohort) for _ in range(many)]
    with count_queries() as first:
        record(session=session, entries=[Entry(e.pk, PRESENT) for e in people], by=trainer)
    with count_queries() as second:
        record(session=session, entries=[Entry(e.pk, ABSENT, version=1) for e in people], by=trainer)
    assert (first.count, second.count) == (9, 9)


# --- versions ---------------------------------------------------------------------------------------


def test_record_over_what_another_trainer_recorded_is_shown_not_written(session, cohort, trainer, enrolment):
    colleague = factories.UserFactory(is_trainer=True, full_name="Екінші Тренер")
    cohort.trainers.add(colleague)
    theirs = one(session, colleague, enrolment, ABSENT)
    refusal = one(session, trainer, enrolment, PRESENT)
    assert isinstance(refusal, RecordChanged)
    assert (refusal.status, refusal.theirs, refusal.sentence) == (
        409,
        theirs,
        "Recorded in the meantime by Екінші Тренер: absent.",
    )
    assert value(theirs) == (ABSENT, None, "", 1)
    assert value(one(session, trainer, enrolment, PRESENT, version=1)) == (PRESENT, None, "", 2)


def test_record_sent_twice_is_one_change(session, trainer, enrolment):
    first = one(session, trainer, enrolment, PRESENT, minutes=30)
    again = one(session, trainer, enrolment, PRESENT, minutes=30)
    assert (again, value(again), first.history.count()) == (first, (PRESENT, 30, "", 1), 1)


def test_record_of_what_stands_keeps_its_source(session, trainer, enrolment):
    row = make_attendance(session, enrolment, source=Attendance.Source.CODE)
    assert one(session, trainer, enrolment, PRESENT, version=1).source == Attendance.Source.CODE
    assert one(session, trainer, enrolment, ABSENT, version=1).source == Attendance.Source.TRAINER
    assert value(row) == (ABSENT, None, "", 2)


# --- who and when -----------------------------------------------------------------------------------


def test_record_by_the_sessions_own_trainer_and_by_an_administrator(session, other_trainer, administrator, enrolment):
    Session.objects.update(trainer=other_trainer)
    one(session, other_trainer, enrolment)
    assert value(one(session, administrator, enrolment, ABSENT, version=1)) == (ABSENT, None, "", 2)


@pytest.mark.parametrize("who", ["other_trainer", "listener"])
def test_record_by_a_stranger_is_refused(request, session, enrolment, who):
    person = request.getfixturevalue(who)
    with pytest.raises(Refused, match="by the trainers of the cohort or of the session"):
        one(session, getattr(person, "user", person), enrolment)


def test_record_of_oneself_is_refused(session, cohort, listener, enrolment):
    listener.user.is_trainer = True
    listener.user.save()
    cohort.trainers.add(listener.user)
    assert sentence(session, listener.user, enrolment) == "Nobody records their own attendance."


def test_record_from_15_minutes_before_the_beginning(session, trainer, enrolment):
    with time_machine.travel(at("2026-09-07 08:44:59"), tick=False), pytest.raises(Refused, match="15 minutes before"):
        one(session, trainer, enrolment)
    with time_machine.travel(at("2026-09-07 08:45"), tick=False):
        assert value(one(session, trainer, enrolment)) == (PRESENT, None, "", 1)


def test_record_of_a_cancelled_session_is_refused(session, trainer, enrolment):
    states.move(session, SessionState.CANCELLED, by=trainer)
    with pytest.raises(Refused, match="The session is cancelled"):
        one(session, trainer, enrolment)


@pytest.mark.parametrize("state", [CohortState.PLANNED, CohortState.CLOSED, CohortState.CANCELLED])
def test_record_in_a_cohort_that_is_not_at_work_is_refused(session, cohort, trainer, enrolment, state):
    type(cohort).objects.update(state=state)
    with pytest.raises(Refused, match="while the cohort is at work"):
        one(session, trainer, enrolment)


def test_record_of_another_cohorts_person_is_refused(session, trainer, other_listener):
    foreign = other_listener.enrolments.get()
    assert "did not belong to the cohort" in sentence(session, trainer, foreign)
    assert (
        "did not belong" in record(session=session, entries=[Entry(10**6, PRESENT)], by=trainer).refused[10**6].sentence
    )


def test_record_of_who_left_before_the_session_is_refused_and_of_who_left_after_is_not(cohort, trainer, enrolment):
    later = make_session(cohort, at("2026-09-09 09:00"))
    first = make_session(cohort)
    with time_machine.travel(at("2026-09-08 12:00"), tick=False):
        states.move(enrolment, EnrolmentState.WITHDRAWN, by=None)
    with time_machine.travel(at("2026-09-10 12:00"), tick=False):
        assert value(one(first, trainer, enrolment)) == (PRESENT, None, "", 1)
        assert "did not belong" in sentence(later, trainer, enrolment)


def test_record_of_who_came_by_an_order_of_a_later_day_is_refused(cohort, trainer):
    order = factories.make_order(cohort, number="99-к", date=at("2026-09-08 00:00").date())
    with time_machine.travel(at("2026-09-08 08:00"), tick=False):
        late = Enrolment(
            cohort=cohort, listener=factories.ListenerFactory(), state=EnrolmentState.ENROLLED, order=order
        )
        late.save()
        states.born([late], by=None)
    assert "did not belong" in sentence(make_session(cohort), trainer, late)
    with time_machine.travel(at("2026-09-08 09:00"), tick=False):
        session = make_session(cohort, at("2026-09-08 09:00"))
        assert value(one(session, trainer, late)) == (PRESENT, None, "", 1)


# --- closing and corrections ------------------------------------------------------------------------


def test_hold_session_makes_its_hours_count(session, cohort, trainer, enrolment):
    other = factories.make_enrolment(cohort=cohort)
    one(session, trainer, enrolment, PRESENT, minutes=45)
    assert [s.percent for s in shares([enrolment, other]).values()] == [None, None]
    hold_session(session=session, by=trainer)
    assert [s.percent for s in shares([enrolment, other]).values()] == [50, 0]
    entry = session.audit_trail()[0]
    assert (entry.from_state, entry.to_state, entry.by) == ("planned", "held", trainer)
    assert hold_session(session=session, by=trainer).state == SessionState.HELD


def test_hold_session_before_it_begins_is_refused(session, trainer, enrolment):
    with time_machine.travel(at("2026-09-07 08:50"), tick=False):
        one(session, trainer, enrolment)
        with pytest.raises(Refused, match="has not begun yet"):
            hold_session(session=session, by=trainer)
    hold_session(session=session, by=trainer)
    with pytest.raises(MoveRefused):
        states.move(session, SessionState.PLANNED, by=trainer)


def test_hold_session_with_nobody_recorded_is_refused(session, trainer, enrolment):
    with pytest.raises(Refused, match="Nobody is recorded yet"):
        hold_session(session=session, by=trainer)


def test_hold_session_by_a_stranger_is_refused(session, other_trainer):
    with pytest.raises(Refused, match="by the trainers"):
        hold_session(session=session, by=other_trainer)


def test_correction_of_a_closed_session_needs_a_reason_and_keeps_it(session, cohort, trainer, enrolment):
    forgotten = factories.make_enrolment(cohort=cohort)
    row = one(session, trainer, enrolment)
    hold_session(session=session, by=trainer)
    assert "Say why the record is corrected" in sentence(session, trainer, enrolment, ABSENT, version=1)
    assert "Say why the record is corrected" in sentence(session, trainer, forgotten)
    assert one(session, trainer, enrolment, PRESENT, version=1) == row  # what stands needs no reason
    why = "қате белгіленген " + "ә" * 200
    one(session, trainer, enrolment, ABSENT, version=1, correction=why)
    one(session, trainer, forgotten, correction="ұмытылған")
    latest = row.history.first()
    assert (latest.mark, latest.history_user, latest.history_change_reason) == (ABSENT, trainer, why)
    assert Attendance.objects.get(enrolment=forgotten).history.get().history_change_reason == "ұмытылған"


# --- what must always hold --------------------------------------------------------------------------


def test_invariants_hold_after_recording(session, trainer, enrolment):
    one(session, trainer, enrolment, PRESENT, minutes=1)
    hold_session(session=session, by=trainer)
    assert list(broken_lines()) == []


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("foreign", "its enrolment belongs to another cohort than its session"),
        ("long", "more minutes than the session lasted"),
        ("cancelled", "recorded in a session that was cancelled"),
        ("early", "recorded before its session"),
    ],
)
def test_invariants_find_what_the_verbs_refuse(session, trainer, enrolment, other_listener, broken, said):
    whose = other_listener.enrolments.get() if broken == "foreign" else enrolment
    row = make_attendance(session, whose, minutes=91 if broken == "long" else None)
    if broken == "cancelled":
        Session.objects.update(state=SessionState.CANCELLED)
    if broken == "early":
        Attendance.objects.update(recorded_at=session.starts_at - timedelta(minutes=16))
    assert [line for line in broken_lines() if line.startswith("attendance")] == [f"attendance {row.pk}: {said}"]
