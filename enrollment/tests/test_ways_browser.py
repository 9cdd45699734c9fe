"""A listener on a telephone: sees what is open, files a request with a paper by keyboard, takes it back."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from core.tests import papers
from enrollment.models import MovementRequest, RequestState
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def enrolment(edition, trainer):
    """Somebody whose course runs today."""
    today = timezone.localdate()
    cohort = factories.make_cohort(
        edition=edition, trainers=[trainer], state="running", starts_on=today, ends_on=today + timedelta(days=18)
    )
    user = factories.UserFactory(full_name="Қасымова Әсел", is_listener=True)
    return factories.make_enrolment(cohort=cohort, user=user)


@pytest.mark.parametrize("width", [390, 1280])
def test_listener_files_a_deferral_by_keyboard_and_takes_it_back(browser_context_for, enrolment, width, tmp_path):
    paper = tmp_path / "анықтама.pdf"
    paper.write_bytes(papers.pdf())
    page = browser_context_for(enrolment.listener.user, "en", width).new_page()
    page.goto("/my/ways/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("link", name="Write a request: deferral").press("Enter")
    page.get_by_label("Reason").focus()
    page.keyboard.type("illness")
    page.keyboard.press("Tab")
    page.keyboard.type("Ауруханада жатырмын.")
    page.get_by_label("Until when the course is to be deferred").fill(
        (timezone.localdate() + timedelta(days=60)).isoformat()
    )
    page.get_by_label("Supporting papers").set_input_files(paper)
    page.get_by_role("button", name="File the request").press("Enter")
    expect(page.get_by_role("heading", name="Request: deferral filed")).to_be_visible()
    expect(page.get_by_text("анықтама.pdf")).to_be_visible()
    expect(page.get_by_role("link", name="Write a request")).to_have_count(0)
    assert MovementRequest.objects.get().papers.count() == 1
    page.get_by_role("button", name="Take the request back").press("Enter")
    expect(page.get_by_text("Your request is taken back and its papers are erased.")).to_be_visible()
    asked = MovementRequest.objects.get()
    assert (asked.state, asked.papers.count()) == (RequestState.TAKEN_BACK, 0)


def test_form_that_is_refused_says_so_beside_the_field(browser_context_for, enrolment, tmp_path):
    program = tmp_path / "анықтама.pdf"
    program.write_bytes(b"MZ\x90\x00" + bytes(500))
    page = browser_context_for(enrolment.listener.user, "en", 390).new_page()
    page.goto(f"/my/ways/{enrolment.pk}/withdrawal/")
    page.get_by_label("Supporting papers").set_input_files(program)
    page.get_by_role("button", name="File the request").click()
    expect(page.get_by_text("“анықтама.pdf”: Only PDF, JPEG and PNG files are taken")).to_be_visible()
    expect(page.get_by_text("choose them again")).to_be_visible()
    assert MovementRequest.objects.count() == 0
