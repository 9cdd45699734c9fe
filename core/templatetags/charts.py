"""Pictures of numbers as our own SVG: no script, no inline style, readable without colour.

Widths are per cent of the space there is and letters keep their size, so one picture fits a phone and a sheet of paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from django import template

register = template.Library()

LETTERS = 44  # in a line of a label
LINE, BREATH, BAR, GAP = 18, 3, 26, 14  # heights, px
TRACK = 86.0  # per cent of the width that the longest bar takes; the rest is for its total
PATTERNS = 4  # ways to fill a part that are told apart without colour


@dataclass(frozen=True)
class Bar:
    """A row of the picture: what it is about, and its value in each series (each at least 0)."""

    label: str
    values: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.values)


@dataclass(frozen=True)
class Part:
    """A drawn piece of a bar; x, middle and width are per cent as SVG wants them, whatever the language."""

    x: str
    middle: str
    width: str
    value: int
    pattern: int
    wide: bool


@dataclass(frozen=True)
class DrawnBar:
    """A bar with its label's lines (text, y) above it; y is in px."""

    lines: list[tuple[str, int]]
    y: int
    text_y: int
    parts: list[Part]
    end: str
    total: int


def _per_cent(number: float) -> str:
    return f"{number:.2f}%"


def _parts(bar: Bar, largest: int) -> list[Part]:
    parts, before = [], 0
    for number, value in enumerate(bar.values):
        if value:
            x, width = TRACK * before / largest, TRACK * value / largest
            parts.append(
                Part(_per_cent(x), _per_cent(x + width / 2), _per_cent(width), value, number % PATTERNS + 1, width > 6)
            )
        before += value
    return parts


def draw(bars: Sequence[Bar]) -> tuple[list[DrawnBar], int]:
    """Where everything stands, and the height of the picture in px. The longest bar sets the scale."""
    largest = max((bar.total for bar in bars), default=0) or 1
    drawn, y = [], 0
    for bar in bars:
        lines = []
        for text in wrap(bar.label, LETTERS):
            y += LINE
            lines.append((text, y - 5))
        y += BREATH if lines else 0
        end = _per_cent(TRACK * bar.total / largest)
        drawn.append(DrawnBar(lines, y, y + BAR // 2, _parts(bar, largest), end, bar.total))
        y += BAR + GAP
    return drawn, max(y - GAP, 0)


@register.inclusion_tag("components/stacked_bars.html")
def stacked_bars(
    name: str, title: str, description: str, series: Sequence[str], bars: Sequence[Bar]
) -> dict[str, object]:
    """Stacked horizontal bars with a legend.

    `name` is unique on the page (it names the fill patterns); `title` is shown, `description` is read aloud with it.
    The numbers should also stand in a table beside the picture. The page loads `core/charts.css`.
    """
    drawn, height = draw(bars)
    return {
        "name": name,
        "title": title,
        "description": description,
        "legend": [(text, number % PATTERNS + 1) for number, text in enumerate(series)],
        "bars": drawn,
        "height": height,
        "thickness": BAR,
    }


FOOT, HEAD, PILLAR = 22, 18, 120  # heights, px: the day below a pillar, the number above it, the largest pillar


@dataclass(frozen=True)
class DrawnPillar:
    """A pillar with the label below and the total above it; x, middle and width in per cent, heights in px."""

    label: str
    middle: str
    x: str
    width: str
    parts: list[tuple[int, int, int]]  # y, height, pattern
    top: int
    total: int


def draw_pillars(bars: Sequence[Bar]) -> list[DrawnPillar]:
    """Where everything stands. The largest total sets the scale; what is not nothing is at least a line."""
    largest = max((bar.total for bar in bars), default=0) or 1
    step = 100 / max(len(bars), 1)
    drawn = []
    for place, bar in enumerate(bars):
        y, parts = HEAD + PILLAR, []
        for number, value in enumerate(bar.values):
            height = max(round(PILLAR * value / largest), 2) if value else 0
            y -= height
            if height:
                parts.append((y, height, number % PATTERNS + 1))
        x = step * (place + 0.14)
        middle = _per_cent(step * (place + 0.5))
        drawn.append(DrawnPillar(bar.label, middle, _per_cent(x), _per_cent(step * 0.72), parts, y - 5, bar.total))
    return drawn


@register.inclusion_tag("components/pillars.html")
def pillars(name: str, title: str, series: Sequence[str], bars: Sequence[Bar]) -> dict[str, object]:
    """Pillars beside each other, one for each day, say; their numbers are also read aloud.

    `name` is unique on the page. Labels are short: some fifteen of them share a telephone's width. The page loads
    `core/charts.css`.
    """
    told = "; ".join(f"{bar.label}: " + " + ".join(map(str, bar.values)) for bar in bars)
    return {
        "name": name,
        "title": title,
        "description": told,
        "legend": [(text, number % PATTERNS + 1) for number, text in enumerate(series)],
        "pillars": draw_pillars(bars),
        "height": HEAD + PILLAR + FOOT,
        "ground": HEAD + PILLAR,
        "label_y": HEAD + PILLAR + FOOT - 6,
    }
