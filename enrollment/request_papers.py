"""Papers that support a request: checked by their content, kept in the private store under a name that tells nothing.

They tell of illness and family, so only administrators open them, and they go when the request is taken back.
"""

import hashlib
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.attachments import Attachment, AttachmentRefused, clean_name, read_attachment, shown_name
from core.errors import DomainError, Refused
from enrollment.models import MovementRequest, SupportingPaper

log = logging.getLogger(__name__)
FOLDER = "papers"
MOST = 5  # papers of one request
STRAY = timedelta(days=1)  # after which a file that no row names is what a killed upload left


@dataclass(frozen=True)
class Upload:
    """A file as it came: the name it bore, and its content."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Checked:
    """A paper that may be stored, under the name by which it is listed."""

    name: str
    attachment: Attachment
    sha256: str


class PaperUnreadableError(DomainError):
    """The store does not give the paper now."""

    status = 503


def check(uploads: Sequence[Upload]) -> list[Checked]:
    """Every file looked into, nothing stored; the same file twice is one. Raises `Refused`, naming the file."""
    if len(uploads) > MOST:
        raise Refused(_("At most 5 papers go with a request."))
    checked: dict[str, Checked] = {}
    for upload in uploads:
        try:
            attachment = read_attachment(upload.content)
        except AttachmentRefused as refusal:
            shown = shown_name(upload.name)
            raise AttachmentRefused(_("“%(name)s”: %(why)s") % {"name": shown, "why": refusal.sentence}) from refusal
        sha256 = hashlib.sha256(attachment.content).hexdigest()
        checked.setdefault(sha256, Checked(clean_name(upload.name, attachment.ending), attachment, sha256))
    return list(checked.values())


def store(request: MovementRequest, papers: Sequence[Checked], *, by: User) -> list[SupportingPaper]:
    """Keep papers that were checked; one that is there already stays. Raises `Refused` past the fifth.

    Call it with the enrolment's row locked. When it fails, the files it wrote are gone again; what a killed process
    leaves, `sweep_stray_files` removes.
    """
    known = {paper.sha256: paper for paper in request.papers.all()}
    new = [paper for paper in papers if paper.sha256 not in known]
    if len(known) + len(new) > MOST:
        raise Refused(_("At most 5 papers go with a request."))
    written: list[str] = []
    try:
        for paper in new:
            name = default_storage.save(f"{FOLDER}/{secrets.token_hex(16)}", ContentFile(paper.attachment.content))
            written.append(name)
            known[paper.sha256] = SupportingPaper.objects.create(
                request=request,
                name=paper.name,
                file=name,
                content_type=paper.attachment.content_type,
                size=len(paper.attachment.content),
                sha256=paper.sha256,
                uploaded_by=by,
            )
    except BaseException:
        _erase(written)
        raise
    return [known[paper.sha256] for paper in papers]


def discard(request: MovementRequest) -> None:
    """Forget the papers of a request; their files go once the transaction is committed."""
    names = list(request.papers.values_list("file", flat=True))
    request.papers.all().delete()
    transaction.on_commit(lambda: _erase(names), robust=True)


def _erase(names: Sequence[str]) -> None:
    for name in names:
        default_storage.delete(name)


def open_paper(paper: SupportingPaper) -> IO[bytes]:
    """The open file. Raises `PaperUnreadableError`, and logs why."""
    try:
        file: IO[bytes] = paper.file.open("rb")
    except OSError as error:
        log.error("the file of paper %s: %s", paper.pk, type(error).__name__)
        raise PaperUnreadableError(_("The file cannot be read now. Please call the technician.")) from error
    return file


def sweep_stray_files() -> int:
    """Erase files that no paper names and that are older than a day; returns how many. Safe to run twice."""
    if not default_storage.exists(FOLDER):
        return 0
    _folders, files = default_storage.listdir(FOLDER)
    named = set(SupportingPaper.objects.values_list("file", flat=True))
    limit = timezone.now() - STRAY
    stray = [name for name in (f"{FOLDER}/{file}" for file in files) if name not in named]
    stray = [name for name in stray if default_storage.get_modified_time(name) < limit]
    _erase(stray)
    return len(stray)
