"""The score sheet's page and its JSON."""

import json

import pytest
from django.urls import reverse

from assessment.models import Attempt, Score
from assessment.scoring import save_score
from enrollment.models import CohortState
from tests import factories
from tests.factories import close_protocol


@pytest.fixture
def address(cohort):  # type: ignore[no-untyped-def]
    return lambda name: reverse(name, args=[cohort.pk])


@pytest.fixture
def post(sign_in, trainer, enrolment, criteria, address):  # type: ignore[no-untyped-def]
    """`post(points=18)` sends the first criterion of the listener as seen empty; other values replace these."""

    def do(user=trainer, client=None, **entry):  # type: ignore[no-untyped-def]
        entry = {"enrolment": enrolment.pk, "criterion": criteria[0].pk, "points": 18, "version": 0} | entry
        client = client or sign_in(user, "en")
        return client.post(address("score_save"), json.dumps(entry), content_type="application/json")

    return do


def test_score_sheet_of_the_trainer_shows_everybody_with_their_points(sign_in, trainer, address, scored):
    scored("Әлімов", "good")
    scored("Бекенов", "incomplete")
    response = sign_in(trainer, "en").get(address("score_sheet"))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Complete: 1 of 2" in page
    assert "Әлімов Айбек, theory, 0 to 20" in page
    assert "missing: 2" in page
    assert "<noscript>" in page


def test_score_sheet_without_anybody_says_so(sign_in, trainer, address):
    assert "Nobody is enrolled" in sign_in(trainer, "en").get(address("score_sheet")).content.decode()


def test_score_sheet_of_a_closed_cohort_is_read_only(sign_in, trainer, cohort, address, scored):
    scored("Әлімов", "good")
    type(cohort).objects.update(state=CohortState.CLOSED)
    page = sign_in(trainer, "en").get(address("score_sheet")).content.decode()
    assert "Scores are entered while the cohort is running" in page
    assert 'class="sheet-input"' not in page


def test_score_sheet_of_a_decided_row_shows_the_outcome_and_no_field(
    sign_in, trainer, administrator, cohort, address, scored, after_the_course
):
    scored("Әлімов", "good")
    waiting = scored("Бекенов", "incomplete")
    close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out={waiting.pk: "ауырды"}, by=administrator)
    page = sign_in(trainer, "en").get(address("score_sheet")).content.decode()
    assert "protocol No 1" in page
    assert page.count('class="sheet-input"') == 5


@pytest.mark.parametrize("name", ["score_sheet", "score_changes"])
def test_score_pages_of_another_trainer_are_not_found(sign_in, other_trainer, address, name):
    assert sign_in(other_trainer).get(address(name)).status_code == 404


def test_score_sheet_of_a_course_the_trainer_only_attends_is_not_found(sign_in, listener, address):
    listener.user.is_trainer = True
    listener.user.save()
    assert sign_in(listener.user).get(address("score_sheet")).status_code == 404


@pytest.mark.parametrize("name", ["score_sheet", "score_changes"])
def test_score_pages_are_closed_to_administrators_and_listeners(sign_in, administrator, listener, address, name):
    assert [sign_in(user).get(address(name)).status_code for user in (administrator, listener.user)] == [403, 403]


def test_score_save_answers_with_what_stands_now(post, enrolment):
    response = post(points=18)
    assert (response.status_code, response.json()) == (
        200,
        {
            "points": 18,
            "comment": "",
            "version": 1,
            "total": None,
            "band": None,
            "missing": ["cases", "analysis", "project", "reflection"],
            "complete_count": 0,
        },
    )
    assert Score.objects.get(attempt__enrolment=enrolment).points == 18


def test_score_save_of_the_last_criterion_answers_with_total_and_band(post, criteria):
    for criterion, points in zip(criteria, [18, 20, 10, 25, 8], strict=True):
        response = post(criterion=criterion.pk, points=points)
    assert response.json() == {
        "points": 8,
        "comment": "",
        "version": 1,
        "total": 81,
        "band": "good",
        "missing": [],
        "complete_count": 1,
    }


def test_score_save_empty_answers_with_nothing(post):
    assert post(points=None).json()["version"] == 0
    assert Attempt.objects.count() == 0


@pytest.mark.parametrize("points", [21, -1, 20.5, "20", True, {"a": 1}])
def test_score_save_out_of_range_is_refused_in_words(post, points):
    response = post(points=points)
    assert (response.status_code, response.json()) == (
        422,
        {"error": "“theory criterion”: only a whole number from 0 to 20."},
    )
    assert Score.objects.count() == 0


def test_score_save_of_a_changed_cell_shows_theirs(post, cohort, enrolment, criteria, other_trainer, after_the_course):
    cohort.trainers.add(other_trainer)
    theirs = save_score(enrolment=enrolment, criterion=criteria[0], points=15, version=0, by=other_trainer)
    response = post(points=18)
    assert response.status_code == 409
    assert response.json() == {
        "error": "“theory criterion” was changed in the meantime by Басқаев Берік.",
        "theirs": {
            "points": 15,
            "version": 1,
            "by": "Басқаев Берік",
            "at": theirs.entered_at.isoformat(),
            "when": response.json()["theirs"]["when"],
        },
    }
    assert "10:00" in response.json()["theirs"]["when"]
    assert Score.objects.get().points == 15


def test_score_save_of_a_cell_that_was_never_written_but_seen_is_refused(post):
    response = post(version=4)
    assert (response.status_code, response.json()["theirs"]) == (
        409,
        {"points": None, "version": 0, "by": "", "at": None, "when": None},
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"18",
        b"{}",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"enrolment": ' + b"9" * 5000 + b"}",
        b'{"enrolment": "1", "criterion": 1, "points": 1, "version": 0}',
        b'{"enrolment": 1, "criterion": "theory\\u0000", "points": 1, "version": 0}',
        b'{"enrolment": 1, "criterion": null, "points": 1, "version": 0}',
        b'{"enrolment": 1, "criterion": 1, "points": 1}',
    ],
)
def test_score_save_unreadable_body_is_a_sentence(sign_in, trainer, address, body):
    response = sign_in(trainer, "en").post(address("score_save"), body, content_type="application/json")
    assert (response.status_code, response.json()) == (
        400,
        {"error": "The entry could not be read. Please open the page again."},
    )


@pytest.mark.parametrize("entry", [{"enrolment": 0}, {"enrolment": 2**70}, {"criterion": 0}, {"criterion": 2**70}])
def test_score_save_of_something_that_is_not_there_is_not_found(post, entry):
    assert post(**entry).status_code == 404


def test_score_save_of_a_listener_of_another_cohort_is_not_found(post, other_listener):
    assert post(enrolment=other_listener.enrolments.get().pk).status_code == 404


def test_score_save_by_another_trainer_is_not_found_and_by_others_refused(post, other_trainer, administrator, listener):
    assert [post(user=u).status_code for u in (other_trainer, administrator, listener.user)] == [404, 403, 403]
    assert Score.objects.count() == 0


def test_score_save_in_a_huge_cohort_number_is_not_found(sign_in, trainer):
    response = sign_in(trainer).post(f"/trainer/cohorts/{2**70}/scores/save/", b"{}", content_type="application/json")
    assert response.status_code == 404


def test_score_save_by_get_is_not_a_method(sign_in, trainer, address):
    assert sign_in(trainer).get(address("score_save")).status_code == 405


def test_score_save_without_the_token_is_refused(address, trainer, enrolment, criteria):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(trainer)
    body = json.dumps({"enrolment": enrolment.pk, "criterion": criteria[0].pk, "points": 1, "version": 0})
    assert client.post(address("score_save"), body, content_type="application/json").status_code == 403
    assert Score.objects.count() == 0


def test_score_changes_lists_every_written_cell(sign_in, trainer, cohort, enrolment, criteria, other_trainer, address):
    cohort.trainers.add(other_trainer)
    save_score(enrolment=enrolment, criterion=criteria[1], points=15, version=0, by=other_trainer)
    response = sign_in(trainer).get(address("score_changes"))
    assert response.json() == {
        "cells": [[enrolment.pk, criteria[1].pk, 15, 1, other_trainer.pk]],
        "authors": {str(other_trainer.pk): "Басқаев Берік"},
        "open": [enrolment.pk],
        "closed": [],
    }
    assert "no-store" in response.headers["Cache-Control"]


def test_score_changes_says_which_rows_are_closed(
    sign_in, trainer, administrator, cohort, address, scored, after_the_course
):
    decided, waiting = scored("Әлімов", "good"), scored("Бекенов", None)
    close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out={waiting.pk: "ауырды"}, by=administrator)
    rows = sign_in(trainer).get(address("score_changes")).json()
    assert (rows["open"], rows["closed"]) == ([waiting.pk], [decided.pk])


@pytest.mark.parametrize("name", ["score_sheet", "score_changes"])
@pytest.mark.parametrize("people", [1, 3, 50])
def test_score_pages_cost_the_same_queries_for_any_number_of_people(
    sign_in, trainer, address, scored, count_queries, name, people
):
    for i in range(people):
        scored(f"Әлімов{i}", "good" if i % 2 == 0 else "incomplete")
    client = sign_in(trainer)
    with count_queries() as seen:
        assert client.get(address(name)).status_code == 200
    assert seen.count == (10 if name == "score_sheet" else 9)


@pytest.mark.parametrize("people", [1, 50])
def test_score_save_costs_the_same_queries_for_any_number_of_people(
    post, sign_in, enrolment, criteria, trainer, scored, count_queries, people
):
    for i in range(people - 1):
        scored(f"Әлімов{i}")
    factories.make_scores(enrolment, [1, 1, None, None, None], by=trainer)
    client = sign_in(trainer)
    with count_queries() as seen:
        assert post(client=client, criterion=criteria[0].pk, points=2, version=1).status_code == 200
    assert seen.count == 20
