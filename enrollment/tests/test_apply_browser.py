"""Applying in a real Chromium on a phone-sized screen, by keyboard alone and without script."""

import re

import pytest
from playwright.sync_api import Page, expect

from core.identifiers import invented_iin
from core.models import Message
from enrollment.forms import guarded
from enrollment.models import Application, EnrolmentState
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = 390
WRITTEN = {
    "surname": "Қасымова",
    "given_name": "Әсел",
    "patronymic": "Серікқызы",
    "iin": invented_iin(900_001),
    "position": "директор",
    "employer_bin": "",
    "employer_name": "№ 5 мектеп",
    "email": "asel@example.kz",
    "phone": "+7 701 000 00 00",
}


@pytest.fixture
def cohort(edition, consent, monkeypatch):  # type: ignore[no-untyped-def]
    """Open; and a browser test types quicker than people do."""
    monkeypatch.setattr(guarded, "SOONEST", 0)
    return factories.make_cohort(edition=edition, code="OPEN-1", capacity=1)


def tab_to(page: Page, name: str) -> None:
    """Go on with the tabulator until this field or button has the focus."""
    for _step in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name || document.activeElement.type") == name:
            return
    pytest.fail(f"{name} is not reached by keyboard")


def narrow(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


def link_in(letter: Message) -> str:
    return re.search(r"http://[^/]+(/application/\S+)", letter.body)[1]


def test_from_the_home_page_to_a_place_by_keyboard_alone(browser_context_for, cohort, administrator):
    page = browser_context_for(None, "kk", PHONE).new_page()
    page.goto("/apply/")
    narrow(page)
    page.locator("main .btn-primary").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/apply/OPEN-1/")
    narrow(page)
    for name, words in WRITTEN.items():
        tab_to(page, name)
        page.keyboard.type(words)
    for name in ("consent", "publication"):
        tab_to(page, name)
        page.keyboard.press("Space")
    tab_to(page, "submit")
    page.keyboard.press("Enter")
    page.wait_for_url("**/apply/OPEN-1/sent/")
    narrow(page)

    page.goto(link_in(Message.objects.get()))
    narrow(page)
    page.locator("main form[action$='/confirm/'] button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/application/*/")
    application = Application.objects.get()
    assert (application.full_name, application.publication_consented, application.enrolment.state) == (
        "Қасымова Әсел Серікқызы", True, EnrolmentState.APPLIED,
    )  # fmt: skip

    desk = browser_context_for(administrator, "en").new_page()
    desk.goto("/admin/")
    desk.click("text=Applications to decide: 1")
    desk.check("[name=people]")
    desk.click("button[value=admit]")
    expect(desk.locator(".messagelist")).to_contain_text("Қасымова Әсел Серікқызы")
    page.reload()
    expect(page.locator(".apply-good")).to_be_visible()
    narrow(page)


def test_mistakes_are_told_at_the_top_with_the_focus_and_at_the_field(browser_context_for, cohort):
    page = browser_context_for(None, "en", PHONE).new_page()
    page.goto("/apply/OPEN-1/")
    page.fill("[name=surname]", "Қасымова")
    page.fill("[name=iin]", "123")
    page.click("main form [type=submit]")
    expect(page.locator("#errors")).to_be_focused()
    page.click("#errors a[href='#id_iin']")
    expect(page.locator("#id_iin")).to_be_focused()
    expect(page.locator("#id_surname")).to_have_value("Қасымова")
    narrow(page)


def test_bin_finds_the_employer_while_typing(browser_context_for, cohort):
    school = factories.EmployerFactory(name="№ 8 мектеп-гимназия")
    page = browser_context_for(None, "en", PHONE).new_page()
    page.goto("/apply/OPEN-1/")
    page.fill("[name=employer_bin]", school.bin)
    page.keyboard.press("Tab")
    expect(page.locator("#employer-found")).to_contain_text("№ 8 мектеп-гимназия")
    narrow(page)


def test_hidden_field_is_reached_neither_by_eye_nor_by_keyboard(browser_context_for, cohort):
    page = browser_context_for(None, "en", PHONE).new_page()
    page.goto("/apply/OPEN-1/")
    expect(page.locator("[name=website]")).not_to_be_in_viewport()
    seen = set()
    for _step in range(40):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.name"))
    assert ("surname" in seen, "website" in seen) == (True, False)


def test_form_works_without_script(browser_context_for, cohort):
    page = browser_context_for(None, "ru", PHONE, java_script_enabled=False).new_page()
    page.goto("/apply/OPEN-1/")
    for name, words in WRITTEN.items():
        page.fill(f"[name={name}]", words)
    page.check("[name=consent]")
    page.click("main form [type=submit]")
    page.wait_for_url("**/sent/")
    assert Application.objects.get().language == "ru"
