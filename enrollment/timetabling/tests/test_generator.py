"""The generator on invented cohorts: never a clash, the plan's hours exactly and in order; or the reason why not."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import combinations
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrollment.timetabling.checks import all_clashes
from enrollment.timetabling.generator import propose
from enrollment.timetabling.hours import ATTESTATION, LECTURE, PRACTICE, SELF_STUDY, needs
from enrollment.timetabling.lengths import Clock, Day
from enrollment.timetabling.means import Group, Means, Reason
from tests.factories import HOURS

MONDAY, FRIDAY = date(2026, 9, 7), date(2026, 9, 25)
WORKDAYS = frozenset(range(5))


def plan(hours=HOURS):  # type: ignore[no-untyped-def]
    """The rows' hours as needs; modules are numbered from 1 and the last is the attestation."""
    rows = [
        SimpleNamespace(pk=no, no=no, is_final=no == len(hours), lecture=a, practice=b, self_study=c)
        for no, (a, b, c) in enumerate(hours, start=1)
    ]
    return needs(rows)


def group(cohort=1, **values):  # type: ignore[no-untyped-def]
    given_values = {
        "starts_on": MONDAY,
        "ends_on": FRIDAY,
        "needs": plan(),
        "trainers": [11, 12, 13, 14, 15],
        "people": 25,
    }
    return Group(cohort, **(given_values | values))


def means(**values):  # type: ignore[no-untyped-def]
    return Means(**({"weekdays": WORKDAYS, "day": Day(time(9), 6, 4, 60), "seats": {1: 30, 2: 30}} | values))


def timetabled(meetings, cohort=1):  # type: ignore[no-untyped-def]
    counted: Counter[tuple[int, str]] = Counter()
    for meeting in meetings:
        if meeting.cohort == cohort:
            counted[meeting.module, meeting.kind] += meeting.hours
    return counted


def wanted(of):  # type: ignore[no-untyped-def]
    return Counter({(need.module, need.kind): need.hours for need in of.needs})


def at(text):  # type: ignore[no-untyped-def]
    return datetime.fromisoformat(text)


def assert_is_a_timetable(groups, given_means, meetings):  # type: ignore[no-untyped-def]
    """Everything that must hold of a proposal."""
    assert all_clashes(meetings) == []
    for each in groups:
        own = [m for m in meetings if m.cohort == each.cohort]
        assert timetabled(meetings, each.cohort) == wanted(each)
        order = [need.module for need in each.needs]
        assert [m.module for m in own] == sorted([m.module for m in own], key=order.index)
        for module in set(order):
            kinds = [m.kind for m in own if m.module == module]
            assert not (LECTURE in kinds and PRACTICE in kinds) or (
                max(i for i, k in enumerate(kinds) if k == LECTURE) < kinds.index(PRACTICE)
            )
        if ATTESTATION in [m.kind for m in own]:
            assert {m.kind for m in own[-sum(m.kind == ATTESTATION for m in own) :]} == {ATTESTATION}
        for m in own:
            day = m.starts.date()
            assert each.starts_on <= day <= each.ends_on
            assert day.weekday() in given_means.weekdays
            assert day not in given_means.holidays
            assert m.ends - m.starts == timedelta(minutes=given_means.day.clock.minutes(m.hours))
            if given_means.needs_trainer(m.kind):
                assert m.trainer in each.trainers
                assert m.module in given_means.modules.get(m.trainer, {m.module})
            if given_means.needs_room(m.kind):
                assert given_means.seats[m.room] >= each.people
            taken = [*each.busy, *given_means.trainer_busy.get(m.trainer, ()), *given_means.room_busy.get(m.room, ())]
            assert not any(m.starts < until and since < m.ends for since, until in taken)


def test_three_cohorts_share_five_trainers_and_two_rooms():
    groups = [group(cohort) for cohort in (1, 2, 3)]
    found = propose(groups, means())
    assert found.shortfalls == ()
    assert sum(m.hours for m in found.meetings) == 3 * 76
    assert_is_a_timetable(groups, means(), found.meetings)


def test_proposal_is_the_same_each_time():
    groups = [group(cohort) for cohort in (1, 2, 3)]
    assert propose(groups, means()) == propose([replace(each) for each in groups], means())


def test_first_day_goes_on_without_gaps_and_the_long_break_divides_sessions():
    day = [m for m in propose([group()], means()).meetings if m.starts.date() == MONDAY]
    assert [(f"{m.starts:%H:%M}", f"{m.ends:%H:%M}", m.module, m.kind, m.hours) for m in day] == [
        ("09:00", "12:30", 1, LECTURE, 4),
        ("13:30", "15:10", 1, PRACTICE, 2),
    ]


def test_attestation_follows_its_preparation_and_is_the_end():
    last = propose([group()], means()).meetings[-2:]
    assert [(m.module, m.kind, m.hours) for m in last] == [(7, SELF_STUDY, 2), (7, ATTESTATION, 4)]


def test_self_study_takes_neither_trainer_nor_room_unless_guided():
    alone = [m for m in propose([group()], means()).meetings if m.kind == SELF_STUDY]
    assert {(m.trainer, m.room) for m in alone} == {(None, None)}
    guided = [m for m in propose([group()], means(guided=True)).meetings if m.kind == SELF_STUDY]
    assert all(m.trainer and m.room for m in guided)


def test_online_kinds_need_no_room():
    kinds = (LECTURE, PRACTICE, ATTESTATION)
    found = propose([group()], means(seats={}, online=kinds))
    assert found.shortfalls == ()
    assert {m.room for m in found.meetings} == {None}
    assert {m.is_online for m in found.meetings if m.kind in kinds} == {True}


def test_holiday_and_other_weekdays_stay_free():
    holiday = date(2026, 9, 9)
    days = {m.starts.date() for m in propose([group()], means(holidays={holiday}, day=Day(time(9), 8))).meetings}
    assert holiday not in days
    assert {day.weekday() for day in days} <= WORKDAYS


def test_trainers_take_their_modules_only():
    modules = {11: {1, 2, 3}, 12: {4, 5, 6, 7}}
    found = propose([group(trainers=[11, 12])], means(modules=modules))
    assert found.shortfalls == ()
    assert all(m.module in modules[m.trainer] for m in found.meetings if m.trainer)


def test_one_trainer_goes_on_with_a_module():
    found = propose([group()], means())
    by_module = {no: {m.trainer for m in found.meetings if m.module == no and m.trainer} for no in range(1, 8)}
    assert [len(trainers) for trainers in by_module.values()] == [1] * 7


def test_what_is_taken_already_is_left_alone():
    taken = [(at("2026-09-07 09:00"), at("2026-09-07 12:30"))]
    found = propose([group()], means(room_busy={1: taken, 2: taken}))
    first = found.meetings[0]
    assert (first.starts, first.kind) == (at("2026-09-07 13:30"), LECTURE)


def test_too_few_hours_says_how_many():
    (short,) = propose([group(ends_on=date(2026, 9, 18))], means()).shortfalls
    assert (short.reason, short.wanted, short.offered) == (Reason.TOO_FEW_HOURS, 76, 60)


def test_no_trainer_names_the_module():
    (short,) = propose([group(trainers=[11])], means(modules={11: {1, 2}})).shortfalls
    assert (short.reason, short.need.module, short.need.kind) == (Reason.NO_TRAINER, 3, LECTURE)


def test_no_room_large_enough_says_for_whom():
    (short,) = propose([group(people=31)], means()).shortfalls
    assert (short.reason, short.people) == (Reason.NO_ROOM, 31)


def test_day_beyond_midnight_is_refused():
    (short,) = propose([group()], means(day=Day(time(20), 6))).shortfalls
    assert short.reason == Reason.DAY_TOO_LONG


def test_nothing_is_proposed_when_a_part_does_not_fit():
    found = propose([group(1), group(2)], means(seats={1: 30}))
    assert found.meetings == ()
    assert {short.reason for short in found.shortfalls} == {Reason.HOURS_LEFT}
    assert all(short.left and short.without_room for short in found.shortfalls)


def test_nothing_to_hold_is_an_empty_proposal():
    found = propose([group(needs=[])], means())
    assert (found.meetings, found.shortfalls) == ((), ())


hours_of_day = st.integers(1, 10)
small_plans = st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=4)


@st.composite
def busy_times(draw):  # type: ignore[no-untyped-def]
    """Some hours of these weeks."""
    taken = []
    for _n in range(draw(st.integers(0, 6))):
        since = datetime.combine(MONDAY + timedelta(days=draw(st.integers(0, 18))), time(draw(st.integers(7, 17)), 15))
        taken.append((since, since + timedelta(minutes=draw(st.integers(20, 300)))))
    return taken


@st.composite
def worlds(draw):  # type: ignore[no-untyped-def]
    """Up to four cohorts with plans, trainers, rooms and things that are taken already."""
    trainers = list(range(11, 11 + draw(st.integers(1, 5))))
    groups = [
        group(
            cohort,
            starts_on=MONDAY + timedelta(days=draw(st.integers(0, 6))),
            needs=plan(draw(small_plans)),
            trainers=draw(st.lists(st.sampled_from(trainers), unique=True)),
            people=draw(st.integers(5, 40)),
            busy=draw(busy_times()),
        )
        for cohort in range(1, 1 + draw(st.integers(1, 4)))
    ]
    pause, hour = draw(st.integers(0, 20)), draw(st.sampled_from([30, 40, 45, 60]))
    numbers = st.frozensets(st.integers(1, 4))
    return groups, means(
        weekdays=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        day=Day(time(8, 30), draw(hours_of_day), draw(st.integers(0, 5)), draw(st.integers(0, 90)), Clock(hour, pause)),
        modules={trainer: draw(numbers) for trainer in trainers if draw(st.booleans())},
        seats={room: draw(st.integers(10, 50)) for room in range(draw(st.integers(0, 3)))},
        online=draw(st.frozensets(st.sampled_from([LECTURE, PRACTICE, ATTESTATION]))),
        guided=draw(st.booleans()),
        holidays=draw(st.frozensets(st.sampled_from([MONDAY, date(2026, 9, 9), FRIDAY]))),
        trainer_busy={trainer: draw(busy_times()) for trainer in trainers},
        room_busy={room: draw(busy_times()) for room in range(3)},
    )


@given(worlds())
def test_proposal_is_exact_and_without_a_clash_or_says_why_not(world):
    groups, given_means = world
    found = propose(groups, given_means)
    if found.shortfalls:
        assert found.meetings == ()
        assert {short.cohort for short in found.shortfalls} <= {each.cohort for each in groups}
    else:
        assert_is_a_timetable(groups, given_means, found.meetings)


@given(st.sets(st.integers(0, 9)), st.sets(st.integers(0, 9)), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))
def test_one_cohort_is_refused_only_when_no_order_of_hours_would_do(
    room_taken, trainer_taken, lecture, practice, alone
):
    """Against all ways to lay out one module over ten hours of which some lack the room or the trainer."""
    day = Day(time(8), 10, 0, 0)
    slots = [day.slot(MONDAY, place) for place in range(10)]
    one = group(ends_on=MONDAY, needs=plan([(lecture, practice, alone), (0, 0, 0)]), trainers=[11])
    taken = {"room_busy": {1: [slots[i] for i in room_taken]}, "trainer_busy": {11: [slots[i] for i in trainer_taken]}}
    found = propose([one], means(day=day, seats={1: 30}, **taken))
    free = [i for i in range(10) if i not in room_taken | trainer_taken]
    possible = any(
        alone <= sum(1 for i in range(10) if i not in held and (not lecture or i > held[0]))
        for held in combinations(free, lecture + practice)
    )
    assert (found.shortfalls == ()) == possible


@pytest.mark.parametrize("count", [1, 3])
def test_generator_is_quick(count):
    from time import perf_counter

    started = perf_counter()
    propose([group(cohort) for cohort in range(count)], means())
    assert perf_counter() - started < 5
