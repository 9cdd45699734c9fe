"""Recording who was at a session: by its trainers, person by person or all at once; nothing overwritten in silence."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from accounts.models import User
from core.errors import Conflict, DomainError, Refused
from core.states import move
from enrollment.admission import AT_WORK
from enrollment.attendance import length_of, roster
from enrollment.attendance_rules import may_be_recorded
from enrollment.models import Attendance, AttendanceMark, Enrolment, Session, SessionState

REASON_LENGTH = 300
FIELDS = ["mark", "minutes", "reason", "source", "version", "recorded_by", "recorded_at"]


@dataclass(frozen=True)
class Entry:
    """What is to be recorded about one enrolment (its id). `version` is the one seen, 0 where nothing was recorded.

    `minutes` only for who was present a part of the time; `reason` for who is excused. Judged by `record`, whatever
    their types.
    """

    enrolment: int
    mark: Any
    minutes: Any = None
    reason: Any = ""
    version: Any = 0


class RecordChanged(Conflict):
    """Somebody recorded something else since it was seen; `theirs` is what stands. Nothing was overwritten."""

    def __init__(self, theirs: Attendance) -> None:
        super().__init__(
            _("Recorded in the meantime by %(name)s: %(mark)s.")
            % {"name": theirs.recorded_by, "mark": theirs.get_mark_display()}
        )
        self.theirs = theirs


@dataclass(frozen=True)
class Recorded:
    """What became of each entry, by enrolment: the record that stands now, or why nothing was changed."""

    saved: Mapping[int, Attendance]
    refused: Mapping[int, DomainError]

    @property
    def status(self) -> int:
        """The HTTP status of an answer: that of the first refusal."""
        return next((refusal.status for refusal in self.refused.values()), 200)


def why_not_now(session: Session, now: datetime) -> str:
    """Why nothing can be recorded about the session, as a sentence; empty when it can."""
    if session.state == SessionState.CANCELLED:
        return _("The session is cancelled.")
    if session.cohort.state not in AT_WORK:
        return _("Attendance is recorded while the cohort is at work; this one is: %(state)s.") % {
            "state": session.cohort.get_state_display()
        }
    if not may_be_recorded(session.starts_at, now):
        return _("Attendance can be recorded from 15 minutes before the session begins.")
    return ""


def _locked(session: Session, by: User) -> Session:
    """The stored session, held; raises `Refused` when this person may not record it, or not now."""
    held = Session.objects.select_for_update(of=("self",)).select_related("cohort").get(pk=session.pk)
    if not Session.objects.taken_by(by).filter(pk=held.pk).exists():
        raise Refused(_("Attendance is recorded by the trainers of the cohort or of the session."))
    if sentence := why_not_now(held, timezone.now()):
        raise Refused(sentence)
    return held


@transaction.atomic
def record(*, session: Session, entries: Iterable[Entry], by: User, correction: str = "") -> Recorded:
    """Record people of one session, as many as are given; each is judged for itself.

    Guarantees: an entry is stored as a whole or not at all; it is stored only over the version it has seen; each
    change raises the version by one and keeps author and time, and `correction` as its reason, in the history. What
    stands already is not written again. An entry is refused (`Recorded.refused`) with `RecordChanged` when somebody
    else recorded something in between, and with `Refused` for who did not belong to the cohort at that time, oneself,
    an unknown mark, minutes outside 1..length, an excuse without a reason, and after the session was closed (held)
    for any change without `correction`. Raises `Refused` for everybody when the person does not teach here, in the
    future (15 minutes before the beginning at the earliest), and for a cancelled session. All of it under a lock on
    the session.
    """
    held = _locked(session, by)
    people = {enrolment.pk: enrolment for enrolment in roster(held)}
    known = {record.enrolment_id: record for record in held.attendance.select_related("recorded_by")}
    correction = " ".join(correction.split())[:REASON_LENGTH]
    saved: dict[int, Attendance] = {}
    refused: dict[int, DomainError] = {}
    changed: list[Attendance] = []
    for entry in {entry.enrolment: entry for entry in entries}.values():
        try:
            enrolment = _of(people, entry, by)
            mark, minutes, reason = _read(entry, length_of(held), str(enrolment.listener))
            before = known.get(enrolment.pk) or Attendance(session=held, enrolment=enrolment, version=0)
            saved[enrolment.pk] = before
            if _stands(before, entry, (mark, minutes, reason), by):
                continue
            if held.state == SessionState.HELD and not correction:
                raise Refused(_("The attendance of this session is closed. Say why the record is corrected."))
            before.mark, before.minutes, before.reason = mark, minutes, reason
            changed.append(before)
        except DomainError as refusal:
            saved.pop(entry.enrolment, None)
            refused[entry.enrolment] = refusal
    _store(changed, by, correction)
    return Recorded(saved, refused)


def _of(people: Mapping[int, Enrolment], entry: Entry, by: User) -> Enrolment:
    """The enrolment to be recorded, one that belonged to the cohort then and is not one's own."""
    enrolment = people.get(entry.enrolment)
    if enrolment is None:
        raise Refused(_("This person did not belong to the cohort at the time of the session."))
    if enrolment.listener.user_id == by.pk:
        raise Refused(_("Nobody records their own attendance."))
    return enrolment


def _read(entry: Entry, whole: int, name: str) -> tuple[str, int | None, str]:
    """Mark, minutes (None: not a part) and reason of an entry; raises `Refused`."""
    if entry.mark not in AttendanceMark.values:
        raise Refused(_("%(name)s: say whether the person was present, absent or excused.") % {"name": name})
    if type(entry.version) is not int or entry.version < 0 or not isinstance(entry.reason, str):
        raise Refused(_("The entry could not be read. Please open the page again."))
    present, excused = entry.mark == AttendanceMark.PRESENT, entry.mark == AttendanceMark.EXCUSED
    minutes = entry.minutes if present else None
    if minutes is not None and (type(minutes) is not int or not 1 <= minutes <= whole):
        raise Refused(_("%(name)s: minutes are a whole number from 1 to %(most)s.") % {"name": name, "most": whole})
    reason = " ".join(entry.reason.replace("\x00", "").split()) if excused else ""
    if excused and not reason:
        raise Refused(_("%(name)s: give the reason of the absence.") % {"name": name})
    if len(reason) > REASON_LENGTH:
        raise Refused(
            _("%(name)s: the reason is longer than %(length)s characters.") % {"name": name, "length": REASON_LENGTH}
        )
    return entry.mark, None if minutes == whole else minutes, reason


def _stands(before: Attendance, entry: Entry, value: tuple[str, int | None, str], by: User) -> bool:
    """Whether the value stands already (also by the same request, sent again); raises `RecordChanged`."""
    if before.pk is None:
        return False
    same = (before.mark, before.minutes, before.reason) == value
    repeated = before.version == entry.version + 1 and before.recorded_by_id == by.pk
    if same and (repeated or before.version == entry.version):
        return True
    if before.version != entry.version:
        raise RecordChanged(before)
    return False


def _store(changed: list[Attendance], by: User, correction: str) -> None:
    """Write rows and their history, in a number of statements that does not depend on how many there are."""
    now = timezone.now()
    for row in changed:
        row.version += 1
        row.source, row.recorded_by, row.recorded_at = Attendance.Source.TRAINER, by, now
    new, known = [row for row in changed if row.pk is None], [row for row in changed if row.pk]
    reason = correction or None
    if new:
        bulk_create_with_history(new, Attendance, default_user=by, default_change_reason=reason, default_date=now)
    if known:
        bulk_update_with_history(
            known, Attendance, FIELDS, default_user=by, default_change_reason=reason, default_date=now
        )


@transaction.atomic
def hold_session(*, session: Session, by: User) -> Session:
    """Planned → held: the attendance is taken, and the session's hours count from now on. Who has no record is absent.

    Closing a held session again changes nothing. Raises `Refused` before the session begins, while nobody is recorded
    though somebody could be, and as `record` does.
    """
    held = _locked(session, by)
    if held.state == SessionState.HELD:
        return held
    if held.starts_at > timezone.now():
        raise Refused(_("The session has not begun yet, so it cannot have been held."))
    if not held.attendance.exists() and roster(held):
        raise Refused(_("Nobody is recorded yet. Mark who was present first."))
    return move(held, SessionState.HELD, by=by)
