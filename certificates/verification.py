"""Whether a paper is genuine: one indexed query for what exists, six possible answers, and nothing else about anybody.

An unreachable database is “cannot check now”, never “not found”: a genuine paper must not look forged.
"""

import json
import logging
import re
from collections.abc import Iterable, Sequence
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
from certificates.tokens import to_look_up
from core.kazakh import search_key
from core.quick import find_row

log = logging.getLogger(__name__)
_LONGEST_NUMBER = 40
_DASHES = str.maketrans("‐‑‒–—−", "------")
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_NO_NUMBER = "-"  # asked for in place of what cannot be a number, so that it costs the same
# LookupError and the like: a register that is half migrated; the last: one older than its journal.
_CANNOT_CHECK = (Error, LookupError, TypeError, ValueError, JournalBrokenError)
_FIELDS = ("state", "facts", "revoked_on", "successor", "sha256")


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
    sha256: str = ""  # of the issued PDF; empty while it is being made, and when only the journal knows the document


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
    """The verdict on a verification address: one query, two when no document has it, also for what is no token."""
    return _verdict("token", to_look_up(token), surname=None)


def look_up(number: str, surname: str) -> Verdict:
    """The verdict on a registration number, only with the holder's surname: a number alone could be guessed.

    Case, dashes and the letters that typists exchange (ә/а, і/и …) do not matter.
    """
    return _verdict("number", tidy_number(number), surname=surname)


def look_up_many(asked: Sequence[tuple[str, str]]) -> list[Verdict]:
    """The verdict on each (number, surname), as `look_up` gives it; three queries, however many there are."""
    now, today = timezone.now(), timezone.localdate()
    wanted = [tidy_number(number) for number, _surname in asked]
    try:
        found = _found_many(set(wanted))
        return [
            _judged(found.get(number), now, today, surname=surname)
            for number, (_number, surname) in zip(wanted, asked, strict=True)
        ]
    except _CANNOT_CHECK as error:
        log.error("documents cannot be checked: %s", type(error).__name__)
        return [Verdict(Status.UNAVAILABLE, now)] * len(wanted)


def document_of_file(sha256: str) -> tuple[str, str] | None:
    """Token and number of the document whose issued file has this digest (64 small hexadecimal digits); one query.

    Who has the file has its QR code too, so this tells nobody anything new. Raises `django.db.Error`, and
    `JournalBrokenError` for what a database that is older than its journal does not know.
    """
    row = find_row(_sql_of_file(), sha256 if _DIGEST.match(sha256) else "-")
    if row is None:
        journal.hold_against_file(None)
    return (row[0], row[1]) if row else None


def tidy_number(number: str) -> str:
    """A registration number as it is stored, from how people write it; what cannot be one becomes what none is."""
    tidy = "".join(number.translate(_DASHES).replace("№", "").split()).upper()
    return tidy if 0 < len(tidy) <= _LONGEST_NUMBER and tidy.isprintable() else _NO_NUMBER


def is_holder(surname: str, public: dict[str, Any]) -> bool:
    """Whether the surname that somebody typed is the holder's; the whole name will do, as lists often have it."""
    asked = search_key(surname)
    return bool(asked) and asked in (search_key(public["surname"]), search_key(public["holder"]))


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


@lru_cache(maxsize=1)
def _sql_of_file() -> str:
    wanted = Document.objects.filter(sha256="x").order_by().values_list("token", "number")
    return str(wanted.query.sql_with_params()[0])


@dataclass(frozen=True)
class _Found:
    """What the database says of a token or number."""

    state: str
    facts: dict[str, Any]
    revoked_on: date | None
    successor: str | None
    sha256: str = ""

    @property
    def lacks_successor(self) -> bool:
        """Whether it was replaced by a document that only the journal knows."""
        return self.state == DocumentState.REPLACED and self.successor is None


def _found(column: str, value: str) -> _Found | None:
    """The document with this token or number; `column` is unique and indexed. Else what the journal knows."""
    row = find_row(_sql(column), value)
    if row is None:
        return _recovered(journal.told(column, value))
    journal.hold_against_file(row[-1])
    found = _Found(row[0], json.loads(row[1]), _day(row[2]), row[3], row[4])
    if found.lacks_successor:
        noted = JournalEntry.objects.filter(event=Event.REPLACED, number=found.facts["number"]).first()
        return replace(found, successor=noted.facts["by"] if noted else None)
    return found


def _found_many(numbers: set[str]) -> dict[str, _Found]:
    """As `_found`, of all these numbers at once."""
    journal.hold_against_file(None)
    successor = Document.objects.filter(replaces=OuterRef("pk")).order_by().values("number")
    rows = Document.objects.filter(number__in=numbers).order_by().annotate(successor=Subquery(successor))
    found = {number: _Found(*row) for number, *row in rows.values_list("number", *_FIELDS)}
    lost = [number for number in numbers if number not in found or found[number].lacks_successor]
    entries: dict[str, list[JournalEntry]] = {}
    for entry in JournalEntry.objects.filter(number__in=lost):
        entries.setdefault(entry.number, []).append(entry)
    for number, told in entries.items():
        recovered = _recovered(told)
        if number in found:
            found[number] = replace(found[number], successor=recovered.successor if recovered else None)
        elif recovered is not None:
            found[number] = recovered
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
        return _judged(_found(column, value), now, timezone.localdate(now), surname=surname)
    except _CANNOT_CHECK as error:
        log.error("a document cannot be checked: %s", type(error).__name__)
        return Verdict(Status.UNAVAILABLE, now)


def _judged(found: _Found | None, now: datetime, today: date, *, surname: str | None) -> Verdict:
    """The verdict on what was found; with a surname, only for who knows the holder's."""
    if found is None or (surname is not None and not is_holder(surname, found.facts)):
        return Verdict(Status.NOT_FOUND, now)
    facts = _facts(found)
    return Verdict(judge(found.state, facts.valid_until, today), now, facts, found.sha256)


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
