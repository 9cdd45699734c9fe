"""Reading attendance: rosters, a trainer's sessions, shares with what goes along, the register."""

import pytest
import time_machine

from accounts.models import User
from enrollment.attendance import read_own, read_register, sessions_to_take, shares
from enrollment.attendance_rules import Share
from enrollment.models import Attendance, CohortState, Enrolment, EnrolmentState, Session, SessionKind, SessionState
from enrollment.ordering import Listed, draft_order, sign_order
from enrollment.tests.factories_timetable import at, make_attendance, make_session
from tests import factories

pytestmark = pytest.mark.django_db
HELD = SessionState.HELD


@pytest.fixture
def enrolment(listener):  # type: ignore[no-untyped-def]
    return listener.enrolments.get()


def continued(enrolment, cohort, **fields):  # type: ignore[no-untyped-def]
    """The enrolment of the same person in another cohort that continues this one."""
    new = factories.make_enrolment(cohort=cohort, listener=enrolment.listener)
    Enrolment.objects.filter(pk=new.pk).update(origin=enrolment)
    return Enrolment.objects.select_related("order").get(pk=new.pk)


def test_share_is_of_all_held_hours_not_of_the_recorded_ones(cohort, enrolment):
    make_attendance(make_session(cohort, state=HELD, hours=2), enrolment)
    make_session(cohort, at("2026-09-08 09:00"), state=HELD, hours=4)  # nobody recorded anything
    make_session(cohort, at("2026-09-09 09:00"), hours=2)  # still to come
    make_session(cohort, at("2026-09-10 09:00"), hours=2, state=SessionState.CANCELLED)
    assert shares([enrolment])[enrolment.pk] == Share(90, 270)
    assert shares([enrolment])[enrolment.pk].percent == 33


def test_excused_is_not_attended(cohort, enrolment):
    make_attendance(make_session(cohort, state=HELD), enrolment, "excused", reason="ауырды")
    assert shares([enrolment])[enrolment.pk].percent == 0


def test_what_was_attended_in_the_earlier_cohort_goes_along(cohort, other_cohort, enrolment):
    make_attendance(make_session(cohort, state=HELD, hours=2), enrolment)
    make_attendance(make_session(cohort, at("2026-09-08 09:00"), state=HELD, kind=SessionKind.PRACTICE), enrolment)
    new = continued(enrolment, other_cohort)
    make_session(other_cohort, state=HELD, hours=2)  # lectures of module 1: heard before
    make_session(other_cohort, at("2026-09-08 09:00"), state=HELD, module_no=2)
    assert shares([new])[new.pk] == Share(90, 180, carried=90)


def test_what_was_attended_goes_along_through_several_cohorts(edition, cohort, other_cohort, enrolment):
    make_attendance(make_session(cohort, state=HELD), enrolment)
    second = continued(enrolment, other_cohort)
    make_attendance(make_session(other_cohort, state=HELD, module_no=2), second)
    last_cohort = factories.make_cohort(edition=edition, code="K-2026-3")
    third = continued(second, last_cohort)
    for module in (1, 2, 3):
        make_session(last_cohort, state=HELD, module_no=module)
    assert shares([third])[third.pk] == Share(180, 270, carried=180)


def test_attended_hours_go_along_with_an_order_of_transfer(cohort, edition, enrolment, signatory, administrator):
    from enrollment.models import MovementRequest

    type(cohort).objects.update(state=CohortState.RUNNING)
    make_attendance(make_session(cohort, state=HELD), enrolment)
    target = factories.make_cohort(
        edition=edition,
        code="NEXT",
        state=CohortState.OPEN,
        starts_on=at("2026-10-05 00:00").date(),
        ends_on=at("2026-10-23 00:00").date(),
    )
    with time_machine.travel(at("2026-09-10 10:00"), tick=False):
        request = MovementRequest(
            enrolment=enrolment, way="transfer", reason="illness", words="ауырып қалдым", filed_by=administrator
        )
        request.save()
        order = draft_order(
            kind="transfer",
            number="77-к",
            date=at("2026-09-10 10:00").date(),
            signatory=signatory,
            people=[Listed(enrolment, cohort=target, request=request)],
            by=administrator,
        )
        sign_order(order=order, by=administrator)
    new = target.enrolments.get()
    assert shares([new])[new.pk].percent is None
    make_session(target, at("2026-10-05 09:00"), state=HELD)
    assert shares([new])[new.pk] == Share(90, 90, carried=90)


@pytest.mark.parametrize("many", [1, 3])
def test_shares_cost_the_same_for_any_number_of_people(cohort, other_cohort, many, count_queries):
    held = make_session(cohort, state=HELD)
    people = []
    for _ in range(many):
        old = factories.make_enrolment(cohort=cohort)
        make_attendance(held, old)
        people.append(continued(old, other_cohort))
    with count_queries() as seen:
        shares(people)
    assert seen.count == 4


# --- a trainer's sessions ---------------------------------------------------------------------------


def test_sessions_to_take_are_todays_and_those_still_open(cohort, other_cohort, trainer, enrolment):
    open_ = make_session(cohort, at("2026-09-08 09:00"))
    make_session(cohort, at("2026-09-08 11:00"), state=HELD)
    make_session(cohort, at("2026-09-08 13:00"), state=SessionState.CANCELLED)
    taken = make_session(cohort, at("2026-09-10 09:00"), state=HELD)
    today = make_session(cohort, at("2026-09-10 23:00"))
    make_session(cohort, at("2026-09-11 00:00"))
    make_session(other_cohort, at("2026-09-10 09:00"))
    substituted = make_session(other_cohort, at("2026-09-10 12:00"), trainer=trainer)
    make_attendance(taken, enrolment)
    with time_machine.travel(at("2026-09-10 10:00"), tick=False):
        found = list(sessions_to_take(trainer))
        assert [s.is_today for s in found] == [False, True, True, True]
    assert found == [open_, taken, substituted, today]
    assert [s.recorded for s in found] == [0, 1, 0, 0]


def test_sessions_of_a_cohort_that_is_over_are_not_to_be_taken(cohort, trainer):
    make_session(cohort)
    type(cohort).objects.update(state=CohortState.CLOSED)
    with time_machine.travel(at("2026-09-10 10:00"), tick=False):
        assert list(sessions_to_take(trainer)) == []


@pytest.mark.parametrize(
    ("who", "count"), [("administrator", 2), ("trainer", 1), ("other_trainer", 1), ("listener", 0)]
)
def test_sessions_taken_by(request, cohort, other_cohort, listener, who, count):
    make_session(cohort)
    make_session(other_cohort)
    person = request.getfixturevalue(who)
    user: User = getattr(person, "user", person)
    assert Session.objects.taken_by(user).count() == count


# --- the register -----------------------------------------------------------------------------------


def test_register_has_people_by_the_alphabet_sessions_by_time_and_knows_who_belonged(cohort, trainer):
    people = [factories.make_enrolment(cohort=cohort, surname=s, patronymic="") for s in ("Яров", "Әлімов")]
    last = make_session(cohort, at("2026-09-08 09:00"))
    first = make_session(cohort, state=HELD)
    make_session(cohort, at("2026-09-09 09:00"), state=SessionState.CANCELLED)
    record = make_attendance(first, people[0], minutes=30)
    register = read_register(cohort)
    assert [line.enrolment for line in register.lines] == [people[1], people[0]]
    assert (list(register.sessions), register.held_hours) == ([first, last], 2)
    cells = register.lines[1].cells
    assert [(c.record, c.belongs, c.is_partial) for c in cells] == [(record, True, True), (None, True, False)]
    assert [(line.share.percent, line.is_below) for line in register.lines] == [(0, True), (33, True)]


def test_register_keeps_who_was_recorded_and_left(cohort, enrolment):
    gone = factories.make_enrolment(cohort=cohort, state=EnrolmentState.WITHDRAWN)
    factories.make_enrolment(cohort=cohort, state=EnrolmentState.WITHDRAWN)
    session = make_session(cohort, state=HELD)
    make_attendance(session, gone)
    assert {line.enrolment for line in read_register(cohort).lines} == {gone, enrolment}
    assert Attendance.objects.count() == 1


@pytest.mark.parametrize("many", [1, 3])
def test_register_costs_the_same_for_any_number_of_people_and_sessions(cohort, many, count_queries):
    people = [factories.make_enrolment(cohort=cohort) for _ in range(many)]
    for day in range(many):
        session = make_session(cohort, at(f"2026-09-0{day + 7} 09:00"), state=HELD)
        for enrolment in people:
            make_attendance(session, enrolment)
    with count_queries() as seen:
        register = read_register(cohort)
    assert (seen.count, len(register.lines), len(register.sessions)) == (6, many, many)


def test_own_attendance_is_of_each_course(cohort, other_cohort, enrolment):
    again = factories.make_enrolment(cohort=other_cohort, listener=enrolment.listener)
    make_attendance(make_session(cohort, state=HELD), enrolment)
    make_session(other_cohort, state=HELD)
    own = read_own([enrolment, again])
    assert [(o.share.percent, o.is_below, len(o.cells)) for o in own.values()] == [(100, False, 1), (0, True, 1)]
