"""What the sheet does to many cells, in a browser: blocks, fill, undo, comments, filter, reload; 25 by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from assessment.models import Score
from assessment.tests.test_score_sheet_browser import PASTE, all_saved, cell, open_sheet, people, row, stored
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
__all__ = ["open_sheet", "people"]


def paste(page, text):  # type: ignore[no-untyped-def]
    page.evaluate(PASTE, text)


def test_twenty_five_listeners_are_scored_by_keyboard_alone(browser_context_for, cohort, trainer):
    names = [f"Тыңдаушы{n:02}" for n in range(25)]
    enrolments = [
        factories.make_enrolment(cohort=cohort, surname=name, given_name="Айбек", patronymic="") for name in names
    ]
    page = browser_context_for(trainer, "kk", 1280).new_page()
    page.goto(f"/trainer/cohorts/{cohort.pk}/scores/")
    expect(page.locator("[data-saved]")).not_to_be_empty()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "sheet-input":
            break
    for maximum in (20, 25, 15, 30, 10):
        for n in range(25):
            page.keyboard.type(str((n * 7) % (maximum + 1)))
            page.keyboard.press("Enter")
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved", timeout=60_000)
    wanted = [[(n * 7) % (maximum + 1) for maximum in (20, 25, 15, 30, 10)] for n in range(25)]
    assert [stored(e) for e in enrolments] == wanted


def test_pasted_block_is_shown_before_anything_is_written(open_sheet, trainer, people):
    factories.make_scores(people[0], [18, None, None, None, None], by=trainer)
    page = open_sheet(trainer)
    cell(page, "Әлімов", "theory").focus()
    paste(page, "18\t20\r\n17\t99\r\n16\t15\r\n")
    dialog = page.locator("#sheet-paste")
    expect(dialog).to_contain_text("Changes: 4. The same already: 1.")
    expect(dialog).to_contain_text("stay as they are: 1.")
    assert Score.objects.count() == 1
    dialog.get_by_role("button", name="Leave it as it is").click()
    assert Score.objects.count() == 1
    cell(page, "Әлімов", "theory").focus()
    paste(page, "18\t20\r\n17\t99\r\n16\t15\r\n")
    dialog.get_by_role("button", name="Write these points").click()
    expect(cell(page, "Ғабитов", "cases")).to_have_value("15")
    all_saved(page)
    assert [stored(e) for e in people] == [[18, 20], [17], [16, 15]]
    assert set(Score.history.exclude(points=18).values_list("history_change_reason", flat=True)) == {"pasted block"}


def test_block_with_names_finds_its_listeners_in_whatever_order(open_sheet, trainer, people):
    page = open_sheet(trainer)
    cell(page, "Әлімов", "theory").focus()
    paste(page, "Габитов Айбек\t5\t6\nАЛИМОВ АЙБЕК\t7\t8\nБөтен Адам\t1\t1\n")
    dialog = page.locator("#sheet-paste")
    expect(dialog).to_contain_text("found by the names in the first column")
    expect(dialog).to_contain_text("Rows without a listener here: 1.")
    dialog.get_by_role("button", name="Write these points").press("Enter")
    expect(cell(page, "Ғабитов", "theory")).to_have_value("5")
    all_saved(page)
    assert [stored(e) for e in people] == [[7, 8], [], [5, 6]]


def test_fill_down_and_undo_are_one_act(open_sheet, trainer, people):
    page = open_sheet(trainer)
    field = cell(page, "Әлімов", "cases")
    field.fill("20")
    all_saved(page)
    field.press("Control+d")
    dialog = page.locator("#sheet-ask")
    expect(dialog).to_contain_text("Write 20 into the empty cells below? Cells: 2")
    dialog.get_by_role("button", name="Yes").press("Enter")
    expect(cell(page, "Ғабитов", "cases")).to_have_value("20")
    all_saved(page)
    assert [stored(e) for e in people] == [[20], [20], [20]]
    expect(page.locator("[data-undo]")).to_have_text("Undo (2)")
    field.focus()
    field.press("Control+z")
    expect(page.locator("[data-news]")).to_have_text("Taken back: 2")
    all_saved(page)
    assert [stored(e) for e in people] == [[20], [None], [None]]


def test_undo_leaves_what_another_person_wrote_since(open_sheet, cohort, trainer, other_trainer, people):
    cohort.trainers.add(other_trainer)
    mine, theirs = open_sheet(trainer), open_sheet(other_trainer)
    cell(mine, "Әлімов", "theory").fill("18")
    all_saved(mine)
    theirs.reload()
    expect(cell(theirs, "Әлімов", "theory")).to_have_value("18")
    cell(theirs, "Әлімов", "theory").fill("12")
    all_saved(theirs)
    mine.locator("[data-undo]").click()
    expect(mine.locator("[data-news], .sheet-note").first).not_to_be_empty()
    assert stored(people[0]) == [12]


def test_cell_is_commented_and_its_history_read_by_keyboard(open_sheet, trainer, people):
    page = open_sheet(trainer)
    field = cell(page, "Әлімов", "theory")
    field.fill("18")
    all_saved(page)
    field.press("F2")
    dialog = page.locator("#sheet-cell")
    expect(dialog.locator("[data-cell-history] li")).to_have_count(1)
    expect(dialog.locator("[data-cell-history]")).to_contain_text("empty → 18")
    dialog.get_by_label("Comment for the trainers").fill("Кейсті қайта қарау")
    dialog.get_by_label("Reason for the next change of the points").fill("Қайта саналды")
    dialog.get_by_role("button", name="Store").press("Enter")
    expect(field.locator("..")).to_have_class(re.compile("has-comment"))
    expect(field).to_be_focused()
    field.fill("15")
    all_saved(page)
    score = Score.objects.get()
    assert (score.comment, score.points, score.history.first().history_change_reason) == (
        "Кейсті қайта қарау", 15, "Қайта саналды",
    )  # fmt: skip


def test_names_are_found_with_other_letters_and_the_order_changed(open_sheet, trainer, people):
    for enrolment, points in zip(people, ([9] * 5, [1] * 5, [5] * 5), strict=True):
        factories.make_scores(enrolment, points, by=trainer)
    page = open_sheet(trainer)
    page.get_by_label("Find").fill("габит")
    expect(row(page, "Ғабитов")).to_be_visible()
    expect(row(page, "Әлімов")).to_be_hidden()
    page.get_by_label("Find").fill("")
    page.get_by_label("Sort").select_option("total")
    assert page.locator(".sheet-row .sheet-name").all_inner_texts() == [
        "Бекенов Айбек",
        "Ғабитов Айбек",
        "Әлімов Айбек",
    ]
    page.get_by_label("Sort").select_option("name")
    assert page.locator(".sheet-row .sheet-name").first.inner_text() == "Әлімов Айбек"


def test_reload_without_a_connection_brings_back_what_was_typed(open_sheet, trainer, people):
    page = open_sheet(trainer)
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/scores/save/", lambda route: route.abort())
    cell(page, "Әлімов", "theory").fill("18")
    page.keyboard.press("Enter")
    expect(page.locator("[data-trouble]")).to_contain_text("No connection.")
    page.unroute("**/scores/save/")
    page.evaluate("location.reload()")
    dialog = page.locator("#sheet-ask")
    expect(dialog).to_contain_text("not saved: 1")
    assert stored(people[0]) in ([], [18])
    dialog.get_by_role("button", name="Yes").click()
    expect(cell(page, "Әлімов", "theory")).to_have_value("18")
    all_saved(page)
    assert stored(people[0]) == [18]


@pytest.mark.parametrize("opens", ["#sheet-paste", "#sheet-cell"])
def test_dialogs_are_accessible(open_sheet, trainer, people, opens):
    from axe_playwright_python.sync_playwright import Axe

    page = open_sheet(trainer)
    cell(page, "Әлімов", "theory").focus()
    paste(page, "1\t2\n3\t99\n") if opens == "#sheet-paste" else page.keyboard.press("F2")
    expect(page.locator(opens)).to_be_visible()
    found = Axe().run(page)
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found.response["violations"]] == []
