"""Workbooks made for tests, whole and hostile, so that nothing hostile lies in the project."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpyxl import Workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

SHARED = (
    '<Relationship Id="texts" Target="sharedStrings.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/>'
)


def book(rows: Iterable[Sequence[object]]) -> bytes:
    """A workbook as openpyxl writes it."""
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def archive(parts: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP file with these parts."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression, compresslevel=1) as new:
        for name, content in parts.items():
            new.writestr(name, content)
    return stream.getvalue()


def parts_of(content: bytes) -> dict[str, Any]:
    """The parts of an archive by their names."""
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        return {name: old.read(name) for name in old.namelist()}


def with_parts(base: bytes, **parts: bytes | str) -> bytes:
    """The archive with parts added or replaced: `__` in a keyword stands for a slash, `_dot_` for a dot."""
    named = {name.replace("__", "/").replace("_dot_", "."): content for name, content in parts.items()}
    return archive(parts_of(base) | named)


def sheet(cells: str) -> str:
    """A worksheet part of these rows."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'


GOOD = book([["ЖСН", "Тегі"], ["850115100019", "Әлімов"]])


def with_cells(cells: str, texts: Sequence[str] = ()) -> bytes:
    """A workbook whose first sheet holds these rows, and these shared texts."""
    shared = "".join(f'<si><t xml:space="preserve">{text}</t></si>' for text in texts)
    parts = parts_of(GOOD)
    relations = parts["xl/_rels/workbook.xml.rels"].decode().replace("</Relationships>", SHARED + "</Relationships>")
    return archive(
        parts
        | {
            "xl/worksheets/sheet1.xml": sheet(cells),
            "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{shared}</sst>',
            "xl/_rels/workbook.xml.rels": relations,
        }
    )
