"""Free hours for consultations: which there are, which are chosen. Pure: the page that offers, the worker that
proposes and the verb that decides all ask here, so they never disagree.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.workdays import Period, is_weekend, is_working

LUNCH = 13  # never proposed; people who agree on it may still take it


class NoRoom(Refused):
    """Not enough free hours in the period."""

    def __init__(self) -> None:
        super().__init__(_("The consultants have no free hour left in the support period."))


@dataclass(frozen=True, order=True)
class Slot:
    """One hour of one consultant: a local date, the hour it begins (0..23), the consultant's id."""

    day: date
    hour: int
    consultant: int


@dataclass(frozen=True)
class Rules:
    """The day's limits: hours in which a consultation may begin, and how many a consultant gives in a day."""

    from_hour: int
    to_hour: int
    per_day: int

    @property
    def hours(self) -> range:
        """Hours at which a consultation may begin; it ends within the day."""
        return range(self.from_hour, self.to_hour)


class Obstacle(Enum):
    """Why an hour cannot be taken."""

    PAST = auto()
    OUTSIDE_PERIOD = auto()
    WEEKEND = auto()
    HOLIDAY = auto()
    OUTSIDE_HOURS = auto()
    DAY_FULL = auto()
    CONSULTANT_BUSY = auto()
    LISTENER_BUSY = auto()


def day_obstacle(day: date, period: Period) -> Obstacle | None:
    """Why no consultation may be on `day` at all; None when it may."""
    if day not in period:
        return Obstacle.OUTSIDE_PERIOD
    if is_weekend(day):
        return Obstacle.WEEKEND
    return None if is_working(day) else Obstacle.HOLIDAY


def obstacle(
    slot: Slot,
    *,
    now: tuple[date, int],
    period: Period,
    rules: Rules,
    taken: Collection[Slot],
    listener: Collection[tuple[date, int]],
) -> Obstacle | None:
    """Why `slot` cannot be taken, None when it is free.

    `now` is the local day and hour; `taken` are other consultations of any consultants, `listener` the days and hours
    at which the listener is busy.
    """
    if reason := day_obstacle(slot.day, period):
        return reason
    if (slot.day, slot.hour) <= now:
        return Obstacle.PAST
    if slot.hour not in rules.hours:
        return Obstacle.OUTSIDE_HOURS
    if sum(1 for t in taken if t.consultant == slot.consultant and t.day == slot.day) >= rules.per_day:
        return Obstacle.DAY_FULL
    if slot in taken:
        return Obstacle.CONSULTANT_BUSY
    return Obstacle.LISTENER_BUSY if (slot.day, slot.hour) in listener else None


def parts(period: Period, count: int) -> list[Period]:
    """The period in `count` consecutive parts of nearly equal length, at least one day each.

    Raises `NoRoom` when the period has fewer days than `count`.
    """
    days = (period.ends_on - period.starts_on).days + 1
    if days < count:
        raise NoRoom
    bounds = [days * i // count for i in range(count + 1)]
    first = period.starts_on
    return [Period(first + timedelta(days=bounds[i]), first + timedelta(days=bounds[i + 1] - 1)) for i in range(count)]


def around(part: Period, period: Period) -> Iterator[date]:
    """The working days of `period`, those nearest to the middle of `part` first."""
    middle = part.starts_on + (part.ends_on - part.starts_on) // 2
    for distance in range((period.ends_on - period.starts_on).days + 1):
        away = timedelta(days=distance)
        for day in (middle + away, middle - away) if distance else (middle,):
            if day in period and is_working(day):
                yield day


def choose(
    needs: Sequence[object],
    period: Period,
    consultants: Sequence[int],
    taken: Collection[Slot],
    rules: Rules,
    listener_days: Collection[date] = (),
) -> list[Slot]:
    """One hour for each need, the first need soonest, spread evenly over `period`.

    Each need has its part of the period and an hour as near as possible to that part's middle, with the consultant
    who has the fewest consultations (`taken` counts) and is free there. No consultant is in two places at once or
    over the day's limit; the listener has at most one a day and none on `listener_days`; the lunch hour stays free.
    The same input gives the same hours. Raises `NoRoom` when any need finds no hour.
    """
    busy, days = set(taken), set(listener_days)
    load = Counter(slot.consultant for slot in busy)
    full = Counter((slot.consultant, slot.day) for slot in busy)
    hours = [hour for hour in rules.hours if hour != LUNCH]

    def free_hour(consultant: int, part: Period, within: Period) -> Slot | None:
        for day in around(part, within):
            if day in days or full[consultant, day] >= rules.per_day:
                continue
            for hour in hours:
                if (slot := Slot(day, hour, consultant)) not in busy:
                    return slot
        return None

    chosen = []
    for part in parts(period, len(needs)):
        by_load = sorted(consultants, key=lambda consultant: (load[consultant], consultant))
        places = ((consultant, within) for within in (part, period) for consultant in by_load)
        slot = next((s for c, within in places if (s := free_hour(c, part, within))), None)
        if slot is None:
            raise NoRoom
        chosen.append(slot)
        busy.add(slot)
        days.add(slot.day)
        load[slot.consultant] += 1
        full[slot.consultant, slot.day] += 1
    return sorted(chosen)
