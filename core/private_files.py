"""Files of strangers in the private store: looked into, kept under names that tell nothing, sent, and swept.

The rows that name them have `name`, `file`, `content_type`, `size` and `sha256`; whose they are and who may open them
is the business of each row's own module.
"""

import hashlib
import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import Model
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.attachments import Attachment, AttachmentRefused, clean_name, read_attachment, shown_name
from core.errors import DomainError

log = logging.getLogger(__name__)
STRAY = timedelta(days=1)  # after which a file that no row names is what a killed upload left


@dataclass(frozen=True)
class Upload:
    """A file as it came: the name it bore, and its content."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Checked:
    """A file that may be stored, under the name by which it is listed."""

    name: str
    attachment: Attachment
    sha256: str


class PrivateFileUnreadableError(DomainError):
    """The store does not give the file now."""

    status = 503


def check(uploads: Sequence[Upload], *, office: bool = False) -> list[Checked]:
    """Every file looked into, nothing stored; the same file twice is one. Raises `Refused`, naming the file."""
    checked: dict[str, Checked] = {}
    for upload in uploads:
        try:
            attachment = read_attachment(upload.content, office=office)
        except AttachmentRefused as refusal:
            shown = shown_name(upload.name)
            raise AttachmentRefused(_("“%(name)s”: %(why)s") % {"name": shown, "why": refusal.sentence}) from refusal
        sha256 = hashlib.sha256(attachment.content).hexdigest()
        checked.setdefault(sha256, Checked(clean_name(upload.name, attachment.ending), attachment, sha256))
    return list(checked.values())


Keep = Callable[[Checked], dict[str, Any]]


@contextmanager
def keeping(folder: str) -> Iterator[Keep]:
    """`keep(file)` stores a checked file and gives the fields of its row; a block that fails leaves no file.

    What a killed process or a transaction that is rolled back later leaves, `sweep` removes.
    """
    written: list[str] = []

    def keep(file: Checked) -> dict[str, Any]:
        content = file.attachment.content
        stored = default_storage.save(f"{folder}/{secrets.token_hex(16)}", ContentFile(content))
        written.append(stored)
        facts = {"content_type": file.attachment.content_type, "size": len(content), "sha256": file.sha256}
        return {"name": file.name, "file": stored, **facts}

    try:
        yield keep
    except BaseException:
        erase(written)
        raise


def erase(names: Sequence[str]) -> None:
    """Remove files from the store."""
    for name in names:
        default_storage.delete(name)


def sent(row: Any) -> FileResponse:
    """The file as an attachment of the type that its content has. Raises `PrivateFileUnreadableError`, and logs why."""
    try:
        opened = row.file.open("rb")
    except OSError as error:
        log.error("%s %s: %s", row._meta.label, row.pk, type(error).__name__)
        raise PrivateFileUnreadableError(_("The file cannot be read now. Please call the technician.")) from error
    response = FileResponse(opened, as_attachment=True, filename=row.name, content_type=row.content_type)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def sweep(folder: str, model: type[Model]) -> int:
    """Erase files of the folder that no row of the model names and that are older than a day; how many. Safe twice."""
    if not default_storage.exists(folder):
        return 0
    _folders, files = default_storage.listdir(folder)
    named = set(model._base_manager.values_list("file", flat=True))
    limit = timezone.now() - STRAY
    stray = [name for name in (f"{folder}/{file}" for file in files) if name not in named]
    stray = [name for name in stray if default_storage.get_modified_time(name) < limit]
    erase(stray)
    return len(stray)
