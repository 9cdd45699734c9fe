"""Spreadsheets in and out: one hardened reader, one writer that never writes a formula.

A stranger's file is believed in nothing: not its name, not its declared sizes, not its dimensions.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils import get_column_letter
from python_calamine import CalamineError, CalamineWorkbook

from core.errors import Refused

LARGEST_FILE = 10 * 1024 * 1024
LARGEST_UNPACKED = 60 * 1024 * 1024
MOST_ENTRIES = 500
_CHUNK = 256 * 1024
_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?r="([A-Z]{1,4})(\d{1,9})"(?:[^>]*[^/>])?>')
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_OLE = b"\xd0\xcf\x11\xe0"


class SpreadsheetRefused(Refused):
    """A file that is not read, with the reason in words."""


@dataclass(frozen=True)
class Sheet:
    """The first sheet as text, row by row; `kind` is "xlsx" or "csv". Trailing empty rows are gone."""

    rows: list[list[str]]
    kind: str


def read_rows(content: bytes, filename: str, *, max_rows: int = 20_000, max_columns: int = 60) -> Sheet:
    """The first sheet of an .xlsx or .csv file. The content decides what it is; `filename` only helps to explain.

    Numbers come as they are written (an IIN stored as a number keeps its digits, without ".0"), dates as 2026-01-31;
    a text that looks like a formula stays a text. Raises `SpreadsheetRefused` for everything else: too large, packed
    too tightly, macros, passwords, other formats, more than `max_rows` rows or `max_columns` columns.
    """
    if len(content) > LARGEST_FILE:
        raise SpreadsheetRefused(_("The file is larger than 10 MB."))
    if not content.strip():
        raise SpreadsheetRefused(_("The file is empty."))
    if content.startswith(_OLE):
        raise SpreadsheetRefused(_("The file is of an old format or has a password. Please save it as .xlsx without a password."))
    if content.startswith(b"PK"):
        return Sheet(_limited(_xlsx_rows(content, max_rows, max_columns), max_rows, max_columns), "xlsx")
    return Sheet(_limited(_csv_rows(content), max_rows, max_columns), "csv")


def _limited(rows: Iterable[list[str]], max_rows: int, max_columns: int) -> list[list[str]]:
    kept: list[list[str]] = []
    pending = 0  # empty rows, counted only when something follows
    for row in rows:
        while row and not row[-1]:
            row.pop()
        if not row:
            pending += 1
            continue
        if len(kept) + pending >= max_rows:
            raise SpreadsheetRefused(_too_many_rows(max_rows))
        if len(row) > max_columns:
            raise SpreadsheetRefused(_("The sheet has more than %(columns)s columns.") % {"columns": max_columns})
        kept.extend([] for _i in range(pending))
        pending = 0
        kept.append(row)
    return kept


def _too_many_rows(max_rows: int) -> str:
    return _("The sheet has more than %(rows)s rows.") % {"rows": max_rows}


# --- CSV ------------------------------------------------------------------------------------------


def _csv_rows(content: bytes) -> Iterator[list[str]]:
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise SpreadsheetRefused(_not_a_table())
    if any(ord(character) < 32 and character not in "\t\r\n" for character in text[:LARGEST_FILE]):
        raise SpreadsheetRefused(_not_a_table())
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [cell.strip() for cell in row]
    except csv.Error as error:
        raise SpreadsheetRefused(_("The CSV file is damaged: a quotation mark is not closed, or a cell is too long.")) from error


def _not_a_table() -> str:
    return _("This is not a spreadsheet. Please save the list as .xlsx or .csv.")


# --- XLSX -----------------------------------------------------------------------------------------


def _xlsx_rows(content: bytes, max_rows: int, max_columns: int) -> Iterator[list[str]]:
    _check_archive(content, max_rows, max_columns)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if not book.sheet_names:
            raise SpreadsheetRefused(_not_a_table())
        sheet = book.get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False) if sheet.start else []
    except (CalamineError, ValueError, OSError) as error:
        raise SpreadsheetRefused(_("The spreadsheet is damaged. Please save it anew as .xlsx.")) from error
    return ([_text(cell) for cell in row] for row in rows)


def _check_archive(content: bytes, max_rows: int, max_columns: int) -> None:
    """Look through the archive before a parser sees it: real sizes, forbidden parts, XML entities, far-away cells."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SpreadsheetRefused(_("The spreadsheet is damaged. Please save it anew as .xlsx.")) from error
    lowered = {name.lower() for name in names}
    if "mimetype" in lowered or "xl/workbook.bin" in lowered:
        raise SpreadsheetRefused(_("Only .xlsx and .csv are read. Please save the file as .xlsx."))
    if "xl/workbook.xml" not in lowered:
        raise SpreadsheetRefused(_not_a_table())
    if any(name.endswith("vbaproject.bin") for name in lowered):
        raise SpreadsheetRefused(_("The file holds macros. Please save it as .xlsx without macros."))
    if len(names) > MOST_ENTRIES or len(set(names)) != len(names):
        raise SpreadsheetRefused(_packed())
    left = LARGEST_UNPACKED
    for entry in archive.infolist():
        left -= _check_part(archive, entry, left, max_rows, max_columns)


def _packed() -> str:
    return _("The file unpacks to far more than a list of people needs, so it is not opened.")


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, max_rows: int, max_columns: int) -> int:
    """The real unpacked size of one part, read in pieces so that a lying header gains nothing."""
    if entry.flag_bits & 1:
        raise SpreadsheetRefused(_("The file has a password. Please save it without one."))
    if entry.file_size > left:
        raise SpreadsheetRefused(_packed())
    size, tail = 0, b""
    is_sheet = entry.filename.lower().startswith("xl/worksheets/")
    try:
        with archive.open(entry) as part:
            while chunk := part.read(_CHUNK):
                size += len(chunk)
                if size > left:
                    raise SpreadsheetRefused(_packed())
                window = tail + chunk
                if b"<!DOCTYPE" in window or b"<!ENTITY" in window or window.startswith((b"\xff\xfe", b"\xfe\xff")):
                    raise SpreadsheetRefused(_("The file holds parts that a spreadsheet does not need, so it is not opened."))
                if is_sheet:
                    _check_cells(window, max_rows, max_columns)
                tail = window[-300:]
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise SpreadsheetRefused(_("The spreadsheet is damaged. Please save it anew as .xlsx.")) from error
    return size


def _check_cells(xml: bytes, max_rows: int, max_columns: int) -> None:
    """Refuse a filled cell far away: a parser would make room for all cells before it."""
    for column, row in _CELL.findall(xml):
        if int(row) > max_rows:
            raise SpreadsheetRefused(_too_many_rows(max_rows))
        if len(column) > 2 or _column(column) > 4 * max_columns:
            raise SpreadsheetRefused(_("The sheet has more than %(columns)s columns.") % {"columns": max_columns})


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _text(cell: Any) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else str(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell).replace("\x00", "").strip()


# --- Writing --------------------------------------------------------------------------------------


def write_xlsx(rows: Iterable[Sequence[Any]], *, header: Sequence[str], title: str) -> bytes:
    """An .xlsx with a frozen header row. Numbers and dates stay such; every text is a text, never a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31] or "1")
    sheet.freeze_panes = "A2"
    for index, heading in enumerate(header, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = max(12, min(45, len(str(heading)) + 6))
    sheet.append([_cell(sheet, heading) for heading in header])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _cell(sheet: Any, value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, float, date)):
        return value.replace(tzinfo=None) if isinstance(value, datetime) else value
    cell = WriteOnlyCell(sheet, value=_FORBIDDEN.sub("", str(value))[:32_000])
    cell.data_type = "s"
    return cell


def write_csv(rows: Iterable[Sequence[Any]], *, header: Sequence[str]) -> bytes:
    """A .csv that a Kazakh or Russian Excel opens by itself; a text that it would calculate gets an apostrophe."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_harmless(value) for value in row])
    return ("\ufeff" + stream.getvalue()).encode()


def _harmless(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(_DANGEROUS):
        return f"'{value}"
    return value
