"""The mean of several examiners, against fractions; every boundary of the spread."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.settling import is_disputed, rounded_mean, settle

POINTS = st.lists(st.integers(0, 30), min_size=2, max_size=7)


@given(st.lists(st.integers(0, 100), min_size=1, max_size=9))
def test_rounded_mean_is_the_decimal_mean_rounded_half_up(points):
    exact = Decimal(sum(points)) / Decimal(len(points))
    assert rounded_mean(points) == int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@given(POINTS, st.integers(0, 100))
def test_settle_is_the_mean_or_a_dispute(points, spread):
    apart = Fraction(max(points) - min(points), 30) * 100
    settled = settle(points, 30, spread)
    assert settled.is_disputed == (apart > spread)
    if not settled.is_disputed:
        assert min(points) <= settled.points <= max(points)
        assert settled.points == rounded_mean(points)


@given(POINTS)
def test_settle_does_not_depend_on_the_order(points):
    assert settle(points, 30, 20) == settle(sorted(points), 30, 20)


@pytest.mark.parametrize(
    ("points", "mean"), [([24, 25], 25), ([24, 24, 25], 24), ([0, 1], 1), ([0, 0, 1], 0), ([30], 30), ([1, 2, 2], 2)]
)
def test_rounded_mean_of_examples(points, mean):
    assert rounded_mean(points) == mean


@pytest.mark.parametrize(("low", "disputed"), [(24, False), (23, True)])
def test_spread_of_exactly_twenty_per_cent_is_no_dispute(low, disputed):
    """20 % of 30 points are 6."""
    assert is_disputed([low, 30], 30, 20) == disputed


def test_spread_of_nothing_allows_equal_points_only():
    assert (settle([20, 20], 30, 0).points, settle([20, 21], 30, 0).is_disputed) == (20, True)


@pytest.mark.parametrize("points", [[], [20], [-1, 5], [31, 30]])
def test_settle_refuses_one_examiner_and_points_outside(points):
    with pytest.raises(ValueError, match=r"examiner|are not"):
        settle(points, 30, 20)


def test_rounded_mean_of_nobody_is_an_error():
    with pytest.raises(ValueError, match="no points"):
        rounded_mean([])
