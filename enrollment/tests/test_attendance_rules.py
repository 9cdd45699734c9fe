"""What counts as attended: by example, and against a count of single minutes."""

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrollment import attendance_rules as rules
from enrollment.attendance_rules import Share, Stay

LECTURE, PRACTICE, SECOND = (1, "lecture"), (1, "practice"), (2, "lecture")
HOUR = 45
HELD = {LECTURE: 4 * HOUR, PRACTICE: 2 * HOUR}
NINE = datetime(2026, 9, 7, 9)


@pytest.mark.parametrize(
    ("mark", "minutes", "counted"),
    [
        ("present", None, 90),
        ("present", 30, 30),
        ("present", 120, 90),
        ("absent", None, 0),
        ("excused", None, 0),
        (None, None, 0),
    ],
)
def test_attended_minutes(mark, minutes, counted):
    assert rules.attended_minutes(mark, minutes, rules.length(2, HOUR)) == counted


@pytest.mark.parametrize(
    ("attended", "held", "percent"), [(0, 0, None), (0, 90, 0), (90, 90, 100), (799, 1000, 79), (800, 1000, 80)]
)
def test_percent_is_whole_and_rounded_down(attended, held, percent):
    assert Share(attended, held).percent == percent


def test_without_held_hours_nobody_is_below_and_nothing_is_shown():
    assert (Share().is_below(80), Share().reaches(80), Share().reaches(0)) == (False, False, False)


@pytest.mark.parametrize(
    ("own", "carried", "hours", "along"),
    [
        ({}, {LECTURE: 4 * HOUR}, 4, 4),  # joined after the lectures were held
        ({LECTURE: 4 * HOUR}, {LECTURE: 4 * HOUR}, 4, 0),  # sat through them again: nothing counts twice
        ({}, {SECOND: 3 * HOUR}, 0, 0),  # what this cohort has not held yet waits
        ({}, {LECTURE: 6 * HOUR}, 4, 4),  # no more than was held, and not for another part
        ({LECTURE: 2 * HOUR, PRACTICE: HOUR}, {LECTURE: HOUR}, 4, 1),
        ({}, {}, 0, 0),
    ],
)
def test_what_was_attended_before_goes_along(own, carried, hours, along):
    assert rules.share(HELD, own, carried) == Share(hours * HOUR, 6 * HOUR, along * HOUR)


def test_going_along_is_own_and_brought_by_part():
    assert rules.going_along({LECTURE: 45}, {LECTURE: 45, SECOND: 90}) == {LECTURE: 90, SECOND: 90}


parts = st.sampled_from([LECTURE, PRACTICE, SECOND])
minutes = st.dictionaries(parts, st.integers(0, 300))


def minute_by_minute(held, own, carried):  # type: ignore[no-untyped-def]
    """The same by putting single minutes into the places that the cohort has held."""
    places, attended, along = Counter(held), 0, 0
    for part in list(Counter(own).elements()):
        if places[part] > 0:
            places[part] -= 1
            attended += 1
    for part in list(Counter(carried).elements()):
        if places[part] > 0:
            places[part] -= 1
            attended += 1
            along += 1
    return Share(attended, sum(held.values()), along)


@given(minutes, minutes, minutes)
def test_share_is_what_filling_single_minutes_gives(held, own, carried):
    assert rules.share(held, own, carried) == minute_by_minute(held, own, carried)


@given(minutes, minutes, minutes, st.integers(0, 100))
def test_percent_reaches_the_minimum_exactly_when_the_minutes_do(held, own, carried, minimum):
    share = rules.share(held, own, carried)
    enough = share.held > 0 and 100 * share.attended >= minimum * share.held
    assert (share.reaches(minimum), share.is_below(minimum)) == (enough, share.held > 0 and not enough)


@given(minutes, minutes, minutes, parts, st.integers(1, 90))
def test_more_attended_is_never_less(held, own, carried, part, more):
    before = rules.share(held, own, carried)
    after = rules.share(held, own | {part: own.get(part, 0) + more}, carried)
    assert before.attended <= after.attended <= after.held == before.held


@pytest.mark.parametrize(
    ("minutes", "hours"), [(0, "0"), (90, "2"), (450, "10"), (60, "1.3"), (44, "0.9"), (3600, "80")]
)
def test_in_hours_has_one_decimal_at_most_rounded_down(minutes, hours):
    assert (rules.in_hours(minutes, HOUR), str(rules.in_hours(minutes, HOUR))) == (Decimal(hours), hours)


@pytest.mark.parametrize(
    ("minutes", "recorded", "running"),
    [(-16, False, False), (-15, True, True), (0, True, True), (90, True, True), (91, True, False)],
)
def test_windows_around_a_session(minutes, recorded, running):
    now = NINE + timedelta(minutes=minutes)
    assert rules.may_be_recorded(NINE, now) is recorded
    assert rules.is_running(NINE, NINE + timedelta(minutes=90), now) is running


def days(*steps):  # type: ignore[no-untyped-def]
    return [(NINE + timedelta(days=day), state) for day, state in steps]


@pytest.mark.parametrize(
    ("steps", "since", "seated"),
    [
        ([], None, [False, False, False]),
        (days((1, "enrolled")), None, [False, True, True]),
        (days((1, "enrolled")), NINE - timedelta(days=1), [True, True, True]),  # an order on paper, recorded late
        (days((-2, "applied"), (-1, "admitted"), (0, "enrolled")), None, [True, True, True]),
        (days((0, "enrolled"), (1, "deferred")), None, [True, False, False]),
        (days((-1, "enrolled"), (1, "deferred"), (2, "enrolled")), NINE - timedelta(days=5), [True, False, True]),
        (days((-1, "enrolled"), (2, "completed")), None, [True, True, True]),
        (days((-1, "applied"), (0, "withdrawn")), NINE - timedelta(days=5), [False, False, False]),
    ],
)
def test_stay_says_who_had_a_place_when(steps, since, seated):
    stay = Stay(steps, since)
    assert [stay.covers(NINE + timedelta(days=day)) for day in range(3)] == seated


def test_stay_meets_a_session_that_somebody_joined_half_way():
    stay = Stay([(NINE + timedelta(minutes=30), "admitted")])
    assert stay.meets(NINE, NINE + timedelta(minutes=90))
    assert not stay.meets(NINE, NINE + timedelta(minutes=20))
