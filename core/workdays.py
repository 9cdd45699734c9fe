"""Working days of Kazakhstan and the period of support. Pure: dates in, dates and names out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.utils.translation import gettext, gettext_noop

# The library's names, so that they are gathered for translation; a name it adds later is shown as it writes it.
NAMES = (
    gettext_noop("New Year's Day"),
    gettext_noop("Orthodox Christmas"),
    gettext_noop("International Women's Day"),
    gettext_noop("Nowruz Holiday"),
    gettext_noop("Kazakhstan's People Solidarity Holiday"),
    gettext_noop("Defender of the Fatherland Day"),
    gettext_noop("Victory Day"),
    gettext_noop("Capital Day"),
    gettext_noop("Constitution Day"),
    gettext_noop("Republic Day"),
    gettext_noop("Independence Day"),
    gettext_noop("Eid al-Adha"),
)
OBSERVED = " (observed)"
SATURDAY = 5


@dataclass(frozen=True)
class Period:
    """From the first to the last day, both included."""

    starts_on: date
    ends_on: date

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@lru_cache(maxsize=32)
def days_off(year: int) -> Mapping[date, str]:
    """Kazakhstan's public holidays of a year with their English names, transferred days off included."""
    return dict(holidays.KZ(years=year, language="en_US", islamic_show_estimated=False).items())


def is_weekend(day: date) -> bool:
    """Whether `day` is a Saturday or a Sunday."""
    return day.weekday() >= SATURDAY


def holiday(day: date) -> str:
    """The holiday's name in the active language, for a transferred day off too; empty for an ordinary day."""
    names = days_off(day.year).get(day, "").split("; ")
    return ", ".join(gettext(name.removesuffix(OBSERVED)) for name in names if name)


def is_working(day: date) -> bool:
    """Whether people work on `day`: neither weekend nor public holiday."""
    return not is_weekend(day) and day not in days_off(day.year)


def workdays_later(day: date, count: int) -> date:
    """The day on which the `count`-th working day after `day` ends; `day` itself is not counted."""
    while count:
        day += timedelta(days=1)
        count -= is_working(day)
    return day


def workdays_between(day: date, until: date) -> int:
    """How many working days have begun after `day`, `until` included; 0 if that is not later."""
    return sum(is_working(day + timedelta(days=n)) for n in range(1, (until - day).days + 1))


def month_later(day: date, months: int) -> date:
    """The same day of the month `months` later; the month's last day where there is no such day (31 → 30, 28)."""
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def support_period(protocol_date: date, months: int) -> Period:
    """The `months` of support that follow a protocol: from the day after it (R12)."""
    return Period(protocol_date + timedelta(days=1), month_later(protocol_date, months))
