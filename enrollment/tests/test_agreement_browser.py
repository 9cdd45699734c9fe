"""Reading and accepting the agreement on a phone, by keyboard alone; materials open afterwards."""

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from enrollment.models import Agreement, AgreementText, EnrolmentState
from enrollment.tests.test_agreement_gaps import TEXTS
from programs.materials import keep_material
from programs.models import Material
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    call_command("build_assets")


@pytest.fixture
def newcomer(open_cohort):  # type: ignore[no-untyped-def]
    texts = {
        f"text_{code}": (TEXTS / f"version_1.{code}.txt").read_text(encoding="utf-8") for code in ("kk", "ru", "en")
    }
    AgreementText.objects.get_or_create(version=1, defaults=texts)
    user = factories.UserFactory(email="newcomer@example.kz", is_listener=True)
    return factories.make_enrolment(
        cohort=open_cohort, state=EnrolmentState.ADMITTED, agreed=False, user=user, surname="Ә" * 90
    )


def press_until(page, key, focused):  # type: ignore[no-untyped-def]
    for _ in range(40):
        page.keyboard.press(key)
        if page.evaluate("document.activeElement.matches(`" + focused + "`)"):
            return
    pytest.fail(f"{focused} is not reached by {key}")


def test_agreement_is_read_and_accepted_on_a_phone_by_keyboard(browser_context_for, newcomer, edition):
    keep_material(
        material=Material(edition=edition, kind="case", title_kk="Кейс", title_en="A case", url="https://e.kz"), by=None
    )
    page = browser_context_for(newcomer.listener.user, "en", 390).new_page()
    page.goto("/my/")
    press_until(page, "Tab", ".agreement-call a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Course agreement", exact=True)).to_be_visible()
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    press_until(page, "Tab", "a[href='#accept']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Acceptance")).to_be_in_viewport()
    press_until(page, "Tab", "button[type=submit].btn-primary")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Tick that you have read the agreement and accept it.")
    tick = page.get_by_role("checkbox", name="I have read the agreement and accept it.")
    expect(tick).to_have_accessible_description("Tick that you have read the agreement and accept it.")
    assert Agreement.objects.count() == 0
    press_until(page, "Tab", "#id_agreed")
    page.keyboard.press("Space")
    press_until(page, "Tab", "button[type=submit].btn-primary")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("You have accepted the course agreement.")
    agreement = Agreement.objects.get()
    expect(page.get_by_text(agreement.sha256)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    with page.expect_download() as download:
        page.get_by_role("link", name="Download PDF").click()
    assert download.value.suggested_filename == f"{agreement.number}.pdf"
    page.get_by_label("What was agreed").get_by_role("link", name="Course materials").click()
    expect(page.get_by_text("A case")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
