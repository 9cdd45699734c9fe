"""Attendance on a phone in a real Chromium: tapped, typed, by keyboard, offline, by two trainers, by the code."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from enrollment.checking_in import shown_now
from enrollment.models import Attendance, Session, SessionState
from enrollment.recording import Entry, record
from enrollment.tests.factories_timetable import make_attendance, make_session
from tests import factories
from tests.installation import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SURNAMES = ["Әлімов", "Бекенов", "Ғабитов"]
PHONE = 390


@pytest.fixture
def session(cohort):  # type: ignore[no-untyped-def]
    """Of 90 minutes, begun ten minutes ago."""
    return make_session(cohort, timezone.now() - timedelta(minutes=10))


@pytest.fixture
def people(cohort):  # type: ignore[no-untyped-def]
    """Three enrolled listeners, in the order of the list."""
    return [
        factories.make_enrolment(cohort=cohort, surname=surname, given_name="Айбек", patronymic="")
        for surname in SURNAMES
    ]


@pytest.fixture
def open_sheet(browser_context_for, session, people):  # type: ignore[no-untyped-def]
    """`open_sheet(trainer)` is the sheet on that trainer's phone, ready to tap."""

    def do(user, language="en", width=PHONE, **options):  # type: ignore[no-untyped-def]
        page = browser_context_for(user, language, width, **options).new_page()
        page.goto(f"/trainer/sessions/{session.pk}/attendance/")
        if options.get("java_script_enabled", True):
            expect(page.locator("[data-saved]")).not_to_be_empty()
        return page

    return do


def person(page: Page, surname: str):  # type: ignore[no-untyped-def]
    return page.locator(".person", has_text=surname)


def tap(page: Page, surname: str, label: str) -> None:
    person(page, surname).locator(".person-marks label", has_text=label).tap()


def all_saved(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")


def stored(people):  # type: ignore[no-untyped-def]
    rows = {row.enrolment_id: (row.mark, row.minutes, row.reason) for row in Attendance.objects.all()}
    return [rows.get(enrolment.pk) for enrolment in people]


def is_as_wide_as_the_screen(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth") == PHONE


def test_attendance_is_taken_from_the_trainers_home_with_exceptions_and_closed(
    browser_context_for, session, people, trainer
):
    page = browser_context_for(trainer, "en", PHONE).new_page()
    page.goto("/trainer/")
    assert is_as_wide_as_the_screen(page)
    page.locator(".session-to-take").tap()
    page.get_by_role("button", name="All present").tap()
    all_saved(page)
    expect(page.locator("[data-recorded]")).to_have_text("Recorded: 3 of 3")
    tap(page, "Бекенов", "Absent")
    tap(page, "Ғабитов", "Excused")
    expect(page.locator("[data-saved]")).to_have_text("Not saved: 1")
    page.get_by_label("Ғабитов Айбек: reason").fill("ауырып қалды")
    person(page, "Әлімов").locator("summary").tap()
    page.get_by_label("Әлімов Айбек: minutes of 90").fill("60")
    all_saved(page)
    assert stored(people) == [("present", 60, ""), ("absent", None, ""), ("excused", None, "ауырып қалды")]
    assert is_as_wide_as_the_screen(page)
    page.get_by_role("button", name="Close the attendance").tap()
    expect(page.get_by_text("The attendance of the session is taken.")).to_be_visible()
    session.refresh_from_db()
    assert session.state == SessionState.HELD


def test_targets_are_large_enough_for_a_thumb(open_sheet, trainer):
    page = open_sheet(trainer)
    boxes = [label.bounding_box() for label in page.locator(".person-marks label").all()]
    assert min(min(box["width"], box["height"]) for box in boxes) >= 44
    assert page.get_by_role("button", name="All present").bounding_box()["height"] >= 44


def test_twenty_five_people_are_recorded_in_two_requests_at_most(browser_context_for, session, cohort, people, trainer):
    for number in range(22):
        factories.make_enrolment(cohort=cohort, surname=f"Тыңдаушы{number:02d}")
    page = browser_context_for(trainer, "en", PHONE).new_page()
    page.goto(f"/trainer/sessions/{session.pk}/attendance/")
    sent = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="All present").tap()
    all_saved(page)
    assert Attendance.objects.filter(mark="present").count() == 25
    assert len(sent) <= 2


def test_attendance_by_keyboard_alone(open_sheet, trainer, people):
    page = open_sheet(trainer)
    page.locator("#present-" + str(people[0].pk)).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")  # to “Not the whole time”
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("45")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#present-" + str(people[1].pk))).to_be_focused()
    page.clock.install()
    page.clock.pause_at(
        timezone.now() + timedelta(seconds=5)
    )  # however slow the machine, the arrows come in one moment
    page.keyboard.press("ArrowDown")
    expect(page.locator("#absent-" + str(people[1].pk))).to_be_checked()
    page.keyboard.press("ArrowDown")
    page.clock.resume()
    page.keyboard.press("Tab")
    page.keyboard.type("іссапар")
    page.keyboard.press("Tab")
    all_saved(page)
    assert stored(people) == [("present", 45, ""), ("excused", None, "іссапар"), None]
    # An arrow that passes over a mark records nothing.
    assert not Attendance.history.filter(enrolment=people[1]).exclude(mark="excused").exists()


def test_minutes_and_reasons_that_do_not_fit_are_said_at_the_person(open_sheet, trainer, people):
    page = open_sheet(trainer)
    tap(page, "Әлімов", "Present")
    all_saved(page)
    person(page, "Әлімов").locator("summary").tap()
    field = page.get_by_label("Әлімов Айбек: minutes of 90")
    for text in ("91", "0", "-5", "1.5", "x"):
        field.fill(text)
        field.blur()
        expect(person(page, "Әлімов").locator("[data-note]")).to_have_text("Minutes are a whole number from 1 to 90.")
        expect(page.locator("[data-saved]")).to_have_text("Not saved: 1")
    field.fill("")
    all_saved(page)
    expect(person(page, "Әлімов").locator("[data-note]")).to_be_hidden()
    assert stored(people) == [("present", None, ""), None, None]


def test_lost_connection_keeps_what_was_tapped_also_over_a_reload(open_sheet, trainer, people, session):
    page = open_sheet(trainer)
    page.route("**/attendance/save/", lambda route: route.abort())
    tap(page, "Әлімов", "Present")
    tap(page, "Бекенов", "Absent")
    expect(page.locator("[data-trouble]")).to_contain_text("No connection. What you tapped stays on this phone")
    expect(page.locator("[data-saved]")).to_have_text("Not saved: 2")
    page.get_by_role("button", name="Close the attendance").tap()  # does not leave the page
    expect(page.locator("#absent-" + str(people[1].pk))).to_be_checked()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("#absent-" + str(people[1].pk))).to_be_checked()
    assert stored(people) == [None, None, None]
    page.unroute("**/attendance/save/")
    expect(page.locator("[data-trouble-text]")).not_to_be_empty()
    page.get_by_role("button", name="Try now").tap()
    all_saved(page)
    assert stored(people) == [("present", None, ""), ("absent", None, ""), None]
    session.refresh_from_db()
    assert session.state == SessionState.PLANNED


@pytest.mark.parametrize(("choice", "mark"), [("Keep mine", "present"), ("Take theirs", "absent")])
def test_two_trainers_see_each_others_marks_and_one_decides(
    open_sheet, cohort, people, trainer, other_trainer, choice, mark
):
    cohort.trainers.add(other_trainer)
    mine, theirs = open_sheet(trainer), open_sheet(other_trainer)
    tap(theirs, "Әлімов", "Absent")
    all_saved(theirs)
    tap(mine, "Әлімов", "Present")
    note = person(mine, "Әлімов").locator("[data-note]")
    expect(note).to_contain_text("Yours: present. Theirs: absent (Басқаев Берік,")
    expect(mine.locator("#present-" + str(people[0].pk))).to_be_checked()
    assert stored(people)[0] == ("absent", None, "")
    note.get_by_role("button", name=choice).tap()
    all_saved(mine)
    expect(note).to_be_hidden()
    assert stored(people)[0] == (mark, None, "")


def test_what_another_trainer_records_appears(open_sheet, people, trainer, session, administrator):
    page = open_sheet(trainer)
    record(session=session, entries=[Entry(people[2].pk, "absent")], by=administrator)
    expect(page.locator("#absent-" + str(people[2].pk))).to_be_checked(timeout=12_000)
    expect(page.locator("[data-news]")).to_have_text("Әкімшіева Айша recorded: Ғабитов Айбек")


def test_session_closed_meanwhile_is_said(open_sheet, people, trainer, session):
    make_attendance(session, people[0])
    page = open_sheet(trainer)
    Session.objects.update(state=SessionState.HELD)
    tap(page, "Бекенов", "Present")
    expect(person(page, "Бекенов").locator("[data-note]")).to_contain_text("Say why the record is corrected.")
    expect(page.locator("[data-list-changed]")).to_be_visible(timeout=12_000)
    assert stored(people)[1] is None


def test_without_script_the_form_does_the_same(open_sheet, people, trainer):
    page = open_sheet(trainer, java_script_enabled=False)
    tap(page, "Бекенов", "Absent")
    tap(page, "Ғабитов", "Excused")
    page.get_by_label("Ғабитов Айбек: reason").fill("ауырды")
    page.get_by_role("button", name="All present").tap()
    expect(page.get_by_text("Attendance is saved.")).to_be_visible()
    assert stored(people) == [("present", None, ""), ("absent", None, ""), ("excused", None, "ауырды")]


def test_check_in_on_a_phone_by_the_code_on_the_screen(browser_context_for, open_sheet, listener, session, trainer):
    screen = browser_context_for(trainer, "en", 1280).new_page()
    screen.goto(f"/trainer/sessions/{session.pk}/code/")
    code = screen.locator(".code-digits").inner_text()
    left = screen.locator(".code-left").inner_text()
    sheet = open_sheet(trainer)
    phone = browser_context_for(listener.user, "en", PHONE).new_page()
    phone.goto("/my/")
    phone.get_by_role("link", name="Check in").tap()
    phone.get_by_label("Code from the screen").fill("000000")
    phone.get_by_role("button", name="I am here").tap()
    expect(phone.locator(".check-in-error")).to_contain_text("This is not the code of your session now.")
    phone.get_by_label("Code from the screen").fill(code)
    phone.get_by_role("button", name="I am here").tap()
    expect(phone.get_by_text("You are checked in.")).to_be_visible()
    assert is_as_wide_as_the_screen(phone)
    row = Attendance.objects.get()
    assert (row.mark, row.source, row.recorded_by) == ("present", "code", listener.user)
    expect(screen.locator(".code-left")).not_to_have_text(left, timeout=12_000)  # it renews itself
    expect(screen.locator(".code-present")).to_have_text("Present so far: 1", timeout=12_000)
    digits = screen.locator(".code-digits")
    # Not at once where the minute turns just now.
    wait_until(lambda: digits.inner_text().replace("\xa0", "") == shown_now(session).code, 20, "the code of the minute")
    expect(person(sheet, "Қасымова").locator("[data-source]")).to_contain_text("by the code", timeout=12_000)
    tap(sheet, "Қасымова", "Absent")
    all_saved(sheet)
    row.refresh_from_db()
    assert (row.mark, row.source, row.version) == ("absent", "trainer", 2)


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_script_says_nothing_unfilled(open_sheet, trainer, language):
    page = open_sheet(trainer, language)
    page.locator(".is-excused").first.tap()
    shown = page.locator("main").inner_text()
    assert ("%(" not in shown, "undefined" not in shown, "null" not in shown) == (True, True, True)


@pytest.mark.parametrize("width", [1280, PHONE])
@pytest.mark.parametrize("name", ["attendance", "code", "register", "check-in"])
def test_pages_are_accessible(browser_context_for, session, people, trainer, listener, name, width):
    from axe_playwright_python.sync_playwright import Axe

    make_attendance(session, people[0], minutes=30)
    make_attendance(session, people[1], "excused", reason="ауырды")
    address = {
        "attendance": f"/trainer/sessions/{session.pk}/attendance/",
        "code": f"/trainer/sessions/{session.pk}/code/",
        "register": f"/trainer/cohorts/{session.cohort_id}/attendance/",
        "check-in": "/my/check-in/",
    }[name]
    page = browser_context_for(listener.user if name == "check-in" else trainer, "en", width).new_page()
    page.goto(address)
    found = Axe().run(page)
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
