"""Many cells at once, a comment, and what was in a cell before."""

import json

import pytest
from django.urls import reverse

from assessment.models import Attempt, Score
from assessment.scoring import Entry, ScoreChanged, comment_score, save_cells, save_score
from assessment.sheet import read_sheet
from assessment.tests.defending import make_defence, make_examiners
from core.errors import Refused
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_the_course")]


@pytest.fixture
def post(sign_in, trainer, cohort):  # type: ignore[no-untyped-def]
    """`post([...], why)` sends a block as the sheet does."""

    def do(entries, why="", user=trainer):  # type: ignore[no-untyped-def]
        path = reverse("score_save_many", args=[cohort.pk])
        return sign_in(user, "en").post(path, json.dumps({"entries": entries, "why": why}), "application/json")

    return do


def entry(enrolment, criterion, points, version=0):  # type: ignore[no-untyped-def]
    return {"enrolment": enrolment.pk, "criterion": criterion.pk, "points": points, "version": version}


def test_block_is_saved_and_each_cell_answered_in_its_place(post, scored, criteria):
    first, second = scored("Әлімов", None), scored("Бекенов", None)
    sent = [entry(e, c, 5) for e in (first, second) for c in criteria] + [entry(first, criteria[0], 99)]
    answer = post(sent, "pasted block").json()
    assert [one["status"] for one in answer["results"]] == [200] * 10 + [422]
    assert (answer["results"][4]["total"], answer["complete_count"]) == (25, 2)
    assert set(Score.history.values_list("history_change_reason", flat=True)) == {"pasted block"}
    assert set(Attempt.objects.values_list("state", flat=True)) == {"submitted"}


def test_block_sent_twice_changes_nothing_more(post, scored, criteria):
    enrolment = scored("Әлімов", None)
    sent = [entry(enrolment, criterion, 5) for criterion in criteria]
    post(sent)
    assert {one["status"] for one in post(sent).json()["results"]} == {200}
    assert set(Score.objects.values_list("version", flat=True)) == {1}
    assert Score.history.count() == 5


def test_block_overwrites_nothing_that_somebody_changed(post, scored, criteria, cohort, other_trainer):
    enrolment = scored("Әлімов", None)
    cohort.trainers.add(other_trainer)
    save_score(enrolment=enrolment, criterion=criteria[0], points=7, version=0, by=other_trainer)
    answer = post([entry(enrolment, criteria[0], 9), entry(enrolment, criteria[1], 9)]).json()["results"]
    assert [one["status"] for one in answer] == [409, 200]
    assert (answer[0]["theirs"]["points"], Score.objects.get(criterion=criteria[0]).points) == (7, 7)


def test_block_of_another_cohort_or_a_closed_row_is_refused_for_those_cells_only(
    post, scored, criteria, other_listener
):
    mine, foreign = scored("Әлімов", None), other_listener.enrolments.get()
    answer = post([entry(foreign, criteria[0], 5), entry(mine, criteria[0], 5)]).json()["results"]
    assert [one["status"] for one in answer] == [404, 200]
    type(mine).objects.filter(pk=mine.pk).update(state="withdrawn")
    assert [one["status"] for one in post([entry(mine, criteria[0], 6, 1)]).json()["results"]] == [422]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"entries": []}', b'{"entries": [1]}', b'{"entries": "x"}'])
def test_what_is_no_block_is_refused(sign_in, trainer, cohort, body):
    response = sign_in(trainer, "en").post(reverse("score_save_many", args=[cohort.pk]), body, "application/json")
    assert response.status_code == 400


def test_block_of_more_than_a_thousand_cells_is_refused(post, scored, criteria):
    assert post([entry(scored("Әлімов", None), criteria[0], 5)] * 1001).status_code == 400


def test_comment_raises_the_version_and_keeps_the_points(scored, criteria, trainer):
    enrolment = scored("Әлімов", "good")
    place = {"enrolment": enrolment, "criterion": criteria[0], "by": trainer}
    written = comment_score(comment="  Кейсті  қайта қарау ", version=1, **place)
    assert (written.comment, written.points, written.version) == ("Кейсті қайта қарау", 18, 2)
    assert comment_score(comment="Кейсті қайта қарау", version=1, **place).version == 2
    with pytest.raises(ScoreChanged):
        comment_score(comment="Басқа", version=1, **place)
    with pytest.raises(ScoreChanged):
        save_score(points=3, version=1, **place)
    with pytest.raises(Refused, match="longer than 500"):
        comment_score(comment="а" * 501, version=2, **place)


def test_comment_on_an_empty_cell_gives_no_points(scored, criteria, trainer, cohort):
    enrolment = scored("Әлімов", None)
    comment_score(enrolment=enrolment, criterion=criteria[0], comment="Жұмыс жоқ", version=0, by=trainer)
    row = read_sheet(cohort).rows[0]
    assert (row.cells[0].points, row.cells[0].comment, row.has_nothing) == (None, "Жұмыс жоқ", True)


def test_history_says_who_when_from_to_and_why(scored, criteria, trainer, sign_in, cohort):
    enrolment = scored("Әлімов", None)
    place = {"enrolment": enrolment, "criterion": criteria[0], "by": trainer}
    save_score(points=18, version=0, **place)
    save_score(points=15, version=1, why="Қайта саналды", **place)
    comment_score(comment="Тексерілді", version=2, **place)
    path = reverse("score_history", args=[cohort.pk, enrolment.pk, criteria[0].pk])
    steps = sign_in(trainer, "en").get(path).json()["steps"]
    assert [(s["from"], s["to"], s["why"], s["comment"], s["who"]) for s in steps] == [
        (15, 15, "", "Тексерілді", str(trainer)),
        (18, 15, "Қайта саналды", None, str(trainer)),
        (None, 18, "", "", str(trainer)),
    ]


def test_cells_of_the_commission_are_shown_and_not_written(post, scored, criteria, administrator, cohort, trainer):
    enrolment = scored("Әлімов", None)
    make_defence(enrolment, by=administrator, users=make_examiners(2))
    project = next(criterion for criterion in criteria if criterion.at_defence)
    assert [cell.by_commission for cell in read_sheet(cohort).rows[0].cells] == [False, False, False, True, False]
    (answer,) = post([entry(enrolment, project, 20)]).json()["results"]
    assert (answer["status"], "judged by the commission" in answer["error"]) == (422, True)


@pytest.mark.parametrize("many", [1, 5])
def test_cells_of_one_listener_cost_few_queries(scored, criteria, trainer, count_queries, many):
    enrolment = scored("Әлімов", None)
    save_score(enrolment=enrolment, criterion=criteria[0], points=1, version=0, by=trainer)
    entries = [Entry(c, 5, 1 if c == criteria[0] else 0) for c in criteria[:many]]
    with count_queries() as seen:
        save_cells(enrolment=enrolment, entries=entries, by=trainer)
    assert seen.count <= 9 + 4 * many
    assert factories.CRITERIA[0] == ("theory", 20)
