"""What stands in people's diaries: from rows to hours and back."""

from collections.abc import Collection
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

from core.workdays import Period
from postcourse.models import Consultation
from postcourse.slots import Rules, Slot

LISTENER = "plan__outcome__attempt__enrolment__listener"


def rules() -> Rules:
    """The day's limits from the settings CONSULTATION_DAY and CONSULTATIONS_PER_DAY."""
    from_hour, to_hour = settings.CONSULTATION_DAY
    return Rules(from_hour, to_hour, settings.CONSULTATIONS_PER_DAY)


def local(at: datetime) -> datetime:
    """A moment as the institute's clocks show it, whatever zone is active."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE))


def moment(day: date, hour: int) -> datetime:
    """The moment at which `hour` (0..23) begins on `day` by the institute's clocks."""
    return datetime.combine(day, time(hour), ZoneInfo(settings.TIME_ZONE))


def slot_at(at: datetime, consultant: int) -> Slot:
    """The consultant's hour that begins at `at`."""
    return Slot(local(at).date(), local(at).hour, consultant)


def taken_hours(consultants: Collection[int], period: Period, *, but: int | None = None) -> set[Slot]:
    """The consultants' hours in `period` that a consultation takes, except the one with the id `but`."""
    rows = (
        Consultation.objects.not_cancelled().filter(consultant__in=consultants, **_within(period)).exclude(pk=but or 0)
    )
    return {slot_at(at, consultant) for at, consultant in rows.values_list("starts_at", "consultant")}


def listener_hours(
    listeners: Collection[int], period: Period, *, but: int | None = None
) -> dict[int, set[tuple[date, int]]]:
    """For each listener the days and hours in `period` at which they have a consultation of any plan, except `but`."""
    theirs = Consultation.objects.not_cancelled().filter(**{f"{LISTENER}__in": listeners}, **_within(period))
    hours: dict[int, set[tuple[date, int]]] = {listener: set() for listener in listeners}
    for listener, at in theirs.exclude(pk=but or 0).values_list(LISTENER, "starts_at"):
        hours[listener].add((local(at).date(), local(at).hour))
    return hours


def _within(period: Period) -> dict[str, datetime]:
    return {"starts_at__gte": moment(period.starts_on, 0), "starts_at__lte": moment(period.ends_on, 23)}
