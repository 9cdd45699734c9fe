"""Totals and bands, against a reference that is written another way."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.marking import Mark, is_whole, mark, missing


@dataclass(frozen=True)
class Criterion:
    code: str
    max_points: int


@dataclass(frozen=True)
class Band:
    code: str
    from_total: int
    to_total: int
    passed: bool


CRITERIA = [
    Criterion("theory", 20),
    Criterion("cases", 25),
    Criterion("analysis", 15),
    Criterion("project", 30),
    Criterion("reflection", 10),
]
EXCELLENT, GOOD, SATISFACTORY, FAILED = BANDS = [
    Band("excellent", 85, 100, True),
    Band("good", 70, 84, True),
    Band("satisfactory", 50, 69, True),
    Band("failed", 0, 49, False),
]


def points_of(*values):  # type: ignore[no-untyped-def]
    return {criterion.code: value for criterion, value in zip(CRITERIA, values, strict=True)}


@st.composite
def some_points(draw):  # type: ignore[no-untyped-def]
    """Points by code; each criterion absent, empty or within its maximum."""
    points = {}
    for criterion in CRITERIA:
        value = draw(st.one_of(st.just("absent"), st.none(), st.integers(0, criterion.max_points)))
        if value != "absent":
            points[criterion.code] = value
    return points


def reference(points):  # type: ignore[no-untyped-def]
    """The same by counting: every point is a pebble, the bands are a list of a hundred and one names."""
    lacking = [c.code for c in CRITERIA if not isinstance(points.get(c.code), int)]
    if lacking:
        return None, None, tuple(lacking)
    pebbles = "".join("." * points[c.code] for c in CRITERIA)
    names = ["failed"] * 50 + ["satisfactory"] * 20 + ["good"] * 15 + ["excellent"] * 16
    return len(pebbles), names[len(pebbles)], ()


@given(some_points())
def test_mark_any_points_equals_reference(points):
    made = mark(points, CRITERIA, BANDS)
    assert (made.total, made.band and made.band.code, made.missing) == reference(points)


@given(some_points())
def test_mark_with_missing_points_is_never_a_pass(points):
    made = mark(points, CRITERIA, BANDS)
    assert made.passed == (made.total is not None and made.total >= 50)
    assert made.is_complete == (made.missing == ())


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((20, 25, 15, 30, 10), Mark(100, EXCELLENT, ())),
        ((20, 25, 10, 30, 0), Mark(85, EXCELLENT, ())),
        ((20, 25, 9, 30, 0), Mark(84, GOOD, ())),
        ((20, 25, 15, 10, 0), Mark(70, GOOD, ())),
        ((20, 25, 15, 9, 0), Mark(69, SATISFACTORY, ())),
        ((20, 25, 5, 0, 0), Mark(50, SATISFACTORY, ())),
        ((20, 25, 4, 0, 0), Mark(49, FAILED, ())),
        ((0, 0, 0, 0, 0), Mark(0, FAILED, ())),
        ((20, None, 15, 30, None), Mark(None, None, ("cases", "reflection"))),
        ((None, None, None, None, None), Mark(None, None, ("theory", "cases", "analysis", "project", "reflection"))),
    ],
)
def test_mark_at_the_bounds(values, expected):
    assert mark(points_of(*values), CRITERIA, BANDS) == expected


@pytest.mark.parametrize("value", [-1, 21, 20.0, "20", True])
def test_mark_points_that_cannot_be_stored_is_an_error(value):
    with pytest.raises(ValueError, match="theory"):
        mark({"theory": value}, CRITERIA, BANDS)


def test_mark_points_of_unknown_criterion_is_an_error():
    with pytest.raises(ValueError, match="posture"):
        mark({"posture": 1}, CRITERIA, BANDS)


def test_mark_without_criteria_is_an_error():
    with pytest.raises(ValueError, match="judges nobody"):
        mark({}, [], BANDS)


def test_missing_names_criteria_in_the_order_of_the_rubric():
    assert missing({"cases": 0, "project": None}, CRITERIA) == ("theory", "analysis", "project", "reflection")


@pytest.mark.parametrize(
    ("value", "whole"),
    [(0, True), (20, True), (21, False), (-1, False), (20.0, False), ("20", False), (True, False), (None, False)],
)
def test_is_whole(value, whole):
    assert is_whole(value, 20) is whole
