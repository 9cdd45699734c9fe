"""What an uploaded file really is, by its content and never by its name. Documents and pictures, nothing that runs."""

import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from core.attachment_check import OPEN_DOCUMENT, NotTakenError, office_ending
from core.attachments import OFFICE_SENTENCES, OFFICE_TYPES, OLD_OFFICE
from core.errors import Refused

MOST_PIXELS = 80_000_000
_END_OF_PDF = 2048  # bytes at the end in which a PDF says that it is over


@dataclass(frozen=True)
class FileKind:
    """A kind of file that is taken in."""

    content_type: str
    ending: str


PDF = FileKind("application/pdf", "pdf")
PICTURES = {"PNG": FileKind("image/png", "png"), "JPEG": FileKind("image/jpeg", "jpg")}
OFFICE = {ending: FileKind(content_type, ending) for ending, content_type in OFFICE_TYPES.items()} | {
    ending: FileKind(content_type, ending) for content_type, ending in OPEN_DOCUMENT.items()
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
    if content.startswith(OLD_OFFICE):
        raise FileRefused(_(OFFICE_SENTENCES["old"]))
    raise FileRefused(_("Only PDF, office files (.docx, .xlsx, .pptx, .odt, .ods, .odp) and pictures are taken."))


def safe_name(filename: str, kind: FileKind) -> str:
    """The file's name without folders, long digits or control characters, with the ending that its content has."""
    name = PurePath(filename.replace("\\", "/")).name
    stem = unicodedata.normalize("NFC", name.rpartition(".")[0] or name)
    stem = "".join(c for c in stem if unicodedata.category(c) not in ("Cc", "Cf"))
    stem = re.sub(r'[<>:"/|?*]+', "_", re.sub(r"\d{9,}", "…", stem)).strip(" .") or "file"
    return f"{stem[:100]}.{kind.ending}"


def _damaged() -> FileRefused:
    return FileRefused(_(OFFICE_SENTENCES["damaged"]))


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
        return OFFICE[office_ending(content)]
    except NotTakenError as refusal:
        raise FileRefused(_(OFFICE_SENTENCES[str(refusal)])) from refusal
