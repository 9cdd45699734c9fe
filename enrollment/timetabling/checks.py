"""What stands in the way of a session, or speaks against it. Pure: the form that asks, the week that shows and the verb
that decides all ask here, so they never disagree. Times are by the institute's clocks, without a zone.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, auto

from enrollment.timetabling.hours import ATTESTATION, ON_ONES_OWN


@dataclass(frozen=True)
class Meeting:
    """One session as plain values; `key` is the row's id, None while there is no row."""

    cohort: int
    module: int
    kind: str
    starts: datetime
    ends: datetime
    hours: int
    trainer: int | None = None
    room: int | None = None
    is_online: bool = False
    key: int | None = None

    def meets(self, other: "Meeting") -> bool:
        """Whether both are going on at some moment; one may begin when the other ends."""
        return self.starts < other.ends and other.starts < self.ends


class Trouble(Enum):
    """What is wrong with a session."""

    COHORT_BUSY = auto()
    TRAINER_BUSY = auto()
    ROOM_BUSY = auto()
    ROOM_TOO_SMALL = auto()
    ROOM_CLOSED = auto()
    NOT_ITS_TRAINER = auto()
    OUTSIDE_DATES = auto()
    OVER_MIDNIGHT = auto()
    HOLIDAY = auto()
    AFTER_ATTESTATION = auto()
    NO_TRAINER = auto()
    NO_PLACE = auto()


WARNINGS = frozenset({Trouble.HOLIDAY, Trouble.AFTER_ATTESTATION, Trouble.NO_TRAINER, Trouble.NO_PLACE})
CLASHES = frozenset({Trouble.COHORT_BUSY, Trouble.TRAINER_BUSY, Trouble.ROOM_BUSY})


@dataclass(frozen=True)
class Finding:
    """One trouble of one meeting; `other` is the meeting that it clashes with."""

    trouble: Trouble
    meeting: Meeting
    other: Meeting | None = None

    @property
    def forbids(self) -> bool:
        """Whether the session cannot be stored so; otherwise it is a warning."""
        return self.trouble not in WARNINGS


@dataclass(frozen=True)
class Frame:
    """What a cohort's sessions must fit into: its dates, how many people come, who teaches it."""

    starts_on: date
    ends_on: date
    people: int = 0
    trainers: Collection[int] = ()


@dataclass(frozen=True)
class House:
    """What all cohorts share: the seats of the rooms in use, the holidays."""

    seats: Mapping[int, int] = field(default_factory=dict)
    holidays: Collection[date] = ()


def of_one(meeting: Meeting, frame: Frame, house: House) -> list[Finding]:
    """Troubles that a meeting has by itself."""
    return [Finding(trouble, meeting) for trouble in _alone(meeting, frame, house)]


def _alone(meeting: Meeting, frame: Frame, house: House) -> Iterator[Trouble]:
    day = meeting.starts.date()
    if not frame.starts_on <= day <= frame.ends_on:
        yield Trouble.OUTSIDE_DATES
    if meeting.ends.date() != day:
        yield Trouble.OVER_MIDNIGHT
    if meeting.trainer is not None and meeting.trainer not in frame.trainers:
        yield Trouble.NOT_ITS_TRAINER
    if meeting.room is not None and meeting.room not in house.seats:
        yield Trouble.ROOM_CLOSED
    elif meeting.room is not None and house.seats[meeting.room] < frame.people:
        yield Trouble.ROOM_TOO_SMALL
    if day in house.holidays:
        yield Trouble.HOLIDAY
    if meeting.kind not in ON_ONES_OWN:
        if meeting.trainer is None:
            yield Trouble.NO_TRAINER
        if meeting.room is None and not meeting.is_online:
            yield Trouble.NO_PLACE


def clashes(meeting: Meeting, others: Iterable[Meeting]) -> list[Finding]:
    """Where `meeting` and another have the same cohort, trainer or room at the same time; itself does not count."""
    found = []
    for other in others:
        if not meeting.meets(other) or (meeting.key is not None and meeting.key == other.key):
            continue
        if meeting.cohort == other.cohort:  # that its trainer and room are taken too would be the same news
            found.append(Finding(Trouble.COHORT_BUSY, meeting, other))
            continue
        if meeting.trainer is not None and meeting.trainer == other.trainer:
            found.append(Finding(Trouble.TRAINER_BUSY, meeting, other))
        if meeting.room is not None and meeting.room == other.room:
            found.append(Finding(Trouble.ROOM_BUSY, meeting, other))
    return found


def all_clashes(meetings: Sequence[Meeting], others: Sequence[Meeting] = ()) -> list[Finding]:
    """The clashes of every one of `meetings` with each other and with `others`, in order of time.

    A clash of two of them is told at both.
    """
    everybody = sorted([*meetings, *others], key=lambda m: m.starts)
    ours = {id(m) for m in meetings}
    found: list[Finding] = []
    going_on: list[Meeting] = []
    for meeting in everybody:
        going_on = [m for m in going_on if m.ends > meeting.starts]
        for other in going_on:
            if id(meeting) in ours:
                found.extend(clashes(meeting, [other]))
            if id(other) in ours:
                found.extend(clashes(other, [meeting]))
        going_on.append(meeting)
    return sorted(found, key=lambda f: (f.meeting.starts, f.meeting.cohort, f.trouble.value))


def after_attestation(meetings: Iterable[Meeting]) -> list[Finding]:
    """Meetings of a cohort that begin after its final attestation has begun; the attestation comes last."""
    meetings = list(meetings)
    defences = [m.starts for m in meetings if m.kind == ATTESTATION]
    if not defences:
        return []
    first = min(defences)
    late = (m for m in meetings if m.kind != ATTESTATION and m.starts > first)
    return [Finding(Trouble.AFTER_ATTESTATION, m) for m in late]
