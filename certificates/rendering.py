"""From a reserved document to its file. The row says what is to do; a file counts only once the row points to it."""

import hashlib
import logging
import os
import secrets
import traceback
from datetime import timedelta
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from certificates import journal, signing
from certificates.journal_file import JournalBrokenError
from certificates.models import Document, DocumentState
from certificates.papers import render_paper
from core import pdf, states
from core.errors import MoveRefused
from core.leases import claim_one
from core.nudge import nudge
from core.pdf_signing import SigningKeyError

log = logging.getLogger(__name__)
# A failed document waits this long times its attempts: well below two minutes (I8).
WAIT_SECONDS = 5
# So long while the fault is not its own.
WAIT_ELSEWHERE_SECONDS = 20
STOPPED = "The worker stopped in the midst of rendering."


class FileDamagedError(RuntimeError):
    """What was read back from the storage is not what was written."""


# Errors whose text holds no name.
_WITHOUT_NAMES = (pdf.MissingFontError, pdf.MissingLettersError, FileDamagedError, JournalBrokenError, SigningKeyError)
# Faults of disk, storage, journal, key or database: they hold up every document and pass without anybody touching one.
_ELSEWHERE = (
    *(OSError, BotoCoreError, ClientError, DatabaseError, FileDamagedError),
    *(JournalBrokenError, SigningKeyError, pdf.MissingFontError),
)


def render_document(document: Document) -> bool:
    """Make the file of a reserved document from its snapshot alone; True when this call made it ready.

    It is signed where the institute has a key for that (`signed_by`). The file is written under a name that tells
    nothing, read back and compared; the journal outside the database is brought up to date (I9); then one transaction
    makes the document ready with file, size, SHA-256 and time (I3). If meanwhile it was revoked, or another worker was
    quicker, the file is removed and nothing changes. Any other error leaves the document reserved.
    """
    content, signed_by = render_paper(document.snapshot), ""
    if (key := signing.current_key()) is not None:
        content, signed_by = key.sign(content, at=timezone.now()), key.subject
    name, digest, size = _store(content, document.year)
    try:
        journal.write_down()
    except (OSError, JournalBrokenError):
        default_storage.delete(name)
        raise
    try:
        states.move(
            document,
            DocumentState.READY,
            by=None,
            file=name,
            size=size,
            sha256=digest,
            signed_by=signed_by,
            ready_at=timezone.now(),
            lease_until=None,
            last_error="",
        )
    except MoveRefused:
        # After any other error the row may yet point to the file: an orphan is harmless, a lost file is not.
        default_storage.delete(name)
        return False
    return True


def _store(content: bytes, year: int) -> tuple[str, str, int]:
    """Write a file, on the disk and not only on its way there; its name, SHA-256 and size as read back."""
    wanted = f"{year}/{secrets.token_hex(16)}.pdf"
    try:
        name = default_storage.save(wanted, ContentFile(content))
        _to_disk(name)
        with default_storage.open(name, "rb") as file:
            stored = file.read()
        if stored != content:
            raise FileDamagedError("the stored file differs from what was rendered")
    except Exception:
        default_storage.delete(wanted)
        raise
    return name, hashlib.sha256(stored).hexdigest(), len(stored)


def _to_disk(name: str) -> None:
    """Flush file and folder, where the storage is a folder of this machine."""
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:
        return
    for target in (path, path.parent):
        descriptor = os.open(target, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def render_reserved() -> int:
    """Make every file that is due and that no other worker is making; returns how many became ready.

    A failure is written to its row and tried again later; after RENDER_ATTEMPTS the row waits for a person
    (`try_again`). One document's fault does not hold up the others. What is no document's fault, such as a full disk,
    counts as no attempt: once it is mended everything is finished without a person.
    """
    made = 0
    while document := claim_one(Document.objects.to_render()):
        if document.attempts >= settings.RENDER_ATTEMPTS:
            # Should the worker be killed in this last attempt, nobody else would say why the row stands still.
            _claimed(document).update(last_error=STOPPED)
        try:
            made += render_document(document)
        except Exception as error:  # noqa: BLE001 (whatever it is, it stands in the row, and the next one goes on)
            fault = _fault(error)
            log.error("document %s could not be rendered, attempt %s: %s", document.pk, document.attempts, fault)
            is_own = not isinstance(error, _ELSEWHERE)
            wait = timedelta(seconds=WAIT_SECONDS * document.attempts if is_own else WAIT_ELSEWHERE_SECONDS)
            _claimed(document).update(
                last_error=fault, lease_until=timezone.now() + wait, attempts=F("attempts") - (0 if is_own else 1)
            )
    return made


def _claimed(document: Document):  # type: ignore[no-untyped-def]
    """The row, as long as nobody else has taken or finished it since `document` was claimed."""
    return Document.objects.filter(pk=document.pk, state=DocumentState.RESERVED, attempts=document.attempts)


def _fault(error: Exception) -> str:
    """What failed and where, without the error's text: that may hold a name."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    told = f": {error}" if isinstance(error, _WITHOUT_NAMES) else ""
    return f"{type(error).__name__}{told} ({Path(place.filename).name}:{place.lineno})"


@transaction.atomic
def try_again(*, document: Document, by: User) -> Document:
    """Let the worker try a reserved document anew, as if it had never failed. Raises `MoveRefused` for any other."""
    held = Document.objects.select_for_update().get(pk=document.pk)
    if held.state != DocumentState.RESERVED:
        raise MoveRefused()
    held.attempts, held.lease_until, held.last_error = 0, None, ""
    held.save(update_fields=["attempts", "lease_until", "last_error"])
    log.info("document %s: another try asked for by user %s", held.pk, by.pk)
    nudge("certificates.render_reserved")
    return held
