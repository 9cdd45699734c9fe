"""What the pictures show, as numbers. Pure; whole points in, counts and shares out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

STEP = 5  # points in a bin; a bin never reaches across the border of two bands
HIGHEST = 100
# How a person's assessment ended, in the order in which they are drawn; the last two are no low scores.
ENDS = ("passed", "passed_on_retake", "not_passed", "undecided", "no_show", "breach")


@dataclass(frozen=True)
class Bin:
    """How many totals lie in lower..upper, both included."""

    lower: int
    upper: int
    count: int


def distribution(totals: Iterable[int], borders: Iterable[int]) -> list[Bin]:
    """Totals 0..100 in bins of 5, cut where a band begins (`borders`), the lowest first. ValueError outside 0..100."""
    counts = Counter(totals)
    if any(not 0 <= total <= HIGHEST for total in counts):
        raise ValueError(f"{sorted(counts)} are not all 0..{HIGHEST}")
    starts = sorted({*range(0, HIGHEST, STEP), *(b for b in borders if 0 < b <= HIGHEST)})
    ends = [start - 1 for start in starts[1:]] + [HIGHEST]
    return [Bin(a, b, sum(counts[n] for n in range(a, b + 1))) for a, b in zip(starts, ends, strict=True)]


@dataclass(frozen=True)
class Spread:
    """Points of one criterion, sorted; quartiles are those of a box plot that includes both ends."""

    points: tuple[int, ...]
    maximum: int

    @property
    def median(self) -> Fraction:
        """The middle one, or the mean of the middle two."""
        return self._at(Fraction(1, 2))

    @property
    def quartiles(self) -> tuple[Fraction, Fraction]:
        """A quarter of the points lie below the first, a quarter above the second."""
        return self._at(Fraction(1, 4)), self._at(Fraction(3, 4))

    def _at(self, share: Fraction) -> Fraction:
        place = share * (len(self.points) - 1)
        whole = int(place)
        rest = place - whole
        above = self.points[min(whole + 1, len(self.points) - 1)]
        return self.points[whole] + rest * (above - self.points[whole])


def spread(points: Iterable[int], maximum: int) -> Spread | None:
    """The spread of at least one person's points 0..maximum; None for nobody. ValueError outside."""
    given = tuple(sorted(points))
    if given and not 0 <= given[0] <= given[-1] <= maximum:
        raise ValueError(f"{given} are not all 0..{maximum}")
    return Spread(given, maximum) if given else None


def ends(endings: Iterable[str]) -> dict[str, int]:
    """How many people ended how, in the order of ENDS; zeros are kept. KeyError for another ending."""
    counts = dict.fromkeys(ENDS, 0)
    for one in endings:
        counts[one] += 1
    return counts


@dataclass(frozen=True)
class Part:
    """So many of so many; `percent` is whole, rounded half up, None of nothing."""

    count: int
    whole: int

    @property
    def percent(self) -> int | None:
        """0..100."""
        return (200 * self.count + self.whole) // (2 * self.whole) if self.whole else None


def together(counts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """The sum of several cohorts' endings."""
    return {end: sum(one[end] for one in counts) for end in ENDS}
