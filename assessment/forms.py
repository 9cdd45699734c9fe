"""Text into values: a cell's entry as JSON."""

import json
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.errors import Refused


class EntryRefused(Refused):
    """A request that is not a score's entry at all."""

    status = 400


@dataclass(frozen=True)
class ScoreEntry:
    """What a cell sends. Points and version are judged by the verb, here they are only present."""

    enrolment: int
    criterion: int
    points: Any
    version: Any


def read_entry(body: bytes) -> ScoreEntry:
    """The entry in a JSON body `{enrolment, criterion, points, version}`; raises `EntryRefused` for anything else."""
    try:
        entry = json.loads(body)
        read = ScoreEntry(entry["enrolment"], entry["criterion"], entry["points"], entry["version"])
    except (ValueError, TypeError, KeyError, RecursionError):
        raise EntryRefused(_("The entry could not be read. Please open the page again.")) from None
    if type(read.enrolment) is not int or type(read.criterion) is not int:
        raise EntryRefused(_("The entry could not be read. Please open the page again."))
    return read
