"""Previews and works that are alike in a browser: framed, on a phone, from passage to passage by keyboard."""

import pytest
from playwright.sync_api import expect

from assessment.models import Likeness
from assessment.printing import print_versions
from assessment.tests.alike import attach, hand_in, make_assignment, prose
from core.tests.documents import pdf_saying
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FRAME = """path => { const frame = document.createElement("iframe"); frame.src = path; document.body.append(frame); }"""


def test_preview_of_a_pdf_is_drawn_within_a_page_of_ours(browser_context_for, cohort, listener, trainer):
    version = hand_in(listener.enrolments.get(), make_assignment(cohort))
    file = attach(version, pdf_saying("The plan of the school"), name="plan.pdf")
    page = browser_context_for(trainer, "en", 390).new_page()
    page.goto("/trainer/")
    page.evaluate(FRAME, f"/work/files/{file.pk}/preview/")
    picture = page.frame_locator("iframe").get_by_role("img", name="Page 1")
    expect(picture).to_have_js_property("complete", True)
    expect(picture).to_have_js_property("naturalWidth", 1200)
    page.frame_locator("iframe").get_by_text("Words of this page").click()
    expect(page.frame_locator("iframe").get_by_text("The plan of the school")).to_be_visible()
    page.goto(f"/work/files/{file.pk}/preview/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_passage_leads_to_its_place_in_the_other_work_by_keyboard(browser_context_for, cohort, listener, trainer):
    task = make_assignment(cohort)
    hand_in(listener.enrolments.get(), task, f"{prose(80, 'one')} {prose(60, 'copied')}")
    hand_in(factories.make_enrolment(cohort=cohort), task, f"{prose(60, 'copied')} {prose(80, 'other')}")
    print_versions()
    page = browser_context_for(trainer, "en", 390).new_page()
    page.goto(f"/trainer/work/alike/{Likeness.objects.get().pk}/")
    page.get_by_role("link", name="Passage 1, to its place in the other text").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("mark:target")).to_have_id("b-1")
    expect(page.locator("#b-1")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
