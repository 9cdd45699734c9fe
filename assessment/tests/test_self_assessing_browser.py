"""A listener answers the competence checklist on a phone-sized screen by keyboard alone."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import expect

from assessment.models import SelfAssessment
from assessment.tests.self_answering import all_levels
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    call_command("build_assets")


@pytest.fixture
def beginner(edition, trainer):
    """Somebody whose course began yesterday."""
    today = timezone.localdate()
    cohort = factories.make_cohort(
        edition=edition, trainers=[trainer], starts_on=today - timedelta(days=1), ends_on=today + timedelta(days=18)
    )
    return factories.make_enrolment(cohort=cohort, user=factories.UserFactory(is_listener=True))


def test_checklist_is_answered_on_a_phone_by_keyboard_alone(browser_context_for, beginner):
    lines = len(all_levels(beginner))
    page = browser_context_for(beginner.listener.user, "kk", 390).new_page()
    page.goto(f"/my/self-assessment/{beginner.pk}/entry/")
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for number in range(lines):
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.type === 'radio'"):
                break
        for _ in range(number % 5):
            page.keyboard.press("ArrowRight")
        if number % 5 == 0:
            page.keyboard.press("Space")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('button[type=submit].btn-lg')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".alert-success")).to_be_visible()
    expect(page.locator("svg.stat-drawing rect")).to_have_count(lines)
    levels = SelfAssessment.objects.get().levels
    assert [levels[str(place)] for place in range(1, lines + 1)] == [1 + number % 5 for number in range(lines)]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
