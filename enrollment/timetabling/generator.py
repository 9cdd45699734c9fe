"""A timetable from the plan: hour by hour, the first free place for each. Pure and deterministic.

Each cohort goes through its plan in order: module after module, in a module lectures before practice, self-study when
nothing else can be held and at the latest at the module's end, the attestation last. Every hour is given a trainer who
may take the module and is free, and a free room that is large enough. For one cohort this finds a timetable whenever
there is one in this order: an hour put off never makes room for more. For several at once the cohorts take turns at
what is scarce; two ways of taking turns are tried, and the second serves whoever has least time to spare.

What does not fit is said with the reason, and then nothing is proposed at all.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from enrollment.timetabling.checks import Meeting
from enrollment.timetabling.hours import ATTESTATION, LECTURE, SELF_STUDY, Need
from enrollment.timetabling.lengths import LONGEST
from enrollment.timetabling.matching import Matching
from enrollment.timetabling.means import (
    Group,
    Means,
    Proposal,
    Reason,
    Shortfall,
    Slot,
    is_free,
    rooms_for,
    slots_of,
    takers_of,
)

Unit = tuple[Slot, Need, int | None, int | None]  # one hour: when, what, trainer, room


def propose(groups: Sequence[Group], means: Means) -> Proposal:
    """A timetable for all these cohorts together, or what does not fit. The same input gives the same output."""
    slots = {group.cohort: list(slots_of(group, means)) for group in groups}
    impossible = [found for group in groups if (found := _impossible(group, means, len(slots[group.cohort])))]
    if impossible:
        return Proposal(shortfalls=tuple(impossible))
    attempts = []
    for turns in (_stay, _least_time):
        attempt = _Attempt(groups, means, slots, turns)
        shortfalls = attempt.run()
        if not shortfalls:
            return Proposal(meetings=tuple(attempt.meetings()))
        attempts.append(shortfalls)
    best = min(attempts, key=lambda found: sum(shortfall.left for shortfall in found))
    return Proposal(shortfalls=tuple(best))


def _impossible(group: Group, means: Means, offered: int) -> Shortfall | None:
    """The first reason that no search is needed for."""
    wanted = sum(need.hours for need in group.needs)
    if means.day.over > 24 * 60:
        return Shortfall(group.cohort, Reason.DAY_TOO_LONG)
    if offered < wanted:
        return Shortfall(group.cohort, Reason.TOO_FEW_HOURS, wanted=wanted, offered=offered)
    for need in group.needs:
        if means.needs_trainer(need.kind) and not takers_of(group, means, need):
            return Shortfall(group.cohort, Reason.NO_TRAINER, need=need)
        if means.needs_room(need.kind) and not rooms_for(group, means):
            return Shortfall(group.cohort, Reason.NO_ROOM, need=need, people=group.people)
    return None


class _Course:
    """How far one cohort is."""

    def __init__(self, group: Group, means: Means, slots: Sequence[Slot]) -> None:
        self.group = group
        self.takers = {need: takers_of(group, means, need) for need in group.needs}
        self.rooms = rooms_for(group, means)
        self.hours = {need: need.hours for need in group.needs}
        self.left = sum(self.hours.values())
        self.ahead = len(slots)  # hours of its days that are not past
        self.before: Need | None = None  # what it had in the hour before
        self.trainer: dict[tuple[int, str], int] = {}
        self.room: int | None = None
        self.units: list[Unit] = []
        self.lacked: Counter[str] = Counter()

    @property
    def spare(self) -> int:
        """Hours that may still stay empty."""
        return self.ahead - self.left

    def next_needs(self) -> list[Need]:
        """What may be held in the coming hour, the first that should be first."""
        first = next((need for need in self.group.needs if self.hours[need]), None)
        if first is None:
            return []
        module = [need for need in self.group.needs if need.module == first.module]
        chain = [need for need in module if self.hours[need] and need.kind != SELF_STUDY]
        alone = [need for need in module if self.hours[need] and need.kind == SELF_STUDY]
        if any(need.kind == ATTESTATION for need in chain):  # prepared for before
            return alone[:1] or chain[:1]
        begun = all(self.hours[need] < need.hours for need in module if need.kind == LECTURE)
        return chain[:1] + (alone[:1] if begun or not chain else [])

    def take(self, slot: Slot, need: Need, trainer: int | None, room: int | None) -> None:
        """Hold one hour of `need`."""
        self.units.append((slot, need, trainer, room))
        self.hours[need] -= 1
        self.left -= 1
        self.before = need if self.hours[need] else None
        if trainer is not None:
            self.trainer[need.module, need.kind] = trainer
        if room is not None:
            self.room = room


def _stay(course: _Course) -> tuple[object, ...]:
    """Who is in the middle of something goes on with it; then whoever has least time to spare."""
    return (course.before is None, course.spare, -course.left, course.group.cohort)


def _least_time(course: _Course) -> tuple[object, ...]:
    """Whoever has least time to spare."""
    return (course.spare, -course.left, course.before is None, course.group.cohort)


class _Attempt:
    """One pass over all hours of all cohorts."""

    def __init__(
        self,
        groups: Sequence[Group],
        means: Means,
        slots: Mapping[int, Sequence[Slot]],
        turns: Callable[[_Course], tuple[object, ...]],
    ) -> None:
        self.means, self.turns = means, turns
        self.courses = [_Course(group, means, slots[group.cohort]) for group in groups]
        self.load: Counter[int] = Counter()
        here: dict[Slot, list[_Course]] = {}
        for course in self.courses:
            for slot in slots[course.group.cohort]:
                here.setdefault(slot, []).append(course)
        self.hours = sorted(here.items(), key=lambda entry: (entry[0].starts, entry[0].ends))

    def run(self) -> list[Shortfall]:
        """Go through the hours; what is left over at the end."""
        for slot, courses in self.hours:
            self._fill(slot, [course for course in courses if course.left])
            for course in courses:
                course.ahead -= 1
        return [self._shortfall(course) for course in self.courses if course.left]

    def _shortfall(self, course: _Course) -> Shortfall:
        return Shortfall(
            course.group.cohort,
            Reason.HOURS_LEFT,
            wanted=sum(need.hours for need in course.group.needs),
            left=course.left,
            need=course.next_needs()[0],
            without_trainer=course.lacked["trainer"],
            without_room=course.lacked["room"],
        )

    def _fill(self, slot: Slot, courses: list[_Course]) -> None:
        """Give each cohort what it may hold in this hour, in turn; who comes later may displace nobody, only shift."""
        trainers: Matching[int, int] = Matching()
        rooms: Matching[int, int] = Matching()
        chosen: list[tuple[_Course, Need]] = []
        for course in sorted(courses, key=self.turns):
            for need in course.next_needs():
                if self._place(slot, course, need, trainers, rooms):
                    chosen.append((course, need))
                    break
            else:
                course.before = None
        for course, need in chosen:
            trainer, room = trainers.of(course.group.cohort), rooms.of(course.group.cohort)
            course.take(slot, need, trainer, room)
            if trainer is not None:
                self.load[trainer] += 1

    def _place(
        self, slot: Slot, course: _Course, need: Need, trainers: Matching[int, int], rooms: Matching[int, int]
    ) -> bool:
        """Find trainer and room for one hour; without both nothing is taken."""
        cohort = course.group.cohort
        if self.means.needs_trainer(need.kind):
            free = [t for t in self._by_liking(course, need) if self._traineris_free(t, slot)]
            if not trainers.add(cohort, free):
                course.lacked["trainer"] += 1
                return False
        if self.means.needs_room(need.kind):
            free = [r for r in self._rooms_by_liking(course) if self._roomis_free(r, slot)]
            if not rooms.add(cohort, free):
                course.lacked["room"] += 1
                trainers.remove(cohort)
                return False
        return True

    def _traineris_free(self, trainer: int, slot: Slot) -> bool:
        return is_free(self.means.trainer_busy.get(trainer, ()), slot.starts, slot.ends)

    def _roomis_free(self, room: int, slot: Slot) -> bool:
        return is_free(self.means.room_busy.get(room, ()), slot.starts, slot.ends)

    def _by_liking(self, course: _Course, need: Need) -> list[int]:
        """Whoever has this kind of the module already, then whoever has the module, then whoever has least to do."""
        same = course.trainer.get((need.module, need.kind))
        module = {trainer for (no, _kind), trainer in course.trainer.items() if no == need.module}
        return sorted(course.takers[need], key=lambda t: (t != same, t not in module, self.load[t], t))

    def _rooms_by_liking(self, course: _Course) -> list[int]:
        """The room where the cohort was last, then the smallest that is large enough."""
        return sorted(course.rooms, key=lambda room: room != course.room)

    def meetings(self) -> list[Meeting]:
        """Hours in a row of the same need, trainer and room as one meeting."""
        found = [meeting for course in self.courses for meeting in self._joined(course)]
        return sorted(found, key=lambda m: (m.starts, m.cohort))

    def _joined(self, course: _Course) -> Iterator[Meeting]:
        run: list[Unit] = []
        for unit in course.units:
            if run and not self._goes_on(course, run, unit):
                yield self._meeting(course, run)
                run = []
            run.append(unit)
        if run:
            yield self._meeting(course, run)

    def _goes_on(
        self,
        course: _Course,
        run: list[Unit],
        unit: Unit,
    ) -> bool:
        """Whether `unit` continues the session: nothing else lies in the break between, and it is no long break."""
        last, slot = run[-1][0], unit[0]
        if run[-1][1:] != unit[1:] or len(run) == LONGEST or (slot.day, slot.place) != (last.day, last.place + 1):
            return False
        _slot, _need, trainer, room = unit
        times = [
            course.group.busy,
            self.means.trainer_busy.get(trainer or 0, ()),
            self.means.room_busy.get(room or 0, ()),
        ]
        return not self.means.day.breaks_before(slot.place) and all(
            is_free(busy, last.starts, slot.ends) for busy in times
        )

    def _meeting(self, course: _Course, run: list[Unit]) -> Meeting:
        (first, need, trainer, room), last = run[0], run[-1][0]
        return Meeting(
            cohort=course.group.cohort,
            module=need.module,
            kind=need.kind,
            starts=first.starts,
            ends=last.ends,
            hours=len(run),
            trainer=trainer,
            room=room,
            is_online=need.kind in self.means.online and self.means.needs_trainer(need.kind),
        )
