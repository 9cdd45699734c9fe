"""Hours of the plan against hours of the timetable. Pure.

A row of the plan has hours of lecture, practice and self-study, and each kind is held as such. The row of the final
attestation is held differently: its practice (and lecture, if any) is the defence itself, kind `attestation`; its
self-study is the preparation and stays self-study, before the defence.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

LECTURE, PRACTICE, SELF_STUDY, ATTESTATION = "lecture", "practice", "self_study", "attestation"
KINDS = (LECTURE, PRACTICE, SELF_STUDY, ATTESTATION)
ON_ONES_OWN = frozenset({SELF_STUDY})  # needs neither trainer nor room


class Row(Protocol):
    """A row of the plan."""

    @property
    def pk(self) -> int: ...
    @property
    def no(self) -> int: ...
    @property
    def is_final(self) -> bool: ...
    @property
    def lecture(self) -> int: ...
    @property
    def practice(self) -> int: ...
    @property
    def self_study(self) -> int: ...


@dataclass(frozen=True)
class Need:
    """Academic hours of one kind in one module."""

    module: int
    kind: str
    hours: int


@dataclass(frozen=True)
class Balance:
    """One module and kind: what the plan wants and what the timetable has."""

    module: int
    kind: str
    plan: int
    have: int

    @property
    def missing(self) -> int:
        """Hours that are not in the timetable yet."""
        return max(0, self.plan - self.have)

    @property
    def over(self) -> int:
        """Hours beyond the plan."""
        return max(0, self.have - self.plan)


@dataclass(frozen=True)
class Total:
    """The sums of a cohort's balance."""

    plan: int
    have: int
    missing: int
    over: int

    @property
    def is_exact(self) -> bool:
        """Whether the plan is met in every module and kind."""
        return not self.missing and not self.over


def needs(rows: Iterable[Row]) -> list[Need]:
    """What a plan wants, in the order in which it is taught; kinds without hours are left out."""
    wanted: list[Need] = []
    for row in sorted(rows, key=lambda row: (row.is_final, row.no)):
        if row.is_final:
            parts = [(SELF_STUDY, row.self_study), (ATTESTATION, row.lecture + row.practice)]
        else:
            parts = [(LECTURE, row.lecture), (PRACTICE, row.practice), (SELF_STUDY, row.self_study)]
        wanted.extend(Need(row.pk, kind, hours) for kind, hours in parts if hours)
    return wanted


def left(wanted: Iterable[Need], have: Iterable[tuple[int, str, int]]) -> list[Need]:
    """What is still to be timetabled when `have` (module, kind, hours) is; never below nothing."""
    counted = _counted(have)
    rest = [Need(n.module, n.kind, n.hours - counted[n.module, n.kind]) for n in wanted]
    return [need for need in rest if need.hours > 0]


def balance(wanted: Sequence[Need], have: Iterable[tuple[int, str, int]]) -> list[Balance]:
    """Each module and kind of the plan, and what is timetabled without standing in the plan at all."""
    counted = _counted(have)
    planned = {(n.module, n.kind): n.hours for n in wanted}
    places = [*planned, *sorted(set(counted) - set(planned))]
    return [Balance(module, kind, planned.get((module, kind), 0), counted[module, kind]) for module, kind in places]


def total(rows: Iterable[Balance]) -> Total:
    """The sums; hours over in one place do not make up for hours missing in another."""
    rows = list(rows)
    return Total(
        plan=sum(row.plan for row in rows),
        have=sum(row.have for row in rows),
        missing=sum(row.missing for row in rows),
        over=sum(row.over for row in rows),
    )


def _counted(have: Iterable[tuple[int, str, int]]) -> Counter[tuple[int, str]]:
    counted: Counter[tuple[int, str]] = Counter()
    for module, kind, hours in have:
        counted[module, kind] += hours
    return counted
