"""Who need not be kept by name any more: RETENTION_YEARS after the last course, document or support."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from enrollment.cohorts import UNDECIDED
from enrollment.models import Enrolment, EnrolmentState, Listener

# Enrolments after which something is still to come.
OPEN = (*UNDECIDED, EnrolmentState.DEFERRED)


def years_later(day: date, years: int) -> date:
    """The same day `years` later (or, negative, before); 29 February becomes 28."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return date(day.year + years, day.month, last)


@dataclass(frozen=True)
class Kept:
    """Until when a listener is kept by name, and by what that is counted; `hindrance` is why not even then."""

    until: date
    since: date
    hindrance: str = ""

    def is_over(self, today: date) -> bool:
        """Whether the personal data may be erased."""
        return not self.hindrance and self.until <= today


def with_dates() -> "QuerySet[Any]":
    """Listeners by name with what their retention is counted from, and `is_taking_part`."""
    first_seen = Listener.history.filter(id=OuterRef("pk")).order_by().values("id").annotate(first=Min("history_date"))
    still = Enrolment.objects.filter(listener=OuterRef("pk"), state__in=OPEN)
    return (
        Listener.objects.usable()
        .select_related("user", "employer")
        .annotate(
            last_course=Max("enrolments__cohort__ends_on"),
            last_issued=Max("enrolments__documents__issued_on"),
            last_valid=Max("enrolments__documents__valid_until"),
            last_support=Max("enrolments__attempts__outcome__support_plan__ends_on"),
            first_seen=Subquery(first_seen.values("first")),
            is_taking_part=Exists(still),
        )
    )


def due(today: date) -> "QuerySet[Any]":
    """Whose time is over on `today`, by name; one query."""
    limit = years_later(today, -settings.RETENTION_YEARS)
    over = with_dates().filter(is_taking_part=False).exclude(Q(user__is_administrator=True) | Q(user__is_trainer=True))
    for name in ("last_course", "last_issued", "last_valid", "last_support"):
        over = over.filter(Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__lte": limit}))
    midnight = timezone.make_aware(datetime.combine(limit, datetime.max.time()))
    nothing = Q(last_course=None, last_issued=None)
    return over.filter(~nothing | Q(first_seen__lte=midnight)).order_by("sort_key", "pk")


def kept(listener: Listener) -> Kept:
    """The retention of a listener of `with_dates`; no query."""
    row: Any = listener
    dates = [day for day in (row.last_course, row.last_issued, row.last_valid, row.last_support) if day]
    since = max(dates) if dates else timezone.localdate(row.first_seen)
    hindrance = ""
    if row.is_taking_part:
        hindrance = _("The person still takes part in a course.")
    elif listener.user and (listener.user.is_administrator or listener.user.is_trainer):
        hindrance = _("The person works here as an administrator or trainer; take that role from the account first.")
    return Kept(until=years_later(since, settings.RETENTION_YEARS), since=since, hindrance=hindrance)


def objection(listener: Listener, today: date) -> str:
    """Why the personal data of this listener cannot be erased today; empty when they can."""
    current = with_dates().filter(pk=listener.pk).first()
    if current is None:
        return _("This entry was merged into another one, or its personal data are erased already.")
    times = kept(current)
    if times.hindrance or times.is_over(today):
        return times.hindrance
    return _("The data are to be kept until %(day)s.") % {"day": date_format(times.until, "SHORT_DATE_FORMAT")}
