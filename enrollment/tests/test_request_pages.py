"""What a listener can ask for, as pages."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.tests import papers
from enrollment.models import EnrolmentState, MovementRequest, OrderKind, RequestState, SupportingPaper, Way
from enrollment.ordering import Listed
from enrollment.requesting import refuse_request
from enrollment.tests.lists import text
from enrollment.tests.movements import another_cohort, ask, fail, order
from tests import factories

pytestmark = pytest.mark.django_db
WAYS = "/my/ways/"


@pytest.fixture(autouse=True)
def _in_the_course():
    with time_machine.travel("2026-09-15T05:00:00+00:00", tick=False):
        yield


@pytest.fixture
def enrolment(listener):
    return listener.enrolments.get()


@pytest.fixture
def mine(sign_in, listener):
    """The listener's browser, in English."""
    return sign_in(listener.user, language="en")


def form_of(enrolment, way):
    return reverse("my_way_ask", args=[enrolment.pk, way])


def paper(name="анықтама.pdf", content=None):
    return SimpleUploadedFile(name, papers.pdf() if content is None else content)


# --- What is open ---------------------------------------------------------------------------------------


def test_page_says_what_is_open_until_when_and_why_not(mine, enrolment):
    page = text(mine.get(WAYS))
    assert "Possible until: 31 December 2026" in page
    assert "May last until: 15 September 2027" in page
    assert "Only who did not pass the final attestation retakes it." in page
    assert form_of(enrolment, "transfer") in page
    assert form_of(enrolment, "retake") not in page


def test_page_of_who_did_not_pass(mine, enrolment, administrator):
    fail(enrolment, by=administrator)
    page = text(mine.get(WAYS))
    assert [form_of(enrolment, way) in page for way in Way.values] == [True, True, True, True, False, False]


def test_page_of_who_has_passed_says_that_nothing_is_left(mine, enrolment, administrator):
    from tests.world import decide

    decide(enrolment, by=administrator)
    page = text(mine.get(WAYS))
    assert "You have passed the final attestation: nothing is left to be asked for." in page
    assert form_of(enrolment, "transfer") not in page


def test_page_says_where_the_course_goes_on(mine, enrolment, administrator, signatory):
    there = another_cohort(enrolment.cohort, "THERE", date(2026, 12, 1))
    asked = ask(enrolment, Way.TRANSFER, by=administrator, cohort=there)
    order(OrderKind.TRANSFER, Listed(enrolment, cohort=there, request=asked), by=administrator)
    page = text(mine.get(WAYS))
    assert "The course goes on in the cohort THERE." in page
    assert form_of(there.enrolments.get(), "deferral") in page


def test_page_before_an_order_is_empty(sign_in, open_cohort):
    user = factories.UserFactory(is_listener=True)
    factories.make_enrolment(cohort=open_cohort, user=user, state=EnrolmentState.ADMITTED)
    assert "You are not enrolled in a cohort yet." in text(sign_in(user, "en").get(WAYS))


def test_page_shows_own_requests_with_their_answers(mine, enrolment, administrator, other_listener):
    asked = ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user)
    refuse_request(request=asked, answer="Мерзімі <b>өтті</b>", by=administrator)
    ask(other_listener.enrolments.get(), Way.WITHDRAWAL, by=administrator)
    page = text(mine.get(WAYS))
    assert page.count("Request:") == 1
    assert ("refused" in page, "Мерзімі &lt;b&gt;өтті&lt;/b&gt;" in page) == (True, True)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_page_opens_in_every_language_and_state(sign_in, edition, language):
    user = factories.UserFactory(is_listener=True)
    listener = factories.ListenerFactory(user=user)
    for number, state in enumerate(EnrolmentState.values):
        if state != EnrolmentState.WAITING:
            cohort = factories.make_cohort(edition=edition, code=f"C-{number}")
            factories.make_enrolment(cohort=cohort, listener=listener, state=state)
    assert sign_in(user, language).get(WAYS).status_code == 200


@pytest.mark.parametrize("many", [1, 3])
def test_page_costs_the_same_for_any_number_of_courses(mine, listener, edition, administrator, many, count_queries):
    ask(listener.enrolments.get(), Way.DEFERRAL, by=administrator)
    for number in range(many - 1):
        cohort = factories.make_cohort(edition=edition, code=f"K-{number}")
        ask(factories.make_enrolment(cohort=cohort, listener=listener), Way.DEFERRAL, by=administrator)
    with count_queries() as seen:
        mine.get(WAYS)
    assert seen.count == 7


# --- Filing ---------------------------------------------------------------------------------------------


def test_transfer_is_filed_with_cohort_and_papers(mine, enrolment):
    there = another_cohort(enrolment.cohort, "THERE", date(2026, 12, 1))
    page = text(mine.get(form_of(enrolment, "transfer")))
    assert "THERE: 01.12.2026 – 19.12.2026, Kazakh, " in page
    assert "Never add an identity card or passport" in page
    values = {"reason": "family", "words": "Көшіп жатырмыз.", "cohort": there.pk}
    response = mine.post(
        form_of(enrolment, "transfer"), values | {"papers": [paper(), paper("b.png", papers.picture("PNG"))]}
    )
    assert (response.status_code, response.url) == (302, WAYS)
    asked = MovementRequest.objects.get()
    assert (asked.way, asked.reason, asked.cohort, asked.papers.count()) == (Way.TRANSFER, "family", there, 2)


def test_forms_ask_for_what_the_way_needs_only(mine, enrolment, administrator):
    shown = {way: list(mine.get(form_of(enrolment, way)).context["form"].fields) for way in ("deferral", "withdrawal")}
    assert shown == {"deferral": ["reason", "words", "until", "papers"], "withdrawal": ["words", "papers"]}
    fail(enrolment, by=administrator)
    shown = {way: list(mine.get(form_of(enrolment, way)).context["form"].fields) for way in ("retake", "next_cohort")}
    assert shown == {"retake": ["words", "papers"], "next_cohort": ["words", "cohort", "papers"]}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"reason": ""}, "This field is required."),
        ({"reason": "weather"}, "Select a valid choice"),
        ({"words": ""}, "Explain the reason in a few words."),
        ({"words": "\x00"}, "Null characters"),
        ({"words": "я" * 2001}, "at most 2000"),
        ({"until": "2026-09-15"}, "lasts beyond today and until 15.09.2027 at the latest"),
        ({"until": "9999-99-99"}, "valid date"),
        ({"papers": ""}, "Add a paper that supports the request"),
        ({"papers": b"MZ program"}, "Only PDF, JPEG and PNG files are taken"),
        ({"papers": b""}, "Add a paper that supports the request"),
    ],
)
def test_form_refuses_in_words(mine, enrolment, wrong, sentence):
    values = {"reason": "illness", "words": "Ауруханада", "until": "2026-12-01", "papers": papers.pdf()} | wrong
    if isinstance(values["papers"], bytes) and values["papers"]:
        values["papers"] = paper(content=values["papers"])
    response = mine.post(form_of(enrolment, "deferral"), values)
    assert response.status_code == 422
    assert sentence in text(response)
    assert MovementRequest.objects.count() == 0


@pytest.mark.parametrize("unknown", ["9" * 40, "x", "\x00", "-1"])
def test_form_refuses_a_cohort_that_was_not_offered(mine, enrolment, unknown):
    values = {"reason": "illness", "words": "Ауруханада", "cohort": unknown}
    response = mine.post(form_of(enrolment, "transfer"), values)
    assert response.status_code == 422
    assert response.context["form"].errors["cohort"]


def test_closed_way_and_second_request_are_refused_in_words(mine, enrolment):
    for response in (mine.get(form_of(enrolment, "retake")), mine.post(form_of(enrolment, "retake"))):
        assert response.status_code == 422
        assert "Only who did not pass the final attestation retakes it." in text(response)
    assert mine.post(form_of(enrolment, "withdrawal"), {}).status_code == 302
    response = mine.post(form_of(enrolment, "withdrawal"), {"words": "тағы"})
    assert response.status_code == 409
    assert "There is an open request already" in text(response)
    assert form_of(enrolment, "transfer") not in text(mine.get(WAYS))


def test_pages_know_their_methods_and_objects(mine, enrolment, other_listener, administrator):
    other = ask(other_listener.enrolments.get(), Way.WITHDRAWAL, by=administrator)
    assert mine.get(form_of(enrolment, "holiday")).status_code == 404
    assert mine.get(form_of(other_listener.enrolments.get(), "transfer")).status_code == 404
    assert mine.put(form_of(enrolment, "transfer")).status_code == 405
    for name in ("my_request_papers", "my_request_take_back"):
        assert mine.post(reverse(name, args=[other.pk])).status_code == 404
    assert mine.get(reverse("my_request_take_back", args=[other.pk])).status_code == 405


def test_administrator_who_learns_too_files_own_requests_only(sign_in, administrator, enrolment):
    administrator.is_listener = True
    administrator.save()
    assert sign_in(administrator).get(form_of(enrolment, "transfer")).status_code == 404


# --- Papers, and taking back ----------------------------------------------------------------------------


def test_papers_are_added_and_named_but_not_shown(mine, enrolment):
    asked = ask(enrolment, Way.TRANSFER, by=enrolment.listener.user)
    address = reverse("my_request_papers", args=[asked.pk])
    assert mine.post(address, {"papers": [paper("ЖСН 850115 100019.pdf")]}).status_code == 302
    page = text(mine.get(address))
    assert ("ЖСН ….pdf" in page, "850115" in page, SupportingPaper.objects.get().file.name in page) == (
        True,
        False,
        False,
    )
    response = mine.post(address, {"papers": [paper(content=b"<html>")]})
    assert (response.status_code, "none of them" in text(response)) == (422, True)
    assert mine.post(address, {}).status_code == 422
    six = [paper(f"{n}.pdf", papers.pdf(n + 1)) for n in range(6)]
    assert "At most 5 papers" in text(mine.post(address, {"papers": six}))


def test_more_files_than_any_form_takes_are_refused(mine, enrolment):
    asked = ask(enrolment, Way.TRANSFER, by=enrolment.listener.user)
    many = [paper(f"{n}.pdf", b"%PDF-") for n in range(11)]
    assert mine.post(reverse("my_request_papers", args=[asked.pk]), {"papers": many}).status_code == 400


def test_listener_does_not_download_papers(mine, enrolment):
    asked = ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user)
    assert mine.get(reverse("admin:enrollment_request_paper", args=[asked.papers.get().pk])).status_code == 403


def test_request_is_taken_back(mine, enrolment, administrator):
    asked = ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user)
    assert mine.post(reverse("my_request_take_back", args=[asked.pk])).status_code == 302
    asked.refresh_from_db()
    assert asked.state == RequestState.TAKEN_BACK
    decided = ask(enrolment, Way.WITHDRAWAL, by=enrolment.listener.user)
    refuse_request(request=decided, answer="жоқ", by=administrator)
    response = mine.post(reverse("my_request_take_back", args=[decided.pk]))
    assert (response.status_code, "decided already" in text(response)) == (422, True)
