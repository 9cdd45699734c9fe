"""Working days of Kazakhstan, and months that have different lengths."""

from datetime import date, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from core.workdays import (
    NAMES,
    Period,
    days_off,
    holiday,
    is_weekend,
    is_working,
    month_later,
    support_period,
    workdays_between,
    workdays_later,
)


@pytest.mark.parametrize(
    "day",
    [date(2026, 12, 16), date(2026, 3, 23), date(2027, 1, 1), date(2027, 1, 7), date(2026, 5, 27), date(2027, 7, 6)],
)
def test_is_working_on_a_public_holiday_is_false(day):
    assert (is_weekend(day), is_working(day)) == (False, False)


def test_is_working_on_the_monday_to_which_a_holiday_is_transferred_is_false():
    assert (date(2026, 10, 26).weekday(), is_working(date(2026, 10, 26))) == (0, False)


@pytest.mark.parametrize(
    ("day", "working"), [(date(2026, 10, 23), True), (date(2026, 10, 24), False), (date(2026, 10, 27), True)]
)
def test_is_working_around_a_long_weekend(day, working):
    assert is_working(day) is working


def test_holiday_is_named_without_the_note_that_it_was_transferred():
    with translation.override("en"):
        assert (holiday(date(2026, 10, 26)), holiday(date(2026, 10, 27))) == ("Republic Day", "")


@pytest.mark.parametrize("year", [2026, 2027, 2028, 2029])
def test_holidays_of_the_coming_years_all_have_names_to_translate(year):
    names = {part.removesuffix(" (observed)") for name in days_off(year).values() for part in name.split("; ")}
    assert names <= set(NAMES)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 9, 25), 12, date(2027, 9, 25)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 1, 31), -12, date(2025, 1, 31)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_month_later(day, months, later):
    assert month_later(day, months) == later


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.integers(0, 60))
def test_month_later_never_overshoots_the_month(day, months):
    later = month_later(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


def test_support_period_begins_the_day_after_the_protocol():
    period = support_period(date(2026, 9, 25), 12)
    assert period == Period(date(2026, 9, 26), date(2027, 9, 25))
    assert (date(2026, 9, 25) in period, date(2026, 9, 26) in period, date(2027, 9, 25) in period) == (
        False,
        True,
        True,
    )


@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 1, 1)), st.integers(min_value=0, max_value=30))
def test_workdays_between_counts_what_workdays_later_adds(day, count):
    assert workdays_between(day, workdays_later(day, count)) == count


@pytest.mark.parametrize(
    ("until", "days"),
    [
        (date(2026, 9, 3), 0),
        (date(2026, 9, 4), 0),
        (date(2026, 9, 6), 0),
        (date(2026, 9, 7), 1),
        (date(2026, 9, 11), 5),
    ],
)
def test_workdays_between_a_friday_and(until, days):
    assert workdays_between(date(2026, 9, 4), until) == days
