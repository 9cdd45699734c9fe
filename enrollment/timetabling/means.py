"""What a timetable is made of, and what comes out of making one. Pure values and the questions they answer."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import Enum, auto

from enrollment.timetabling.checks import Meeting
from enrollment.timetabling.hours import ON_ONES_OWN, Need
from enrollment.timetabling.lengths import Day

Times = Sequence[tuple[datetime, datetime]]


@dataclass(frozen=True)
class Group:
    """One cohort: its teaching days between two dates, who comes, what is to be held in this order, by whom.

    `busy` are times that are taken already, by sessions that stay.
    """

    cohort: int
    starts_on: date
    ends_on: date
    needs: Sequence[Need]
    trainers: Sequence[int]
    people: int = 0
    busy: Times = ()


@dataclass(frozen=True)
class Means:
    """What the cohorts share.

    `weekdays` 0 (Monday) … 6; `modules` says which modules a trainer takes, a trainer who is not in it takes any;
    `seats` are the rooms that may be used; `online` the kinds of session held by a link, which need no room;
    `guided` whether self-study needs trainer and room too; `busy` the times of trainers and rooms that are taken.
    """

    weekdays: Collection[int]
    day: Day
    modules: Mapping[int, Collection[int]] = field(default_factory=dict)
    seats: Mapping[int, int] = field(default_factory=dict)
    online: Collection[str] = ()
    guided: bool = False
    holidays: Collection[date] = ()
    trainer_busy: Mapping[int, Times] = field(default_factory=dict)
    room_busy: Mapping[int, Times] = field(default_factory=dict)

    def needs_trainer(self, kind: str) -> bool:
        """Whether somebody teaches sessions of this kind."""
        return self.guided or kind not in ON_ONES_OWN

    def needs_room(self, kind: str) -> bool:
        """Whether sessions of this kind are held in a room."""
        return kind not in self.online and self.needs_trainer(kind)


class Reason(Enum):
    """Why a cohort's plan does not fit."""

    DAY_TOO_LONG = auto()
    TOO_FEW_HOURS = auto()
    NO_TRAINER = auto()
    NO_ROOM = auto()
    HOURS_LEFT = auto()


@dataclass(frozen=True)
class Shortfall:
    """What does not fit, and the figures to say it with.

    `wanted` hours are to be held, `offered` hours there are; `left` found no place, the first of them is `need`. In
    `without_trainer` and `without_room` hours of the cohort's days nobody, or no room, was free for what came next.
    """

    cohort: int
    reason: Reason
    wanted: int = 0
    offered: int = 0
    left: int = 0
    need: Need | None = None
    without_trainer: int = 0
    without_room: int = 0
    people: int = 0


@dataclass(frozen=True)
class Proposal:
    """Meetings in order of time that meet every need exactly; or shortfalls, and then no meetings."""

    meetings: tuple[Meeting, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()


@dataclass(frozen=True)
class Slot:
    """One academic hour of one day."""

    day: date
    place: int
    starts: datetime
    ends: datetime


def slots_of(group: Group, means: Means) -> Iterator[Slot]:
    """The cohort's teaching hours in order of time that no session of its own takes."""
    for offset in range((group.ends_on - group.starts_on).days + 1):
        day = group.starts_on + timedelta(days=offset)
        if day.weekday() in means.weekdays and day not in means.holidays:
            for place in range(means.day.hours):
                starts, ends = means.day.slot(day, place)
                if is_free(group.busy, starts, ends):
                    yield Slot(day, place, starts, ends)


def is_free(busy: Times, starts: datetime, ends: datetime) -> bool:
    return not any(starts < until and since < ends for since, until in busy)


def takers_of(group: Group, means: Means, need: Need) -> list[int]:
    """The cohort's trainers who take this module."""
    return [t for t in group.trainers if t not in means.modules or need.module in means.modules[t]]


def rooms_for(group: Group, means: Means) -> list[int]:
    """Rooms that are large enough, the smallest first."""
    return sorted((r for r, seats in means.seats.items() if seats >= group.people), key=lambda r: (means.seats[r], r))
