"""Entry and exit side by side: numbers of the two checklists to bars. Pure but for the language of the labels."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.formats import number_format

from assessment.statistics.drawing import GAP, ROW, WIDTH, Box

HIGHEST = 5
FEWEST = 5  # people of whom a mean tells nothing about one
ROOM = WIDTH - 40


@dataclass(frozen=True)
class Line:
    """One competence: its label, and a bar for each moment that was answered, with its level."""

    competence: Any
    entry: Decimal | None
    exit: Decimal | None
    y: float
    bars: Sequence[Box]


@dataclass(frozen=True)
class Picture:
    """Lines in the order of the checklist."""

    height: float
    lines: Sequence[Line]


def picture(competences: Iterable[Any], entry: Mapping[str, Any], exit_: Mapping[str, Any]) -> Picture:
    """Levels 1..5 (or means of them) by position; a moment that was not answered has no bars."""
    lines, y = [], 0.0
    for competence in competences:
        levels = [(kind, given.get(str(competence.position))) for kind, given in (("entry", entry), ("exit", exit_))]
        top, bars = y + ROW, []
        for kind, level in levels:
            if level is not None:
                bars.append(Box(0, top, round(ROOM * float(level) / HIGHEST, 2), ROW - GAP, kind, number_format(level)))
                top += ROW
        lines.append(Line(competence, levels[0][1], levels[1][1], y + ROW - GAP - 2, bars))
        y = top + 8
    return Picture(y, lines)


def means(answers: Sequence[Mapping[str, int]]) -> dict[str, Decimal]:
    """The mean level by position with one decimal, rounded half up; nothing of fewer than five people."""
    if len(answers) < FEWEST:
        return {}
    sums: dict[str, int] = {}
    for one in answers:
        for place, level in one.items():
            sums[place] = sums.get(place, 0) + level
    tenth = Decimal("0.1")
    return {place: (Decimal(total) / len(answers)).quantize(tenth, ROUND_HALF_UP) for place, total in sums.items()}
