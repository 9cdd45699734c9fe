"""Requests in the admin panel: the register, one request, its papers, filing for a listener, the front page."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.private_files import Upload
from core.tests import papers
from enrollment.admin import request_pages
from enrollment.models import MovementRequest, OrderKind, RequestState, Way
from enrollment.ordering import Listed
from enrollment.tests.lists import text
from enrollment.tests.movements import PAPER, another_cohort, ask, order
from tests import factories

pytestmark = pytest.mark.django_db
REGISTER = "admin:enrollment_movementrequest_changelist"


@pytest.fixture(autouse=True)
def _in_the_course():
    with time_machine.travel("2026-09-15T05:00:00+00:00", tick=False):
        yield


@pytest.fixture
def enrolment(listener):
    return listener.enrolments.get()


@pytest.fixture
def asked(enrolment):
    return ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user)


def at(name, pk, *more):
    return reverse(f"admin:enrollment_{name}", args=[pk, *more])


# --- The register and the front page --------------------------------------------------------------------


def test_register_shows_state_and_age(sign_in, administrator, asked):
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        page = text(sign_in(administrator, "en").get(reverse(REGISTER), {"state__exact": "filed"}))
    assert ("Қасымова Әсел Серікқызы" in page, '<td class="field-waits">4</td>' in page) == (True, True)


@pytest.mark.parametrize(
    "query", [{"q": "касымова"}, {"q": "\x00"}, {"state__exact": "\x00"}, {"p": "9" * 30}, {"o": "x"}]
)
def test_register_answers_any_query(admin, asked, query):
    assert admin.get(reverse(REGISTER), query, follow=True).status_code == 200


def test_register_keeps_an_iin_out_of_its_address(admin, asked):
    response = admin.get(reverse(REGISTER), {"q": "850115100019"})
    assert (response.status_code, "850115100019" in response.url) == (302, False)


@pytest.mark.parametrize("many", [1, 3])
def test_register_asks_the_same_number_of_queries(admin, cohort, administrator, many, count_queries):
    for _person in range(many):
        ask(factories.make_enrolment(cohort=cohort), Way.WITHDRAWAL, by=administrator)
    with count_queries() as seen:
        admin.get(reverse(REGISTER))
    assert seen.count == 6


def test_register_prepares_one_order_for_several(admin, asked, cohort, administrator, settings):
    other = ask(factories.make_enrolment(cohort=cohort), Way.WITHDRAWAL, by=administrator)
    decided = ask(factories.make_enrolment(cohort=cohort), Way.WITHDRAWAL, by=administrator)
    MovementRequest.objects.filter(pk=decided.pk).update(state=RequestState.TAKEN_BACK)

    def choose(*requests):
        chosen = {"action": "prepare_order", "_selected_action": [r.pk for r in requests]}
        return admin.post(reverse(REGISTER), chosen, follow=True)

    assert "One order is of one kind" in text(choose(asked, other))
    assert "Choose open requests only." in text(choose(asked, decided))


def test_address_of_the_draft_names_the_requests(asked, enrolment, settings):
    settings.ROOT_URLCONF = "enrollment.tests.urls_with_drafts"
    assert request_pages.draft_address([asked]) == f"/admin/enrollment/order/draft/?request={asked.pk}"


def test_front_page_names_who_waits_the_longest_first(sign_in, asked, cohort, administrator):
    with time_machine.travel(timezone.now() + timedelta(days=10)):
        ask(factories.make_enrolment(cohort=cohort, surname="Өтеген"), Way.WITHDRAWAL, by=administrator)
        page = text(sign_in(administrator, "en").get(reverse("admin:index")))
    assert page.index("Қасымова Әсел Серікқызы: deferral") < page.index("Өтеген")
    assert (page.count('<li class="alarm"><a href="/admin/enrollment/movementrequest/'), "days: 10" in page) == (
        1,
        True,
    )


def test_front_page_without_requests_says_nothing(admin):
    assert "Requests to decide" not in text(admin.get(reverse("admin:index")))


# --- One request ----------------------------------------------------------------------------------------


def test_page_has_what_a_decision_needs(admin, asked, enrolment):
    page = text(admin.get(at("movementrequest_change", asked.pk)))
    for needed in ("Ауруханада жатырмын.", "анықтама.pdf", "illness", "K-2026-1", "May last until", "Possible until"):
        assert needed.lower() in page.lower()
    assert (at("request_refuse", asked.pk) in page, "would be refused" in page) == (True, False)


def test_page_warns_of_what_an_order_would_be_refused_for(admin, sign_in, enrolment, administrator):
    there = another_cohort(enrolment.cohort, "THERE", date(2026, 12, 1))
    moving = ask(enrolment, Way.TRANSFER, by=administrator, cohort=there)
    type(there).objects.filter(pk=there.pk).update(state="cancelled")
    page = text(admin.get(at("movementrequest_change", moving.pk)))
    assert "An order signed today would be refused. The cohort THERE takes no people now." in page
    with time_machine.travel("2027-01-01T05:00:00+00:00", tick=False):
        page = text(sign_in(administrator, "en").get(at("movementrequest_change", moving.pk)))
    assert "would be refused. A transfer is possible within the calendar year only." in page


def test_page_of_a_decided_request_offers_nothing(admin, enrolment, administrator, signatory):
    leaving = ask(enrolment, Way.WITHDRAWAL, by=administrator)
    order(OrderKind.WITHDRAWAL, Listed(enrolment, request=leaving), by=administrator, number="7-қ")
    page = text(admin.get(at("movementrequest_change", leaving.pk)))
    assert ("7-қ" in page, at("request_refuse", leaving.pk) in page) == (True, False)


@pytest.mark.parametrize("many", [1, 3])
def test_page_asks_the_same_number_of_queries(admin, enrolment, administrator, many, count_queries):
    several = [Upload(f"{n}.pdf", papers.pdf(n + 1)) for n in range(many)]
    asked = ask(enrolment, Way.DEFERRAL, by=administrator, papers=several)
    with count_queries() as seen:
        admin.get(at("movementrequest_change", asked.pk))
    assert seen.count == 10


def test_refusal_needs_an_answer(admin, asked):
    assert admin.get(at("request_refuse", asked.pk)).status_code == 200
    response = admin.post(at("request_refuse", asked.pk), {"answer": " "})
    assert (response.status_code, "Write an answer" in text(response)) == (422, True)
    assert admin.post(at("request_refuse", asked.pk), {"answer": "Мерзімі өтті."}).status_code == 302
    asked.refresh_from_db()
    assert (asked.state, asked.answer) == (RequestState.REFUSED, "Мерзімі өтті.")
    response = admin.post(at("request_refuse", asked.pk), {"answer": "Басқа"})
    assert (response.status_code, "decided already" in text(response)) == (422, True)


def test_papers_are_added_and_taken_back_with_the_request(admin, asked, enrolment, administrator):
    more = {"papers": [SimpleUploadedFile("b.jpg", papers.picture())]}
    assert admin.get(at("request_papers", asked.pk)).status_code == 200
    assert admin.post(at("request_papers", asked.pk), more).status_code == 302
    assert asked.papers.count() == 2
    response = admin.post(at("request_take_back", asked.pk))
    assert (response.status_code, "taken back by who filed it" in text(response)) == (422, True)


def test_own_mistake_is_taken_back(admin, enrolment, administrator):
    mistake = ask(enrolment, Way.WITHDRAWAL, by=administrator)
    assert at("request_take_back", mistake.pk) in text(admin.get(at("movementrequest_change", mistake.pk)))
    assert admin.post(at("request_take_back", mistake.pk)).status_code == 302
    mistake.refresh_from_db()
    assert mistake.state == RequestState.TAKEN_BACK


def test_pages_know_their_methods_and_objects(admin, asked):
    assert admin.post(at("movementrequest_change", asked.pk)).status_code == 405
    assert admin.get(at("request_take_back", asked.pk)).status_code == 405
    for pk in ("0", "x", "9" * 40):
        assert admin.get(f"/admin/enrollment/movementrequest/{pk}/change/").status_code == 404
    for name in ("request_refuse", "request_papers", "request_paper", "request_ways"):
        assert admin.get(at(name, 999_999)).status_code == 404
    assert admin.get(reverse("admin:enrollment_movementrequest_changelist") + "add/").status_code in (403, 404)


# --- Downloads ------------------------------------------------------------------------------------------


def test_paper_comes_as_an_attachment_that_is_not_guessed_at(admin, asked):
    response = admin.get(at("request_paper", asked.papers.get().pk))
    assert response.getvalue() == papers.pdf()
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"].startswith("private, no-store")


def test_paper_is_for_administrators_only(sign_in, asked, trainer, other_listener, enrolment):
    address = at("request_paper", asked.papers.get().pk)
    people = (trainer, other_listener.user, enrolment.listener.user)
    assert [sign_in(person).get(address).status_code for person in people] == [403] * 3


def test_lost_paper_is_told_in_words(admin, asked, caplog):
    paper = asked.papers.get()
    default_storage.delete(paper.file.name)
    response = admin.get(at("request_paper", paper.pk))
    assert (response.status_code, "cannot be read now" in text(response)) == (503, True)
    assert paper.name not in caplog.text


# --- Filing for a listener ------------------------------------------------------------------------------


def test_administrator_writes_a_request_down(admin, enrolment, administrator):
    page = text(admin.get(at("request_ways", enrolment.pk)))
    assert (at("request_ask", enrolment.pk, "deferral") in page, at("request_ask", enrolment.pk, "retake") in page) == (
        True, False,
    )  # fmt: skip
    values = {"reason": "illness", "words": "Телефонмен айтты", "until": "2026-12-01"}
    address = at("request_ask", enrolment.pk, "deferral")
    assert admin.post(address, values).status_code == 422
    response = admin.post(address, values | {"papers": [SimpleUploadedFile(PAPER.name, PAPER.content)]})
    asked = MovementRequest.objects.get()
    assert (response.status_code, response.url) == (302, at("movementrequest_change", asked.pk))
    assert (asked.filed_by, asked.until) == (administrator, date(2026, 12, 1))
    assert at("request_ask", enrolment.pk, "transfer") not in text(admin.get(at("request_ways", enrolment.pk)))


def test_closed_way_says_why(admin, enrolment):
    page = text(admin.get(at("request_ask", enrolment.pk, "retake")))
    assert "Only who did not pass the final attestation retakes it." in page
    assert admin.post(at("request_ask", enrolment.pk, "retake")).status_code == 422
    assert admin.get(at("request_ask", enrolment.pk, "holiday")).status_code == 404


def test_people_of_a_cohort_lead_to_their_ways(admin, enrolment):
    page = text(admin.get(reverse("admin:enrollment_cohort_change", args=[enrolment.cohort_id])))
    assert at("request_ways", enrolment.pk) in page


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_pages_open_in_both_languages(sign_in, administrator, asked, language):
    client = sign_in(administrator, language)
    for address in (
        reverse(REGISTER),
        at("movementrequest_change", asked.pk),
        at("request_refuse", asked.pk),
        at("request_papers", asked.pk),
        at("request_ways", asked.enrolment_id),
    ):
        assert client.get(address).status_code == 200
