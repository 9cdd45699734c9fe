"""The journal outside the database: what was issued, revoked and replaced outlives the database (I9).

The row (`JournalEntry`) is stored with the event; `write_down` copies rows to the file of JOURNAL_FILE, each once. A
document becomes ready, and thereby downloadable, only after its entry is in the file.
"""

import logging
import uuid
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from certificates import journal_file
from certificates.journal_file import JournalBrokenError, Line
from certificates.models import Document, Event, JournalEntry
from core.nudge import nudge

log = logging.getLogger(__name__)
AT_ONCE = 500  # entries of one durable write


class JournalBehindError(JournalBrokenError):
    """The file lacks lines that the database knows: it was cut, exchanged, or is not mounted."""


class DatabaseBehindError(JournalBrokenError):
    """The file has lines that the database lacks: an older database was put in place and not yet restored."""


def note_issued(document: Document) -> None:
    """Note that a document exists; call it in the transaction that makes it, and then `note_replaced` if it is one."""
    series = {"year": document.year, "counter": document.counter}
    note(document.token, document.number, Event.ISSUED, {"public": document.facts, **series})


def note_revoked(document: Document, on: date) -> None:
    """Note that a document is revoked."""
    note(document.token, document.number, Event.REVOKED, {"on": on.isoformat()})


def note_replaced(document: Document, *, by: Document) -> None:
    """Note which document takes the place of this one."""
    note(document.token, document.number, Event.REPLACED, {"by": by.number})


def note(token: str, number: str, event: str, facts: dict[str, Any]) -> None:
    """Store an entry in the transaction of what it tells; the worker writes it down."""
    JournalEntry.objects.create(event=event, token=token, number=number, facts=facts, at=timezone.now())
    nudge("certificates.write_journal")


def place() -> Path:
    """The journal's file."""
    return Path(settings.JOURNAL_FILE)


def write_down() -> int:
    """Copy every stored event that the file lacks to it, in the order of their rows; returns how many.

    Never inside a transaction: what is not committed must not be written. Safe at any time and in any number of
    processes; one that is killed between the file and the row is made up for by the next. Raises `OSError` when the
    file cannot be written, and `JournalBrokenError` when file and database contradict each other: then a person must
    look (`verify_journal`, `restore`), and no document becomes ready.
    """
    done = 0
    while JournalEntry.objects.filter(line=None).exists():
        with journal_file.held(place()) as file:
            known = JournalEntry.objects.exclude(line=None).order_by("-line").first()
            lines, end = journal_file.last_lines(file, known.line or 0 if known else 0)
            _compare(known, lines)
            last = lines[-1] if lines else None
            fresh = lines[1:] if known else lines
            done += _acknowledge(fresh)
            waiting = list(JournalEntry.objects.filter(line=None).order_by("pk")[:AT_ONCE])
            done += _acknowledge(journal_file.append(file, end, last, [as_line(entry) for entry in waiting]))
    return done


def _compare(known: JournalEntry | None, lines: list[Line]) -> None:
    """The last line that the database knows is in the file, and it is that line."""
    if known is None:
        return
    if not lines or lines[0].no != known.line:
        raise JournalBehindError(f"the file ends before line {known.line}, which the database knows")
    if lines[0].digest != known.digest:
        raise JournalBrokenError(f"line {known.line}: the database knows another one")


@transaction.atomic
def _acknowledge(lines: list[Line]) -> int:
    """Note in the rows where they stand in the file. Raises `DatabaseBehindError` for a line without a row."""
    for line in lines:
        row = JournalEntry.objects.filter(key=line.entry["key"], line=None)
        if not row.update(line=line.no, digest=line.digest):
            raise DatabaseBehindError(f"line {line.no}: the database does not know it; run manage.py restore")
    return len(lines)


def check() -> None:
    """Raise `JournalBrokenError` when the end of the file and the database contradict each other; waits for nobody.

    Before anything is numbered: a database that was put back from a backup does not know which numbers were given.
    """
    known = JournalEntry.objects.exclude(line=None).order_by("-line").first()
    lines: list[Line] = []
    if place().exists():
        with place().open("rb", buffering=0) as file:
            lines, _end = journal_file.last_lines(file, known.line or 0 if known else 0)
    _compare(known, lines)
    fresh = [line.entry["key"] for line in (lines[1:] if known else lines)]
    if JournalEntry.objects.filter(key__in=fresh).count() != len(fresh):
        raise DatabaseBehindError("the file has lines that the database does not know; run manage.py restore")


def last_known() -> QuerySet[JournalEntry, Any]:
    """The key of the last line that the database knows, as a subquery for `hold_against_file`."""
    return JournalEntry.objects.exclude(line=None).order_by("-line").values("key")[:1]


def hold_against_file(known: Any) -> None:
    """Raise `DatabaseBehindError` when the database lacks the file's last line; `known` is the key of `last_known`.

    A database that an older backup was put in the place of, and that is not restored yet, knows neither what was
    issued since nor what was revoked. Asks it only while a line is being written. A file that cannot be read is
    nothing to hold against: then the database's word stands.
    """
    last = _last_key()
    if last is None or (known is not None and last == str(uuid.UUID(str(known)))):
        return
    if not JournalEntry.objects.filter(key=last).exists():
        raise DatabaseBehindError("the file has lines that the database does not know; run manage.py restore")


def told(column: str, value: str) -> list[JournalEntry]:
    """Entries about the document with this token or number, in one query; raises as `hold_against_file` does."""
    last = _last_key()
    found = list(JournalEntry.objects.filter(Q(**{column: value}) | Q(key=last) if last else Q(**{column: value})))
    if last and not any(str(entry.key) == last for entry in found):
        raise DatabaseBehindError("the file has lines that the database does not know; run manage.py restore")
    return [entry for entry in found if getattr(entry, column) == value]


def _last_key() -> str | None:
    """The key of the file's last line, None when there is none; the file is read only when it has changed."""
    try:
        seen = place().stat()
        return _key_at_end(place(), seen.st_ino, seen.st_size, seen.st_mtime_ns)
    except FileNotFoundError:
        return None
    except (OSError, JournalBrokenError) as error:
        log.error("the journal cannot be read: %s", error)
        return None


@lru_cache(maxsize=4)
def _key_at_end(path: Path, *_changes: int) -> str | None:
    with path.open("rb", buffering=0) as file:
        line = journal_file.last_line(file)
    return str(line.entry["key"]) if line else None


def lost_documents() -> QuerySet[JournalEntry]:
    """Entries of documents that only the journal knows, since the database was restored."""
    known = Document.objects.filter(token=OuterRef("token"))
    return JournalEntry.objects.filter(~Exists(known), event=Event.ISSUED)


def as_line(entry: JournalEntry) -> dict[str, Any]:
    """What the file says of an entry."""
    return {
        "key": str(entry.key),
        "event": entry.event,
        "token": entry.token,
        "number": entry.number,
        "facts": entry.facts,
        "at": entry.at.isoformat(),
    }


def as_entry(line: Line) -> JournalEntry:
    """The row of a line, as it would stand in the database; not stored."""
    told = line.entry
    return JournalEntry(
        key=uuid.UUID(told["key"]),
        event=told["event"],
        token=told["token"],
        number=told["number"],
        facts=told["facts"],
        at=datetime.fromisoformat(told["at"]),
        line=line.no,
        digest=line.digest,
    )


def faults() -> Iterator[str]:
    """Everything in which file and database differ, a sentence each; reads both as a whole."""
    rows = {
        str(row["key"]): row
        for row in JournalEntry.objects.exclude(line=None).values("key", "line", "digest", "event", "token", "number")
    }
    waiting = {str(key) for key in JournalEntry.objects.filter(line=None).values_list("key", flat=True)}
    last = 0
    try:
        for line in journal_file.read(place()):
            last = line.no
            told = line.entry
            row = rows.pop(told["key"], None)
            if row is None:
                if told["key"] not in waiting:  # written a moment ago, or by a process that was killed
                    yield f"line {line.no}: the database does not know it"
            elif (row["line"], row["digest"]) != (line.no, line.digest):
                yield f"line {line.no}: the database knows another one"
            elif any(row[name] != told[name] for name in ("event", "token", "number")):
                yield f"line {line.no}: its row in the database has been changed"
    except JournalBrokenError as error:
        yield str(error)
        return
    if rows:
        yield f"the file ends with line {last}, and the database knows {len(rows)} lines more"
