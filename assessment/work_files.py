"""Files of submitted work: judged by their content, kept in the private store under names that tell nothing."""

import hashlib
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment.models import SubmittedFile, Version
from core.attachments import Attachment, AttachmentRefused, clean_name, read_attachment, shown_name
from core.errors import DomainError, Refused
from enrollment.request_papers import Upload

log = logging.getLogger(__name__)
FOLDER = "work"
MOST = 5  # files of one version
STRAY = timedelta(days=1)  # after which a file that no row names is what a killed upload left


@dataclass(frozen=True)
class Checked:
    """A file that may be stored, under the name by which it is listed."""

    name: str
    attachment: Attachment
    sha256: str


class WorkUnreadableError(DomainError):
    """The store does not give the file now."""

    status = 503


def check(uploads: Sequence[Upload]) -> list[Checked]:
    """Every file looked into, nothing stored; the same file twice is one. Raises `Refused`, naming the file."""
    if len(uploads) > MOST:
        raise Refused(_("At most 5 files go with one version."))
    checked: dict[str, Checked] = {}
    for upload in uploads:
        try:
            attachment = read_attachment(upload.content, office=True)
        except AttachmentRefused as refusal:
            shown = shown_name(upload.name)
            raise AttachmentRefused(_("“%(name)s”: %(why)s") % {"name": shown, "why": refusal.sentence}) from refusal
        sha256 = hashlib.sha256(attachment.content).hexdigest()
        checked.setdefault(sha256, Checked(clean_name(upload.name, attachment.ending), attachment, sha256))
    return list(checked.values())


def store(version: Version, files: Sequence[Checked]) -> None:
    """Keep files that were checked. When it fails, those it wrote are gone again.

    What a killed process or a transaction that is rolled back later leaves, `sweep_stray_files` removes.
    """
    written: list[str] = []
    try:
        for file in files:
            name = default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}", ContentFile(file.attachment.content))
            written.append(name)
            SubmittedFile.objects.create(
                version=version,
                name=file.name,
                file=name,
                content_type=file.attachment.content_type,
                size=len(file.attachment.content),
                sha256=file.sha256,
            )
    except BaseException:
        _erase(written)
        raise


def _erase(names: Sequence[str]) -> None:
    for name in names:
        default_storage.delete(name)


def open_work(file: SubmittedFile) -> IO[bytes]:
    """The open file. Raises `WorkUnreadableError`, and logs why."""
    try:
        opened: IO[bytes] = file.file.open("rb")
    except OSError as error:
        log.error("submitted file %s: %s", file.pk, type(error).__name__)
        raise WorkUnreadableError(_("The file cannot be read now. Please call the technician.")) from error
    return opened


def sweep_stray_files() -> int:
    """Erase files that no row names and that are older than a day; returns how many. Safe to run twice."""
    if not default_storage.exists(FOLDER):
        return 0
    _folders, files = default_storage.listdir(FOLDER)
    named = set(SubmittedFile.objects.values_list("file", flat=True))
    limit = timezone.now() - STRAY
    stray = [name for name in (f"{FOLDER}/{file}" for file in files) if name not in named]
    stray = [name for name in stray if default_storage.get_modified_time(name) < limit]
    _erase(stray)
    return len(stray)
