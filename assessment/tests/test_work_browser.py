"""A listener on a telephone: writes, is refused a file, loses nothing, hands in text and a file."""

import pytest
from playwright.sync_api import expect

from assessment.models import Version
from assessment.tests.working import make_assignment
from core.tests.papers import pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = 390


@pytest.fixture
def phone(browser_context_for, listener):  # type: ignore[no-untyped-def]
    return browser_context_for(listener.user, "en", PHONE).new_page()


def chosen(name: str, content: bytes, kind: str = "application/pdf") -> dict[str, object]:
    return {"name": name, "mimeType": kind, "buffer": content}


def test_listener_hands_in_text_and_a_file_on_a_telephone(phone, cohort):
    make_assignment(cohort)
    phone.goto("/my/")
    expect(phone.get_by_text("To hand in: 1")).to_be_visible()
    phone.locator("main").get_by_role("link", name="My work").click()
    phone.get_by_role("link", name="Management case").click()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE
    phone.get_by_label("Text of your work").fill("Мен жағдаятты талдадым.")
    phone.get_by_label("Files").set_input_files(chosen("жұмыс.pdf", b"not a PDF"))
    phone.get_by_role("button", name="Hand in").click()
    expect(phone.get_by_role("alert").filter(has_text="“жұмыс.pdf”: Only PDF")).to_be_visible()
    expect(phone.get_by_label("Text of your work")).to_have_value("Мен жағдаятты талдадым.")
    phone.get_by_label("Files").set_input_files(chosen("жұмыс.pdf", pdf()))
    phone.get_by_role("button", name="Hand in").click()
    expect(phone.get_by_role("status").filter(has_text="Version 1 is handed in")).to_be_visible()
    expect(phone.get_by_label("Text of your work")).to_have_value("")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE
    with phone.expect_download() as download:
        phone.get_by_role("link", name="жұмыс.pdf").click()
    assert download.value.suggested_filename == "жұмыс.pdf"
    version = Version.objects.get()
    assert (version.no, version.text, version.files.get().size) == (1, "Мен жағдаятты талдадым.", len(pdf()))


def test_text_outlives_leaving_the_page_in_the_same_tab_only(phone, cohort, browser_context_for, listener):
    address = f"/my/work/{make_assignment(cohort).pk}/"
    phone.goto(address)
    phone.get_by_label("Text of your work").fill("Жартысы")
    phone.goto("/my/")
    phone.goto(address)
    expect(phone.get_by_label("Text of your work")).to_have_value("Жартысы")
    other = browser_context_for(listener.user, "en", PHONE).new_page()
    other.goto(address)
    expect(other.get_by_label("Text of your work")).to_have_value("")


def test_too_large_a_file_is_said_before_it_is_sent(phone, cohort):
    phone.goto(f"/my/work/{make_assignment(cohort).pk}/")
    files = phone.get_by_label("Files")
    files.set_input_files(chosen("үлкен.pdf", bytes(10 * 1024 * 1024 + 1)))
    assert files.evaluate("input => input.validationMessage") == "үлкен.pdf: The file is larger than 10 MB."
    files.set_input_files(chosen("кіші.pdf", pdf()))
    assert files.evaluate("input => input.validationMessage") == ""
