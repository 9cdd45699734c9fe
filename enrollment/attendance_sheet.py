"""One session's attendance as a page to fill in: people with what is recorded, or with what was typed and refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.errors import DomainError
from enrollment.attendance import length_of, roster
from enrollment.models import Attendance, AttendanceMark, Enrolment, Session, SessionState
from enrollment.recording import Entry, RecordChanged, why_not_now


@dataclass(frozen=True)
class Row:
    """One person: what the fields show, the version they are based on, and what is to be said about them."""

    enrolment: Enrolment
    record: Attendance | None
    mark: str
    minutes: Any
    reason: str
    version: int
    note: str = ""

    @property
    def is_by_code(self) -> bool:
        """Whether the listener checked in by the code."""
        return self.record is not None and self.record.source == Attendance.Source.CODE

    @property
    def recorded_when(self) -> str:
        """The time of the record; empty without one."""
        return when(self.record) if self.record else ""


@dataclass(frozen=True)
class Sheet:
    """A session with everybody who belonged to its cohort then."""

    session: Session
    rows: Sequence[Row]
    why_not: str

    @property
    def length(self) -> int:
        """Academic minutes."""
        return length_of(self.session)

    @property
    def is_closed(self) -> bool:
        """Whether the attendance is taken: a change is then a correction, with a reason."""
        return self.session.state == SessionState.HELD

    @property
    def is_live(self) -> bool:
        """Whether the page saves each tap at once."""
        return not self.why_not and not self.is_closed

    @property
    def has_begun(self) -> bool:
        """Whether it can be closed."""
        return self.session.starts_at <= timezone.now()

    @property
    def counts(self) -> dict[str, int]:
        """How many people have each mark, and `recorded` in all."""
        marks = [row.record.mark for row in self.rows if row.record]
        return {mark: marks.count(mark) for mark in AttendanceMark.values} | {"recorded": len(marks)}


def read_sheet(
    session: Session,
    *,
    kept: Mapping[int, Entry] | None = None,
    refused: Mapping[int, DomainError] | None = None,
) -> Sheet:
    """The sheet of a session; `kept` are entries that were not stored and stay in their fields, `refused` says why."""
    kept, refused = kept or {}, refused or {}
    records = {r.enrolment_id: r for r in session.attendance.select_related("recorded_by")}
    rows = [_row(e, records.get(e.pk), kept.get(e.pk), refused.get(e.pk)) for e in roster(session)]
    return Sheet(session, rows, why_not_now(session, timezone.now()))


def _row(enrolment: Enrolment, record: Attendance | None, entry: Entry | None, refusal: DomainError | None) -> Row:
    version = record.version if record else 0
    if entry is None:
        if record is None:
            return Row(enrolment, None, "", None, "", version)
        return Row(enrolment, record, record.mark, record.minutes, record.reason, version)
    note = refusal.sentence if refusal else ""
    if isinstance(refusal, RecordChanged):
        note = _("%(sentence)s Yours stays in the fields: save again to keep it, or choose theirs.") % {
            "sentence": f"{refusal.sentence} ({when(refusal.theirs)})"
        }
    return Row(enrolment, record, str(entry.mark), entry.minutes, str(entry.reason), version, note)


def when(record: Attendance) -> str:
    """The time of a record: of today the hour only."""
    at = timezone.localtime(record.recorded_at)
    return date_format(at, "TIME_FORMAT" if at.date() == timezone.localdate() else "SHORT_DATETIME_FORMAT")


def as_values(record: Attendance) -> dict[str, Any]:
    """A record for the page's script."""
    return {
        "enrolment": record.enrolment_id,
        "mark": record.mark,
        "minutes": record.minutes,
        "reason": record.reason,
        "version": record.version,
        "by_code": record.source == Attendance.Source.CODE,
        "by": str(record.recorded_by),
        "when": when(record),
    }


def sentences() -> dict[str, str]:
    """What the page's script says, by name; places to fill stand as %(name)s."""
    return {
        "recorded": _("Recorded: %(done)s of %(all)s"),
        "reason": _("Write the reason; the record is saved then."),
        "minutes": _("Minutes are a whole number from 1 to %(most)s."),
        "part": _("%(minutes)s min"),
        "code": _("by the code, %(when)s"),
        "conflict": _("Yours: %(mine)s. Theirs: %(theirs)s (%(name)s, %(when)s)."),
        "keep": _("Keep mine"),
        "take": _("Take theirs"),
        "gone": _("This person is no longer in the list. Please reload the page."),
        "saved": _("All saved"),
        "saving": _("Saving…"),
        "unsaved": _("Not saved: %(count)s"),
        "lost": _("No connection. What you tapped stays on this phone and is saved as soon as the connection is back."),
        "signed_out": _(
            "You are signed out. What you tapped stays on this page: "
            "sign in again in another window, then press “Try now”."
        ),
        "changed": _("%(name)s recorded: %(listener)s"),
        "list_changed": _("The session or the list of people has changed. Please reload the page."),
    }
