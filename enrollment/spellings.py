"""How a person was written before: from the history of the entry, and of those that were merged into it."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from enrollment.models import Listener


@dataclass(frozen=True)
class Spelling:
    """An earlier full name: until when it stood and who changed it; `entry` is another entry's number after a merge."""

    name: str
    until: datetime | None = None
    by: User | None = None
    entry: int | None = None


def earlier_spellings(listener: Listener) -> list[Spelling]:
    """Every spelling but the present one, the latest first; two queries."""
    others = list(Listener.objects.filter(merged_into=listener.pk).order_by("pk"))
    wanted = [listener.pk, *(other.pk for other in others)]
    history = Listener.history.filter(id__in=wanted).select_related("history_user")
    found: dict[str, Spelling] = {}
    standing: dict[int, str] = {}
    for row in history.order_by("history_date", "history_id"):
        name = " ".join(part for part in (row.surname, row.given_name, row.patronymic) if part)
        before = standing.get(row.id)
        if before is not None and before != name:
            entry = row.id if row.id != listener.pk else None
            found[before] = Spelling(before, row.history_date, row.history_user, entry)
        standing[row.id] = name
    for other in others:
        found.setdefault(other.full_name, Spelling(other.full_name, entry=other.pk))
    for name in listener.former_names:
        found.setdefault(name, Spelling(name))
    found.pop(listener.full_name, None)
    return list(reversed(found.values()))
