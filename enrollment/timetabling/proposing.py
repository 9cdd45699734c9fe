"""A whole timetable at once: proposed from the plan, looked through, accepted. All of it is stored or nothing."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from accounts.models import User
from core.errors import Conflict, Refused
from core.states import born
from enrollment.models import Cohort, Room, Session, SessionState
from enrollment.timetabling.booking import CHANGEABLE, call_off, hold, how_it_stands, is_followed, mark_new, note_change
from enrollment.timetabling.checks import Meeting
from enrollment.timetabling.diary import busy_times, day_begins, frame_of, house, local, moment
from enrollment.timetabling.generator import propose
from enrollment.timetabling.hours import left, needs
from enrollment.timetabling.lengths import Day
from enrollment.timetabling.means import Group, Means, Proposal
from programs.models import Module


@dataclass(frozen=True)
class Wish:
    """What the timetable is to be made of.

    `cohorts` are planned together. Nothing is put before `from_day`. `modules`: trainer's id → numbers of the modules
    that the trainer takes; only these trainers teach, each only where they are the cohort's. `online` are kinds of
    session held by `link`. With `replaces`, planned sessions from `from_day` on make way; held ones and those of
    earlier days always stay, and only what they leave of the plan is proposed.
    """

    cohorts: Sequence[Cohort]
    weekdays: Collection[int]
    day: Day
    modules: Mapping[int, Collection[int]]
    rooms: Sequence[Room] = ()
    online: Collection[str] = ()
    link: str = ""
    guided: bool = False
    from_day: date | None = None
    replaces: bool = False


@dataclass(frozen=True)
class Draft:
    """A proposal for a wish, and the planned sessions that would make way for it."""

    wish: Wish
    proposal: Proposal
    replaced: list[Session] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """Tells one proposal from another; the same wish over the same rows gives the same."""
        keys = sorted(session.pk for session in self.replaced)
        return hashlib.sha256(repr((self.proposal.meetings, keys, self.wish.link)).encode()).hexdigest()[:32]


def draft(wish: Wish) -> Draft:
    """What would be timetabled now; nothing is stored.

    A number of queries that depends on the number of cohorts only.
    """
    replaced = list(_replaced(wish))
    gone = {session.pk for session in replaced}
    first = min(cohort.starts_on for cohort in wish.cohorts)
    last = max(cohort.ends_on for cohort in wish.cohorts)
    modules = list(Module.objects.filter(edition__in={cohort.edition_id for cohort in wish.cohorts}))
    groups = [
        _group(cohort, wish, [m for m in modules if m.edition_id == cohort.edition_id], gone) for cohort in wish.cohorts
    ]
    means = Means(
        weekdays=frozenset(wish.weekdays),
        day=wish.day,
        modules={t: frozenset(m.pk for m in modules if m.no in numbers) for t, numbers in wish.modules.items()},
        seats={room.pk: room.seats for room in wish.rooms if room.is_active},
        online=frozenset(wish.online),
        guided=wish.guided,
        holidays=house(range(first.year, last.year + 1)).holidays,
        trainer_busy=busy_times("trainer", wish.modules.keys(), first, last, but=gone),
        room_busy=busy_times("room", [room.pk for room in wish.rooms], first, last, but=gone),
    )
    return Draft(wish, propose(groups, means), replaced)


def _replaced(wish: Wish) -> Iterable[Session]:
    if not wish.replaces:
        return []
    planned = Session.objects.filter(cohort__in=[c.pk for c in wish.cohorts], state=SessionState.PLANNED).with_place()
    return planned.filter(starts_at__gte=day_begins(wish.from_day)) if wish.from_day else planned


def _group(cohort: Cohort, wish: Wish, modules: Sequence[Module], gone: Collection[int]) -> Group:
    frame = frame_of(cohort)
    kept = list(cohort.sessions.standing().exclude(pk__in=gone))
    return Group(
        cohort=cohort.pk,
        starts_on=max(cohort.starts_on, wish.from_day or cohort.starts_on),
        ends_on=cohort.ends_on,
        needs=left(needs(modules), [(s.module_id, s.kind, s.hours) for s in kept]),
        trainers=sorted(frame.trainers & wish.modules.keys()),  # type: ignore[operator]
        people=frame.people,
        busy=[(local(s.starts_at), local(s.ends_at)) for s in kept],
    )


def rows_of(found: Draft) -> list[Session]:
    """The proposal's sessions as rows that are not stored, with what a list of them shows; three queries."""
    meetings = found.proposal.meetings
    cohorts = {cohort.pk: cohort for cohort in found.wish.cohorts}
    rooms = {room.pk: room for room in found.wish.rooms}
    modules = {m.pk: m for m in Module.objects.filter(pk__in={meeting.module for meeting in meetings})}
    trainers = User.objects.in_bulk({meeting.trainer for meeting in meetings if meeting.trainer})
    rows = []
    for meeting in meetings:
        session = Session(cohort=cohorts[meeting.cohort], module=modules[meeting.module])
        _fill(session, meeting, found.wish.link)
        if meeting.trainer:
            session.trainer = trainers[meeting.trainer]
        if meeting.room:
            session.room = rooms[meeting.room]
        rows.append(session)
    return rows


@transaction.atomic
def accept(*, wish: Wish, fingerprint: str, by: User) -> list[Session]:
    """Store the proposal that was looked through: every session of it, or none. Gives what is planned now.

    The rows of cohorts, trainers and rooms are held while it is made once more; `Conflict` when it has become another
    one since (somebody booked a room, changed the plan's dates …). Sessions that make way are moved to the new times
    where module and kind are the same, so that calendars move them too; what is left over is called off, or erased
    from a draft. A cohort's first timetable is told to nobody; later changes are, once people rely on it. Raises
    `Refused` when the proposal does not fit, when there is nothing to add, or for a cohort that is over.
    """
    cohorts = hold(
        cohorts=[cohort.pk for cohort in wish.cohorts], trainers=wish.modules, rooms=[room.pk for room in wish.rooms]
    )
    if any(cohort.state not in CHANGEABLE for cohort in cohorts.values()):
        raise Refused(_("The cohort is over; its timetable does not change any more."))
    found = draft(wish)
    if found.fingerprint != fingerprint:
        raise Conflict(_("Something has changed in between. This is the proposal as it is now; look through it again."))
    if not found.proposal.meetings:
        raise Refused(_("There is nothing to store: the plan does not fit, or all its hours are timetabled already."))
    stored = []
    for pk, cohort in cohorts.items():
        ours = [meeting for meeting in found.proposal.meetings if meeting.cohort == pk]
        old = [session for session in found.replaced if session.cohort_id == pk]
        stored += _store(cohort, ours, old, wish.link, by)
    return stored


def _store(cohort: Cohort, meetings: list[Meeting], old: list[Session], link: str, by: User) -> list[Session]:
    followed = is_followed(cohort, timezone.localdate())
    told = not followed or not cohort.sessions.exists()
    pairs, new, surplus = paired(meetings, old)
    for session, meeting in pairs:
        before = how_it_stands(session)
        _fill(session, meeting, link)
        if how_it_stands(session) != before:
            note_change(session, before, told=told)
            session.save()
    for session in surplus:
        if followed:
            call_off(session, reason=_("The timetable was made anew."), by=by, told=told)
        else:
            session.delete()
    fresh = [_fill(Session(cohort=cohort), meeting, link) for meeting in new]
    mark_new(fresh, told=told)
    fresh = bulk_create_with_history(fresh, Session, default_user=by)
    born(fresh, by=by)
    return sorted([session for session, _meeting in pairs] + fresh, key=lambda s: s.starts_at)


def paired(
    meetings: Sequence[Meeting], old: Sequence[Session]
) -> tuple[list[tuple[Session, Meeting]], list[Meeting], list[Session]]:
    """Which earlier session becomes which meeting: same module and kind, the same time first, then in order.

    Gives the pairs, the meetings that are new and the sessions that are left over.
    """
    free = sorted(old, key=lambda s: (s.starts_at, s.pk))
    pairs: list[tuple[Session, Meeting]] = []
    rest = list(meetings)
    for likeness in (_same_time, _same_hours, _same_content):
        for meeting in list(rest):
            match = next((s for s in free if likeness(s, meeting)), None)
            if match is not None:
                pairs.append((match, meeting))
                free.remove(match)
                rest.remove(meeting)
    return pairs, rest, free


def _same_content(session: Session, meeting: Meeting) -> bool:
    return (session.module_id, session.kind) == (meeting.module, meeting.kind)


def _same_hours(session: Session, meeting: Meeting) -> bool:
    return _same_content(session, meeting) and session.hours == meeting.hours


def _same_time(session: Session, meeting: Meeting) -> bool:
    return _same_hours(session, meeting) and local(session.starts_at) == meeting.starts


def _fill(session: Session, meeting: Meeting, link: str) -> Session:
    session.module_id, session.kind, session.hours = meeting.module, meeting.kind, meeting.hours
    session.starts_at, session.ends_at = moment(meeting.starts), moment(meeting.ends)
    session.trainer_id, session.room_id = meeting.trainer, meeting.room
    session.link = link if meeting.is_online else ""
    return session
