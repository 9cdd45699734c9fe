"""A workbook made plain, so that the parser behind it only ever sees a small one with nothing strange in it.

That parser makes room for every cell between the first and the last and aborts the whole process when memory runs out.
So the parts it needs are copied into a new archive and looked through on the way: no far-away cells, no text that is
repeated without end.
"""

import io
import posixpath
import re
import zipfile
from array import array
from dataclasses import dataclass

from core.archives import (
    BROKEN,
    Parts,
    Reader,
    damaged,
    not_a_table,
    open_parts,
    too_large,
    too_many_columns,
    too_many_rows,
)

MOST_TEXT = 16_000_000  # characters in all cells together, shared texts counted in each
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})\Z", re.IGNORECASE | re.ASCII)
_LONGEST_WHOLE = 8  # digits
_NAMESPACE = "http://schemas.openxmlformats.org/"
_RELATIONSHIPS = (
    f'<Relationships xmlns="{_NAMESPACE}package/2006/relationships">'
    '{}<Relationship Id="rId1" Type="'
    + _NAMESPACE
    + 'officeDocument/2006/relationships/{}" Target="{}"/></Relationships>'
)


def plain_workbook(content: bytes, *, max_rows: int, max_columns: int) -> bytes:
    """An archive with the first visible sheet of an .xlsx and nothing besides its texts and formats.

    Raises `SpreadsheetRefused` when the file is not a workbook, holds macros or a password, unpacks to more than a list
    needs, declares entities, or has text beyond `max_rows` and `max_columns`.
    """
    entries = open_parts(content)
    plain = io.BytesIO()
    try:
        with (
            zipfile.ZipFile(io.BytesIO(content)) as archive,
            zipfile.ZipFile(plain, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy,
        ):
            _copy(Parts(archive, entries), copy, max_rows, max_columns)
    except BROKEN as error:
        raise damaged() from error
    return plain.getvalue()


@dataclass
class _Book:
    """What the parts above the sheet say: where the first visible sheet, the texts and the formats are."""

    sheet: str
    texts: str | None
    formats: str | None
    dates_from_1904: bool


class _Relations(Reader):
    """What a part refers to: id → (kind, path)."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.targets: dict[str, tuple[str, str]] = {}

    def tag(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            path = posixpath.normpath(posixpath.join("/", self.folder, attributes.get("Target", ""))).lstrip("/")
            self.targets[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], path)


def _targets(parts: Parts, source: str) -> dict[str, tuple[str, str]]:
    folder, name = posixpath.split(source)
    relations = _Relations(folder)
    parts.read(posixpath.join(folder, "_rels", f"{name}.rels"), relations)
    return relations.targets


class _Sheets(Reader):
    """The sheets that a workbook lists (hidden or not, id), and where its dates begin."""

    def __init__(self) -> None:
        self.listed: list[tuple[bool, str]] = []
        self.dates_from_1904 = False

    def tag(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            key = next((value for name, value in attributes.items() if name.endswith(":id")), "")
            self.listed.append((attributes.get("state", "visible") != "visible", key))
        elif name == "workbookPr":
            self.dates_from_1904 = attributes.get("date1904", "").lower() in ("1", "true")


def _book(parts: Parts) -> _Book:
    workbook = "xl/workbook.xml"
    if "_rels/.rels" in parts.entries:
        workbook = dict(_targets(parts, "").values()).get("officeDocument", workbook)
    if workbook.lower() not in parts.entries:
        raise not_a_table()
    sheets = _Sheets()
    parts.read(workbook, sheets)
    targets = _targets(parts, workbook)
    tables = [(hidden, targets[key][1]) for hidden, key in sheets.listed if targets.get(key, "?")[0] == "worksheet"]
    if not tables:
        raise not_a_table()
    by_kind = {kind: path for kind, path in targets.values() if path.lower() in parts.entries}
    first = min(tables, key=lambda table: table[0])[1]
    return _Book(first, by_kind.get("sharedStrings"), by_kind.get("styles"), sheets.dates_from_1904)


def _copy(parts: Parts, copy: zipfile.ZipFile, max_rows: int, max_columns: int) -> None:
    """The parts that are wanted, each looked through while it is copied."""
    book = _book(parts)
    related = ""
    texts = _Texts()
    if book.texts:
        related += _related(2, "sharedStrings", "sharedStrings.xml")
        with copy.open("xl/sharedStrings.xml", "w") as target:
            parts.read(book.texts, texts, target)
    if book.formats:
        related += _related(3, "styles", "styles.xml")
        with copy.open("xl/styles.xml", "w") as target:
            parts.read(book.formats, Reader(), target)
    with copy.open("xl/worksheets/sheet1.xml", "w") as target:
        parts.read(book.sheet, _Cells(max_rows, max_columns, texts.lengths), target)
    parts.drain()
    copy.writestr("_rels/.rels", _RELATIONSHIPS.format("", "officeDocument", "xl/workbook.xml"))
    copy.writestr("xl/_rels/workbook.xml.rels", _RELATIONSHIPS.format(related, "worksheet", "worksheets/sheet1.xml"))
    copy.writestr(
        "xl/workbook.xml",
        f'<workbook xmlns="{_NAMESPACE}spreadsheetml/2006/main" '
        f'xmlns:r="{_NAMESPACE}officeDocument/2006/relationships"><workbookPr date1904="{book.dates_from_1904:d}"/>'
        '<sheets><sheet name="1" sheetId="1" r:id="rId1"/></sheets></workbook>',
    )


def _related(number: int, kind: str, target: str) -> str:
    kind = f"{_NAMESPACE}officeDocument/2006/relationships/{kind}"
    return f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'


# --- The sheet ------------------------------------------------------------------------------------


class _Texts(Reader):
    """How long each shared text is (characters)."""

    def __init__(self) -> None:
        self.lengths = array("L")

    def tag(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self.lengths.append(0)

    def text(self, text: str) -> None:
        if self.lengths:
            self.lengths[-1] += len(text)


class _Cells(Reader):
    """Where the filled cells are and how much text they hold; refuses what lies too far or grows too long."""

    def __init__(self, max_rows: int, max_columns: int, lengths: "array[int]") -> None:
        self.max_rows, self.max_columns, self.lengths = max_rows, max_columns, lengths
        self.row = self.column = self.total = self.begin = 0
        self.reference: str | None = None
        self.shared = False
        self.number: list[str] = []
        self.columns: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A tag begins. Called for every cell, so what is frequent comes first."""
        self.seen += 1
        if name == "c":
            reference = attributes.get("r")
            if reference is None:
                self.column = self._place()[1] + 1
            self.reference, self.shared = reference, attributes.get("t") == "s"
        elif name in ("v", "is"):
            row, column = self._place()
            if row > self.max_rows:
                raise too_many_rows(self.max_rows)
            if column > self.max_columns:
                raise too_many_columns(self.max_columns)
            if self.shared:
                self._listen()
        elif name == "row":
            self.row = _whole(attributes["r"]) if "r" in attributes else self.row + 1
            self.column, self.reference = 0, None
        elif ":" in name:
            self.start(name.rpartition(":")[2], attributes)

    def _place(self) -> tuple[int, int]:
        """Row and column (from 1) of the present cell: as it says, else the next one in its row."""
        if self.reference is None:
            return self.row, self.column
        found = _REFERENCE.match(self.reference)
        if not found:
            raise damaged()
        letters, digits = found.groups()
        if letters not in self.columns:
            self.columns[letters] = _column(letters)
        return int(digits), self.columns[letters]

    def _listen(self) -> None:
        """The number of a shared text follows."""
        self.begin = self.parser.CurrentByteIndex
        self.number.clear()
        self.parser.CharacterDataHandler, self.parser.EndElementHandler = self.number.append, self._end

    def _end(self, name: str) -> None:
        """Add the length of the shared text.

        Its number must stand there in plain digits, else the parser behind might read another one than we do.
        """
        self.parser.CharacterDataHandler = self.parser.EndElementHandler = None
        number = "".join(self.number)
        if self.parser.CurrentByteIndex - self.begin != len(name) + 2 + len(number):
            raise damaged()
        if (place := _whole(number)) >= len(self.lengths):
            raise damaged()
        self.total += self.lengths[place]
        if self.total > MOST_TEXT:
            raise too_large()


def _whole(digits: str) -> int:
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_WHOLE):
        raise damaged()
    return int(digits)


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
