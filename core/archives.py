"""An .xlsx as an archive: its promises are checked before anything is unpacked, each part is parsed piece by piece.

A stranger's file is believed in nothing. Sizes are bounded twice, by the table of contents and while unpacking; only
plain UTF-8 without a document type gets through, so that no entity grows and no other parser reads it another way.
"""

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO, Any
from xml.parsers import expat

from django.utils.translation import gettext as _

from core.errors import Refused

LARGEST_UNPACKED = 60 * 1024 * 1024  # bytes, of all parts together
MOST_ENTRIES = 500
MOST_TIMES_SMALLER = 100  # than unpacked; a real sheet is about ten times smaller
MOST_TAGS = 2_000_000  # in one part
LARGEST_TOKEN = 1024 * 1024  # bytes of one tag or comment
_CHUNK = 256 * 1024
_PACKED_AT_LEAST = 1024 * 1024  # bytes; below this a high ratio does no harm
_ENTRY_SIGNATURE = b"PK\x01\x02"
_DOCUMENT_TYPE = b"<!DOCTYPE"
_READABLE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    ValueError,
    OverflowError,
    NotImplementedError,
)


class SpreadsheetRefused(Refused):
    """A file that is not read, with the reason in words."""


def damaged() -> SpreadsheetRefused:
    """The refusal of a file that begins like a workbook and does not hold what it should."""
    return SpreadsheetRefused(_("The spreadsheet is damaged. Please save it anew as .xlsx."))


def not_a_table() -> SpreadsheetRefused:
    """The refusal of a file of quite another kind."""
    return SpreadsheetRefused(_("This is not a spreadsheet. Please save the list as .xlsx or .csv."))


def too_many_rows(most: int) -> SpreadsheetRefused:
    """The refusal of a sheet with text below row `most`."""
    return SpreadsheetRefused(_("The sheet has more than %(rows)s rows.") % {"rows": most})


def too_many_columns(most: int) -> SpreadsheetRefused:
    """The refusal of a sheet with text to the right of column `most`."""
    return SpreadsheetRefused(_("The sheet has more than %(columns)s columns.") % {"columns": most})


def too_large() -> SpreadsheetRefused:
    """The refusal of a file that would need far more room than its content is worth."""
    return SpreadsheetRefused(_("The file unpacks to far more than a list of people needs, so it is not opened."))


def _too_many_cells() -> SpreadsheetRefused:
    return SpreadsheetRefused(
        _("The sheet holds far more cells than a list needs. Please copy the list into a new workbook.")
    )


def open_parts(content: bytes) -> dict[str, zipfile.ZipInfo]:
    """The archive's table of contents, names in lower case; refused when it is no workbook's or promises too much."""
    if content.count(_ENTRY_SIGNATURE) > MOST_ENTRIES:
        raise too_large()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except BROKEN as error:
        raise damaged() from error
    parts = {entry.filename.replace("\\", "/").lower(): entry for entry in entries}
    _refuse_other_kinds(set(parts))
    if len(parts) != len(entries):
        raise damaged()
    if any(entry.flag_bits & 1 for entry in entries):
        raise SpreadsheetRefused(_("The file has a password. Please save it without one."))
    if any(entry.compress_type not in _READABLE for entry in entries):
        raise damaged()
    _refuse_large(entries)
    return parts


def _refuse_other_kinds(names: set[str]) -> None:
    if any(name.endswith("vbaproject.bin") for name in names):
        raise SpreadsheetRefused(_("The file holds macros. Please save it as .xlsx without macros."))
    if "mimetype" in names or "xl/workbook.bin" in names:
        raise SpreadsheetRefused(_("Only .xlsx and .csv are read. Please save the file as .xlsx."))
    if not any(name.startswith("xl/") for name in names):
        raise not_a_table()


def _refuse_large(entries: list[zipfile.ZipInfo]) -> None:
    """By what the archive says of itself; when it lies, unpacking stops at the size it gave and the checksum fails."""
    if sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise too_large()
    for entry in entries:
        if entry.file_size > max(_PACKED_AT_LEAST, MOST_TIMES_SMALLER * entry.compress_size):
            raise too_large()


class Reader:
    """Receives the tags of one part while it is parsed."""

    parser: Any  # set before the first tag
    seen = 0  # tags

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A tag begins. Prefixes are taken off, as the parser behind does."""
        self.seen += 1
        self.tag(name.rpartition(":")[2], attributes)

    def tag(self, name: str, attributes: dict[str, str]) -> None:
        """A tag by its name without prefix."""

    def text(self, text: str) -> None:
        """A piece of text between tags."""


@dataclass
class Parts:
    """The parts of a workbook by their path, and the one way to read them."""

    archive: zipfile.ZipFile
    entries: dict[str, zipfile.ZipInfo]
    seen: set[str] = field(default_factory=set)

    def read(self, path: str, reader: Reader, target: IO[bytes] | None = None) -> None:
        """Parse one part piece by piece and copy it to `target`.

        Only UTF-8 without a document type is read, whatever the part declares: the parser behind knows no other.
        """
        entry = self.entries.get(path.lower())
        if entry is None:
            raise damaged()
        self.seen.add(path.lower())
        parser = reader.parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_document_type
        parser.StartElementHandler = reader.start
        if type(reader).text is not Reader.text:
            parser.CharacterDataHandler = reader.text
        fed = 0
        try:
            with self.archive.open(entry) as part:
                while chunk := part.read(_CHUNK):
                    if b"\0" in chunk:  # UTF-16, which expat would follow whatever it is told
                        raise damaged()
                    fed += len(chunk)
                    parser.Parse(chunk, False)
                    if reader.seen > MOST_TAGS:
                        raise _too_many_cells()
                    if fed - parser.CurrentByteIndex > LARGEST_TOKEN + _CHUNK:
                        raise too_large()
                    if target:
                        target.write(chunk)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise damaged() from error

    def drain(self) -> None:
        """Unpack the parts that were not read to nowhere: each must hold what it says, and no document type."""
        for path in self.entries.keys() - self.seen:
            end = b""
            with self.archive.open(self.entries[path]) as part:
                while chunk := part.read(_CHUNK):
                    if path.endswith((".xml", ".rels")) and _DOCUMENT_TYPE in end + chunk:
                        _refuse_document_type()
                    end = chunk[-len(_DOCUMENT_TYPE) :]


def _refuse_document_type(*_args: object) -> None:
    raise SpreadsheetRefused(_("The file holds parts that a spreadsheet does not need, so it is not opened."))
