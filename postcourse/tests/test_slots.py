"""Hours for consultations: how they are chosen, and what stands in the way of one."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.workdays import Period, is_working
from postcourse.slots import LUNCH, NoRoom, Obstacle, Rules, Slot, choose, obstacle, parts

RULES = Rules(9, 18, 4)
YEAR = Period(date(2026, 9, 26), date(2027, 9, 25))
FIRST, SECOND = 11, 12
THURSDAY = date(2026, 10, 15)
NOW = (date(2026, 9, 26), 12)


def slots_of(consultants):  # type: ignore[no-untyped-def]
    days = st.integers(0, 60).map(lambda n: date(2026, 9, 28) + timedelta(days=n))
    return st.sets(st.builds(Slot, days, st.integers(9, 17), st.sampled_from(consultants)), max_size=60)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 12])
def test_parts_follow_each_other_and_fill_the_period(count):
    found = parts(YEAR, count)
    assert (found[0].starts_on, found[-1].ends_on, len(found)) == (YEAR.starts_on, YEAR.ends_on, count)
    assert all(b.starts_on == a.ends_on + timedelta(days=1) for a, b in pairwise(found))


def test_parts_of_a_period_shorter_than_their_number_are_refused():
    with pytest.raises(NoRoom):
        parts(Period(THURSDAY, THURSDAY), 2)


def test_choose_one_lies_in_the_middle_of_the_period():
    assert choose(["general"], YEAR, [FIRST], set(), RULES) == [Slot(date(2027, 3, 26), 9, FIRST)]


def test_choose_three_is_spread_over_the_year_at_equal_distance():
    chosen = choose(["a", "b", "c"], YEAR, [FIRST], set(), RULES)
    assert [s.day for s in chosen] == [date(2026, 11, 25), date(2027, 3, 26), date(2027, 7, 26)]


def test_choose_leaves_holidays_and_weekends_free():
    around_nauryz = Period(date(2027, 3, 20), date(2027, 3, 26))
    chosen = choose(range(2), around_nauryz, [FIRST], set(), RULES)
    assert [s.day for s in chosen] == [date(2027, 3, 25), date(2027, 3, 26)]


def test_choose_never_takes_the_lunch_hour_and_ends_by_the_evening():
    rules = Rules(9, 18, 9)
    chosen = [choose([0], Period(THURSDAY, THURSDAY), [FIRST], taken, rules)[0].hour for taken in _filling(rules, 8)]
    assert chosen == [9, 10, 11, 12, 14, 15, 16, 17]
    assert LUNCH not in chosen


def _filling(rules, count):  # type: ignore[no-untyped-def]
    taken = set()
    for _ in range(count):
        yield taken
        taken |= set(choose([0], Period(THURSDAY, THURSDAY), [FIRST], taken, rules))


def test_choose_keeps_to_the_limit_of_a_day():
    one_day, taken = Period(THURSDAY, THURSDAY), {Slot(THURSDAY, h, FIRST) for h in (9, 10, 11)}
    assert choose([0], one_day, [FIRST], taken, RULES) == [Slot(THURSDAY, 12, FIRST)]
    with pytest.raises(NoRoom):
        choose([0], one_day, [FIRST], taken | {Slot(THURSDAY, 16, FIRST)}, RULES)


def test_choose_leaves_the_listener_one_consultation_a_day():
    two_days = Period(THURSDAY, THURSDAY + timedelta(days=1))
    assert {s.day for s in choose([0, 1], two_days, [FIRST, SECOND], set(), RULES)} == {THURSDAY, two_days.ends_on}
    with pytest.raises(NoRoom):
        choose([0, 1], two_days, [FIRST, SECOND], set(), RULES, [THURSDAY])


def test_choose_without_consultants_or_working_days_has_no_room():
    with pytest.raises(NoRoom):
        choose([0], YEAR, [], set(), RULES)
    with pytest.raises(NoRoom):
        choose([0], Period(date(2026, 10, 24), date(2026, 10, 26)), [FIRST], set(), RULES)


def test_choose_in_a_full_part_goes_on_into_the_rest_of_the_period():
    taken = {Slot(day, hour, FIRST) for day in _days(YEAR)[:240] for hour in range(9, 13)}
    chosen = choose(range(3), YEAR, [FIRST], taken, RULES)
    assert len({s.day for s in chosen}) == 3
    assert chosen == sorted(chosen)
    assert not set(chosen) & taken


def _days(period):  # type: ignore[no-untyped-def]
    days = (period.starts_on + timedelta(days=n) for n in range(366))
    return [d for d in days if d in period and is_working(d)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=25),
    st.lists(st.integers(1, 9), min_size=1, max_size=4, unique=True),
    st.data(),
)
def test_choose_for_a_cohort_keeps_every_rule(people, consultants, data):
    """What R12 asks of the whole plan: working hours, one place at once, the day's limit, spread, even load."""
    before = data.draw(slots_of(consultants))
    taken = set(before)
    for count in people:
        chosen = choose(range(count), YEAR, consultants, taken, RULES)
        assert len(chosen) == count == len({s.day for s in chosen})
        assert not set(chosen) & taken
        assert chosen == choose(range(count), YEAR, list(reversed(consultants)), set(taken), RULES)
        for part, slot in zip(parts(YEAR, count), chosen, strict=True):
            assert slot.day in part
        taken |= set(chosen)
    new = taken - before
    assert all(is_working(s.day) and s.day in YEAR and s.hour in RULES.hours and s.hour != LUNCH for s in new)
    per_day, of_old = Counter((s.consultant, s.day) for s in taken), Counter((s.consultant, s.day) for s in before)
    assert all(per_day[s.consultant, s.day] <= max(4, of_old[s.consultant, s.day]) for s in new)


def _load(taken):  # type: ignore[no-untyped-def]
    return Counter(s.consultant for s in taken)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(1, 5), min_size=1, max_size=25),
    st.lists(st.integers(1, 9), min_size=1, max_size=4, unique=True),
)
def test_choose_loads_the_consultants_evenly(people, consultants):
    taken: set[Slot] = set()
    for count in people:
        taken |= set(choose(range(count), YEAR, consultants, taken, RULES))
    load = [_load(taken)[consultant] for consultant in consultants]
    assert max(load) - min(load) <= 1


@pytest.mark.parametrize(
    ("day", "hour", "found"),
    [
        (THURSDAY, 9, None),
        (THURSDAY, 17, None),
        (THURSDAY, 13, None),
        (THURSDAY, 8, Obstacle.OUTSIDE_HOURS),
        (THURSDAY, 18, Obstacle.OUTSIDE_HOURS),
        (THURSDAY, 10, Obstacle.CONSULTANT_BUSY),
        (THURSDAY, 11, Obstacle.LISTENER_BUSY),
        (date(2026, 10, 14), 16, Obstacle.DAY_FULL),
        (date(2026, 10, 17), 10, Obstacle.WEEKEND),
        (date(2026, 12, 16), 10, Obstacle.HOLIDAY),
        (date(2026, 9, 25), 10, Obstacle.OUTSIDE_PERIOD),
        (date(2027, 9, 27), 10, Obstacle.OUTSIDE_PERIOD),
    ],
)
def test_obstacle(day, hour, found):
    taken = {Slot(THURSDAY, 10, FIRST), Slot(THURSDAY, 9, SECOND)} | {
        Slot(date(2026, 10, 14), h, FIRST) for h in range(9, 13)
    }
    listener = {(THURSDAY, 11)}
    seen = obstacle(Slot(day, hour, FIRST), now=NOW, period=YEAR, rules=RULES, taken=taken, listener=listener)
    assert seen == found


@pytest.mark.parametrize(("hour", "found"), [(9, Obstacle.PAST), (10, Obstacle.PAST), (11, None)])
def test_obstacle_of_an_hour_that_has_begun(hour, found):
    slot = Slot(THURSDAY, hour, FIRST)
    assert obstacle(slot, now=(THURSDAY, 10), period=YEAR, rules=RULES, taken=(), listener=()) == found
