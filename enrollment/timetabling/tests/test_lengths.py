"""How long academic hours take, and when they begin."""

from datetime import date, datetime, time

import pytest

from enrollment.timetabling.lengths import Clock, Day


@pytest.mark.parametrize(("hours", "minutes"), [(1, 45), (2, 100), (4, 210), (10, 540)])
def test_hours_in_a_row_have_breaks_between_them(hours, minutes):
    assert Clock().minutes(hours) == minutes
    assert Clock(hour=40, pause=0).minutes(hours) == 40 * hours


def test_session_ends_after_its_hours():
    assert Clock().ends(datetime(2026, 9, 7, 9), 2) == datetime(2026, 9, 7, 10, 40)


def test_day_has_its_long_break_in_place_of_the_short_one():
    day = Day(time(9), 6, 4, 60)
    starts = [day.slot(date(2026, 9, 7), place)[0] for place in range(6)]
    assert [f"{s:%H:%M}" for s in starts] == ["09:00", "09:55", "10:50", "11:45", "13:30", "14:25"]
    assert [place for place in range(6) if day.breaks_before(place)] == [4]
    assert day.over == 15 * 60 + 10


def test_day_without_long_break():
    day = Day(time(9), 6)
    assert f"{day.slot(date(2026, 9, 7), 5)[1]:%H:%M}" == "14:20"
    assert not any(day.breaks_before(place) for place in range(6))
