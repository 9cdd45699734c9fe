"""Files that strangers attach: a PDF, a JPEG, a PNG, on request an office file, told by content or refused in words.

The file is parsed for real by `core.attachment_check`, in a process of its own with a limit on memory and time, so that
neither a picture of a million pixels a side nor a flaw in a parser reaches the web server.
"""

import io
import re
import subprocess
import sys
import unicodedata
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePath

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.attachment_check import REFUSED
from core.errors import Refused

LARGEST = 10 * 1024 * 1024  # bytes
LONGEST_NAME = 120
CHECK = Path(__file__).with_name("attachment_check.py")
PATIENCE = 10  # seconds; a good file of the largest size takes two
HEAD = 1024  # bytes in which a reader looks for what a file is
END = 1024  # bytes in which the end mark of a PDF stands
KINDS = {
    b"%PDF-": ("application/pdf", "pdf"),
    b"\xff\xd8\xff": ("image/jpeg", "jpg"),
    b"\x89PNG\r\n\x1a\n": ("image/png", "png"),
}
# Kept as they came; taken only where the caller says so. `core.contents` judges office files by the same rules.
_OPEN_XML = "application/vnd.openxmlformats-officedocument"
OFFICE_TYPES = {
    "docx": f"{_OPEN_XML}.wordprocessingml.document",
    "xlsx": f"{_OPEN_XML}.spreadsheetml.sheet",
    "pptx": f"{_OPEN_XML}.presentationml.presentation",
}
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
MARKUP = re.compile(rb"<(?:!doctype|html|script|svg|\?xml|body|iframe)", re.IGNORECASE)
DAMAGED = gettext_noop("The file is damaged or incomplete, so it cannot be read. Please save or photograph it anew.")
SENTENCES = {
    "damaged": DAMAGED,
    "password": gettext_noop("The PDF has a password. Please save it without one."),
    "active": gettext_noop("The PDF carries other files or a script inside. Please print it into a plain PDF."),
    "pages": gettext_noop("The PDF has no pages, or more than 100."),
    "pixels": gettext_noop("The picture has more than 25 million pixels. Please make it smaller."),
}
OFFICE_SENTENCES = {
    "damaged": gettext_noop("The file is damaged. Please save it anew."),
    "locked": gettext_noop("The file has a password. Please save it without one."),
    "unpacks": gettext_noop("The file unpacks to far more than a document needs, so it is not taken."),
    "archive": gettext_noop("This is an archive, not a document. Please upload the documents themselves."),
    "macros": gettext_noop("The file holds macros. Please save it without them."),
    "old": gettext_noop("This is an old office format or has a password. Please save it as .docx, .xlsx or .pptx."),
}
# Nine digits or more, also when spaces or marks part them: an IIN, a BIN, a telephone.
LONG_NUMBER = re.compile(r"\d(?:[\s._\-–]*\d){8,}")


class AttachmentRefused(Refused):
    """A file that is not taken; nothing of it is kept."""


@dataclass(frozen=True)
class Attachment:
    """What is stored: a PDF as it came, a picture drawn anew without what its camera wrote into it."""

    content: bytes
    content_type: str
    ending: str


def read_attachment(content: bytes, *, office: bool = False) -> Attachment:
    """The file as it is stored; with `office` also a .docx, .xlsx or .pptx without macros or a password.

    Raises `AttachmentRefused` for any other kind, a damaged or a hostile one.
    """
    if not content:
        raise AttachmentRefused(_("The file is empty."))
    if len(content) > LARGEST:
        raise AttachmentRefused(_("The file is larger than 10 MB."))
    if office and content.startswith(OLD_OFFICE):
        raise AttachmentRefused(_(OFFICE_SENTENCES["old"]))
    if office and content.startswith(b"PK"):
        return _office(content)
    kind = next((kind for mark, kind in KINDS.items() if content.startswith(mark)), None)
    if kind is None and office:
        raise AttachmentRefused(_("Only PDF, DOCX, XLSX, PPTX, JPEG and PNG files are taken, not this kind of file."))
    if kind is None:
        raise AttachmentRefused(_("Only PDF, JPEG and PNG files are taken, and this is none of them."))
    _refuse_two_in_one(content, kind[1])
    return Attachment(_checked(content, kind[1], SENTENCES) or content, *kind)


def _office(content: bytes) -> Attachment:
    ending = _checked(content, "office", OFFICE_SENTENCES).decode()
    if ending not in OFFICE_TYPES:
        raise AttachmentRefused(_("Please save the file as .docx, .xlsx or .pptx, or as a PDF."))
    return Attachment(content, OFFICE_TYPES[ending], ending)


def _refuse_two_in_one(content: bytes, ending: str) -> None:
    """Raises for a file that another program would take for something else: an archive, a page, a second document."""
    head = content[:HEAD]
    another = ending != "pdf" and b"%PDF-" in head
    if another or MARKUP.search(head) or zipfile.is_zipfile(io.BytesIO(content)):
        raise AttachmentRefused(_("The file is two kinds of file in one, so it is not taken."))
    if ending == "pdf" and b"%%EOF" not in content[-END:]:
        raise AttachmentRefused(_(DAMAGED))


def _checked(content: bytes, ending: str, sentences: dict[str, str]) -> bytes:
    """What the parser writes of it, in a process of its own."""
    try:
        done = subprocess.run(  # noqa: S603 - our own script
            [sys.executable, "-I", "-W", "ignore", str(CHECK), ending],
            input=content,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env={},
            cwd="/",
        )
    except subprocess.TimeoutExpired as error:
        raise AttachmentRefused(_(sentences["damaged"])) from error
    if done.returncode == 0:
        return done.stdout
    reason = done.stderr.decode(errors="replace").strip() if done.returncode == REFUSED else "damaged"
    raise AttachmentRefused(_(sentences.get(reason, sentences["damaged"])))


def shown_name(name: str) -> str:
    """A file's name as a sentence may repeat it: without folders, controls or long numbers (an IIN may be one)."""
    name = PurePath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    name = "".join(c for c in name if unicodedata.category(c)[0] != "C")
    return " ".join(LONG_NUMBER.sub("…", name).split())[:LONGEST_NAME] or "…"


def clean_name(name: str, ending: str) -> str:
    """The name under which a file is listed: as `shown_name`, with the ending of what it is."""
    shown = shown_name(name)
    stem = PurePath(shown).stem if "." in shown else shown
    return f"{stem.strip(' .')[: LONGEST_NAME - len(ending) - 1].strip() or '…'}.{ending}"
