"""The timetable on paper and as a table."""

import io
from datetime import time

import openpyxl
import pypdfium2
import pytest
from django.urls import reverse
from django.utils import translation

from enrollment.timetabling import exports
from enrollment.timetabling.booking import add_session, cancel_session
from enrollment.timetabling.diary import clock as lengths
from enrollment.timetabling.diary import local
from enrollment.timetabling.lengths import Day
from enrollment.timetabling.proposing import Wish, accept, draft
from tests import factories

pytestmark = pytest.mark.django_db
LONG = "Қарағанды облысы білім басқармасының оқу-әдістемелік орталығы"


def words(content):  # type: ignore[no-untyped-def]
    """The text of a PDF, page by page, with spaces collapsed."""
    paper = pypdfium2.PdfDocument(content)
    text = " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in paper)
    paper.close()
    return text.replace("\x02", "-")  # how the reader marks a hyphen at the end of a line


def test_paper_says_what_the_rows_say(session, course, details, administrator, signatory, room):
    other = add_session(
        cohort=course, details=details("2026-09-14 13:30", no=6, kind="practice", hours=3, topic=LONG), by=administrator
    )
    gone = add_session(cohort=course, details=details("2026-09-15 08:05"), by=administrator)
    cancel_session(session=gone, reason="-", by=administrator)
    with translation.override("ru"):
        text = words(exports.paper(course))
    for expected in (
        "RUN-1", "07.09.2026 – 25.09.2026", "09:00–10:40", "13:30–16:05", "Модуль 1", "Модуль 6", room.name,
        str(session.trainer), signatory.full_name, LONG,
    ):  # fmt: skip
        assert expected in text
    assert "08:05" not in text
    assert other.hours + session.hours == 5


def test_paper_of_a_whole_plan_keeps_each_session(plan_course, trainer, room, administrator):
    trainer.full_name = "Әбдірахманова-Жақсылықбекова Гүлбаршын Нұрмұхаммедқызы"
    trainer.save()
    wish = Wish([plan_course], range(5), Day(time(9), 6, 4, 60, lengths()), {trainer.pk: range(1, 8)}, [room])
    stored = accept(wish=wish, fingerprint=draft(wish).fingerprint, by=administrator)
    with translation.override("kk"):
        text = words(exports.paper(plan_course))
    assert text.count("09:00–") == sum(local(session.starts_at).time() == time(9) for session in stored)
    assert trainer.full_name in text


def test_table_has_a_row_for_each_session_and_no_formula(session, course, details, administrator):
    add_session(cohort=course, details=details("2026-09-08 09:00", topic="=1+1"), by=administrator)
    sheet = openpyxl.load_workbook(io.BytesIO(exports.xlsx(course))).active
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][2:6] == ("09:00–10:40", 2, 1, "Module 1")
    assert [row[7] for row in rows[1:]] == [None, "=1+1"]
    assert sheet.cell(3, 8).data_type == "s"


def test_files_are_for_the_cohorts_staff(sign_in, session, course, trainer, administrator):
    client = sign_in(trainer, "en")
    response = client.get(reverse("cohort_timetable_file", args=[course.pk, "pdf"]))
    assert response.content.startswith(b"%PDF")
    assert response["Content-Disposition"] == 'attachment; filename="timetable-RUN-1.pdf"'
    assert client.get(reverse("cohort_timetable_file", args=[course.pk, "exe"])).status_code == 404
    client = sign_in(administrator, "en")
    assert client.get(reverse("admin:enrollment_cohort_timetable_file", args=[course.pk, "xlsx"])).status_code == 200
    assert client.get(reverse("admin:enrollment_cohort_timetable_file", args=[course.pk, "exe"])).status_code == 404


def test_paper_without_sessions_says_so(course):
    factories.make_signatory()
    assert "Nothing is timetabled yet." in words(exports.paper(course))
