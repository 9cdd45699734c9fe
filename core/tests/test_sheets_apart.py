"""A stranger's spreadsheet in a process of its own: the same rows, the same refusals, in the reader's language."""

import pytest
from django.utils import translation

from core import sheets_apart
from core.sheet_writing import write_csv, write_xlsx
from core.sheets_apart import read_rows_apart
from core.spreadsheets import SpreadsheetRefused, read_rows
from core.tests import books

ROWS = [["SK-2026-000001", "Әлімов"], ["", "=1+1"], [], ["1", "x" * 300]]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize(
    ("content", "name"),
    [
        (write_xlsx(ROWS, header=["a", "b"], title="t"), "list.xlsx"),
        (write_csv(ROWS, ["a", "b"]), "тізім.csv"),
        (b"", "list.xlsx"),
        (b"PK\x03\x04 rubbish", "list.xlsx"),
        (b"%PDF-1.7", "list.csv"),
        (b"x" * 11_000_000, "list.csv"),
        (books.archive({"xl/workbook.xml": "0" * 9_999_999}), "list.xlsx"),
        (write_csv([["x"]] * 100, ["a"]), "list.csv"),
        (write_csv([["x"] * 30], ["a"]), "list.csv"),
    ],
)
def test_rows_and_refusals_are_those_of_the_reader_itself(content, name, language):
    def told(reader):  # type: ignore[no-untyped-def]
        try:
            return reader(content, name, max_rows=50, max_columns=20)
        except SpreadsheetRefused as refusal:
            return refusal.sentence

    with translation.override(language):
        assert told(read_rows_apart) == told(read_rows)


@pytest.mark.parametrize("name", ["--help", "-", "", "\x01", "x.csv", "x.CSV"])
def test_name_is_never_an_argument_of_its_own(name):
    assert read_rows_apart(b"a;b\n1;2\n", name, max_rows=9, max_columns=9).rows == [["a", "b"], ["1", "2"]]


@pytest.mark.parametrize("name", ["a/../../b", "x.pdf", "x." + "y" * 500, "x.--csv"])
def test_ending_that_is_no_table_is_refused(name):
    with pytest.raises(SpreadsheetRefused):
        read_rows_apart(b"a;b\n1;2\n", name, max_rows=9, max_columns=9)


@pytest.mark.parametrize("fault", ["import os; os.abort()", "import time; time.sleep(60)", "print('x'); exit(1)"])
def test_child_that_breaks_is_a_damaged_file(fault, tmp_path, monkeypatch):
    child = tmp_path / "child.py"
    child.write_text(fault)
    monkeypatch.setattr(sheets_apart, "CHILD", child)
    monkeypatch.setattr(sheets_apart, "PATIENCE", 2)
    with pytest.raises(SpreadsheetRefused):
        read_rows_apart(b"a;b\n", "list.csv", max_rows=9, max_columns=9)
