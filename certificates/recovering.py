"""After the database was put back from a backup: what the journal knows and the database lost is known again (I9).

Documents themselves cannot come back, for what they rest on is lost too; but each address that was handed out answers
as it did, and no number is given twice.
"""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from certificates import journal, journal_file
from certificates.journal_file import JournalBrokenError, Line
from certificates.models import LIVE, Document, DocumentState, Event, JournalEntry
from certificates.revoking import check_reason
from core import states
from core.counters import raise_to
from core.errors import Refused


@dataclass
class Recovered:
    """How much the journal told that the database did not know."""

    lines: int = 0  # of the journal, in all
    entries: int = 0  # new to the database
    lost: int = 0  # documents that only the journal knows
    ended: int = 0  # documents that were in force by the database alone


@transaction.atomic
def replay() -> Recovered:
    """Bring the database up to what the journal says; all or nothing, and a second time changes nothing.

    Raises `JournalBrokenError` for a journal that is not whole, and for one that lacks lines which the database knows.
    """
    found = Recovered()
    for line in journal_file.read(journal.place()):
        found.lines += 1
        found.entries += _learn(line)
    _whole(found.lines)
    for entry in JournalEntry.objects.exclude(event=Event.ISSUED).order_by("pk"):
        found.ended += _end(entry)
    for entry in JournalEntry.objects.filter(event=Event.ISSUED).iterator():
        facts = entry.facts
        raise_to(facts["public"]["kind"], facts["year"], facts["counter"])
    found.lost = journal.lost_documents().count()
    return found


def in_force(entry: JournalEntry) -> bool:
    """Whether the document of this entry has not been revoked or replaced, by the journal."""
    return not JournalEntry.objects.filter(token=entry.token).exclude(event=Event.ISSUED).exists()


@transaction.atomic
def revoke_lost(*, entry: JournalEntry, reason: str, by: User) -> None:
    """Revoke a document that only the journal knows. Raises `Refused` for any other and for who is no administrator."""
    reason = check_reason(reason, by)
    held = journal.lost_documents().select_for_update().filter(pk=entry.pk).first()
    if held is None or not in_force(held):
        raise Refused(_("Only a document in force that the database lost is revoked here."))
    journal.note(held.token, held.number, Event.REVOKED, {"on": timezone.localdate().isoformat()})


def _learn(line: Line) -> bool:
    """Store the line as a row unless it is there; whether it was new."""
    known = JournalEntry.objects.filter(key=uuid.UUID(line.entry["key"])).first()
    if known is None:
        journal.as_entry(line).save(force_insert=True)
        return True
    if known.line is None:
        JournalEntry.objects.filter(pk=known.pk).update(line=line.no, digest=line.digest)
    elif (known.line, known.digest) != (line.no, line.digest):
        raise JournalBrokenError(f"line {line.no}: the database knows another one")
    return False


def _whole(lines: int) -> None:
    behind = JournalEntry.objects.filter(line__gt=lines).count()
    if behind:
        raise JournalBrokenError(f"the file ends with line {lines}, and the database knows {behind} lines more")


def _end(entry: JournalEntry) -> bool:
    """Let a document that the journal knows as ended be so in the database too; whether it was in force there."""
    document = Document.objects.filter(token=entry.token, state__in=LIVE).first()
    if document is None:
        return False
    with translation.override("kk"):
        reason = _("Known from the journal after the database was restored.")
    if entry.event == Event.REVOKED:
        day = date.fromisoformat(entry.facts["on"])
        states.move(document, DocumentState.REVOKED, by=None, reason=reason, revoked_on=day, revocation_reason=reason)
    else:
        states.move(document, DocumentState.REPLACED, by=None, reason=reason)
    return True
