"""Sessions one by one: added, moved, changed, called off, held.

Every change holds the rows of the cohort, of the trainer and of the room, always in this order and each kind by id,
until it is stored: two people cannot book one room or one trainer for the same time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, Refused
from core.states import born, move
from enrollment.models import Cohort, CohortState, Room, Session, SessionState
from enrollment.timetabling.diary import clock, judge, meeting_of
from enrollment.timetabling.wording import sentences
from programs.models import Module

CHANGEABLE = (CohortState.PLANNED, CohortState.OPEN, CohortState.RUNNING, CohortState.ASSESSING)
SOON = timedelta(days=7)
HELD_IN = (CohortState.RUNNING, CohortState.ASSESSING)


@dataclass(frozen=True)
class Details:
    """What a session is: the end follows from the beginning and the hours."""

    module: Module
    kind: str
    starts_at: datetime
    hours: int
    trainer: User | None = None
    room: Room | None = None
    link: str = ""
    topic: str = ""


FIELDS = ("module", "kind", "starts_at", "hours", "trainer", "room", "link", "topic")


class DoesNotFit(Refused):
    """Something stands in the way; the sentence names everything."""


def hold(
    *, cohorts: Iterable[int], trainers: Iterable[int | None] = (), rooms: Iterable[int | None] = ()
) -> dict[int, Cohort]:
    """Hold rows until the transaction ends: cohorts, then trainers, then rooms; gives the cohorts as stored."""
    held = Cohort.objects.select_for_update(no_key=True).filter(pk__in=list(cohorts)).order_by("pk")
    stored = {cohort.pk: cohort for cohort in held}
    for model, keys in ((User, trainers), (Room, rooms)):
        if known := sorted({key for key in keys if key is not None}):
            list(model._base_manager.select_for_update(no_key=True).filter(pk__in=known).order_by("pk"))
    return stored


def is_followed(cohort: Cohort, today: date) -> bool:
    """Whether people rely on the cohort's timetable, so that changes are told and sessions called off, not erased.

    They do while the course runs, and from seven days before the first day of an open cohort; before, it is a draft.
    """
    if cohort.state in HELD_IN:
        return True
    return cohort.state == CohortState.OPEN and cohort.starts_on - today <= SOON


def details_of(session: Session) -> Details:
    """What a stored session is."""
    return Details(**{name: getattr(session, name) for name in FIELDS})


@transaction.atomic
def add_session(*, cohort: Cohort, details: Details, by: User) -> Session:
    """A new planned session. In a cohort whose timetable people follow they are told of it.

    Raises `DoesNotFit` with every reason: cohort, trainer or room are taken, the room is too small or closed, the day
    lies outside the cohort's dates, the trainer does not teach it; `Refused` when the cohort is over.
    """
    held = hold(cohorts=[cohort.pk], trainers=[_pk(details.trainer)], rooms=[_pk(details.room)])[cohort.pk]
    _refuse_over(held)
    session = Session(cohort=held)
    _fill(session, details)
    _refuse_unfit(session, held)
    mark_new([session], told=not is_followed(held, timezone.localdate()))
    session.save()
    born([session], by=by)
    return session


@transaction.atomic
def change_session(*, session: Session, details: Details, by: User, sequence: int | None = None) -> Session:
    """Store other details of a planned session; the same ones change nothing. The sequence rises by one.

    `sequence` is what the page showed: `Conflict` when somebody changed the session since. Raises `Refused` for one
    that is held or cancelled or whose cohort is over, `DoesNotFit` as `add_session` does. `by` reaches the history by
    way of the request.
    """
    cohort = hold(cohorts=[session.cohort_id], trainers=[_pk(details.trainer)], rooms=[_pk(details.room)])[
        session.cohort_id
    ]
    held = _stored(session)
    if details_of(held) == details:
        return held
    if sequence is not None and held.sequence != sequence:
        raise Conflict(_("Somebody has changed this session in between. This is how it stands now."))
    _refuse_over(cohort)
    _refuse_done(held)
    before = how_it_stands(held)
    _fill(held, details)
    _refuse_unfit(held, cohort)
    note_change(held, before, told=not is_followed(cohort, timezone.localdate()))
    held.save()
    return held


def move_session(
    *, session: Session, starts_at: datetime, by: User, room: Room | None = None, sequence: int | None = None
) -> Session:
    """Another time, and another room if one is given; else as `change_session`."""
    details = replace(details_of(session), starts_at=starts_at, room=room or session.room)
    seen = session.sequence if sequence is None else sequence
    return change_session(session=session, details=details, by=by, sequence=seen)


@transaction.atomic
def cancel_session(*, session: Session, reason: str, by: User) -> Session:
    """Planned → cancelled, with the reason, of which its people are told. Repeating it changes nothing.

    Raises `Refused` without a reason, `MoveRefused` when it is held.
    """
    cohort = hold(cohorts=[session.cohort_id])[session.cohort_id]
    held = _stored(session)
    if held.is_cancelled:
        return held
    reason = " ".join(reason.split())
    if not reason:
        raise Refused(_("Please say why the session is cancelled."))
    return call_off(held, reason=reason, by=by, told=not is_followed(cohort, timezone.localdate()))


@transaction.atomic
def remove_session(*, session: Session, by: User) -> None:
    """Erase a planned session of a timetable that is still a draft.

    Raises `Refused` once people rely on it, and for one that is held or cancelled: then it is called off instead.
    """
    cohort = hold(cohorts=[session.cohort_id])[session.cohort_id]
    held = _stored(session)
    _refuse_done(held)
    if is_followed(cohort, timezone.localdate()):
        raise Refused(_("People rely on this timetable already. Cancel the session, with a reason."))
    held.delete()


def cancel_all(*, cohort: Cohort, reason: str, by: User | None) -> None:
    """Call off what is planned of a cohort that will not take place.

    Call it while the cohort's row is held, with the cohort as it stood before: its trainers are told if they relied on
    it.
    """
    told = not is_followed(cohort, timezone.localdate())
    for session in cohort.sessions.filter(state=SessionState.PLANNED).order_by("pk"):
        call_off(session, reason=reason, by=by, told=told)


# --- What these verbs and the generator share -----------------------------------------------------


def how_it_stands(session: Session) -> dict[str, Any]:
    """What people would have to hear of if it changed, for `Session.changed_from`."""
    return {
        "starts_at": session.starts_at.astimezone(UTC).isoformat(),
        "ends_at": session.ends_at.astimezone(UTC).isoformat(),
        "module": session.module_id,
        "kind": session.kind,
        "trainer": session.trainer_id,
        "room": session.room_id,
        "link": session.link,
    }


def note_change(session: Session, before: dict[str, Any], *, told: bool) -> None:
    """Raise the sequence; `told`: nobody has to hear. Several changes before a letter remember the first state."""
    nothing_pending = session.told_sequence == session.sequence
    session.sequence += 1
    session.changed_at = timezone.now()
    if told:
        session.told_sequence, session.changed_from = session.sequence, {}
    elif nothing_pending:
        session.changed_from = before


def mark_new(sessions: Sequence[Session], *, told: bool) -> None:
    """Sequence 0 for sessions that nobody has to hear of, 1 for those that people are told of."""
    for session in sessions:
        session.sequence, session.told_sequence = (0, 0) if told else (1, 0)
        session.changed_at = timezone.now()


def call_off(session: Session, *, reason: str, by: User | None, told: bool) -> Session:
    """Planned → cancelled."""
    note_change(session, how_it_stands(session), told=told)
    changed = {name: getattr(session, name) for name in ("sequence", "told_sequence", "changed_at", "changed_from")}
    return move(session, SessionState.CANCELLED, by=by, reason=reason, **changed)


def _stored(session: Session) -> Session:
    rows = Session.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("cohort", "module", "trainer", "room").get(pk=session.pk)


def _fill(session: Session, details: Details) -> None:
    for name in FIELDS:
        setattr(session, name, getattr(details, name))
    session.ends_at = clock().ends(details.starts_at, details.hours)


def _pk(row: User | Room | None) -> int | None:
    return row.pk if row else None


def _refuse_over(cohort: Cohort) -> None:
    if cohort.state not in CHANGEABLE:
        raise Refused(_("The cohort is over; its timetable does not change any more."))


def _refuse_done(session: Session) -> None:
    if not session.is_planned:
        raise Refused(_("This session is held or cancelled; it does not change any more."))


def _refuse_unfit(session: Session, cohort: Cohort) -> None:
    if session.module.edition_id != cohort.edition_id:
        raise Refused(_("This module belongs to another programme edition."))
    judged = judge(meeting_of(session), cohort)
    if judged.forbidding:
        raise DoesNotFit(" ".join(sentences(judged.forbidding, judged, cohort=cohort, session=session)))
