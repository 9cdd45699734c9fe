"""Text into values: a cell's entry as JSON."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Refused


class EntryRefused(Refused):
    """A request that is not a score's entry at all."""

    status = 400


MOST = 1000  # cells in one request


@dataclass(frozen=True)
class ScoreEntry:
    """What a cell sends. Points and version are judged by the verb, here they are only present."""

    enrolment: int
    criterion: int
    points: Any
    version: Any
    why: str = ""
    comment: str | None = None


def _unreadable() -> EntryRefused:
    return EntryRefused(_("The entry could not be read. Please open the page again."))


def _entry(sent: Any, why: Any = "") -> ScoreEntry:
    try:
        read = ScoreEntry(
            sent["enrolment"], sent["criterion"], sent.get("points"), sent["version"], sent.get("why", why),
            sent.get("comment"),
        )  # fmt: skip
        has_value = "points" in sent or "comment" in sent
    except (TypeError, KeyError, AttributeError):
        raise _unreadable() from None
    texts = isinstance(read.why, str) and isinstance(read.comment, str | None)
    if type(read.enrolment) is not int or type(read.criterion) is not int or not texts or not has_value:
        raise _unreadable()
    return read


def _loaded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise _unreadable() from None


def read_entry(body: bytes) -> ScoreEntry:
    """The entry in a JSON body `{enrolment, criterion, points, version, why?}`, or with `comment` in place of points.

    Raises `EntryRefused` for anything else.
    """
    return _entry(_loaded(body))


def read_entries(body: bytes) -> list[ScoreEntry]:
    """The entries in a JSON body `{entries: [...], why?}`, at most 1000. Raises `EntryRefused` for anything else."""
    sent = _loaded(body)
    entries = sent.get("entries") if isinstance(sent, dict) else None
    if not isinstance(entries, list) or not 0 < len(entries) <= MOST:
        raise _unreadable()
    return [_entry(one, sent.get("why", "")) for one in entries]
