"""The registers in the admin panel: to read, never to write."""

import pytest
from django.urls import reverse

from assessment.examining import give_points, judged_criteria
from assessment.models import Attempt, Outcome, Protocol, Score, Sitting
from assessment.scoring import save_score
from assessment.sittings import place
from assessment.tests.defending import make_examiners, make_sitting
from tests import factories
from tests.factories import close_protocol

pytestmark = pytest.mark.usefixtures("after_the_course")
MODELS = [Attempt, Score, Protocol, Outcome]


def address(model, page, *args):  # type: ignore[no-untyped-def]
    return reverse(f"admin:assessment_{model._meta.model_name}_{page}", args=args)


@pytest.fixture
def closed(cohort, scored, administrator):  # type: ignore[no-untyped-def]
    """`closed(3)`: a protocol that decided on three people and left one out."""

    def do(people=1):  # type: ignore[no-untyped-def]
        for i in range(people):
            scored(f"Әлімов{i}", "good")
        ill = cohort.enrolments.filter(listener__surname="Бекенов").first() or scored("Бекенов", None)
        return close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out={ill.pk: "ауырды"}, by=administrator)

    return do


@pytest.mark.parametrize("model", MODELS)
def test_register_and_page_open(sign_in, administrator, closed, model):
    closed()
    client = sign_in(administrator, "en")
    row = model.objects.first()
    for page in (address(model, "changelist"), address(model, "change", row.pk), address(model, "history", row.pk)):
        assert client.get(page).status_code == 200
    assert "Әлімов0 Айбек" in client.get(address(model, "change", row.pk)).content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_register_refuses_adding_changing_and_deleting(sign_in, administrator, closed, model):
    closed()
    client, row = sign_in(administrator), model.objects.first()
    before = list(model.objects.values())
    pages = [address(model, "add"), address(model, "change", row.pk), address(model, "delete", row.pk)]
    assert [client.post(page, {"state": "open", "points": 1}).status_code for page in pages] == [403, 403, 403]
    assert list(model.objects.values()) == before


def test_protocol_page_names_who_was_left_out_and_why(sign_in, administrator, closed):
    page = sign_in(administrator, "en").get(address(Protocol, "change", closed().pk)).content.decode()
    assert "Бекенов Айбек: ауырды" in page


def test_score_history_shows_who_changed_it(sign_in, administrator, enrolment, criteria, trainer):
    score = save_score(enrolment=enrolment, criterion=criteria[0], points=18, version=0, by=trainer)
    save_score(enrolment=enrolment, criterion=criteria[0], points=15, version=1, by=trainer)
    page = sign_in(administrator, "en").get(address(Score, "history", score.pk)).content.decode()
    assert page.count("Тренеров Талғат") == 2


@pytest.mark.parametrize("model", [Attempt, Score, Outcome])
def test_register_search_finds_a_name(sign_in, administrator, closed, model):
    closed()
    page = sign_in(administrator, "en").get(address(model, "changelist"), {"q": "алимов0"}).content.decode()
    assert "Әлімов0 Айбек" in page


@pytest.mark.parametrize("model", MODELS)
def test_register_costs_the_same_queries_for_any_number(sign_in, administrator, closed, count_queries, model):
    client, counted = sign_in(administrator), []
    for people in (1, 3):
        closed(people)
        with count_queries() as seen:
            assert client.get(address(model, "changelist")).status_code == 200
        counted.append(seen.count)
    assert counted[0] == counted[1]


@pytest.mark.parametrize("people", [1, 3])
def test_protocol_page_costs_the_same_queries_for_any_number(sign_in, administrator, closed, count_queries, people):
    page = address(Protocol, "change", closed(people).pk)
    client = sign_in(administrator)
    with count_queries() as seen:
        assert client.get(page).status_code == 200
    assert seen.count == 10


@pytest.mark.usefixtures("after_the_course")
def test_sitting_costs_the_same_queries_for_any_number(sign_in, administrator, cohort, count_queries):
    examiners = make_examiners(2)
    sitting = make_sitting(cohort, by=administrator, users=examiners)
    client, counted = sign_in(administrator), []
    for people in (1, 3):
        enrolments = [factories.make_enrolment(cohort=cohort) for _ in range(people)]
        for defence in place(sitting=sitting, enrolments=enrolments, by=administrator):
            points = {criterion.code: 20 for criterion in judged_criteria(defence)}
            for examiner in examiners:
                give_points(defence=defence, points=points, by=examiner)
        with count_queries() as seen:
            assert client.get(address(Sitting, "change", sitting.pk)).status_code == 200
        counted.append(seen.count)
    assert counted[0] == counted[1]
