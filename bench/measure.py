"""Two ways of doing a thing, timed in turns; the medians and their ratio."""

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table: how often per second each way was done, and what the ratio should be at least."""

    what: str
    against: str
    ours: float
    theirs: float
    goal: float | None = None

    @property
    def ratio(self) -> float:
        """How many times as fast ours is."""
        return self.ours / self.theirs

    @property
    def reached(self) -> bool:
        """Whether the ratio is what it should be."""
        return self.goal is None or self.ratio >= self.goal

    def as_json(self) -> dict[str, object]:
        """For the process that prints the table."""
        return asdict(self)


def _rate(act: Callable[[], object], times: int) -> float:
    started = time.perf_counter()
    for _ in range(times):
        act()
    return times / (time.perf_counter() - started)


def compare(
    what: str,
    ours: Callable[[], object],
    against: str,
    theirs: Callable[[], object],
    *,
    times: int,
    rounds: int = 7,
    goal: float | None = None,
) -> Row:
    """Do both once to warm up, then `times` each in `rounds` turns (ours first, theirs first, …)."""
    ours()
    theirs()
    rates: dict[Callable[[], object], list[float]] = {ours: [], theirs: []}
    for number in range(rounds):
        for act in (ours, theirs) if number % 2 == 0 else (theirs, ours):
            rates[act].append(_rate(act, times))
    return Row(what, against, statistics.median(rates[ours]), statistics.median(rates[theirs]), goal)


def table(rows: list[tuple[str, Row]]) -> str:
    """The rows with the database that each was measured on."""
    lines = [("", "database", "ours, /s", "against", "/s", "ratio", "wanted")]
    for database, row in rows:
        wanted = f"≥ {row.goal:g}{'' if row.reached else '  MISSED'}" if row.goal is not None else ""
        lines.append(
            (row.what, database, f"{row.ours:.3g}", row.against, f"{row.theirs:.3g}", f"{row.ratio:.2f}", wanted)
        )
    widths = [max(len(line[i]) for line in lines) for i in range(len(lines[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
