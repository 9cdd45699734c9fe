"""What several examiners' points come to: their mean, or the chair's to decide. Pure, whole numbers only."""

from collections.abc import Sequence
from dataclasses import dataclass

FEWEST = 2  # examiners, so that nobody judges a defence alone


@dataclass(frozen=True)
class Settled:
    """Whole points, or none while the examiners are too far apart and the chair decides."""

    points: int | None

    @property
    def is_disputed(self) -> bool:
        """Whether the chair decides."""
        return self.points is None


def rounded_mean(points: Sequence[int]) -> int:
    """The mean of whole points, rounded half up to a whole number: 24 and 25 make 25. ValueError for none."""
    if not points:
        raise ValueError("no points, no mean")
    return (2 * sum(points) + len(points)) // (2 * len(points))


def is_disputed(points: Sequence[int], maximum: int, spread: int) -> bool:
    """Whether the highest and the lowest lie more than `spread` per cent of `maximum` apart; exactly that is not."""
    return (max(points) - min(points)) * 100 > spread * maximum


def settle(points: Sequence[int], maximum: int, spread: int) -> Settled:
    """The mean of at least two examiners' points 0..maximum, or a dispute. ValueError for fewer, or outside."""
    if len(points) < FEWEST:
        raise ValueError(f"{len(points)} examiner judges nobody")
    if any(not 0 <= given <= maximum for given in points):
        raise ValueError(f"{points} are not 0..{maximum}")
    return Settled(None if is_disputed(points, maximum, spread) else rounded_mean(points))
