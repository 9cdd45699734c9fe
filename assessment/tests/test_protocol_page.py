"""The administrators' page of a cohort's protocols."""

import pytest
from django.urls import reverse

from assessment.models import Outcome, Protocol, Score
from assessment.sheet import read_sheet
from enrollment.models import CohortState
from tests.factories import close_protocol

pytestmark = pytest.mark.usefixtures("after_the_course")


@pytest.fixture
def address(cohort):  # type: ignore[no-untyped-def]
    return reverse("admin:assessment_cohort_protocol", args=[cohort.pk])


@pytest.fixture
def page(sign_in, administrator, address):  # type: ignore[no-untyped-def]
    """`page()` is what the administrator sees now."""

    def do():  # type: ignore[no-untyped-def]
        return sign_in(administrator, "en").get(address).content.decode()

    return do


@pytest.fixture
def post(sign_in, administrator, address, cohort):  # type: ignore[no-untyped-def]
    """`post()` confirms what stands now; other fields replace or add to it."""

    def do(user=administrator, **fields):  # type: ignore[no-untyped-def]
        seen = read_sheet(cohort).fingerprint
        form = {"held_on": "2026-09-25", "confirmed": "on", "seen": seen} | fields
        return sign_in(user, "en").post(address, {k: v for k, v in form.items() if v is not None})

    return do


def test_page_has_the_fixed_address(address, cohort):
    assert address == f"/admin/assessment/protocol/cohort/{cohort.pk}/"


def test_page_shows_incomplete_people_on_top_with_a_reason_field(page, scored):
    scored("Әлімов", "good")
    waiting = scored("Бекенов", "incomplete")
    shown = page()
    assert "Points are missing: 1" in shown
    assert f'name="reason_{waiting.pk}"' in shown
    assert shown.index("Бекенов Айбек") < shown.index("Әлімов Айбек")
    assert "cases, project" in shown


def test_page_without_anybody_complete_offers_no_closing(page, scored):
    scored("Бекенов", None)
    assert "Close the protocol" not in page()


def test_page_of_a_cohort_that_still_runs_says_why_not(page, cohort, scored):
    scored("Әлімов", "good")
    type(cohort).objects.update(state=CohortState.RUNNING)
    shown = page()
    assert "A protocol is closed while the cohort is in its final assessment; this one is: running." in shown
    assert "<form" not in shown.split('class="protocol-page"')[1]


def test_page_of_an_empty_cohort_says_so(page):
    assert "there is nobody to decide on" in page()


def test_post_closes_and_shows_the_protocol_with_the_way_to_its_documents(post, page, address, scored):
    scored("Әлімов", "good")
    waiting = scored("Бекенов", "incomplete")
    response = post(**{f"reason_{waiting.pk}": "ауырып қалды"})
    assert (response.status_code, response.url) == (302, address)
    protocol = Protocol.objects.get()
    assert (protocol.state, Outcome.objects.count()) == ("closed", 1)
    shown = page()
    assert "Protocol No 1 is closed." in shown
    assert "Бекенов Айбек: ауырып қалды" in shown
    assert reverse("admin:assessment_protocol_change", args=[protocol.pk]) in shown


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"confirmed": None}, "Please confirm that you have checked the points."),
        ({"held_on": ""}, "This field is required."),
        ({"held_on": "32.13.2026"}, "Enter a valid date."),
        ({"held_on": "2026-12-01"}, "lies in the future"),
        ({"held_on": "2026-01-01"}, "lies before the cohort&#x27;s first day"),
    ],
)
def test_post_with_a_wrong_field_is_refused_in_words(post, scored, fields, sentence):
    scored("Әлімов", "good")
    response = post(**fields)
    assert (response.status_code, sentence in response.content.decode(), Protocol.objects.count()) == (422, True, 0)


def test_post_with_somebody_incomplete_names_them(post, scored):
    scored("Әлімов", "good")
    scored("Бекенов", "incomplete")
    response = post()
    assert response.status_code == 422
    assert "Points are missing for: Бекенов Айбек." in response.content.decode()


def test_post_with_an_endless_reason_is_refused_at_the_field(post, scored):
    scored("Әлімов", "good")
    waiting = scored("Бекенов", "incomplete")
    response = post(**{f"reason_{waiting.pk}": "а" * 301})
    assert (response.status_code, Protocol.objects.count()) == (422, 0)


def test_post_of_points_that_changed_meanwhile_shows_the_new_ones_and_then_closes(post, cohort, scored):
    enrolment = scored("Әлімов", "good")
    seen = read_sheet(cohort).fingerprint
    Score.objects.filter(attempt__enrolment=enrolment, criterion__code="theory").update(points=17)
    response = post(seen=seen)
    shown = response.content.decode()
    assert (response.status_code, Protocol.objects.count()) == (409, 0)
    assert "Points were changed after this page was opened" in shown
    fresh = shown.split('name="seen" value="')[1].split('"')[0]
    assert post(seen=fresh).status_code == 302


def test_post_after_another_administrator_closed_says_so_and_shows_the_protocol(post, cohort, administrator, scored):
    scored("Әлімов", "good")
    seen = read_sheet(cohort).fingerprint
    close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out={}, by=administrator)
    response = post(seen=seen)
    shown = response.content.decode()
    assert (response.status_code, Protocol.objects.count()) == (422, 1)
    assert "Protocol No 1 is closed already" in shown
    assert "Әлімов Айбек" in shown


@pytest.mark.parametrize("who", ["trainer", "listener"])
def test_page_is_closed_to_others(request, sign_in, address, post, scored, who):
    scored("Әлімов", "good")
    person = request.getfixturevalue(who)
    user = getattr(person, "user", person)
    assert (sign_in(user).get(address).status_code, post(user=user).status_code) == (403, 403)
    assert Protocol.objects.count() == 0


@pytest.mark.parametrize("pk", [0, 10**6, 2**70])
def test_page_of_a_cohort_that_is_not_there_is_not_found(sign_in, administrator, pk):
    assert sign_in(administrator).get(f"/admin/assessment/protocol/cohort/{pk}/").status_code == 404


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("people", [1, 3, 50])
def test_page_costs_the_same_queries_for_any_number_of_people(
    sign_in, administrator, cohort, address, scored, count_queries, people, closed
):
    for i in range(people):
        scored(f"Әлімов{i}", "good")
    if closed:
        close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out={}, by=administrator)
    client = sign_in(administrator)
    with count_queries() as seen:
        assert client.get(address).status_code == 200
    assert seen.count == (10 if closed else 11)
