"""How many blanks there are of each state, at the end of any day (R3)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from certificates.models import Blank, BlankState
from core.models import AuditEntry


@dataclass(frozen=True)
class Balance:
    """Blanks at the end of a day; what was received is in one of the six states."""

    day: date
    received: int
    by_state: dict[str, int]

    @property
    def is_even(self) -> bool:
        """received = in stock + reserved + used + spoiled + lost + written off."""
        return self.received == sum(self.by_state.values())


def balance_on(day: date) -> Balance:
    """The balance at the end of that day, by the history of each blank; two queries for any number of blanks.

    A blank counts from the day it was received, also when that was entered later.
    """
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))
    then = AuditEntry.objects.filter(model=Blank._meta.label, object_id=OuterRef("pk"), at__lt=end).order_by("-id")
    counted = (
        Blank.objects.filter(delivery__received_on__lte=day)
        .order_by()
        .annotate(then=Coalesce(Subquery(then.values("to_state")[:1]), Value(BlankState.IN_STOCK.value)))
        .values_list("then")
        .annotate(n=Count("pk"))
    )
    found = dict(counted)
    received = Blank.objects.filter(delivery__received_on__lte=day).count()
    return Balance(day, received, {state: found.get(state, 0) for state in BlankState.values})
