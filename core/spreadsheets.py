"""Spreadsheets in: one hardened reader. The writer, which never writes a formula, is in `core.sheet_writing`."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineWorkbook

from core.archives import SpreadsheetRefused, damaged, not_a_table, too_many_columns, too_many_rows
from core.sheet_writing import is_dangerous, stream_csv, stream_xlsx, write_csv, write_xlsx
from core.workbooks import plain_workbook

__all__ = ["Sheet", "SpreadsheetRefused", "read_rows", "stream_csv", "stream_xlsx", "write_csv", "write_xlsx"]

LARGEST_FILE = 10 * 1024 * 1024  # bytes
_KNOWN_ENDINGS = ("", "csv", "txt", "tsv", "xlsx")
_ARCHIVE, _OLE, _ENCRYPTED = b"PK", b"\xd0\xcf\x11\xe0", "EncryptedPackage".encode("utf-16-le")
_UTF8_MARK, _UTF16_MARKS = b"\xef\xbb\xbf", (b"\xff\xfe", b"\xfe\xff")
_OTHER_TEXT = ("<", "%PDF", "{\\rtf")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_DELIMITERS = ";,\t"
_SEPARATOR_LINE = re.compile(r"sep=([;,\t])\r?\n", re.IGNORECASE)
_SAMPLE_ROWS = 20
_MOST_LINES_PER_ROW = 50


@dataclass(frozen=True)
class Sheet:
    """The first sheet as text, row by row; `kind` is "xlsx" or "csv".

    Row 1 of the sheet is `rows[0]`, empty rows between others included. Empty cells at the end of a row and empty rows
    at the end of the sheet are gone.
    """

    rows: list[list[str]]
    kind: str


def read_rows(content: bytes, filename: str, *, max_rows: int = 20_000, max_columns: int = 60) -> Sheet:
    """The first visible sheet of an .xlsx or .csv file. The content decides which it is.

    Numbers come as they are written (an IIN stored as a number keeps its digits, without “.0”), dates as 2026-01-31,
    a formula as its last result; a text that looks like a formula stays a text. Raises `SpreadsheetRefused` for
    everything else: over 10 MB, packed too tightly, macros, passwords, other formats, text beyond `max_rows` (rows
    counted from the top of the sheet) or `max_columns`.
    """
    if len(content) > LARGEST_FILE:
        raise SpreadsheetRefused(_("The file is larger than 10 MB."))
    if not content.strip(b" \t\r\n\x00"):
        raise SpreadsheetRefused(_("The file is empty."))
    if content.startswith(_OLE):
        raise _of_office(content)
    ending = filename.rpartition(".")[2].lower() if "." in filename else ""
    if content.startswith(_ARCHIVE):
        return Sheet(_trimmed(_xlsx_rows(content, max_rows, max_columns), max_rows, max_columns), "xlsx")
    if ending not in _KNOWN_ENDINGS:
        raise not_a_table()
    return Sheet(_trimmed(_csv_rows(content, max_rows, max_columns), max_rows, max_columns), "csv")


def _of_office(content: bytes) -> SpreadsheetRefused:
    if _ENCRYPTED in content:
        return SpreadsheetRefused(_("The file has a password. Please save it without one."))
    return SpreadsheetRefused(_("Only .xlsx and .csv are read. Please save the file as .xlsx."))


def _trimmed(rows: Iterable[list[str]], max_rows: int, max_columns: int) -> list[list[str]]:
    kept: list[list[str]] = []
    pending = 0  # empty rows, counted only when something follows
    for row in rows:
        while row and not row[-1].strip():
            row.pop()
        if not row:
            pending += 1
            continue
        if len(kept) + pending >= max_rows:
            raise too_many_rows(max_rows)
        if len(row) > max_columns:
            raise too_many_columns(max_columns)
        kept.extend([] for _i in range(pending))
        pending = 0
        for index, cell in enumerate(row, start=1):
            if _CONTROL.search(cell):
                raise _unreadable_cell(len(kept) + 1, index)
        kept.append(row)
    return kept


def _unreadable_cell(row: int, column: int) -> SpreadsheetRefused:
    cell = f"{get_column_letter(column)}{row}"
    return SpreadsheetRefused(
        _("Cell %(cell)s holds invisible control characters. Please type it anew.") % {"cell": cell}
    )


# --- CSV ------------------------------------------------------------------------------------------


def _csv_rows(content: bytes, max_rows: int, max_columns: int) -> Iterator[list[str]]:
    text = _decoded(content)
    if _CONTROL.search(text) or text.lstrip().startswith(_OTHER_TEXT):
        raise not_a_table()
    told = _SEPARATOR_LINE.match(text)
    text = text[told.end() :] if told else text
    if "\n" not in text:
        text = text.replace("\r", "\n")
    delimiter = told[1] if told else _delimiter(text)
    last = text.find("\n", len(text.rstrip("\r\n \t" + delimiter)))
    text = text[:last] if last >= 0 else text  # a million empty rows end here
    if text.count("\n") > _MOST_LINES_PER_ROW * max_rows:
        raise too_many_rows(max_rows)
    reader = csv.reader(_lines(text, max_columns), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            yield [cell[1:] if cell[:1] == "'" and is_dangerous(cell[1:]) else cell for cell in row]
    except csv.Error as error:
        raise SpreadsheetRefused(
            _("Line %(line)s of the file cannot be read: a quotation mark is not closed, or a cell is too long.")
            % {"line": reader.line_num}
        ) from error


def _decoded(content: bytes) -> str:
    """UTF-8, UTF-16 when marked, else Windows Cyrillic."""
    encodings = ["utf-8-sig", "cp1251"]
    if content.startswith(_UTF8_MARK):
        encodings = ["utf-8-sig"]
    elif content.startswith(_UTF16_MARKS):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise not_a_table()


def _lines(text: str, max_columns: int) -> Iterator[str]:
    """Lines one by one; a line of nothing but delimiters is refused before it becomes a row of a million cells."""
    for found in _LINE.finditer(text):
        line = found[0]
        if len(line) > 100 * max_columns and max(map(line.count, _DELIMITERS)) > 100 * max_columns:
            raise too_many_columns(max_columns)
        yield line


def _delimiter(text: str) -> str:
    """The mark that divides the first rows most often, outside quotation marks."""
    sample = [re.sub(r'"[^"]*"', "", found[0]) for found in islice(_LINE.finditer(text), _SAMPLE_ROWS)]
    return max(_DELIMITERS, key=lambda mark: sum(line.count(mark) for line in sample))


# --- XLSX -----------------------------------------------------------------------------------------


def _xlsx_rows(content: bytes, max_rows: int, max_columns: int) -> Iterator[list[str]]:
    plain = plain_workbook(content, max_rows=max_rows, max_columns=max_columns)
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(plain)).get_sheet_by_index(0)
        if sheet.start is None:
            return
        left = [""] * sheet.start[1]  # rows above the first come as empty ones, columns before it do not come
        for row in sheet.iter_rows():
            yield left + list(map(_text, row))
    except (CalamineError, ArithmeticError, ValueError, OSError) as error:
        raise damaged() from error
    except BaseException as error:
        # The parser's own failures (a date far out of range) are no `Exception` and would end the process.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged() from error


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else str(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="seconds")
    return str(cell)
