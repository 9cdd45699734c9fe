"""What must always hold about cohorts and listeners."""

from collections.abc import Iterator

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db.models import F, Q

from core import seals
from core.kazakh import search_key
from enrollment import order_invariants, request_invariants
from enrollment.agreement_offers import digest
from enrollment.attendance_rules import MARGIN
from enrollment.cohorts import UNDECIDED
from enrollment.models import (
    Agreement,
    Attendance,
    Cohort,
    CohortState,
    Enrolment,
    EnrolmentState,
    Listener,
    OrderState,
    SessionState,
)
from enrollment.timetabling import invariants as timetable

BY_ORDER = (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.NOT_PASSED)


def broken() -> Iterator[str]:
    """One line per broken invariant."""
    yield from _cohorts()
    yield from _enrolments()
    yield from _listeners()
    yield from request_invariants.broken()
    yield from order_invariants.broken()
    yield from _agreements()
    yield from timetable.broken()
    yield from _attendance()


def _cohorts() -> Iterator[str]:
    for cohort in Cohort.objects.with_seats().filter(seats_taken__gt=F("capacity")):
        yield f"cohort {cohort.code}: {cohort.seats_taken} people on {cohort.capacity} places"
    for code in Cohort.objects.exclude(rubric__edition=F("edition")).values_list("code", flat=True):
        yield f"cohort {code}: its rubric belongs to another edition"


def _enrolments() -> Iterator[str]:
    without_order = Q(state__in=BY_ORDER) & ~Q(order__state=OrderState.SIGNED)
    for pk in Enrolment.objects.filter(without_order).values_list("pk", flat=True):
        yield f"enrolment {pk}: enrolled without an order in force"
    over = Enrolment.objects.filter(cohort__state__in=[CohortState.CLOSED, CohortState.CANCELLED], state__in=UNDECIDED)
    for pk in over.values_list("pk", flat=True):
        yield f"enrolment {pk}: undecided in a cohort that is over"


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


def _listeners() -> Iterator[str]:
    for listener in Listener.objects.order_by("pk").iterator(chunk_size=1000):
        try:
            fits = seals.digest(listener.iin) == listener.iin_digest and listener.iin[-4:] == listener.iin_tail
        except InvalidToken:
            fits = False
        if not fits:
            yield f"listener {listener.pk}: the sealed IIN and its search value do not belong together"
        if listener.search_key != search_key(listener.full_name)[:300]:
            yield f"listener {listener.pk}: stale search key"
    for pk in Listener.objects.filter(user__is_listener=False).values_list("pk", flat=True):
        yield f"listener {pk}: the account has no listener's role"


def _agreements() -> Iterator[str]:
    accepted = Agreement.objects.filter(kind=Agreement.Kind.ELECTRONIC).select_related("text").order_by("pk")
    for agreement in accepted.iterator(chunk_size=500):
        if agreement.sha256 != digest(agreement.snapshot):
            yield f"agreement {agreement.pk}: what was accepted and its SHA-256 do not belong together"
        elif agreement.text and (agreement.snapshot or {}).get("version") != agreement.text.version:
            yield f"agreement {agreement.pk}: its snapshot is of another version of the text"
    lost = Enrolment.objects.filter(origin__agreement__isnull=False, agreement=None)
    for pk in lost.values_list("pk", flat=True):
        yield f"enrolment {pk}: the agreement of the enrolment that it continues has not gone along"
    strangers = Agreement.objects.filter(kind=Agreement.Kind.CONTINUED).exclude(
        continues__enrolment__listener=F("enrolment__listener")
    )
    for pk in strangers.values_list("pk", flat=True):
        yield f"agreement {pk}: continues that of another person"
