"""What a set of points is worth: the plain sum, its band, and what is missing. Pure.

The page previews with the same rules (static/assessment/marking.js), the protocol decides with these.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol

from programs.grading import B, band_for


class Judged(Protocol):
    """A criterion: whole points from 0 to `max_points` are given for it."""

    @property
    def code(self) -> str: ...
    @property
    def max_points(self) -> int: ...


@dataclass(frozen=True)
class Mark(Generic[B]):
    """A total with its band, or, while `missing` names criteria without points, neither."""

    total: int | None
    band: B | None
    missing: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every criterion has points."""
        return not self.missing

    @property
    def passed(self) -> bool:
        """Whether the total lies in a band that passes; missing evidence is never a pass."""
        return self.band is not None and self.band.passed


def is_whole(points: object, maximum: int) -> bool:
    """Whether `points` is a whole number from 0 to `maximum`; True, 20.0 and "20" are not."""
    return type(points) is int and 0 <= points <= maximum


def missing(points: Mapping[str, int | None], criteria: Iterable[Judged]) -> tuple[str, ...]:
    """Codes of the criteria without points, in the rubric's order; nobody is judged while there are any."""
    return tuple(criterion.code for criterion in criteria if points.get(criterion.code) is None)


def mark(points: Mapping[str, int | None], criteria: Iterable[Judged], bands: Iterable[B]) -> Mark[B]:
    """The mark for `points` by criterion code; a criterion that is absent or None has no points yet.

    The total is the plain sum, 0..100 (facts of the programme, section 8: no weights, no rounding). Raises
    `ValueError` for points of an unknown criterion or outside 0..maximum, and for a rubric without criteria:
    what is stored cannot be either.
    """
    criteria = list(criteria)
    maxima = {criterion.code: criterion.max_points for criterion in criteria}
    if not maxima:
        raise ValueError("a rubric without criteria judges nobody")
    for code, given in points.items():
        if code not in maxima or (given is not None and not is_whole(given, maxima[code])):
            raise ValueError(f"{code}: {given!r} is not 0..{maxima.get(code)}")
    if lacking := missing(points, criteria):
        return Mark(None, None, lacking)
    total = sum(given for given in points.values() if given is not None)
    return Mark(total, band_for(total, bands), ())
