"""Files that strangers attach: a PDF, a JPEG or a PNG, told by its content, or refused with a sentence.

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
MARKUP = re.compile(rb"<(?:!doctype|html|script|svg|\?xml|body|iframe)", re.IGNORECASE)
DAMAGED = gettext_noop("The file is damaged or incomplete, so it cannot be read. Please save or photograph it anew.")
SENTENCES = {
    "damaged": DAMAGED,
    "password": gettext_noop("The PDF has a password. Please save it without one."),
    "active": gettext_noop("The PDF carries other files or a script inside. Please print it into a plain PDF."),
    "pages": gettext_noop("The PDF has no pages, or more than 100."),
    "pixels": gettext_noop("The picture has more than 25 million pixels. Please make it smaller."),
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


def read_attachment(content: bytes) -> Attachment:
    """The file as it is stored. Raises `AttachmentRefused` for any other kind, a damaged or a hostile one."""
    if not content:
        raise AttachmentRefused(_("The file is empty."))
    if len(content) > LARGEST:
        raise AttachmentRefused(_("The file is larger than 10 MB."))
    kind = next((kind for mark, kind in KINDS.items() if content.startswith(mark)), None)
    if kind is None:
        raise AttachmentRefused(_("Only PDF, JPEG and PNG files are taken, and this is none of them."))
    _refuse_two_in_one(content, kind[1])
    return Attachment(_checked(content, kind[1]), *kind)


def _refuse_two_in_one(content: bytes, ending: str) -> None:
    """Raises for a file that another program would take for something else: an archive, a page, a second document."""
    head = content[:HEAD]
    another = ending != "pdf" and b"%PDF-" in head
    if another or MARKUP.search(head) or zipfile.is_zipfile(io.BytesIO(content)):
        raise AttachmentRefused(_("The file is two kinds of file in one, so it is not taken."))
    if ending == "pdf" and b"%%EOF" not in content[-END:]:
        raise AttachmentRefused(_(DAMAGED))


def _checked(content: bytes, ending: str) -> bytes:
    """What the parser makes of it, in a process of its own."""
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
        raise AttachmentRefused(_(DAMAGED)) from error
    if done.returncode == 0:
        return done.stdout or content
    reason = done.stderr.decode(errors="replace").strip() if done.returncode == REFUSED else "damaged"
    raise AttachmentRefused(_(SENTENCES.get(reason, DAMAGED)))


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
