"""A trainer answers five works by keyboard alone, without going back to the list; words survive a lost connection."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from assessment.comment_templates import keep_template
from assessment.models import CommentTemplate, Feedback, Submission
from assessment.tests.working import make_assignment, make_version
from assessment.work_queue import waiting
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    call_command("build_assets")


@pytest.fixture
def works(cohort, trainer):
    task = make_assignment(cohort, by=trainer)
    people = [factories.make_enrolment(cohort=cohort, user=factories.UserFactory(is_listener=True)) for _ in range(5)]
    return [make_version(one, assignment=task).submission for one in people]


def tab_to(page, focused):  # type: ignore[no-untyped-def]
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches(`" + focused + "`)"):
            return
    pytest.fail(f"{focused} is not reached by Tab")


def test_five_works_are_answered_by_keyboard_alone(browser_context_for, works, trainer):
    keep_template(template=CommentTemplate(title="Дереккөз", words="Дереккөзін көрсетіңіз."), by=trainer)
    page = browser_context_for(trainer, "en", 1280).new_page()
    page.goto("/trainer/queue/")
    tab_to(page, "main .work-ways a.btn-primary")
    page.keyboard.press("Enter")
    for number in range(1, 6):
        expect(page.locator(".queue-ways")).to_contain_text(f"1 / {6 - number}")
        tab_to(page, "[name=insert]")
        page.keyboard.press("Enter")
        expect(page.get_by_label("Your answer")).to_be_focused()
        page.keyboard.type(f" Пікір {number}")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        tab_to(page, "#answer-form button.btn-primary")
        page.keyboard.press("Enter")
        expect(page.locator(".alert-success")).to_be_visible()
    expect(page.get_by_text("Everything is answered.")).to_be_visible()
    assert list(waiting(trainer)) == []
    assert sorted(Feedback.objects.values_list("words", flat=True)) == [
        f"Дереккөзін көрсетіңіз. Пікір {number}" for number in range(1, 6)
    ]
    assert set(Submission.objects.values_list("state", flat=True)) == {"accepted"}


def test_written_words_outlive_a_lost_connection_on_a_phone(browser_context_for, works, trainer):
    context = browser_context_for(trainer, "en", 390)
    page = context.new_page()
    address = f"/trainer/queue/{works[0].pk}/"
    page.goto(address)
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_label("Your answer").fill("Ұзақ пікір")
    page.get_by_label("Accept").check()
    context.set_offline(True)
    page.locator("#answer-form button.btn-primary").click()
    page.wait_for_url("chrome-error://**")
    context.set_offline(False)
    page.goto(address)
    expect(page.get_by_label("Your answer")).to_have_value("Ұзақ пікір")
    page.get_by_label("Accept").check()
    page.get_by_label("Your answer").press("Control+Enter")
    expect(page.locator(".alert-success")).to_be_visible()
    assert Feedback.objects.get().words == "Ұзақ пікір"
    page.goto(address)
    expect(page.get_by_label("Your answer")).to_have_value("")
