"""Which grade band a total falls into, and what makes a rubric complete (I12). Pure."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

MAX_TOTAL = 100


class RubricRefused(DomainError):
    """Criteria or bands that cannot judge anybody."""


class GradeBand(Protocol):
    """A band: whole totals from `from_total` to `to_total`, both inclusive."""

    @property
    def from_total(self) -> int: ...
    @property
    def to_total(self) -> int: ...
    @property
    def passed(self) -> bool: ...


B = TypeVar("B", bound=GradeBand)


def band_for(total: int, bands: Iterable[B]) -> B:
    """The band that holds `total`, a whole number from 0 to 100.

    Raises `RubricRefused` when no band holds it: outside the range, or a rubric that was never checked.
    """
    for band in bands:
        if band.from_total <= total <= band.to_total:
            return band
    raise RubricRefused(_("No grade band holds the total %(total)s.") % {"total": total})


def pass_mark(bands: Iterable[GradeBand]) -> int:
    """The lowest total that passes, of checked bands."""
    return min(band.from_total for band in bands if band.passed)


def check_criteria(maxima: Sequence[int]) -> None:
    """Raise `RubricRefused` unless there are criteria, each worth at least a point, and they sum to 100."""
    if any(points < 1 for points in maxima):
        raise RubricRefused(_("Every criterion is worth at least one point."))
    if sum(maxima) != MAX_TOTAL:
        raise RubricRefused(_("The criteria sum to %(sum)s points; they must sum to 100.") % {"sum": sum(maxima)})


class PointsLevel(Protocol):
    """A level of a criterion: whole points from `from_points` to `to_points`, both inclusive."""

    @property
    def from_points(self) -> int: ...
    @property
    def to_points(self) -> int: ...


def check_levels(levels: Iterable[PointsLevel], maximum: int) -> None:
    """Raise `RubricRefused` unless the levels cover 0..`maximum` once; a criterion without any is in order."""
    expected, ordered = 0, sorted(levels, key=lambda level: level.from_points)
    for level in ordered:
        if level.from_points != expected or level.to_points < level.from_points:
            raise RubricRefused(_("The levels leave out %(points)s points, or have them twice.") % {"points": expected})
        expected = level.to_points + 1
    if ordered and expected != maximum + 1:
        raise RubricRefused(_("The levels must end at the maximum of %(points)s points.") % {"points": maximum})


def check_bands(bands: Iterable[GradeBand]) -> None:
    """Raise `RubricRefused` unless the bands cover 0..100 once and none fails above one that passes."""
    ordered = sorted(bands, key=lambda band: band.from_total)
    expected, passed = 0, False
    for band in ordered:
        if band.from_total > band.to_total:
            raise RubricRefused(_("A grade band ends before it begins: %(total)s points.") % {"total": band.from_total})
        if band.from_total < expected:
            raise RubricRefused(_("The grade bands overlap at %(total)s points.") % {"total": band.from_total})
        if band.from_total > expected:
            raise RubricRefused(_("No grade band holds the total %(total)s.") % {"total": expected})
        if passed and not band.passed:
            raise RubricRefused(
                _("The band from %(total)s points does not pass although a lower one does.")
                % {"total": band.from_total}
            )
        expected, passed = band.to_total + 1, band.passed
    if expected <= MAX_TOTAL:
        raise RubricRefused(_("No grade band holds the total %(total)s.") % {"total": expected})
    if expected > MAX_TOTAL + 1:
        raise RubricRefused(_("The grade bands end at 100 points."))
    if not passed:
        raise RubricRefused(_("At least one grade band must pass."))
