"""On a telephone: an examiner gives points and then sees the others', a listener files an appeal with a paper."""

import pytest
from playwright.sync_api import expect

from assessment.examining import give_points, judged_criteria
from assessment.models import Appeal, DefenceScore
from assessment.tests.defending import make_defence, make_examiners
from core.tests.papers import pdf
from tests import factories
from tests.factories import close_protocol

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = 390


def fits(page) -> bool:  # type: ignore[no-untyped-def]
    return page.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_examiner_gives_points_and_then_sees_the_others(browser_context_for, listener, administrator):
    users = make_examiners(2)
    defence = make_defence(listener.enrolments.get(), by=administrator, users=users)
    criterion = judged_criteria(defence)[0]
    give_points(defence=defence, points={criterion.code: 23}, by=users[0])
    phone = browser_context_for(users[1], "en", PHONE).new_page()
    phone.goto("/defences/")
    phone.locator("main").get_by_role("link", name=listener.full_name).click()
    assert fits(phone)
    expect(phone.get_by_role("heading", name="Points of the commission")).to_have_count(0)
    field = phone.locator("main").get_by_role("spinbutton").first
    field.fill(str(criterion.max_points + 1))
    phone.get_by_role("button", name="Give the points").click()
    assert DefenceScore.objects.count() == 1
    field = phone.locator("main").get_by_role("spinbutton").first
    field.fill("26")
    phone.get_by_role("button", name="Give the points").click()
    expect(phone.get_by_role("heading", name="Points of the commission")).to_be_visible()
    expect(phone.locator("main")).to_contain_text(f"23 / {criterion.max_points}")
    assert fits(phone)
    defence.refresh_from_db()
    assert (defence.state, defence.points[criterion.code]) == ("settled", 25)  # 24.5 is rounded half up


def test_listener_files_an_appeal_with_a_paper(browser_context_for, listener, cohort, trainer, administrator):
    factories.make_scores(listener.enrolments.get(), [5, 10, 5, 12, 3], by=trainer)
    close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out={}, by=administrator)
    phone = browser_context_for(listener.user, "en", PHONE).new_page()
    phone.goto("/my/")
    phone.locator("main").get_by_role("link", name="Appeal").first.click()
    assert fits(phone)
    phone.get_by_label("What do you not agree with").fill("Жобаның бағасымен келіспеймін.")
    phone.locator("input[type=file]").set_input_files(
        {"name": "дәлел.pdf", "mimeType": "application/pdf", "buffer": pdf()}
    )
    phone.get_by_role("button", name="File the appeal").click()
    expect(phone.get_by_role("heading", name="What you wrote")).to_be_visible()
    expect(phone.get_by_text("дәлел.pdf")).to_be_visible()
    assert fits(phone)
    appeal = Appeal.objects.get()
    assert (appeal.words, appeal.papers.get().name) == ("Жобаның бағасымен келіспеймін.", "дәлел.pdf")
