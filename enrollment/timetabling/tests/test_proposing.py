"""A whole timetable: looked through, accepted, made anew; all of it or nothing."""

from collections import Counter
from dataclasses import replace
from datetime import date, time

import pytest

from core.errors import Conflict, Refused
from core.models import AuditEntry
from core.states import move
from enrollment.models import CohortState, Room, Session, SessionState
from enrollment.timetabling.booking import add_session, cancel_session
from enrollment.timetabling.checks import all_clashes
from enrollment.timetabling.diary import clock as lengths
from enrollment.timetabling.diary import meeting_of
from enrollment.timetabling.lengths import Day
from enrollment.timetabling.means import Reason
from enrollment.timetabling.proposing import Wish, accept, draft
from enrollment.timetabling.tests.conftest import at
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def wish(plan_course, trainer, room, other_room):  # type: ignore[no-untyped-def]
    """Six hours from Monday to Friday with one trainer and two rooms."""
    return Wish(
        [plan_course], range(5), Day(time(9), 6, 4, 60, lengths()), {trainer.pk: range(1, 8)}, [room, other_room]
    )


def agree(wish, by):  # type: ignore[no-untyped-def]
    return accept(wish=wish, fingerprint=draft(wish).fingerprint, by=by)


def hours(cohort):  # type: ignore[no-untyped-def]
    counted: Counter[tuple[int, str]] = Counter()
    for session in cohort.sessions.standing():
        counted[session.module.no, session.kind] += session.hours
    return counted


def test_accepted_timetable_meets_the_plan_and_has_no_clash(wish, plan_course, administrator):
    stored = agree(wish, administrator)
    assert sum(hours(plan_course).values()) == 76
    assert hours(plan_course)[7, "attestation"] == 4
    assert all_clashes([meeting_of(session) for session in stored]) == []
    assert {session.state for session in stored} == {SessionState.PLANNED}
    assert AuditEntry.objects.filter(model="enrollment.Session").count() == len(stored)
    assert Session.history.filter(history_user=administrator).count() == len(stored)


def test_draft_stores_nothing(wish):
    assert draft(wish).proposal.meetings
    assert Session.objects.count() == 0


def test_first_timetable_is_told_to_nobody_even_in_a_running_cohort(wish, course, administrator):
    stored = agree(replace(wish, cohorts=[course]), administrator)
    assert {(session.sequence, session.told_sequence) for session in stored} == {(0, 0)}


def test_three_cohorts_of_2026_share_five_trainers_and_two_rooms(wish, edition, administrator):
    trainers = [factories.UserFactory(is_trainer=True) for _n in range(5)]
    halls = [factories.make_cohort(edition=edition, code=f"H-{n}", trainers=trainers) for n in range(3)]
    stored = agree(replace(wish, cohorts=halls, modules={t.pk: range(1, 8) for t in trainers}), administrator)
    assert [sum(hours(hall).values()) for hall in halls] == [76, 76, 76]
    assert all_clashes([meeting_of(session) for session in stored]) == []
    assert {session.room_id for session in stored if session.room_id} == set(Room.objects.values_list("pk", flat=True))


def test_sessions_of_other_cohorts_are_respected(wish, session, administrator):
    stored = agree(wish, administrator)
    assert all_clashes([meeting_of(each) for each in [session, *stored]]) == []
    assert min(each.starts_at for each in stored) == at("2026-09-07 10:50")


def test_only_what_is_missing_is_proposed_beside_what_stands(wish, plan_course, details, administrator):
    kept = add_session(cohort=plan_course, details=details("2026-09-07 09:00", hours=3), by=administrator)
    stored = agree(wish, administrator)
    assert kept not in stored
    assert sum(hours(plan_course).values()) == 76
    assert hours(plan_course)[1, "lecture"] == 4
    with pytest.raises(Refused, match="nothing to store"):
        agree(wish, administrator)


def test_accept_refuses_another_proposal_than_the_one_looked_through(wish, course, details, administrator):
    seen = draft(wish).fingerprint
    add_session(cohort=course, details=details(), by=administrator)
    with pytest.raises(Conflict, match="Something has changed"):
        accept(wish=wish, fingerprint=seen, by=administrator)
    assert wish.cohorts[0].sessions.count() == 0


def test_plan_that_does_not_fit_stores_nothing(wish, administrator):
    short = replace(wish, weekdays=[0, 1])
    assert [found.reason for found in draft(short).proposal.shortfalls] == [Reason.TOO_FEW_HOURS]
    with pytest.raises(Refused, match="nothing to store"):
        agree(short, administrator)
    assert Session.objects.count() == 0


def test_closed_cohort_takes_no_timetable(wish, plan_course, administrator):
    seen = draft(wish).fingerprint
    type(plan_course).objects.filter(pk=plan_course.pk).update(state=CohortState.CANCELLED)
    with pytest.raises(Refused, match="cohort is over"):
        accept(wish=wish, fingerprint=seen, by=administrator)


def test_timetable_made_anew_moves_sessions_instead_of_doubling_them(wish, course, administrator):
    first = agree(replace(wish, cohorts=[course]), administrator)
    later = replace(wish, cohorts=[course], day=Day(time(10), 6, 4, 60, lengths()), replaces=True)
    second = agree(later, administrator)
    assert {session.pk for session in second} == {session.pk for session in first}
    assert sum(hours(course).values()) == 76
    moved = [session for session in second if session.sequence == 1]
    assert len(moved) == len(second)
    assert {session.told_sequence for session in moved} == {0}


def test_same_timetable_again_changes_nothing(wish, course, administrator):
    agree(replace(wish, cohorts=[course]), administrator)
    again = agree(replace(wish, cohorts=[course], replaces=True), administrator)
    assert {session.sequence for session in again} == {0}


def test_what_is_held_stays_when_a_timetable_is_made_anew(wish, course, clock, administrator):
    agree(replace(wish, cohorts=[course]), administrator)
    clock.move_to(at("2026-09-07 20:00"))
    monday = list(course.sessions.filter(starts_at__lt=at("2026-09-08 00:00")))
    for session in monday:
        move(session, SessionState.HELD, by=None)
    longer = Day(time(9), 8, 4, 60, lengths())
    agree(replace(wish, cohorts=[course], day=longer, from_day=date(2026, 9, 8), replaces=True), administrator)
    assert list(course.sessions.filter(state=SessionState.HELD)) == monday
    assert sum(hours(course).values()) == 76


def test_sessions_left_over_are_called_off_where_people_follow_and_erased_from_a_draft(
    wish, course, plan_course, details, administrator, other_trainer
):
    agree(replace(wish, cohorts=[course]), administrator)
    extra = details("2026-09-25 16:00", trainer=other_trainer, hours=1)
    surplus = add_session(cohort=course, details=extra, by=administrator)
    shift = Day(time(8), 6, 4, 60, lengths())
    agree(replace(wish, cohorts=[course], day=shift, replaces=True), administrator)
    surplus.refresh_from_db()
    assert surplus.state == SessionState.CANCELLED
    assert surplus.audit_trail()[0].reason == "The timetable was made anew."
    cancel_session(session=surplus, reason="-", by=administrator)


def test_queries_do_not_grow_with_what_is_timetabled(wish, administrator, count_queries):
    def cost():  # type: ignore[no-untyped-def]
        with count_queries() as seen:
            draft(replace(wish, replaces=False))
        return seen.count

    before = cost()
    agree(wish, administrator)
    assert cost() == before
