"""Spreadsheets out: XLSX and CSV, row by row, and never a formula."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

_ZONE = ZoneInfo("Asia/Almaty")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\']")
_LONGEST_TITLE, _LONGEST_TEXT, _EXACT = 31, 32_767, 10**15
_FIRST_DATE = date(1900, 3, 1)  # Excel counts the days before it wrongly
_NARROWEST, _WIDEST, _MEASURED_ROWS = 8, 50, 200
_HEADING = Font(bold=True)
_TOP = Alignment(vertical="top", wrap_text=True)


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet might calculate what this text says; apostrophes before it count to be undone later."""
    return bool(_DANGEROUS.match(text))


def write_xlsx(rows: Iterable[Sequence[Any]], *, header: Sequence[Any], title: Any) -> bytes:
    """An .xlsx as `stream_xlsx` writes it, in memory."""
    stream = io.BytesIO()
    stream_xlsx(rows, header=header, title=title, to=stream)
    return stream.getvalue()


def stream_xlsx(rows: Iterable[Sequence[Any]], *, header: Sequence[Any], title: Any, to: IO[bytes]) -> None:
    """An .xlsx with a frozen header row. Numbers and dates stay such; every text is a text, never a formula.

    Rows are written one by one into the file `to` and may come from a generator: memory does not grow with them. Times
    of day are those of Almaty. What a workbook cannot hold is written as text (numbers of more than 15 digits, dates
    before March 1900) or left out (control characters).
    """
    book = Workbook(write_only=True)
    _fill(book, rows, header, title)
    book.save(to)


def write_book(sheets: Iterable[tuple[Any, Sequence[Any], Iterable[Sequence[Any]]]]) -> bytes:
    """An .xlsx of several sheets, each a title, a header and rows, written as `stream_xlsx` writes one."""
    book = Workbook(write_only=True)
    for title, header, rows in sheets:
        _fill(book, rows, header, title)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _fill(book: Workbook, rows: Iterable[Sequence[Any]], header: Sequence[Any], title: Any) -> None:
    sheet = book.create_sheet(_NOT_IN_TITLE.sub(" ", _writable(title)).strip()[:_LONGEST_TITLE] or "1")
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    rows = iter(rows)
    first = list(islice(rows, _MEASURED_ROWS))
    for index, width in enumerate(_widths([header, *first]), start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    headings = [_cell(sheet, str(heading)) for heading in header]
    for cell in headings:
        cell.font, cell.alignment = _HEADING, _TOP
    sheet.append(headings)
    for row in chain(first, rows):
        sheet.append([_cell(sheet, value) for value in row])


def _widths(rows: Iterable[Sequence[Any]]) -> list[int]:
    """Of each column, in characters, from its longest text."""
    widths: list[int] = []
    for row in rows:
        widths.extend([_NARROWEST] * (len(row) - len(widths)))
        for index, value in enumerate(row):
            widths[index] = max(widths[index], min(_WIDEST, len(str(value)) + 2))
    return widths


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(_ZONE).replace(tzinfo=None)
    if value is None or isinstance(value, bool):
        return value
    day = value.date() if isinstance(value, datetime) else value
    if isinstance(day, date) and day >= _FIRST_DATE:
        cell = WriteOnlyCell(sheet, value=value)
        cell.number_format = "dd.mm.yyyy hh:mm" if isinstance(value, datetime) else "dd.mm.yyyy"
        return cell
    if isinstance(value, int | float | Decimal) and -_EXACT < value < _EXACT:
        return value
    text = _writable(value).replace("\r\n", "\n").replace("\r", "\n")[:_LONGEST_TEXT]
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    # Excel then keeps it a text also when somebody edits the cell.
    cell.quotePrefix = is_dangerous(text)
    return cell


def _writable(value: Any) -> str:
    return _UNWRITABLE.sub("", str(value))


def write_csv(rows: Iterable[Sequence[Any]], header: Sequence[Any]) -> bytes:
    """A .csv as `stream_csv` writes it, in memory."""
    return b"".join(stream_csv(rows, header))


def stream_csv(rows: Iterable[Sequence[Any]], header: Sequence[Any]) -> Iterator[bytes]:
    """A .csv, line by line, as a Kazakh or Russian Excel opens it: UTF-8 with a mark, semicolons, decimal commas.

    A text that it would calculate gets an apostrophe in front, which `read_rows` takes off again.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    yield b"\xef\xbb\xbf"
    for row in chain([[str(heading) for heading in header]], rows):
        writer.writerow([_harmless(value) for value in row])
        yield stream.getvalue().encode()
        stream.seek(0)
        stream.truncate()


def _harmless(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float | Decimal):
        return str(value).replace(".", ",")
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(_ZONE).replace(tzinfo=None)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    text = _writable(value)
    return f"'{text}" if is_dangerous(text) else text
