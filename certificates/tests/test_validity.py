"""Three years from the day of issue (R4, I7)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.validity import valid_until


@pytest.mark.parametrize(
    ("issued", "until"),
    [
        (date(2026, 9, 28), date(2029, 9, 28)),
        (date(2026, 2, 28), date(2029, 2, 28)),
        (date(2028, 2, 29), date(2031, 2, 28)),
        (date(2025, 3, 1), date(2028, 3, 1)),
        (date(2026, 12, 31), date(2029, 12, 31)),
    ],
)
def test_validity_is_three_years(issued, until):
    assert valid_until(issued) == until


def test_validity_from_leap_day_to_leap_day():
    assert valid_until(date(2024, 2, 29), years=4) == date(2028, 2, 29)


def test_validity_below_a_year_is_refused():
    with pytest.raises(ValueError, match="at least one year"):
        valid_until(date(2026, 1, 1), years=0)


@given(st.dates(date(1990, 1, 1), date(2200, 12, 31)))
def test_validity_keeps_day_and_month_except_on_leap_day(issued):
    until = valid_until(issued)
    assert until.year == issued.year + 3
    if (issued.month, issued.day) == (2, 29):
        assert until == date(issued.year + 3, 2, 28)
    else:
        assert (until.month, until.day) == (issued.month, issued.day)
    assert timedelta(days=1095) <= until - issued <= timedelta(days=1096)
