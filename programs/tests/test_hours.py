"""The plan's arithmetic: totals, shares, the difference to the volume and the offered split."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from programs import hours
from programs.hours import Hours

PLAN = [Hours(4, 4, 4), Hours(4, 6, 4), Hours(3, 6, 3), Hours(3, 5, 4), Hours(2, 5, 3), Hours(3, 4, 3), Hours(0, 4, 2)]
HOURS = st.builds(Hours, *[st.integers(0, 300)] * 3)


def test_totals_of_the_approved_plan():
    assert hours.totals(PLAN) == Hours(19, 34, 23)
    assert hours.totals(PLAN).total == 76


def test_totals_of_no_rows():
    assert hours.totals([]) == Hours(0, 0, 0)


def test_shares_of_the_approved_plan_are_the_printed_ones():
    assert hours.shares(Hours(19, 34, 23)) == Hours(25, 45, 30)


def test_shares_without_hours():
    assert hours.shares(Hours()) is None


@given(HOURS.filter(lambda h: h.total > 0))
def test_shares_sum_to_100_and_are_never_a_whole_per_cent_off(plan):
    found = hours.shares(plan)
    assert found.total == 100
    for kind in hours.KINDS:
        assert abs(getattr(found, kind) - Fraction(100 * getattr(plan, kind), plan.total)) < 1


@pytest.mark.parametrize(("volume", "difference"), [(80, 4), (76, 0), (72, -4)])
def test_unallotted(volume, difference):
    assert hours.unallotted(volume, Hours(19, 34, 23)) == difference


def test_split_of_80_is_20_36_24_and_adds_one_two_one():
    assert hours.split(80) == Hours(20, 36, 24)
    assert hours.split(80) - Hours(19, 34, 23) == Hours(1, 2, 1)


@pytest.mark.parametrize("volume", [76, 79, 81, 72, 36, 0, -20])
def test_split_without_whole_hours_is_none(volume):
    assert hours.split(volume) is None


def test_split_against_trying_every_split():
    """Reference: of all ways to part the volume, the one whose shares are exactly 25, 45 and 30 %."""
    for volume in range(1, 121):
        exact = [
            Hours(a, b, volume - a - b)
            for a in range(volume + 1)
            for b in range(volume + 1 - a)
            if (4 * a, 20 * b, 10 * (volume - a - b)) == (volume, 9 * volume, 3 * volume)
        ]
        assert [hours.split(volume)] == (exact or [None])
