"""Numbers without gaps or repeats (I2): the counter row is locked and moved in the caller's transaction."""

from django.db import IntegrityError, transaction

from core.models import Counter


def take_next(series: str, year: int, *, start: int = 1) -> int:
    """The next number (`start`, `start` + 1, …) of `series` in `year`; in the transaction that uses it.

    If that transaction is rolled back the number is free again, so there is never a gap.
    """
    if not transaction.get_connection().in_atomic_block:
        raise AssertionError("a number is taken in the transaction that uses it")
    counter = Counter.objects.select_for_update().filter(series=series, year=year).first()
    if counter is None:
        try:
            with transaction.atomic():
                Counter.objects.create(series=series, year=year, value=start - 1)
        except IntegrityError:
            pass  # another transaction opened the series in this moment
        counter = Counter.objects.select_for_update().get(series=series, year=year)
    counter.value += 1
    counter.save(update_fields=["value"])
    return counter.value


def preview_next(series: str, year: int, *, start: int = 1) -> int:
    """The number that `take_next` would give now; takes nothing."""
    last = Counter.objects.filter(series=series, year=year).values_list("value", flat=True).first()
    return (start - 1 if last is None else last) + 1


def raise_to(series: str, year: int, value: int) -> None:
    """Let the next number lie beyond `value`, which was given before the database was restored; never lowers."""
    Counter.objects.get_or_create(series=series, year=year)
    Counter.objects.filter(series=series, year=year, value__lt=value).update(value=value)
