"""Sessions and records of attendance for tests."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from core import states
from enrollment.models import Attendance, AttendanceMark, Cohort, Enrolment, Session, SessionKind, SessionState
from tests import factories

BEGINS = datetime(2026, 9, 7, 9, 0)


def at(text: str) -> datetime:
    """A moment in Almaty, from «2026-09-07 09:00»."""
    return timezone.make_aware(datetime.fromisoformat(text))


def make_session(
    cohort: Cohort,
    starts_at: datetime | None = None,
    *,
    hours: int = 2,
    kind: str = SessionKind.LECTURE,
    state: str = SessionState.PLANNED,
    module_no: int = 1,
    **fields,  # type: ignore[no-untyped-def]
) -> Session:
    """A session of the cohort; of 2 academic hours on its first day at 9:00 unless told otherwise."""
    starts_at = starts_at or timezone.make_aware(BEGINS)
    session = Session(
        cohort=cohort,
        module=cohort.edition.modules.get(no=module_no),
        kind=kind,
        state=state,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=hours * settings.ACADEMIC_HOUR_MINUTES),
        hours=hours,
        **fields,
    )
    session.save()
    states.born([session], by=None)
    return session


def make_attendance(
    session: Session, enrolment: Enrolment, mark: str = AttendanceMark.PRESENT, *, by: User | None = None, **fields
) -> Attendance:  # type: ignore[no-untyped-def]
    """A record as a trainer makes it."""
    trainer = by or session.cohort.trainers.first() or factories.UserFactory(is_trainer=True)
    values = {
        "recorded_by": trainer,
        "recorded_at": session.starts_at + timedelta(minutes=10),
        "source": Attendance.Source.TRAINER,
    }
    row = Attendance(session=session, enrolment=enrolment, mark=mark, **values | fields)
    row._history_user = row.recorded_by
    row.save()
    return row
