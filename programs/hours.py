"""Arithmetic of the hours plan. Pure: plain values in, frozen values out. Hours are academic hours of 45 minutes."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

KINDS = ("lecture", "practice", "self_study")
# The programme's shares of lecture, practice and self-study, per cent.
SHARES = (25, 45, 30)


class PlanRow(Protocol):
    """Whatever has hours of the three kinds: a module, or hours themselves."""

    @property
    def lecture(self) -> int: ...
    @property
    def practice(self) -> int: ...
    @property
    def self_study(self) -> int: ...


@dataclass(frozen=True)
class Hours:
    """Academic hours by kind, or a difference of such hours."""

    lecture: int = 0
    practice: int = 0
    self_study: int = 0

    @property
    def total(self) -> int:
        return self.lecture + self.practice + self.self_study

    def __sub__(self, other: "Hours") -> "Hours":
        return Hours(self.lecture - other.lecture, self.practice - other.practice, self.self_study - other.self_study)


def totals(rows: Iterable[PlanRow]) -> Hours:
    """The sum of the rows by kind; the printed totals of a plan are never read."""
    lecture = practice = self_study = 0
    for row in rows:
        lecture, practice, self_study = lecture + row.lecture, practice + row.practice, self_study + row.self_study
    return Hours(lecture, practice, self_study)


def shares(hours: Hours) -> Hours | None:
    """Whole per cent of lecture, practice and self-study; they sum to 100. None for a plan without hours.

    Rounded by largest remainder (ties: the earlier kind), so 19 + 34 + 23 of 76 gives 25, 45 and 30.
    """
    if not hours.total:
        return None
    parts = [100 * getattr(hours, kind) for kind in KINDS]
    whole = [part // hours.total for part in parts]
    by_remainder = sorted(range(len(KINDS)), key=lambda i: -(parts[i] % hours.total))
    for i in by_remainder[: 100 - sum(whole)]:
        whole[i] += 1
    return Hours(*whole)


def unallotted(volume: int, hours: Hours) -> int:
    """Hours of the declared volume that stand in no row; negative when the rows exceed the volume."""
    return volume - hours.total


def split(volume: int) -> Hours | None:
    """The one split of `volume` that is exactly 25 / 45 / 30 %, or None when none consists of whole hours.

    `volume` is at least 1. For 80 it is 20 + 36 + 24.
    """
    parts = [volume * share for share in SHARES]
    if volume < 1 or any(part % 100 for part in parts):
        return None
    return Hours(*(part // 100 for part in parts))
