"""R12: who is consulted on what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postcourse.needs import GENERAL, PointsMissing, is_weak, needs
from tests.factories import CRITERIA

MAXIMA = dict(CRITERIA)


def results():  # type: ignore[no-untyped-def]
    return st.fixed_dictionaries({code: st.integers(0, maximum) for code, maximum in CRITERIA})


@pytest.mark.parametrize(
    ("points", "maximum", "weak"),
    [(13, 20, True), (14, 20, False), (17, 25, True), (18, 25, False), (10, 15, True), (11, 15, False),
     (20, 30, True), (21, 30, False), (6, 10, True), (7, 10, False), (0, 10, True)],
)  # fmt: skip
def test_is_weak_at_seventy_per_cent_of_each_criterion(points, maximum, weak):
    assert is_weak(points, maximum, 70) is weak


def test_needs_of_somebody_strong_everywhere_are_one_general_consultation():
    assert needs(MAXIMA, MAXIMA, 70) == (GENERAL,)


def test_needs_name_each_weak_criterion_once_the_weakest_first():
    points = {"theory": 13, "cases": 25, "analysis": 3, "project": 30, "reflection": 2}
    assert needs(points, MAXIMA, 70) == ("analysis", "reflection", "theory")


def test_needs_of_equally_weak_criteria_follow_the_rubric():
    points = {"theory": 10, "cases": 25, "analysis": 15, "project": 15, "reflection": 5}
    assert needs(points, MAXIMA, 70) == ("theory", "project", "reflection")


def test_needs_without_the_points_for_a_criterion_are_refused():
    with pytest.raises(PointsMissing):
        needs({"theory": 20}, MAXIMA, 70)


@given(results(), st.integers(0, 100))
def test_needs_are_the_criteria_below_the_share_and_never_nobody(points, share):
    found = needs(points, MAXIMA, share)
    weak = {
        code
        for code in MAXIMA
        if points[code] / MAXIMA[code] < share / 100 and is_weak(points[code], MAXIMA[code], share)
    }
    assert set(found) - {GENERAL} == {c for c in MAXIMA if points[c] * 100 < share * MAXIMA[c]} == weak
    assert len(found) == len(set(found)) == max(1, len(weak))


@given(results())
def test_needs_do_not_grow_when_points_do(points):
    better = {code: min(MAXIMA[code], value + 1) for code, value in points.items()}
    assert set(needs(better, MAXIMA, 70)) - {GENERAL} <= set(needs(points, MAXIMA, 70))
