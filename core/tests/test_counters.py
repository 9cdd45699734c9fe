"""Numbers run 1..n without gaps, whoever takes them."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from core.counters import preview_next, take_next


@pytest.mark.django_db
def test_take_next_counts_each_series_and_year_by_itself():
    with transaction.atomic():
        taken = [take_next("a", 2026), take_next("a", 2026), take_next("b", 2026), take_next("a", 2027)]
    assert taken == [1, 2, 1, 1]
    assert (preview_next("a", 2026), preview_next("c", 2026)) == (3, 1)


@pytest.mark.django_db(transaction=True)
def test_take_next_outside_a_transaction_is_an_error():
    with pytest.raises(AssertionError):
        take_next("a", 2026)


@pytest.mark.django_db(transaction=True)
def test_take_next_rolled_back_gives_the_number_back():
    with transaction.atomic():
        take_next("a", 2026)
        transaction.set_rollback(True)
    with transaction.atomic():
        assert take_next("a", 2026) == 1


@pytest.mark.django_db(transaction=True)
def test_take_next_by_many_at_once_has_no_gap_and_no_repeat():
    def take(_: int) -> int:
        try:
            with transaction.atomic():
                return take_next("a", 2026)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        taken = sorted(pool.map(take, range(40)))
    assert taken == list(range(1, 41))
