"""On which days nobody, or two heads at once, have the power to sign (R2). Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol


class Period(Protocol):
    """A signatory's time in power; without an end it goes on."""

    full_name: str
    is_acting: bool
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True)
class Fault:
    """Days from first to last on which these are in power: nobody, or more than one head."""

    first: date
    last: date
    names: tuple[str, ...]


def faults(periods: Sequence[Period], first: date, last: date) -> Iterator[Fault]:
    """Every stretch of days between `first` and `last` on which nobody may sign, or two heads may.

    A head and an acting head together are right: the acting head signs while the head is away.
    """
    begun: Fault | None = None
    day = first
    while day <= last:
        serving = [p for p in periods if p.valid_from <= day and (p.valid_to is None or day <= p.valid_to)]
        heads = tuple(sorted(p.full_name for p in serving if not p.is_acting))
        wrong = not serving or len(heads) > 1
        if begun and (not wrong or begun.names != heads):
            yield begun
            begun = None
        if wrong:
            begun = Fault(begun.first if begun else day, day, heads)
        day += timedelta(days=1)
    if begun:
        yield begun
