"""What counts as attended, and whether it is enough. Pure: plain values in, frozen values out.

The arithmetic is in academic minutes: a session of 2 academic hours of 45 minutes is 90 of them, whatever breaks the
timetable puts between. A share is of all held hours of the cohort, not of those that somebody recorded; what nobody
recorded is not presence.

What was attended before goes along with a person who continues in another cohort (a transfer, a reinstatement, an
assessment with a following cohort). Hours of one part of the plan (a module's lectures, its practices, …) count for
the same part there, as far as that cohort has held it and the person was not in the room again:

    attended of a part = own minutes + the lesser of (minutes brought along, held minutes without the person)

Say the new cohort has held 4 hours of lectures of module 1 and 2 hours of its practice:

    brought 4 h of these lectures, joined after them                   → 4 of 6 hours
    brought 4 h, joined before them and sat through them again         → 4 of 6 hours (nothing counts twice)
    brought 4 h, joined before them and did not hear them again        → 4 of 6 hours (nobody repeats a lecture)
    brought 3 h of lectures of module 2, which it has not held yet     → 0 of 6 hours, 3 more once it is held
    brought 6 h of these lectures                                      → 4 of 6 hours (practice is another part)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from enrollment.models.states import SEATED

# Attendance may be recorded, and people may check in, from so long before a session begins.
MARGIN = timedelta(minutes=15)
PRESENT = "present"
# A module and a kind of session: hours of one part never stand for those of another.
Part = tuple[int, str]
Minutes = Mapping[Part, int]


def length(hours: int, academic_hour: int) -> int:
    """Minutes of a session of so many academic hours."""
    return hours * academic_hour


def attended_minutes(mark: str | None, minutes: int | None, whole: int) -> int:
    """Minutes of a session of `whole` minutes that count as attended: all of it, the part given, or nothing.

    `mark` is None for what nobody recorded, and then counts as nothing, as absent and excused do.
    """
    if mark != PRESENT:
        return 0
    return whole if minutes is None else min(minutes, whole)


@dataclass(frozen=True)
class Share:
    """Academic minutes attended of those held; `carried` of the attended were brought from an earlier cohort."""

    attended: int = 0
    held: int = 0
    carried: int = 0

    @property
    def percent(self) -> int | None:
        """Whole per cent, rounded down; None while nothing has been held.

        Rounded down because then the figure on the page reaches the minimum exactly when the person does: 79.9 of 80
        required is shown as 79 and is not enough.
        """
        return self.attended * 100 // self.held if self.held else None

    def is_below(self, minimum: int) -> bool:
        """Whether less than `minimum` per cent was attended; while nothing is held nobody is below."""
        return self.percent is not None and self.percent < minimum

    def reaches(self, minimum: int) -> bool:
        """Whether it is shown that at least `minimum` per cent was attended; without held hours nothing is shown."""
        return self.percent is not None and self.percent >= minimum


def share(held: Minutes, own: Minutes, carried: Minutes) -> Share:
    """The share of one person: minutes held by the cohort, attended there, and brought along, each by part."""
    attended = along = 0
    for part, whole in held.items():
        mine = min(own.get(part, 0), whole)
        brought = min(carried.get(part, 0), whole - mine)
        attended, along = attended + mine + brought, along + brought
    return Share(attended, sum(held.values()), along)


def going_along(own: Minutes, carried: Minutes) -> dict[Part, int]:
    """What somebody takes along from a cohort: attended there, and brought to it before."""
    return {part: own.get(part, 0) + carried.get(part, 0) for part in own.keys() | carried.keys()}


def in_hours(minutes: int, academic_hour: int) -> Decimal:
    """Academic hours with at most one decimal, rounded down."""
    return (Decimal(minutes) / academic_hour).quantize(Decimal("0.1"), ROUND_DOWN).normalize() + Decimal(0)


def may_be_recorded(starts_at: datetime, now: datetime) -> bool:
    """Whether attendance of a session may be recorded: from MARGIN before its beginning, and ever after."""
    return now >= starts_at - MARGIN


def is_running(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether people may check in: from MARGIN before the beginning to the end."""
    return starts_at - MARGIN <= now <= ends_at


@dataclass(frozen=True)
class Stay:
    """When somebody held a place in a cohort: the states and since when, the earliest first.

    `since` is the beginning of the day of the order that brought the person in. It is earlier than the first place in
    `steps` when an order on paper was recorded late, and then the place counts from there.
    """

    steps: Sequence[tuple[datetime, str]] = field(default=())
    since: datetime | None = None

    def covers(self, moment: datetime) -> bool:
        """Whether the person had a place at that moment."""
        seated, came = False, False
        for at, state in self.steps:
            begins = at
            if state in SEATED and not came:
                came, begins = True, min(at, self.since or at)
            if begins <= moment:
                seated = state in SEATED
        return seated

    def meets(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Whether the person had a place at the beginning or at the end of a session."""
        return self.covers(starts_at) or self.covers(ends_at)
