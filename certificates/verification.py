"""Whether a paper is genuine: one indexed query for what exists, six possible answers, and nothing else about anybody.

An unreachable database is “cannot check now”, never “not found”: a genuine paper must not look forged.
"""

import json
import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import Error, models
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates import journal
from certificates.journal_file import JournalBrokenError
from certificates.models import Document, DocumentState, Event, JournalEntry
from core.kazakh import search_key
from core.quick import find_row

log = logging.getLogger(__name__)
_TOKEN = re.compile(r"^[A-Za-z0-9_-]{22,64}\Z")
_LONGEST_NUMBER = 40
_DASHES = str.maketrans("‐‑‒–—−", "------")
_FIELDS = ("state", "facts", "revoked_on", "successor")


class Status(models.TextChoices):
    VALID = "valid", _("Valid")
    EXPIRED = "expired", _("Validity has expired")
    REVOKED = "revoked", _("Revoked")
    REPLACED = "replaced", _("Replaced")
    NOT_FOUND = "not_found", _("Not found")
    UNAVAILABLE = "unavailable", _("Cannot be checked now")


@dataclass(frozen=True)
class Facts:
    """What the public may know about a document; texts by language code."""

    kind: str
    number: str
    holder: str
    topic: dict[str, str]
    hours: int
    course_from: date
    course_to: date
    issued_on: date
    valid_until: date | None
    revoked_on: date | None
    replaced_by: str | None
    duplicate_of: str | None
    organisation: dict[str, str]


@dataclass(frozen=True)
class Verdict:
    """The answer at one moment; `facts` only for a document that exists."""

    status: Status
    checked_at: datetime
    facts: Facts | None = None


def judge(state: str, valid_until: date | None, today: date) -> Status:
    """The status of an existing document; its last day of validity still counts (R4). Pure.

    An issued document whose file is still being made is valid: it is numbered and frozen, and its address may be out.
    """
    if state == DocumentState.REVOKED:
        return Status.REVOKED
    if state == DocumentState.REPLACED:
        return Status.REPLACED
    if valid_until is not None and today > valid_until:
        return Status.EXPIRED
    return Status.VALID


def check(token: str) -> Verdict:
    """The verdict on a verification address: one query, two when no document has it, none for what is no token."""
    if not _TOKEN.match(token):
        return Verdict(Status.NOT_FOUND, timezone.now())
    return _verdict("token", token, surname=None)


def look_up(number: str, surname: str) -> Verdict:
    """The verdict on a registration number, only with the holder's surname: a number alone could be guessed.

    Case, dashes and the letters that typists exchange (ә/а, і/и …) do not matter.
    """
    tidy = "".join(number.translate(_DASHES).replace("№", "").split()).upper()
    if not 0 < len(tidy) <= _LONGEST_NUMBER or not tidy.isprintable() or not search_key(surname):
        return Verdict(Status.NOT_FOUND, timezone.now())
    return _verdict("number", tidy, surname=surname)


@lru_cache(maxsize=4)
def _sql(column: str) -> str:
    """The one query, put together once: that costs the ORM several times what running it costs."""
    successor = Document.objects.filter(replaces=OuterRef("pk")).order_by().values("number")
    wanted = (
        Document.objects.filter(**{column: ""})
        .order_by()
        .annotate(successor=Subquery(successor), noted=Subquery(journal.last_known()))
    )
    return str(wanted.values_list(*_FIELDS, "noted").query.sql_with_params()[0])


@dataclass(frozen=True)
class _Found:
    """What the database says of a token or number."""

    state: str
    facts: dict[str, Any]
    revoked_on: date | None
    successor: str | None


def _found(column: str, value: str) -> _Found | None:
    """The document with this token or number; `column` is unique and indexed. Else what the journal knows."""
    row = find_row(_sql(column), value)
    if row is None:
        return _recovered(journal.told(column, value))
    journal.hold_against_file(row[-1])
    found = _Found(row[0], json.loads(row[1]), _day(row[2]), row[3])
    if found.state == DocumentState.REPLACED and found.successor is None:  # by a document that only the journal knows
        noted = JournalEntry.objects.filter(event=Event.REPLACED, number=found.facts["number"]).first()
        return replace(found, successor=noted.facts["by"] if noted else None)
    return found


def _recovered(entries: Iterable[JournalEntry]) -> _Found | None:
    """A document that the database lost, by its entries in the journal; None when there is none."""
    told = {entry.event: entry.facts for entry in entries}
    if Event.ISSUED not in told:
        return None
    facts = told[Event.ISSUED]["public"]
    if Event.REVOKED in told:
        return _Found(DocumentState.REVOKED, facts, date.fromisoformat(told[Event.REVOKED]["on"]), None)
    if Event.REPLACED in told:
        return _Found(DocumentState.REPLACED, facts, None, told[Event.REPLACED]["by"])
    return _Found(DocumentState.READY, facts, None, None)


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value  # SQLite keeps days as text


def _verdict(column: str, value: str, *, surname: str | None) -> Verdict:
    now = timezone.now()
    try:
        found = _found(column, value)
        if found is None or (surname is not None and search_key(found.facts["surname"]) != search_key(surname)):
            return Verdict(Status.NOT_FOUND, now)
        facts = _facts(found)
    # LookupError and the like: a register that is half migrated; the last: one older than its journal.
    except (Error, LookupError, TypeError, ValueError, JournalBrokenError) as error:
        log.error("a document cannot be checked: %s", type(error).__name__)
        return Verdict(Status.UNAVAILABLE, now)
    return Verdict(judge(found.state, facts.valid_until, timezone.localdate(now)), now, facts)


def _facts(found: _Found) -> Facts:
    public = found.facts
    return Facts(
        kind=public["kind"],
        number=public["number"],
        holder=public["holder"],
        topic=public["topic"],
        hours=public["hours"],
        course_from=date.fromisoformat(public["from"]),
        course_to=date.fromisoformat(public["to"]),
        issued_on=date.fromisoformat(public["issued_on"]),
        valid_until=_day(public["valid_until"]),
        revoked_on=found.revoked_on,
        replaced_by=found.successor,
        duplicate_of=public.get("duplicate_of"),
        organisation=public["organisation"],
    )
