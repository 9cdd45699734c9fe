"""The sheet that trainers fill in and protocols decide on."""

import pytest
from django.utils import translation

from assessment import sheet as sheets
from assessment.examining import give_points
from assessment.models import Score
from assessment.sheet import complete_count, read_mark, read_sheet
from assessment.tests.defending import make_defence, make_examiners
from enrollment.models import CohortState, EnrolmentState
from tests import factories


def test_sheet_lists_scored_people_in_kazakh_order(cohort, scored):
    for surname in ("Ізбасар", "Әлімов", "Бекенов", "Алиев"):
        scored(surname, None)
    factories.make_enrolment(cohort=cohort, state=EnrolmentState.ADMITTED)
    factories.make_enrolment(cohort=cohort, state=EnrolmentState.WITHDRAWN)
    assert [row.enrolment.listener.surname for row in read_sheet(cohort).rows] == [
        "Алиев",
        "Әлімов",
        "Бекенов",
        "Ізбасар",
    ]


def test_sheet_row_shows_points_mark_and_what_is_missing(cohort, scored):
    scored("Алиев", "good")
    scored("Бекенов", "incomplete")
    scored("Ғабитов", None)
    rows = read_sheet(cohort).rows
    assert [row.mark.total for row in rows] == [81, None, None]
    assert [row.mark.band and row.mark.band.code for row in rows] == ["good", None, None]
    assert [[c.code for c in row.missing] for row in rows] == [
        [],
        ["cases", "project"],
        ["theory", "cases", "analysis", "project", "reflection"],
    ]
    assert [[(cell.points, cell.version) for cell in row.cells][:2] for row in rows] == [
        [(18, 1), (20, 1)],
        [(18, 1), (None, 0)],
        [(None, 0), (None, 0)],
    ]


def test_sheet_counts_complete_rows_as_attempt_states_do(cohort, scored):
    for surname, points in (("Алиев", "good"), ("Бекенов", "failed"), ("Ғабитов", "incomplete"), ("Даиров", None)):
        scored(surname, points)
    assert (read_sheet(cohort).complete_count, complete_count(cohort)) == (2, 2)


def test_sheet_marks_namesakes(cohort, scored):
    for surname in ("Алиев", "Алиев", "Бекенов"):
        scored(surname, None)
    assert [row.namesake for row in read_sheet(cohort).rows] == [True, True, False]


@pytest.mark.parametrize(
    ("state", "is_open"),
    [
        (CohortState.RUNNING, True),
        (CohortState.ASSESSING, True),
        (CohortState.OPEN, False),
        (CohortState.CLOSED, False),
    ],
)
def test_sheet_is_open_while_scores_may_be_entered(cohort, scored, state, is_open):
    scored("Алиев")
    cohort.state = state
    assert read_sheet(cohort).is_open is is_open


def test_fingerprint_changes_with_points_and_people_and_nothing_else(cohort, scored):
    enrolment = scored("Алиев")
    before = read_sheet(cohort).fingerprint
    with translation.override("ru"):
        assert read_sheet(cohort).fingerprint == before
    Score.objects.filter(attempt__enrolment=enrolment, criterion__code="theory").update(points=17)
    changed = read_sheet(cohort).fingerprint
    scored("Бекенов")
    assert len({before, changed, read_sheet(cohort).fingerprint}) == 3


def test_read_mark_equals_the_row(cohort, scored):
    for surname, points in (("Алиев", "good"), ("Бекенов", "incomplete"), ("Ғабитов", None)):
        scored(surname, points)
    rows = read_sheet(cohort).rows
    assert [read_mark(cohort, row.attempt) for row in rows] == [row.mark for row in rows]


@pytest.mark.parametrize("people", [1, 50])
def test_sheet_costs_six_queries_for_any_number_of_people(cohort, scored, count_queries, people):
    for i in range(people):
        scored(f"Алиев{i}", "good" if i % 2 == 0 else "incomplete")
    cohort = type(cohort).objects.select_related("rubric").get(pk=cohort.pk)
    with count_queries() as seen:
        assert len(read_sheet(cohort).rows) == people
    assert seen.count == 6
    assert sheets.SCORED == ("enrolled", "completed", "not_passed")


def test_points_given_before_a_defence_was_planned_count_only_once_it_is_settled(
    cohort, scored, trainer, administrator
):
    enrolment = scored("Алиев", "good")
    users = make_examiners(2)
    defence = make_defence(enrolment, by=administrator, users=users)
    (row,) = read_sheet(cohort).rows
    assert (row.mark.total, [c.code for c in row.missing]) == (None, ["project"])
    assert (read_mark(cohort, row.attempt).total, complete_count(cohort), read_sheet(cohort).complete_count) == (
        None,
        0,
        0,
    )
    for user in users:
        give_points(defence=defence, points={"project": 30}, by=user)
    (row,) = read_sheet(cohort).rows
    assert (row.mark.total, read_mark(cohort, row.attempt).total, complete_count(cohort)) == (86, 86, 1)
