"""Many documents at once: read as people write lists, answered as one by one, nothing kept, nothing calculated."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from certificates import verification
from certificates.checking_lists import MOST, Row, as_text, check_list, rows_of_file, rows_of_text
from certificates.models import Document, Event, JournalEntry
from core.errors import Refused
from core.sheet_writing import write_csv, write_xlsx
from core.tests import books

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]
ONE = ("SK-2026-000001", "Әлімов")


def read(rows):  # type: ignore[no-untyped-def]
    return [(row.number, row.surname) for row in rows]


# --- Reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "SK-2026-000001\tӘлімов",
        "SK-2026-000001;Әлімов",
        "SK-2026-000001, Әлімов",
        "SK-2026-000001   Әлімов",
        "SK-2026-000001 Әлімов",
        "Әлімов\tSK-2026-000001",
        "1\tSK-2026-000001\tӘлімов",
        "\n\nНөмірі\tТегі\n\nSK-2026-000001\tӘлімов\n\n",
    ],
)
def test_pasted_list_is_read_as_people_write_it(text):
    assert read(rows_of_text(text)) == [ONE]


def test_row_that_lacks_something_stays_a_row():
    rows = rows_of_text("SK-1\tӘлімов\nБекенов\nSK-2")
    assert rows == [Row(1, "SK-1", "Әлімов"), Row(2, "", "Бекенов"), Row(3, "SK-2", "")]
    assert [one.result for one in check_list(rows)][1:] == ["Number or surname is missing"] * 2


@pytest.mark.parametrize("text", ["", "  \n ", "Әлімов\nБекенов"])
def test_list_without_a_number_is_refused(text):
    with pytest.raises(Refused, match="no row"):
        rows_of_text(text)


def test_list_has_a_limit():
    line = "SK-2026-000001\tӘлімов\n"
    assert len(rows_of_text(line * MOST)) == MOST
    for text in (line * (MOST + 1), "x" * 60_001):
        with pytest.raises(Refused, match="at most 500"):
            rows_of_text(text)


@pytest.mark.parametrize("write", ["xlsx", "csv"])
def test_file_is_read_like_a_pasted_list(write):
    rows, header = [["SK-2026-000001", "Әлімов"], ["SK-2", "=1+1"]], ["Нөмірі", "Тегі"]
    content = write_xlsx(rows, header=header, title="x") if write == "xlsx" else write_csv(rows, header)
    assert read(rows_of_file(content, f"тізім.{write}")) == [ONE, ("SK-2", "")]


@pytest.mark.parametrize("name", ["list.xlsx", "list.pdf", "--version", "a/../b.x lsx", ""])
def test_file_that_is_no_list_is_refused_in_words(name):
    for content in (b"", b"PK\x03\x04rubbish", b"%PDF-1.7", b"\xd0\xcf\x11\xe0" * 200, b"\x00" * 5000):
        with pytest.raises(Refused) as refusal:
            rows_of_file(content, name)
        assert refusal.value.sentence


def test_list_that_is_longer_than_its_limit_is_refused_in_the_child():
    with pytest.raises(Refused):
        rows_of_file(write_csv([["SK-1", "x"]] * 5000, ["a", "b"]), "list.csv")


def test_rows_can_be_pasted_again():
    rows = rows_of_text("SK-1\tӘлімов\nSK-2;Бекенов Айбек")
    assert rows_of_text(as_text(rows)) == rows


# --- Checking --------------------------------------------------------------------------------------


def test_each_row_is_answered_like_a_single_look_up(documents):
    asked = [
        (documents["valid"].number, "алимов"),
        (documents["valid"].number, "Әлімов Айбек"),
        (documents["valid"].number, "Айбек"),
        (documents["valid"].number, "Бекенов"),
        (documents["valid"].number.lower(), "Әлімов"),
        ("№ " + documents["revoked"].number, "Ғабитов"),
        (documents["replaced"].number, "Дәулетов"),
        ("SK-2026-999999", "Әлімов"),
        ("\x00", "Әлімов"),
        ("9" * 60, "Әлімов"),
    ]
    single = [verification.look_up(number, surname) for number, surname in asked]
    assert verification.look_up_many(asked) == single
    assert [verdict.status.value for verdict in single] == [
        "valid", "valid", "not_found", "not_found", "valid", "revoked", "replaced", "not_found", "not_found",
        "not_found",
    ]  # fmt: skip


@pytest.mark.parametrize("rows", [1, 3, 500])
def test_list_costs_three_queries_for_any_number_of_rows(documents, count_queries, rows):
    known = [(document.number, "Әлімов") for document in documents.values()]
    asked = (known + [(f"SK-2025-{n:06}", "Әлімов") for n in range(500)])[:rows]
    if rows == 1:
        asked = [("SK-2025-000001", "Әлімов")]
    with count_queries() as seen:
        verification.look_up_many(asked)
    assert seen.count == (3 if rows != 3 else 2)  # the journal is asked only for what the register lacks


def test_documents_that_only_the_journal_knows_are_answered(documents, tamper):
    public = documents["valid"].facts | {"number": "SK-2025-000009"}
    told = {"public": public, "year": 2025, "counter": 9}
    now = documents["valid"].ready_at
    JournalEntry.objects.create(event=Event.ISSUED, token="t" * 32, number="SK-2025-000009", facts=told, at=now)
    JournalEntry.objects.create(
        event=Event.REPLACED, token="t" * 32, number="SK-2025-000009", facts={"by": "SK-2025-000010"}, at=now
    )
    asked = [("SK-2025-000009", "Әлімов"), ("SK-2025-000009", "Бекенов"), ("SK-2025-000010", "Әлімов")]
    assert verification.look_up_many(asked) == [verification.look_up(*one) for one in asked]
    assert verification.look_up_many(asked)[0].facts.replaced_by == "SK-2025-000010"
    tamper("UPDATE certificates_document SET replaces_id = NULL")
    asked = [(documents["replaced"].number, "Дәулетов")]
    assert verification.look_up_many(asked) == [verification.look_up(*one) for one in asked]


@pytest.mark.django_db(transaction=True)
def test_register_that_does_not_answer_cannot_check(documents):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE certificates_document RENAME TO certificates_document_away")
    try:
        response = ask("\n".join(f"{d.number}\tx" for d in documents.values()))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE certificates_document_away RENAME TO certificates_document")
    assert response.status_code == 503
    assert "Cannot be checked now: 4" in response.content.decode()
    assert "Not found" not in response.content.decode()


# --- The page --------------------------------------------------------------------------------------


def ask(text="", **values):  # type: ignore[no-untyped-def]
    return Client(enforce_csrf_checks=True).post("/verify/many/?lang=en", {"text": text} | values)


def test_page_is_there_without_a_cookie(count_queries):
    with count_queries() as seen:
        response = Client().get("/verify/many/")
    assert (response.status_code, seen.count, dict(response.cookies)) == (200, 0, {})
    assert (response.headers["Cache-Control"], response.headers["X-Robots-Tag"]) == ("no-store", "noindex, nofollow")


def test_table_shows_what_the_single_page_shows_and_counts_results(documents, count_queries):
    text = f"{documents['valid'].number}\tӘлімов\n{documents['revoked'].number}\tҒабитов\nSK-9\tӘлімов\n"
    with count_queries() as seen:
        response = ask(text)
    page = response.content.decode()
    assert (response.status_code, seen.count, dict(response.cookies)) == (200, 3, {})
    assert "Valid: 1 · Revoked: 1 · Not found: 1" in page
    for part in ("Әлімов Айбек", "Ғабитов Айбек", "05.10.2029", "80", "Management in education"):
        assert part in page
    listener = documents["valid"].enrolment.listener
    for secret in (listener.iin, listener.email, documents["valid"].token, "89"):
        assert secret not in page


def test_wrong_surname_tells_nothing(documents):
    page = ask(f"{documents['valid'].number}\tБекенов").content.decode()
    assert "Not found: 1" in page
    assert "Айбек" not in page


def test_nothing_is_stored(documents):
    before = {model: model.objects.count() for model in (Document, JournalEntry)}
    file = SimpleUploadedFile("list.csv", write_csv([list(ONE)], ["a", "b"]))
    assert ask(file=file).status_code == 200
    assert {model: model.objects.count() for model in before} == before


def test_answer_comes_as_a_workbook_that_calculates_nothing(documents):
    response = ask(f"{ONE[0]}\tӘлімов\n=HYPERLINK(1)\t=cmd|x\n@SUM(A1)9\t+Бекенов", xlsx="1")
    assert response.headers["Content-Disposition"] == 'attachment; filename="check.xlsx"'
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:5] == ["№", "Registration number", "Holder's surname", "Result", "Holder"]
    assert rows[1][:5] == [1, "SK-2026-000001", "Әлімов", "Valid", "Әлімов Айбек"]
    assert [row[1:4] for row in rows[2:]] == [
        ["=HYPERLINK(1)", "=cmd|x", "Not found"],
        ["@SUM(A1)9", "+Бекенов", "Not found"],
    ]
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert all(cell.quotePrefix for cell in (sheet["B3"], sheet["C3"], sheet["B4"], sheet["C4"]))


@pytest.mark.parametrize("values", [{}, {"text": " "}, {"text": "Әлімов"}, {"text": "x" * 60_001}])
def test_list_that_cannot_be_read_is_asked_for_again(values):
    response = ask(**values)
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()


def test_only_one_of_text_and_file_is_taken():
    file = SimpleUploadedFile("list.csv", write_csv([list(ONE)], ["a", "b"]))
    assert ask("SK-1\tx", file=file).status_code == 422


@pytest.mark.parametrize("content", [b"%PDF-1.7", b"PK\x03\x04", books.archive({"xl/workbook.xml": "0" * 9_999_999})])
def test_hostile_file_is_refused_in_words(content):
    response = ask(file=SimpleUploadedFile("list.xlsx", content))
    assert (response.status_code, "alert-danger" in response.content.decode()) == (422, True)


@pytest.mark.usefixtures("_within_one_minute")
def test_lists_are_limited_by_themselves(documents, settings):
    codes = [ask(f"{ONE[0]}\tӘлімов").status_code for _ in range(settings.LISTS_PER_MINUTE + 1)]
    assert codes == [200] * settings.LISTS_PER_MINUTE + [429]
    assert Client().post("/verify/", {"number": ONE[0], "surname": "Әлімов"}).status_code == 200
