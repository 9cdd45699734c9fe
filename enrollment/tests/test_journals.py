"""The journal of attendance: what stands in the PDF and the workbook."""

from datetime import timedelta

import pypdfium2
import pytest

from core.spreadsheets import read_rows
from enrollment.attendance import read_register
from enrollment.journals import COLUMNS, TOTALS, paper, parts, render_pdf, write_workbook
from enrollment.models import SessionKind, SessionState
from enrollment.tests.factories_timetable import at, make_attendance, make_session
from tests import factories

pytestmark = pytest.mark.django_db
LONGEST = ("Абдрахманов-Қожахметовский", "Мұхаммедәлі", "Нұрсұлтанғалиұлы")


@pytest.fixture
def register(cohort, trainer):  # type: ignore[no-untyped-def]
    """Three people at four sessions, each sign once at least."""
    people = [
        factories.make_enrolment(cohort=cohort, surname=surname, given_name=given, patronymic=patronymic)
        for surname, given, patronymic in (LONGEST, ("Ғабитов", "Ерлан", ""), ("Әлімов", "Айбек", ""))
    ]
    held = [
        make_session(
            cohort, at(f"2026-09-0{day} 09:00"), state=SessionState.HELD, trainer=trainer, topic=f"Тақырып {day}"
        )
        for day in (7, 8)
    ]
    make_session(cohort, at("2026-09-09 14:30"), kind=SessionKind.PRACTICE, module_no=2)
    make_attendance(held[0], people[0])
    make_attendance(held[0], people[1], "absent")
    make_attendance(held[0], people[2], "excused", reason="ауырды")
    make_attendance(held[1], people[0], minutes=60)
    return read_register(cohort)


def words(content: bytes) -> list[str]:
    pages = pypdfium2.PdfDocument(content)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in pages]


def test_paper_says_what_is_recorded(register):
    shown = paper(register)
    (page,) = shown["pages"]
    assert [(p["name"], p["signs"], p["attended"], p["percent"], p["is_below"]) for p in page["people"]] == [
        (" ".join(LONGEST), ["+", "60", "·"], "3,3", "83", False),
        ("Әлімов Айбек", ["с", "?", "·"], "0", "0", True),
        ("Ғабитов Ерлан", ["ж", "?", "·"], "0", "0", True),
    ]
    assert [(c["day"], c["hour"], c["module"], c["kind"]) for c in page["columns"]] == [
        ("07.09", "09:00", "1", "Д"),
        ("08.09", "09:00", "1", "Д"),
        ("09.09", "14:30", "2", "П"),
    ]
    assert [s["present"] for s in shown["sessions"]] == ["1 / 3", "1 / 3", ""]


def test_pdf_holds_every_name_in_full_and_kazakh_with_russian_headings(register):
    pages = words(render_pdf(register))
    whole = " ".join(pages)
    for name in (" ".join(LONGEST), "Әлімов Айбек", "Ғабитов Ерлан"):
        assert name in whole
    for heading in (
        "Сабаққа қатысу журналы / Журнал посещаемости",
        "Шартты белгілер",
        "Обозначения",
        "Тренеров Талғат",
    ):
        assert heading in whole
    assert "07.09.2026 09:00–10:30" in whole
    assert "Тақырып 8" in whole


def test_pdf_is_landscape_a4_and_spreads_many_sessions_over_pages(cohort, listener):
    begins = at("2026-09-07 08:00")
    for number in range(40):
        make_session(cohort, begins + timedelta(days=number // 4, hours=2 * (number % 4)))
    content = render_pdf(read_register(cohort))
    sizes = {tuple(round(side) for side in page.get_size()) for page in pypdfium2.PdfDocument(content)}
    grids = [page for page in words(content) if "Тыңдаушы / Слушатель" in page]
    assert sizes == {(842, 595)}
    assert len(grids) == len(parts(40)) == 2
    assert [("Үлесі" in page and "Доля" in page) for page in grids] == [False, True]


def test_pdf_of_a_cohort_without_people_or_sessions_is_a_page(cohort):
    assert len(words(render_pdf(read_register(cohort)))) >= 1


def test_pdf_with_a_letter_that_the_fonts_lack_is_made_all_the_same(cohort):
    factories.make_enrolment(cohort=cohort, surname="王Ли", patronymic="")
    assert "?Ли" in " ".join(words(render_pdf(read_register(cohort))))


@pytest.mark.parametrize("count", range(90))
def test_parts_leave_nothing_out_and_fit_the_page(count):
    found = parts(count)
    assert [place for first, last in found for place in range(first, last)] == list(range(count))
    assert max(last - first for first, last in found) <= COLUMNS
    assert found[-1][1] - found[-1][0] <= COLUMNS - TOTALS


@pytest.mark.parametrize(("language", "present"), [("en", "present"), ("kk", None), ("ru", None)])
def test_workbook_has_a_row_a_person_and_a_column_a_session(register, language, present):
    from django.utils import translation

    with translation.override(language):
        rows = read_rows(write_workbook(register), "journal.xlsx").rows
    assert len(rows) == 4
    assert (rows[1][1], rows[1][5], rows[1][-4:]) == (" ".join(LONGEST), "60", ["3.3", "0", "4", "83"])
    assert present is None or rows[1][4] == present
