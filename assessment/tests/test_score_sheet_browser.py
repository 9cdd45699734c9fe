"""The score sheet in a real Chromium: keyboard alone, refusals at the cell, two people on one cell, no connection."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from assessment.marking import mark
from assessment.models import Attempt, AttemptState, Score
from assessment.tests.test_marking import BANDS, CRITERIA
from tests import factories
from tests.factories import close_protocol

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SURNAMES = ["Әлімов", "Бекенов", "Ғабитов"]


PASTE = """(text) => {
  const clipboard = new DataTransfer();
  clipboard.setData("text", text);
  const event = new ClipboardEvent("paste", {clipboardData: clipboard, bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(event);
}"""


@pytest.fixture
def people(cohort):  # type: ignore[no-untyped-def]
    """Three enrolled listeners without points, in the order of the sheet."""
    return [
        factories.make_enrolment(cohort=cohort, surname=surname, given_name="Айбек", patronymic="")
        for surname in SURNAMES
    ]


@pytest.fixture
def open_sheet(browser_context_for, cohort, people):  # type: ignore[no-untyped-def]
    """`open_sheet(trainer)` is the sheet in a browser of that trainer, ready to type."""

    def do(user, language="en", width=1280):  # type: ignore[no-untyped-def]
        page = browser_context_for(user, language, width).new_page()
        page.goto(f"/trainer/cohorts/{cohort.pk}/scores/")
        expect(page.locator("[data-saved]")).not_to_be_empty()
        return page

    return do


def cell(page: Page, surname: str, criterion: str):  # type: ignore[no-untyped-def]
    return page.get_by_label(re.compile(f"^{surname} Айбек, {criterion},"))


def state(page: Page, surname: str, criterion: str):  # type: ignore[no-untyped-def]
    return cell(page, surname, criterion).locator("..")


def row(page: Page, surname: str):  # type: ignore[no-untyped-def]
    return page.locator("tr.sheet-row", has_text=surname)


def all_saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")


def stored(enrolment):  # type: ignore[no-untyped-def]
    scores = Score.objects.filter(attempt__enrolment=enrolment).order_by("criterion__position")
    return list(scores.values_list("points", flat=True))


def test_three_listeners_are_scored_by_keyboard_alone(open_sheet, trainer, people):
    page = open_sheet(trainer)
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "sheet-input":
            break
    columns = [[18, 5, 20], [20, 10, 25], [10, 5, 15], [25, 12, 30], [8, 3, 10]]
    for column in columns:  # Enter goes down, and from the last listener to the top of the next criterion
        for points in column:
            page.keyboard.type(str(points))
            page.keyboard.press("Enter")
    all_saved(page)
    expect(page.locator("[data-complete]")).to_have_text("Complete: 3 of 3")
    totals = [("Әлімов", "81", "good"), ("Бекенов", "35", "failed"), ("Ғабитов", "100", "excellent")]
    for surname, total, band in totals:
        expect(row(page, surname).locator("[data-total]")).to_have_text(total)
        expect(row(page, surname).locator("[data-band]")).to_have_text(band)
    assert [stored(e) for e in people] == [list(line) for line in zip(*columns, strict=True)]
    assert set(Attempt.objects.values_list("state", flat=True)) == {AttemptState.SUBMITTED}


def test_a_whole_group_of_25_is_scored_by_keyboard_alone(open_sheet, trainer, cohort, people):
    more = [factories.make_enrolment(cohort=cohort, surname=f"Яковлев{n:02}") for n in range(22)]
    given = [[n % 21, n % 26, n % 16, n % 31, n % 11] for n in range(25)]
    page = open_sheet(trainer)
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "sheet-input":
            break
    for column in zip(*given, strict=True):
        for points in column:
            page.keyboard.type(str(points))
            page.keyboard.press("Enter")
    # No person types 125 cells in seconds: the savings that wait for one another get their time.
    expect(page.locator("[data-complete]")).to_have_text("Complete: 25 of 25", timeout=60_000)
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved", timeout=120_000)
    assert [stored(e) for e in (*people, *more)] == given


def test_arrows_move_as_in_a_spreadsheet(open_sheet, trainer):
    page = open_sheet(trainer)
    cell(page, "Әлімов", "theory").focus()
    steps = [
        ("ArrowDown", "Бекенов", "theory"),
        ("ArrowRight", "Бекенов", "cases"),
        ("ArrowUp", "Әлімов", "cases"),
        ("ArrowLeft", "Әлімов", "theory"),
        ("ArrowUp", "Әлімов", "theory"),
        ("Shift+Tab", None, None),
        ("Tab", "Әлімов", "theory"),
        ("Tab", "Әлімов", "cases"),
        ("Shift+Tab", "Әлімов", "theory"),
    ]
    for key, surname, criterion in steps:
        page.keyboard.press(key)
        if surname:
            expect(cell(page, surname, criterion)).to_be_focused()


def test_arrows_inside_a_number_move_the_caret_first(open_sheet, trainer):
    page = open_sheet(trainer)
    cell(page, "Әлімов", "cases").focus()
    page.keyboard.type("12")
    page.keyboard.press("ArrowLeft")
    expect(cell(page, "Әлімов", "cases")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(cell(page, "Әлімов", "theory")).to_be_focused()


def test_what_is_no_whole_number_in_range_is_refused_at_the_cell(open_sheet, trainer, people):
    page = open_sheet(trainer)
    requests = []
    page.on("request", lambda request: requests.append(request.url) if request.method == "POST" else None)
    field = cell(page, "Әлімов", "theory")
    for text in ("21", "180", "-5", "+5", "20,5", "1.0", "1e1", " 5", "5 ", "05", "٣", "abc"):
        field.focus()
        field.select_text()
        page.keyboard.insert_text(text)
        page.keyboard.press("Enter")
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description("“theory”: only a whole number from 0 to 20. Not saved.")
        expect(field).to_have_value(text)
        expect(page.locator("[data-saved]")).to_have_text("Not saved: 1")
        expect(row(page, "Әлімов").locator("[data-total]")).to_have_text("–")
    field.fill("20")
    all_saved(page)
    expect(field).not_to_have_attribute("aria-invalid", "true")
    assert (stored(people[0]), len(requests)) == ([20], 1)


def test_refused_entry_keeps_what_was_saved_and_escape_brings_it_back(open_sheet, trainer, people):
    factories.make_scores(people[0], [18, None, None, None, None], by=trainer)
    page = open_sheet(trainer)
    field = cell(page, "Әлімов", "theory")
    field.fill("99")
    expect(field).to_have_accessible_description("“theory”: only a whole number from 0 to 20. Not saved; 18 stands.")
    field.press("Escape")
    expect(field).to_have_value("18")
    all_saved(page)
    assert Score.objects.get().version == 1


def test_pasted_cell_of_a_spreadsheet_is_one_number(open_sheet, trainer, people):
    page = open_sheet(trainer)
    cell(page, "Әлімов", "theory").focus()
    page.evaluate(PASTE, "18\n")
    all_saved(page)
    cell(page, "Бекенов", "theory").focus()
    page.evaluate(PASTE, "1 8")
    expect(cell(page, "Бекенов", "theory")).to_have_attribute("aria-invalid", "true")
    assert [stored(e) for e in people] == [[18], [], []]


def test_emptied_cell_is_missing_again(open_sheet, trainer, people):
    factories.make_scores(people[0], [18, 20, 10, 25, 8], by=trainer)
    page = open_sheet(trainer)
    expect(page.locator("[data-complete]")).to_have_text("Complete: 1 of 3")
    cell(page, "Әлімов", "cases").fill("")
    all_saved(page)
    expect(page.locator("[data-complete]")).to_have_text("Complete: 0 of 3")
    expect(row(page, "Әлімов").locator("[data-band]")).to_have_text("missing: 1")
    expect(state(page, "Әлімов", "cases")).to_have_class(re.compile("is-missing"))
    assert stored(people[0]) == [18, None, 10, 25, 8]


@pytest.mark.parametrize(("choice", "result"), [("Keep mine: 18", 18), ("Take theirs: 15", 15)])
def test_two_people_on_one_cell_see_both_values_and_one_decides(
    open_sheet, cohort, people, trainer, other_trainer, choice, result
):
    cohort.trainers.add(other_trainer)
    mine, theirs = open_sheet(trainer), open_sheet(other_trainer)
    cell(theirs, "Әлімов", "theory").fill("15")
    all_saved(theirs)
    cell(mine, "Әлімов", "theory").fill("18")
    mine.keyboard.press("Enter")
    note = mine.locator(".sheet-note")
    expect(note).to_contain_text("“theory”: yours 18, theirs 15 (Басқаев Берік,")
    expect(cell(mine, "Әлімов", "theory")).to_have_value("18")
    assert stored(people[0]) == [15]
    note.get_by_role("button", name=choice).press("Enter")
    all_saved(mine)
    expect(note).to_have_count(0)
    expect(cell(mine, "Әлімов", "theory")).to_have_value(str(result))
    expect(cell(mine, "Әлімов", "theory")).to_be_focused()
    assert stored(people[0]) == [result]


def test_same_value_typed_by_two_people_is_no_conflict(open_sheet, cohort, people, trainer, other_trainer):
    cohort.trainers.add(other_trainer)
    mine, theirs = open_sheet(trainer), open_sheet(other_trainer)
    cell(theirs, "Әлімов", "theory").fill("15")
    all_saved(theirs)
    cell(mine, "Әлімов", "theory").fill("15")
    all_saved(mine)
    expect(mine.locator(".sheet-note")).to_have_count(0)
    cell(mine, "Әлімов", "theory").fill("16")
    all_saved(mine)
    assert stored(people[0]) == [16]


def test_change_of_another_person_appears_in_cells_that_are_not_being_edited(
    open_sheet, cohort, people, trainer, other_trainer
):
    cohort.trainers.add(other_trainer)
    mine, theirs = open_sheet(trainer), open_sheet(other_trainer)
    cell(mine, "Әлімов", "theory").focus()
    for surname in ("Әлімов", "Бекенов"):
        cell(theirs, surname, "theory").fill("15")
    all_saved(theirs)
    expect(cell(mine, "Бекенов", "theory")).to_have_value("15", timeout=12_000)
    expect(state(mine, "Бекенов", "theory")).to_have_attribute("data-state", "changed")
    expect(mine.locator("[data-news]")).to_have_text("Басқаев Берік changed: Бекенов Айбек, “theory”")
    expect(cell(mine, "Әлімов", "theory")).to_have_value("")


def test_lost_connection_keeps_what_is_typed_and_saves_it_later(open_sheet, trainer, people):
    page = open_sheet(trainer)
    page.context.set_offline(True)
    cell(page, "Әлімов", "theory").fill("18")
    cell(page, "Бекенов", "theory").fill("5")
    page.keyboard.press("Enter")
    expect(page.locator("[data-trouble]")).to_contain_text("No connection.")
    expect(page.locator("[data-saved]")).to_have_text("Not saved: 2")
    expect(row(page, "Әлімов").locator("[data-band]")).to_have_text("missing: 4")
    page.context.set_offline(False)
    all_saved(page)
    expect(page.locator("[data-trouble]")).to_be_hidden()
    assert [stored(e) for e in people] == [[18], [5], []]


def test_lost_answer_is_asked_for_again_before_anything_newer(open_sheet, trainer, people):
    page = open_sheet(trainer)
    lost = []

    def lose_first_answer(route):  # type: ignore[no-untyped-def]
        if lost:
            route.continue_()
        else:
            lost.append(route.fetch())  # the server has saved it, the page never hears
            route.abort()

    page.route("**/scores/save/", lose_first_answer)
    cell(page, "Әлімов", "theory").fill("18")
    page.keyboard.press("Enter")
    expect(page.locator("[data-trouble]")).to_contain_text("No connection.")
    cell(page, "Әлімов", "theory").fill("19")
    all_saved(page)
    expect(page.locator(".sheet-note")).to_have_count(0)
    assert [(h.points, h.version) for h in Score.objects.get().history.order_by("history_id")] == [(18, 1), (19, 2)]


def test_signed_out_keeps_what_is_typed_and_says_what_to_do(open_sheet, trainer, people):
    page = open_sheet(trainer)
    cookies = page.context.cookies()
    page.context.clear_cookies(name="sessionid")
    cell(page, "Әлімов", "theory").fill("18")
    page.keyboard.press("Enter")
    expect(page.locator("[data-trouble]")).to_contain_text("You are signed out.")
    expect(cell(page, "Әлімов", "theory")).to_have_value("18")
    page.context.add_cookies(cookies)
    page.get_by_role("button", name="Try now").click()
    all_saved(page)
    assert stored(people[0]) == [18]


def test_leaving_with_something_unsaved_asks_first(open_sheet, trainer):
    page = open_sheet(trainer)
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    cell(page, "Әлімов", "theory").press_sequentially("99")
    page.close(run_before_unload=True)
    page.wait_for_timeout(500)
    assert (asked, page.is_closed()) == (["beforeunload"], False)


def test_row_that_is_decided_meanwhile_is_closed_and_said_so(open_sheet, cohort, people, trainer, administrator):
    factories.make_scores(people[0], [18, 20, 10, 25, 8], by=trainer)
    page = open_sheet(trainer)
    leave_out = {people[1].pk: "ауырды", people[2].pk: "ауырды"}
    close_protocol(cohort=cohort, held_on=cohort.starts_on, leave_out=leave_out, by=administrator)
    cell(page, "Әлімов", "theory").fill("1")
    expect(page.locator(".sheet-note")).to_contain_text("The protocol is closed: these points no longer change.")
    expect(page.locator("[data-list-changed]")).to_be_visible(timeout=12_000)
    assert stored(people[0]) == [18, 20, 10, 25, 8]


def test_on_a_phone_enter_goes_to_the_next_criterion_of_the_same_card(open_sheet, trainer, people):
    page = open_sheet(trainer, width=390)
    cell(page, "Әлімов", "theory").focus()
    for points in (18, 20, 10, 25, 8):
        page.keyboard.type(str(points))
        page.keyboard.press("Enter")
    expect(cell(page, "Бекенов", "theory")).to_be_focused()
    all_saved(page)
    assert stored(people[0]) == [18, 20, 10, 25, 8]
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_script_says_nothing_untranslated_or_unfilled(open_sheet, trainer, language):
    page = open_sheet(trainer, language)
    page.locator(".sheet-input").first.fill("99")
    shown = page.locator("main").inner_text()
    assert ("%(" not in shown, "undefined" not in shown, "null" not in shown) == (True, True, True)


def test_page_and_server_mark_alike(open_sheet, trainer):
    page = open_sheet(trainer)
    bands = [{"code": b.code, "from": b.from_total, "to": b.to_total, "passed": b.passed} for b in BANDS]
    script = """([points, criteria, bands]) => {
      const made = scoreSheet.mark(points, criteria, bands);
      return [made.total, made.band && made.band.code, made.missing];
    }"""

    @settings(max_examples=60, deadline=None)
    @given(st.tuples(*(st.one_of(st.none(), st.integers(0, c.max_points)) for c in CRITERIA)))
    def alike(points):  # type: ignore[no-untyped-def]
        made = mark({c.code: p for c, p in zip(CRITERIA, points, strict=True)}, CRITERIA, BANDS)
        expected = [made.total, made.band and made.band.code, len(made.missing)]
        assert page.evaluate(script, [list(points), [c.code for c in CRITERIA], bands]) == expected

    alike()


@pytest.mark.parametrize("width", [1280, 390])
def test_sheet_is_accessible(open_sheet, trainer, people, width):
    from axe_playwright_python.sync_playwright import Axe

    factories.make_scores(people[0], [18, 20, 10, 25, 8], by=trainer)
    page = open_sheet(trainer, width=width)
    cell(page, "Бекенов", "theory").fill("99")
    found = Axe().run(page)
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found.response["violations"]] == []
