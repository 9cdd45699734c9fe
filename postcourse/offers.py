"""Hours to which a consultation may be moved, and for every other hour why not, in words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from core.workdays import Period, holiday
from postcourse import diary
from postcourse.models import Consultation
from postcourse.slots import Obstacle, Slot, day_obstacle, obstacle

WORKING_WEEK = 5


@dataclass(frozen=True)
class Offer:
    """One hour of a day; `hindrance` says why it cannot be taken, empty when it is free."""

    hour: int
    hindrance: str = ""
    is_present: bool = False


@dataclass(frozen=True)
class Day:
    """A day's hours; `closed` says why there are none."""

    day: date
    offers: list[Offer]
    closed: str = ""

    @property
    def free(self) -> int:
        """How many hours can be taken."""
        return sum(1 for offer in self.offers if not offer.hindrance and not offer.is_present)


def hindrance(consultation: Consultation, starts_at: datetime) -> str:
    """Why `consultation` cannot be moved to `starts_at`, in words; empty when it can."""
    at = diary.local(starts_at)
    if at.minute or at.second or at.microsecond:
        return _("A consultation begins at a whole hour.")
    slot = diary.slot_at(starts_at, consultation.consultant_id)
    return _why_not(consultation, slot, *_busy(consultation, Period(slot.day, slot.day)))


def week(consultation: Consultation, day: date) -> list[Day]:
    """Monday to Friday of the week of `day`, with every consultation hour, free or not; two queries."""
    monday = day - timedelta(days=day.weekday())
    days = [monday + timedelta(days=n) for n in range(WORKING_WEEK)]
    taken, listener = _busy(consultation, Period(days[0], days[-1]))
    return [_day(consultation, d, taken, listener) for d in days]


def _busy(consultation: Consultation, period: Period) -> tuple[set[Slot], set[tuple[date, int]]]:
    """What else the consultant and the listener have in `period`."""
    listener = consultation.listener.pk
    return (
        diary.taken_hours([consultation.consultant_id], period, but=consultation.pk),
        diary.listener_hours([listener], period, but=consultation.pk)[listener],
    )


def _day(consultation: Consultation, day: date, taken: Collection[Slot], listener: Collection[tuple[date, int]]) -> Day:
    if closed := day_obstacle(day, consultation.plan.period):
        return Day(day, [], sentence(closed, day, consultation.plan.period))
    present = diary.slot_at(consultation.starts_at, consultation.consultant_id)
    offers = []
    for hour in diary.rules().hours:
        slot = Slot(day, hour, consultation.consultant_id)
        offers.append(Offer(hour, _why_not(consultation, slot, taken, listener), slot == present))
    reasons = {offer.hindrance for offer in offers}
    return Day(day, offers) if "" in reasons or len(reasons) > 1 else Day(day, [], reasons.pop())


def _why_not(
    consultation: Consultation, slot: Slot, taken: Collection[Slot], listener: Collection[tuple[date, int]]
) -> str:
    now, period = diary.local(timezone.now()), consultation.plan.period
    found = obstacle(
        slot, now=(now.date(), now.hour), period=period, rules=diary.rules(), taken=taken, listener=listener
    )
    return sentence(found, slot.day, period) if found else ""


def sentence(found: Obstacle, day: date, period: Period) -> str:
    """What stands in the way on `day`, in the active language."""
    rules = diary.rules()
    words = {
        Obstacle.PAST: _("This hour has passed. Choose one in the future."),
        Obstacle.OUTSIDE_PERIOD: _("The support period is %(first)s – %(last)s; %(day)s is outside it."),
        Obstacle.WEEKEND: _("%(day)s is a weekend."),
        Obstacle.HOLIDAY: _("%(day)s is a day off: %(holiday)s."),
        Obstacle.OUTSIDE_HOURS: _("Consultations begin between %(from_hour)s:00 and %(last_hour)s:00."),
        Obstacle.CONSULTANT_BUSY: _("The consultant has another consultation at this hour."),
        Obstacle.LISTENER_BUSY: _("The listener has another consultation at this hour."),
        Obstacle.DAY_FULL: _("The consultant’s day is full: the limit is %(per_day)s in a day."),
    }[found]
    return words % {
        "day": formats.date_format(day, "DATE_FORMAT"),
        "first": formats.date_format(period.starts_on, "SHORT_DATE_FORMAT"),
        "last": formats.date_format(period.ends_on, "SHORT_DATE_FORMAT"),
        "holiday": holiday(day),
        "from_hour": rules.hours[0],
        "last_hour": rules.hours[-1],
        "per_day": rules.per_day,
    }


def on(consultation: Consultation, day: date, days: list[Day]) -> Day:
    """The hours of `day`, which is one of `days` or a weekend."""
    found = next((each for each in days if each.day == day), None)
    return found or _day(consultation, day, (), ())
