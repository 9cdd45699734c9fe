"""What must always hold about attendance: of the session's own people, no longer than it lasted, not before it."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import F

from enrollment.attendance_rules import MARGIN
from enrollment.models import Attendance, SessionState


def broken() -> Iterator[str]:
    """One line per broken invariant."""
    yield from _attendance()


def _attendance() -> Iterator[str]:
    records = Attendance.objects.order_by("pk")
    for pk in records.exclude(enrolment__cohort=F("session__cohort")).values_list("pk", flat=True):
        yield f"attendance {pk}: its enrolment belongs to another cohort than its session"
    whole = F("session__hours") * settings.ACADEMIC_HOUR_MINUTES
    for pk in records.filter(minutes__gt=whole).values_list("pk", flat=True):
        yield f"attendance {pk}: more minutes than the session lasted"
    for pk in records.filter(session__state=SessionState.CANCELLED).values_list("pk", flat=True):
        yield f"attendance {pk}: recorded in a session that was cancelled"
    for pk in records.filter(recorded_at__lt=F("session__starts_at") - MARGIN).values_list("pk", flat=True):
        yield f"attendance {pk}: recorded before its session"
