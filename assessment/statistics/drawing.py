"""Numbers to places on a drawing, in units of the SVG's viewBox. Pure.

Every drawing is WIDTH units wide and made of rows, one below the other: it fits a phone, with words of any length.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assessment.statistics.numbers import Bin, Part, Spread

WIDTH = 380
LEFT, RIGHT = 52, 30  # room for a label before, a count behind the bars
ROW = 17
GAP = 3


@dataclass(frozen=True)
class Box:
    """A rectangle; `kind` names its pattern, `label` is written in or beside it."""

    x: float
    y: float
    width: float
    height: float
    kind: str = ""
    label: str = ""
    count: int = 0

    @property
    def right(self) -> float:
        """Where it ends."""
        return round(self.x + self.width, 2)

    @property
    def middle(self) -> float:
        """Half its height, from above."""
        return round(self.y + self.height / 2, 2)

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return round(self.y + self.height, 2)

    @property
    def base(self) -> float:
        """Where text in or beside it stands."""
        return round(self.y + self.height / 2 + 4, 2)

    @property
    def after(self) -> float:
        """Where text behind it begins."""
        return round(self.right + 4, 2)

    @property
    def centre(self) -> float:
        """Half its width, from the left."""
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True)
class Bars:
    """The distribution of totals: a bar for each bin, the highest totals above, band by band."""

    height: float
    bars: Sequence[Box]
    bands: Sequence[tuple[Any, float, float, float]]  # the band, where its name stands, where its bars begin and end


def totals(bins: Sequence[Bin], bands: Sequence[Any]) -> Bars:
    """`bands` from the highest to the lowest, each with `from_total`, `to_total` and `passed`; each gets a heading."""
    most = max((one.count for one in bins), default=0) or 1
    room = WIDTH - LEFT - RIGHT
    bars, heads, y = [], [], 0.0
    for band in bands:
        named, y = y + ROW - GAP, y + ROW + GAP
        begin = y
        for one in reversed([b for b in bins if band.from_total <= b.lower <= band.to_total]):
            label = f"{one.lower}–{one.upper}" if one.lower < one.upper else str(one.lower)
            width = round(room * one.count / most, 2)
            bars.append(Box(LEFT, y, width, ROW - GAP, "passed" if band.passed else "not_passed", label, one.count))
            y += ROW
        heads.append((band, named, begin - 1, y - GAP + 1))
        y += GAP
    return Bars(y, bars, heads)


@dataclass(frozen=True)
class BoxPlot:
    """One criterion on a line from 0 to its maximum: whiskers, box, median, and a mark of each person's points."""

    title: Any
    y: float
    line: Box
    box: Box
    median: float
    marks: Sequence[tuple[float, float, float]]  # x, y, radius


def spreads(criteria: Sequence[tuple[Any, Spread]]) -> tuple[float, list[BoxPlot]]:
    """The height and a plot for each criterion; a mark is the larger the more people have those points."""
    plots, y = [], 0.0
    left, room = 10, WIDTH - 20
    for title, one in criteria:

        def at(points: Any, maximum: int = one.maximum) -> float:
            return round(left + room * float(points) / maximum, 2)

        low, high = one.quartiles
        top = y + ROW + GAP
        line = Box(at(one.points[0]), top, round(at(one.points[-1]) - at(one.points[0]), 2), ROW)
        box = Box(at(low), top, round(at(high) - at(low), 2), ROW)
        most = max(one.points.count(p) for p in set(one.points))
        marks = [
            (at(points), top + ROW + 9, round(1.8 + 4 * (one.points.count(points) / most) ** 0.5, 2))
            for points in sorted(set(one.points))
        ]
        plots.append(BoxPlot(title, y + ROW - GAP, line, box, at(one.median), marks))
        y = top + ROW + 24
    return y, plots


@dataclass(frozen=True)
class Stack:
    """One cohort's people by ending, side by side over the whole width."""

    title: Any
    y: float
    whole: int
    boxes: Sequence[Box]


NARROWEST = 16  # a part of a stack that still takes two digits


def stacks(rows: Sequence[tuple[Any, Mapping[str, int]]]) -> tuple[float, list[Stack]]:
    """The height and a bar for each cohort; a part too narrow for its number has it in the table alone."""
    drawn, y = [], 0.0
    for title, counts in rows:
        whole = sum(counts.values())
        x, boxes = 0.0, []
        for end, count in counts.items():
            width = WIDTH * count / whole if whole else 0
            if count:
                label = str(count) if width >= NARROWEST else ""
                boxes.append(Box(round(x, 2), y + ROW + GAP, round(width, 2), ROW + GAP, end, label, count))
            x += width
        drawn.append(Stack(title, y + ROW - GAP, whole, boxes))
        y += 2 * (ROW + GAP) + 8
    return y, drawn


@dataclass(frozen=True)
class Pair:
    """A module with two bars: hours missed, work sent back."""

    title: Any
    y: float
    bars: Sequence[tuple[Box, Part]]


def pairs(modules: Sequence[tuple[Any, Part, Part]]) -> tuple[float, list[Pair]]:
    """The height and two bars for each module, in per cent of the width; of nothing there is no bar."""
    drawn, y = [], 0.0
    room = WIDTH - RIGHT - 14
    for title, missed, returned in modules:
        bars, top = [], y + ROW
        for kind, part in (("missed", missed), ("returned", returned)):
            label = "–" if part.percent is None else f"{part.percent} %"
            bars.append((Box(0, top, round(room * (part.percent or 0) / 100, 2), ROW - GAP, kind, label), part))
            top += ROW
        drawn.append(Pair(title, y + ROW - GAP - 2, bars))
        y = top + 8
    return y, drawn
