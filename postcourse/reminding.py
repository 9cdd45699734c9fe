"""Reminders: the day before, once for each time a consultation is given, never at night."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from core.models import Message
from postcourse import notices
from postcourse.diary import local, moment
from postcourse.models import Consultation

FROM_HOUR, TO_HOUR = 9, 21  # letters go out between these hours, local time
LATE_FROM_HOUR = 7  # on the day itself, for what could not be sent the day before


def is_due(starts_at: datetime, now: datetime) -> bool:
    """Whether `now` is the time to remind of a consultation that begins at `starts_at` (both aware).

    From 09:00 to 21:00 of the local day before. When that was missed (agreed late, or the worker stood still), from
    07:00 of the day itself until it begins.
    """
    begins, today = local(starts_at), local(now)
    if today.date() == begins.date():
        return today.hour >= LATE_FROM_HOUR and now < starts_at
    return today.date() == begins.date() - timedelta(days=1) and FROM_HOUR <= today.hour < TO_HOUR


def remind() -> int:
    """Write the reminders that are due and not yet written; returns how many were written now.

    Scheduled consultations only. Safe to run any number of times and in several workers at once: the message's
    uniqueness (I11) and a lock on the consultation make it one reminder for each time it was given. Listeners without
    e-mail are skipped; the lists mark them.
    """
    return sum(_remind(consultation.pk) for consultation in _due() if consultation.address)


def _due() -> list[Consultation]:
    """Scheduled consultations to remind of now that have no reminder for their present time."""
    now = timezone.now()
    end = moment(local(now).date() + timedelta(days=2), 0)
    ahead = Consultation.objects.scheduled().filter(starts_at__gt=now, starts_at__lt=end).with_people()
    due = {notices.thing(c): c for c in ahead if is_due(c.starts_at, now)}
    written = Message.objects.filter(kind=notices.REMINDER, thing__in=list(due)).values_list("thing", flat=True)
    done = set(written)
    return [consultation for name, consultation in due.items() if name not in done]


@transaction.atomic
def _remind(pk: int) -> bool:
    """Write one reminder from the row as it stands; False when it was moved, cancelled or reminded of meanwhile."""
    held = Consultation.objects.scheduled().with_people().select_for_update(of=("self",)).filter(pk=pk).first()
    if held is None or not is_due(held.starts_at, timezone.now()):
        return False
    if Message.objects.filter(kind=notices.REMINDER, thing=notices.thing(held)).exists():
        return False
    return notices.remind_listener(held) is not None
