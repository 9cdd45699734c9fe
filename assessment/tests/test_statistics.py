"""Statistics: the numbers, their places on the drawing, who may look, and what a workbook says."""

import io
import statistics as reference
from types import SimpleNamespace

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.models import Ending, Outcome
from assessment.statistics import drawing
from assessment.statistics.numbers import ENDS, Part, distribution, ends, spread
from assessment.statistics.reading import cohort_figures, edition_figures
from enrollment.models import SessionState
from enrollment.tests.factories_timetable import make_session
from tests import factories

BORDERS = [0, 50, 70, 85]
BANDS = [SimpleNamespace(from_total=a, to_total=b, passed=a >= 50) for a, b in ((85, 100), (70, 84), (50, 69), (0, 49))]


@given(st.lists(st.integers(0, 100)))
def test_every_total_lies_in_one_bin_of_one_band(totals):
    bins = distribution(totals, BORDERS)
    assert sum(one.count for one in bins) == len(totals)
    assert [n for one in bins for n in range(one.lower, one.upper + 1)] == list(range(101))
    assert all(any(band.from_total <= b.lower and b.upper <= band.to_total for band in BANDS) for b in bins)


@pytest.mark.parametrize(
    ("total", "bin_"), [(0, (0, 4)), (49, (45, 49)), (50, (50, 54)), (69, (65, 69)), (70, (70, 74)), (100, (95, 100))]
)
def test_total_at_a_border_counts_on_its_side(total, bin_):
    assert [(b.lower, b.upper) for b in distribution([total], BORDERS) if b.count] == [bin_]


def test_bins_are_cut_where_a_band_begins():
    assert [(b.lower, b.upper) for b in distribution([], [0, 52])][10:12] == [(50, 51), (52, 54)]


def test_total_outside_the_scale_is_an_error():
    with pytest.raises(ValueError, match="101"):
        distribution([101], BORDERS)


@given(st.lists(st.integers(0, 30), min_size=2))
def test_median_and_quartiles_are_those_of_the_standard_library(points):
    one = spread(points, 30)
    first, middle, third = reference.quantiles(points, n=4, method="inclusive")
    assert [float(one.quartiles[0]), float(one.median), float(one.quartiles[1])] == pytest.approx(
        [first, middle, third]
    )


def test_one_person_is_a_spread_of_one_point_and_nobody_is_none():
    assert (spread([7], 10).median, spread([7], 10).quartiles) == (7, (7, 7))
    assert spread([], 10) is None
    with pytest.raises(ValueError, match="11"):
        spread([11], 10)


@pytest.mark.parametrize(("part", "percent"), [((0, 0), None), ((1, 3), 33), ((1, 200), 1), ((2, 2), 100)])
def test_percent_is_rounded_half_up_and_nothing_of_nothing(part, percent):
    assert Part(*part).percent == percent


points = st.lists(st.integers(0, 30), min_size=1)


@given(st.lists(st.integers(0, 100)), st.lists(points, min_size=1, max_size=6), st.lists(st.integers(0, 60)))
def test_nothing_is_drawn_outside(totals, criteria, shares):
    bars = drawing.totals(distribution(totals, BORDERS), BANDS)
    height, plots = drawing.spreads([(n, spread(one, 30)) for n, one in enumerate(criteria)])
    tall, rows = drawing.stacks([(n, ends(ENDS[: 1 + n % 6])) for n in range(len(shares))])
    high, pairs = drawing.pairs([(n, Part(min(n, 60), 60), Part(0, 0)) for n in shares])
    boxes = [(box, bars.height) for box in bars.bars]
    boxes += [(box, height) for plot in plots for box in (plot.line, plot.box)]
    boxes += [(box, tall) for row in rows for box in row.boxes] + [(b, high) for p in pairs for b, _part in p.bars]
    for box, below in boxes:
        assert 0 <= box.x <= box.right <= drawing.WIDTH + 0.1
        assert 0 <= box.y <= box.bottom <= below
    for plot in plots:
        assert plot.line.x <= plot.box.x <= plot.median <= plot.box.right <= plot.line.right
        assert all(x - r > 0 and x + r < drawing.WIDTH and y + r <= height for x, y, r in plot.marks)


@pytest.fixture
def judged(cohort, administrator, trainer):
    """Four people: passed, not passed, with points for one criterion, without any."""
    people = [factories.make_enrolment(cohort=cohort) for _ in range(4)]
    factories.make_scores(people[0], [18, 20, 12, 25, 8], by=trainer)
    factories.make_scores(people[1], [5, 5, 5, 5, 5], by=trainer)
    factories.make_scores(people[2], [10, None, None, None, None], by=trainer)
    return people


def test_cohort_shows_what_its_sheet_shows(cohort, judged):
    figures = cohort_figures(cohort)
    assert [(b.lower, b.count) for b in figures.bins if b.count] == [(25, 1), (80, 1)]
    assert {c.code: one.points for c, one in figures.criteria}["theory"] == (5, 10, 18)
    assert [counts["undecided"] for _cohort, counts in figures.cohorts] == [4]


def test_edition_counts_decisions_in_force_once_a_person(cohort, judged, administrator):
    leave = {person.pk: "ауырып қалды" for person in judged[2:]}
    protocol = factories.close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out=leave, by=administrator)
    figures = edition_figures(cohort.edition)
    assert [(b.lower, b.count) for b in figures.bins if b.count] == [(25, 1), (80, 1)]
    counts = dict(figures.cohorts[0][1])
    assert counts == dict.fromkeys(ENDS, 0) | {"passed": 1, "not_passed": 1, "undecided": 2}
    assert edition_figures(cohort.edition, cohort.starts_on.year - 1).people == 0
    assert Outcome.objects.filter(protocol=protocol, ending=Ending.SCORED).count() == 2


def test_hours_missed_count_for_their_module(cohort, judged):
    make_session(cohort, module_no=2, state=SessionState.HELD)
    shown = {m.no: missed for m, missed, _returned in cohort_figures(cohort).modules}
    assert (shown[2].percent, list(shown)) == (100, [2])


def test_trainer_of_the_cohort_and_administrator_look_and_nobody_else(cohort, judged, sign_in, trainer, administrator):
    address = f"/trainer/cohorts/{cohort.pk}/statistics"
    other = factories.UserFactory(is_trainer=True)
    for tail in ("/", ".xlsx"):
        statuses = [sign_in(user).get(address + tail).status_code for user in (trainer, administrator, other)]
        assert statuses == [200, 200, 404]
    assert sign_in(administrator).get("/admin/assessment/protocol/statistics/").status_code == 200


def test_workbook_holds_the_numbers_and_nobody(cohort, judged, sign_in, trainer):
    content = sign_in(trainer, "en").get(f"/trainer/cohorts/{cohort.pk}/statistics.xlsx").content
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Totals", "Criteria", "Outcomes", "Modules"]
    assert [row[2] for row in book["Totals"].iter_rows(min_row=2, values_only=True) if row[2]] == [1, 1]
    words = {str(v) for sheet in book for row in sheet.iter_rows(values_only=True) for v in row}
    assert not words & {person.listener.full_name for person in judged}


def test_pages_ask_the_same_number_of_queries_for_one_and_for_many(cohort, judged, sign_in, trainer, count_queries):
    client = sign_in(trainer)
    address = f"/trainer/cohorts/{cohort.pk}/statistics/"
    with count_queries() as few:
        client.get(address)
    for _ in range(3):
        factories.make_scores(factories.make_enrolment(cohort=cohort), [18, 20, 12, 25, 8], by=trainer)
    with count_queries() as many:
        client.get(address)
    assert many.count == few.count


def test_empty_cohort_says_so(cohort, sign_in, trainer):
    page = sign_in(trainer, "en").get(f"/trainer/cohorts/{cohort.pk}/statistics/").content.decode()
    assert "Nobody is judged here yet" in page
    assert "<figure" not in page
