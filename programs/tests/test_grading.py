"""Grade bands: boundaries, completeness, and the same answer as a table of all 101 totals."""

from dataclasses import dataclass

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from programs import grading
from programs.grading import RubricRefused


@dataclass(frozen=True)
class Band:
    code: str
    from_total: int
    to_total: int
    passed: bool


BANDS = [
    Band("excellent", 85, 100, True),
    Band("good", 70, 84, True),
    Band("satisfactory", 50, 69, True),
    Band("failed", 0, 49, False),
]


@st.composite
def complete_bands(draw):  # type: ignore[no-untyped-def]
    """Bands that cover 0..100 once, in any order; from some band on all pass."""
    starts = [0, *sorted(draw(st.sets(st.integers(1, 100), max_size=8)))]
    first_passing = draw(st.integers(0, len(starts) - 1))
    ends = [start - 1 for start in starts[1:]] + [100]
    bands = [
        Band(str(n), low, high, n >= first_passing) for n, (low, high) in enumerate(zip(starts, ends, strict=True))
    ]
    return draw(st.permutations(bands))


@pytest.mark.parametrize(
    ("total", "code"),
    [
        (0, "failed"),
        (49, "failed"),
        (50, "satisfactory"),
        (69, "satisfactory"),
        (70, "good"),
        (84, "good"),
        (85, "excellent"),
        (100, "excellent"),
    ],
)
def test_band_at_its_bounds(total, code):
    assert grading.band_for(total, BANDS).code == code


@pytest.mark.parametrize("total", [-1, 101])
def test_band_outside_the_range_is_refused(total):
    with pytest.raises(RubricRefused):
        grading.band_for(total, BANDS)


def test_pass_mark():
    assert grading.pass_mark(BANDS) == 50


@given(complete_bands(), st.integers(0, 100))
def test_band_is_that_of_a_table_of_all_totals(bands, total):
    grading.check_bands(bands)
    table = {t: band for band in bands for t in range(band.from_total, band.to_total + 1)}
    assert grading.band_for(total, bands) == table[total]
    assert grading.band_for(total, bands).passed == (total >= grading.pass_mark(bands))


@given(st.lists(st.builds(Band, st.just("x"), st.integers(0, 110), st.integers(0, 110), st.booleans()), max_size=5))
def test_check_accepts_exactly_what_gives_every_total_one_band(bands):
    holders = [[b for b in bands if b.from_total <= t <= b.to_total] for t in range(111)]
    passes = [h[0].passed for h in holders[:101] if len(h) == 1]
    complete = (
        all(len(h) == 1 for h in holders[:101])
        and not any(holders[101:])
        and all(b.from_total <= b.to_total for b in bands)
        and passes == sorted(passes)
        and passes[-1]
    )
    try:
        grading.check_bands(bands)
    except RubricRefused:
        assert not complete
    else:
        assert complete


@pytest.mark.parametrize(
    ("bands", "sentence"),
    [
        ([], "No grade band holds the total 0."),
        ([Band("a", 0, 49, False), Band("b", 51, 100, True)], "No grade band holds the total 50."),
        ([Band("a", 0, 50, False), Band("b", 50, 100, True)], "The grade bands overlap at 50 points."),
        ([Band("a", 0, 49, False), Band("b", 50, 99, True)], "No grade band holds the total 100."),
        ([Band("a", 0, 101, True)], "The grade bands end at 100 points."),
        ([Band("a", 0, 100, False)], "At least one grade band must pass."),
        (
            [Band("a", 0, 49, True), Band("b", 50, 100, False)],
            "The band from 50 points does not pass although a lower one does.",
        ),
        ([Band("a", 10, 0, True)], "A grade band ends before it begins: 10 points."),
    ],
)
def test_check_says_what_is_wrong(bands, sentence):
    with override("en"):
        with pytest.raises(RubricRefused) as refusal:
            grading.check_bands(bands)
        assert refusal.value.sentence == sentence


def test_criteria_of_100_are_accepted():
    grading.check_criteria([20, 25, 15, 30, 10])


@pytest.mark.parametrize("maxima", [[], [99], [101], [20, 25, 15, 30, 11], [0, 100]])
def test_criteria_otherwise_are_refused(maxima):
    with pytest.raises(RubricRefused):
        grading.check_criteria(maxima)
