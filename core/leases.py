"""Taking work: a conditional update gives each due row to one worker for a limited time."""

from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone

from core.models import Leased

T = TypeVar("T", bound=Leased)


def free(now=None) -> Q:  # type: ignore[no-untyped-def]
    """Rows that no worker holds at `now`: never leased, or the lease has run out."""
    now = now or timezone.now()
    return Q(lease_until=None) | Q(lease_until__lt=now)


def claim_one(due: models.QuerySet[T]) -> T | None:
    """Take the first free row of `due` (a queryset of work to do) for LEASE_SECONDS; None when there is none.

    Two workers never get the same row: PostgreSQL skips locked rows, SQLite has one writer at a time.
    """
    now = timezone.now()
    with transaction.atomic():
        pk = (
            due.filter(free(now))
            .select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
            .values_list("pk", flat=True)
            .first()
        )
        if pk is None:
            return None
        due.model._base_manager.filter(pk=pk).update(
            lease_until=now + timedelta(seconds=settings.LEASE_SECONDS), attempts=F("attempts") + 1
        )
    return due.model._base_manager.get(pk=pk)


def release(obj: Leased, *, error: str = "", wait_seconds: int = 0) -> None:
    """Give a row back: at once, or after `wait_seconds` when it failed with `error`."""
    obj.last_error = error[:2000]
    obj.lease_until = timezone.now() + timedelta(seconds=wait_seconds) if wait_seconds else None
    obj.save(update_fields=["last_error", "lease_until"])
