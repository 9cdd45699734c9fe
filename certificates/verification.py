"""Whether a paper is genuine: one indexed query, six possible answers, and nothing else about anybody.

An unreachable database is “cannot check now”, never “not found”: a genuine paper must not look forged.
"""

import json
import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db import Error, models
from django.db.models import Func, OuterRef, Subquery, TextField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from certificates.models import Document, DocumentState
from core.kazakh import search_key
from core.quick import find_row

_TOKEN = re.compile(r"^[A-Za-z0-9_-]{22,64}\Z")
_LONGEST_NUMBER = 40
_DASHES = str.maketrans("‐‑‒–—−", "------")
_FIELDS = ("kind", "state", "number", "holder", "printed", "issued_on", "valid_until", "revoked_on", "successor")


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
    """The verdict on a verification address; one query, none for what cannot be a token."""
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


class _WithoutAppendix(Func):
    """A snapshot as text, without what the appendix prints: three quarters of it, and nothing that is shown here."""

    output_field = TextField()
    template = "(%(expressions)s - '{modules,criteria}'::text[])"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "json_remove(%(expressions)s, '$.modules', '$.criteria')"
        return self.as_sql(compiler, connection, template=template, **context)


@lru_cache(maxsize=4)
def _sql(column: str) -> str:
    """The one query, put together once: that costs the ORM several times what running it costs."""
    successor = Document.objects.filter(replaces=OuterRef("pk")).order_by().values("number")
    wanted = Document.objects.filter(**{column: ""}).order_by()
    wanted = wanted.annotate(printed=_WithoutAppendix("snapshot"), successor=Subquery(successor))
    return str(wanted.values_list(*_FIELDS).query.sql_with_params()[0])


def _row(column: str, value: str) -> dict[str, Any] | None:
    """The document with this token or number; `column` is unique and indexed."""
    found = find_row(_sql(column), value)
    if found is None:
        return None
    row = dict(zip(_FIELDS, found, strict=True))
    row["printed"] = json.loads(row["printed"])
    for name in ("issued_on", "valid_until", "revoked_on"):
        if isinstance(row[name], str):  # SQLite keeps days as text
            row[name] = date.fromisoformat(row[name])
    return row


def _verdict(column: str, value: str, *, surname: str | None) -> Verdict:
    now = timezone.now()
    try:
        row = _row(column, value)
    except Error:
        return Verdict(Status.UNAVAILABLE, now)
    if row is None or (surname is not None and search_key(row["printed"]["holder"]["surname"]) != search_key(surname)):
        return Verdict(Status.NOT_FOUND, now)
    return Verdict(judge(row["state"], row["valid_until"], timezone.localdate(now)), now, _facts(row))


def _facts(row: dict[str, Any]) -> Facts:
    printed = row["printed"]
    return Facts(
        kind=row["kind"],
        number=row["number"],
        holder=row["holder"],
        topic=printed["topic"],
        hours=printed["hours"],
        course_from=date.fromisoformat(printed["course"]["from"]),
        course_to=date.fromisoformat(printed["course"]["to"]),
        issued_on=row["issued_on"],
        valid_until=row["valid_until"],
        revoked_on=row["revoked_on"],
        replaced_by=row["successor"],
        organisation=printed["institute"],
    )
