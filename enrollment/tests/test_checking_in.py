"""Checking in by the code of the room."""

import pytest
import time_machine

from core import states
from core.errors import Conflict, Refused, TooMany
from enrollment.checking_in import ATTEMPTS_PER_MINUTE, WrongCode, check_in, code_of, running_for, shown_now
from enrollment.models import Attendance, EnrolmentState, SessionState
from enrollment.recording import Entry, hold_session, record
from enrollment.tests.factories_timetable import at, make_attendance, make_session

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cohort):  # type: ignore[no-untyped-def]
    """From 9:00 to 10:30."""
    return make_session(cohort)


@pytest.fixture
def clock():  # type: ignore[no-untyped-def]
    """Stands still at 9:20:10 until it is moved."""
    with time_machine.travel(at("2026-09-07 09:20:10"), tick=False) as traveller:
        yield lambda text: traveller.move_to(at(f"2026-09-07 {text}"))


def test_code_is_six_digits_of_a_session_and_a_minute(settings):
    codes = {code_of(session, minute) for session in (1, 2) for minute in range(500)}
    assert all(len(code) == 6 and code.isdigit() for code in codes)
    assert len(codes) > 990
    mine = code_of(1, 1)
    settings.SECRET_KEY = "another"
    assert code_of(1, 1) != mine


def test_check_in_records_presence_by_the_code(session, listener, clock):
    shown = shown_now(session)
    assert shown.seconds_left == 50
    row = check_in(user=listener.user, code=f" {shown.grouped} ")
    assert (row.session, row.mark, row.source, row.recorded_by) == (session, "present", "code", listener.user)
    (entry,) = row.history.all()
    assert (entry.history_user, entry.source) == (listener.user, "code")
    assert (check_in(user=listener.user, code=shown.code), Attendance.objects.count()) == (row, 1)


@pytest.mark.parametrize(("later", "fits"), [("09:20:59", True), ("09:21:59", True), ("09:22:00", False)])
def test_check_in_with_the_code_of_this_minute_or_the_one_before(session, listener, clock, later, fits):
    code = shown_now(session).code
    clock(later)
    if fits:
        assert check_in(user=listener.user, code=code).session == session
    else:
        with pytest.raises(WrongCode, match="not the code of your session now"):
            check_in(user=listener.user, code=code)


@pytest.mark.parametrize(
    ("time", "open_"), [("08:44:59", False), ("08:45:00", True), ("10:30:00", True), ("10:30:01", False)]
)
def test_code_is_shown_and_taken_only_while_the_session_runs(session, listener, clock, time, open_):
    clock(time)
    code = code_of(session.pk, int(at(f"2026-09-07 {time}").timestamp()) // 60)
    if open_:
        assert shown_now(session).code == code
        assert check_in(user=listener.user, code=code).session == session
    else:
        with pytest.raises(Refused, match="only while the session runs"):
            shown_now(session)
        with pytest.raises(Refused, match="No session of your course is running"):
            check_in(user=listener.user, code=code)


@pytest.mark.parametrize("code", ["000000", "abcdef", "٣٣٣٣٣٣", "1" * 20, "\x00", ""])
def test_check_in_with_another_code_is_refused(session, listener, clock, code):
    with pytest.raises(WrongCode):
        check_in(user=listener.user, code=code)
    assert Attendance.objects.count() == 0


def test_check_in_with_the_code_of_another_cohort_is_refused(session, other_cohort, listener, clock):
    foreign = make_session(other_cohort)
    with pytest.raises(WrongCode):
        check_in(user=listener.user, code=shown_now(foreign).code)


def test_check_in_of_who_left_is_refused(session, listener, clock):
    code = shown_now(session).code
    states.move(listener.enrolments.get(), EnrolmentState.WITHDRAWN, by=None)
    with pytest.raises(Refused, match="No session of your course is running"):
        check_in(user=listener.user, code=code)


def test_check_in_to_a_cancelled_session_is_refused(session, listener, clock):
    code = shown_now(session).code
    states.move(session, SessionState.CANCELLED, by=None)
    with pytest.raises(Refused, match="cancelled"):
        shown_now(session)
    with pytest.raises(Refused, match="No session of your course is running"):
        check_in(user=listener.user, code=code)


def test_every_attempt_counts_and_too_many_are_refused_until_the_next_minute(session, listener, clock):
    code = shown_now(session).code
    for _ in range(ATTEMPTS_PER_MINUTE):
        with pytest.raises(WrongCode):
            check_in(user=listener.user, code="000001")
    with pytest.raises(TooMany, match="Too many attempts"):
        check_in(user=listener.user, code=code)
    clock("09:21:00")
    assert check_in(user=listener.user, code=code).session == session


def test_right_codes_count_as_attempts_too(session, listener, clock):
    code = shown_now(session).code
    for _ in range(ATTEMPTS_PER_MINUTE):
        check_in(user=listener.user, code=code)
    with pytest.raises(TooMany):
        check_in(user=listener.user, code=code)


def test_attempts_of_one_person_do_not_hold_up_another(session, cohort, listener, clock):
    from tests import factories

    neighbour = factories.make_enrolment(cohort=cohort, user=factories.UserFactory(is_listener=True)).listener
    for _ in range(ATTEMPTS_PER_MINUTE + 1):
        with pytest.raises((WrongCode, TooMany)):
            check_in(user=listener.user, code="000001")
    assert check_in(user=neighbour.user, code=shown_now(session).code).session == session


def test_the_trainers_word_stands_over_the_code_and_overrides_it(session, listener, trainer, clock):
    enrolment = listener.enrolments.get()
    row = check_in(user=listener.user, code=shown_now(session).code)
    done = record(session=session, entries=[Entry(enrolment.pk, "absent", version=1)], by=trainer)
    assert done.saved[enrolment.pk].mark == "absent"
    with pytest.raises(Conflict, match="The trainer has recorded: absent"):
        check_in(user=listener.user, code=shown_now(session).code)
    row.refresh_from_db()
    assert (row.mark, row.source, row.version) == ("absent", "trainer", 2)


def test_who_comes_late_checks_in_although_the_attendance_is_taken(session, cohort, listener, trainer, clock):
    from tests import factories

    make_attendance(session, factories.make_enrolment(cohort=cohort))
    hold_session(session=session, by=trainer)
    assert check_in(user=listener.user, code=shown_now(session).code).mark == "present"


def test_of_two_sessions_at_once_the_code_tells_which(session, cohort, listener, clock):
    second = make_session(cohort, module_no=2)
    assert [s for s, _e in running_for(listener.user)] == [session, second]
    assert check_in(user=listener.user, code=shown_now(second).code).session == second
