"""The week in a real Chromium: on a phone, by keyboard alone, with and without script."""

import pytest
from playwright.sync_api import expect

from enrollment.models import Session
from enrollment.timetabling.tests.conftest import at
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_week(browser_context_for, administrator, course):  # type: ignore[no-untyped-def]
    """`open_week()` is the cohort's first week in an administrator's browser."""

    def do(width=390, **options):  # type: ignore[no-untyped-def]
        page = browser_context_for(administrator, "en", width, **options).new_page()
        page.goto(f"/admin/enrollment/cohort/{course.pk}/timetable/?week=2026-09-07")
        return page

    return do


def tab_to(page, name):  # type: ignore[no-untyped-def]
    """Press Tab until the element of this accessible name has the focus."""
    for _n in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate("(document.activeElement.ariaLabel || document.activeElement.innerText || '').trim()")
        if focused.startswith(name):
            return
    raise AssertionError(f"Tab never comes to “{name}”")


def test_session_is_moved_on_a_phone_by_keyboard_alone(open_week, session):
    page = open_week()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    tab_to(page, "Change: № 1, lecture")
    page.keyboard.press("Enter")
    check = page.locator("#check")
    expect(check).to_contain_text("09:00–10:40")
    page.get_by_label("Academic hours").focus()
    page.keyboard.press("ArrowUp")
    expect(check).to_contain_text("09:00–11:35")
    page.keyboard.press("Enter")
    expect(page.locator(".messagelist, .tt-title").first).to_be_visible()
    expect(page.get_by_text("09:00–11:35")).to_be_visible()
    stored = Session.objects.get()
    assert (stored.hours, stored.ends_at) == (3, at("2026-09-07 11:35"))


def test_clash_is_said_while_one_types(open_week, session, other_course, course, details, administrator):
    from enrollment.timetabling.booking import add_session

    add_session(cohort=other_course, details=details("2026-09-08 09:00"), by=administrator)
    page = open_week(width=1280)
    page.get_by_role("link", name="Change: № 1, lecture").click()
    page.get_by_label("Day:").fill("2026-09-08")
    expect(page.locator("#check")).to_contain_text("The trainer is taken then (Тренеров Талғат): RUN-2, № 1, lecture")
    page.get_by_label("Begins:").fill("11:00")
    expect(page.locator("#check")).to_contain_text("Nothing stands in the way.")
    assert Session.objects.get(pk=session.pk).starts_at == at("2026-09-07 09:00")


def test_everything_works_without_script(open_week, session):
    page = open_week(java_script_enabled=False)
    page.get_by_role("link", name="Change: № 1, lecture").click()
    page.get_by_label("Academic hours").fill("3")
    page.get_by_role("button", name="Check without saving").click()
    expect(page.locator("#check")).to_contain_text("09:00–11:35")
    assert Session.objects.get().hours == 2
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("09:00–11:35")).to_be_visible()


def test_timetable_is_made_and_accepted(open_week, course, trainer, room):
    page = open_week(width=1280)
    page.get_by_role("link", name="Make a timetable").click()
    page.get_by_role("button", name="Show a proposal").click()
    expect(page.get_by_role("heading", name="Proposal")).to_be_visible()
    assert Session.objects.count() == 0
    page.get_by_role("button", name="Accept this timetable").click()
    expect(page.locator(".tt-bar")).to_contain_text("missing: 0")
    assert sum(Session.objects.values_list("hours", flat=True)) == 76


def test_listener_turns_the_weeks_on_a_phone(browser_context_for, session, course):
    user = factories.UserFactory(email="attending@example.kz", is_listener=True)
    factories.make_enrolment(cohort=course, user=user)
    page = browser_context_for(user, "en", 390).new_page()
    page.goto("/my/timetable/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.get_by_role("heading", name="07.09 – 13.09.2026")).to_be_visible()
    tab_to(page, "Week after")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="14.09 – 20.09.2026")).to_be_visible()
