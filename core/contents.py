"""What an uploaded file really is, by its content and never by its name. Documents and pictures, nothing that runs."""

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from core.archives import BROKEN
from core.errors import Refused

MOST_PIXELS = 80_000_000
MOST_ENTRIES = 5_000
LARGEST_UNPACKED = 500 * 1024 * 1024  # bytes that an office file says it unpacks to
_LARGEST_PART = 1024 * 1024  # bytes of a part that is read here
_END_OF_PDF = 2048  # bytes at the end in which a PDF says that it is over
_OLE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class FileKind:
    """A kind of file that is taken in."""

    content_type: str
    ending: str


PDF = FileKind("application/pdf", "pdf")
PICTURES = {"PNG": FileKind("image/png", "png"), "JPEG": FileKind("image/jpeg", "jpg")}
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
OFFICE = {
    "word/document.xml": FileKind(f"{_OPEN_XML}.wordprocessingml.document", "docx"),
    "xl/workbook.xml": FileKind(f"{_OPEN_XML}.spreadsheetml.sheet", "xlsx"),
    "ppt/presentation.xml": FileKind(f"{_OPEN_XML}.presentationml.presentation", "pptx"),
}
OPEN_DOCUMENT = {
    f"application/vnd.oasis.opendocument.{name}": FileKind(f"application/vnd.oasis.opendocument.{name}", ending)
    for name, ending in (("text", "odt"), ("spreadsheet", "ods"), ("presentation", "odp"))
}


class FileRefused(Refused):
    """A file that is not taken in, with the reason in words."""


def examine(content: bytes) -> FileKind:
    """The kind of a PDF, PNG, JPEG or office file (.docx, .xlsx, .pptx, .odt, .ods, .odp), by its content.

    Raises `FileRefused` for everything else, also for what only begins like one of them: damaged, with macros or a
    password, pictures and archives that would need far more room than they take. Nothing is unpacked for it.
    """
    if not content:
        raise FileRefused(_("The file is empty."))
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return _picture(content)
    if content.startswith(b"PK"):
        return _office(content)
    if content.startswith(_OLE):
        raise FileRefused(_("This is an old office format or has a password. Please save it as .docx, .xlsx or .pptx."))
    raise FileRefused(_("Only PDF, office files (.docx, .xlsx, .pptx, .odt, .ods, .odp) and pictures are taken."))


def safe_name(filename: str, kind: FileKind) -> str:
    """The file's name without folders, long digits or control characters, with the ending that its content has."""
    name = PurePath(filename.replace("\\", "/")).name
    stem = unicodedata.normalize("NFC", name.rpartition(".")[0] or name)
    stem = "".join(c for c in stem if unicodedata.category(c) not in ("Cc", "Cf"))
    stem = re.sub(r'[<>:"/|?*]+', "_", re.sub(r"\d{9,}", "…", stem)).strip(" .") or "file"
    return f"{stem[:100]}.{kind.ending}"


def _damaged() -> FileRefused:
    return FileRefused(_("The file is damaged. Please save it anew."))


def _pdf(content: bytes) -> FileKind:
    if b"%%EOF" not in content[-_END_OF_PDF:]:
        raise _damaged()
    return PDF


def _picture(content: bytes) -> FileKind:
    try:
        with Image.open(io.BytesIO(content), formats=list(PICTURES)) as picture:
            kind, pixels = PICTURES[picture.format or ""], picture.width * picture.height
            if pixels <= MOST_PIXELS:
                picture.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        pixels = MOST_PIXELS + 1
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, KeyError) as error:
        raise _damaged() from error
    if pixels > MOST_PIXELS:
        raise FileRefused(_("The picture is too large. Please make it smaller."))
    return kind


def _office(content: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            names = {entry.filename for entry in entries}
            _refuse_archive(entries)
            if "mimetype" in names:
                kind = OPEN_DOCUMENT.get(_part(archive, "mimetype").decode("ascii", "replace").strip())
                macros = any(name.startswith(("Basic/", "Scripts/")) for name in names)
            else:
                kind = next((kind for part, kind in OFFICE.items() if part in names), None)
                types = _part(archive, "[Content_Types].xml") if kind else b""
                macros = b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names)
    except BROKEN as error:
        raise _damaged() from error
    except KeyError as error:  # the archive lacks a part that every such file has
        raise _damaged() from error
    if kind is None:
        raise FileRefused(_("This is an archive, not a document. Please upload the documents themselves."))
    if macros:
        raise FileRefused(_("The file holds macros. Please save it without them."))
    return kind


def _refuse_archive(entries: list[zipfile.ZipInfo]) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused(_("The file has a password. Please save it without one."))
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise FileRefused(_("The file unpacks to far more than a document needs, so it is not taken."))


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        content: bytes = part.read(_LARGEST_PART)
    return content
