"""Days on which nobody, or two heads at once, may sign (R2)."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from enrollment.signing_periods import Fault, faults
from tests import factories

FIRST = date(2026, 10, 1)


def period(name, start, end, is_acting=False):  # type: ignore[no-untyped-def]
    """Days are counted from the first of October."""
    until = None if end is None else FIRST + timedelta(days=end)
    return SimpleNamespace(
        full_name=name, is_acting=is_acting, valid_from=FIRST + timedelta(days=start), valid_to=until
    )


def found(*periods, days=9):  # type: ignore[no-untyped-def]
    return [
        ((one.first - FIRST).days, (one.last - FIRST).days, one.names)
        for one in faults(periods, FIRST, FIRST + timedelta(days=days))
    ]


@pytest.mark.parametrize(
    ("periods", "expected"),
    [
        ([], [(0, 9, ())]),
        ([period("A", -9, None)], []),
        ([period("A", -9, 3), period("B", 4, None)], []),
        ([period("A", -9, 3), period("B", 6, None)], [(4, 5, ())]),
        ([period("A", -9, 3), period("B", 3, None)], [(3, 3, ("A", "B"))]),
        ([period("A", -9, None), period("B", 2, 4, is_acting=True)], []),
        ([period("A", 0, 0), period("C", 2, 3), period("B", 3, 9)], [(1, 1, ()), (3, 3, ("B", "C"))]),
        ([period("A", -9, -1)], [(0, 9, ())]),
    ],
)
def test_faults_are_stretches_of_days(periods, expected):
    assert found(*periods) == expected


@given(st.lists(st.tuples(st.integers(-5, 15), st.none() | st.integers(0, 9), st.booleans()), max_size=4))
def test_every_day_is_judged_as_by_itself(drawn):
    periods = [
        period("ABCD"[n], start, None if length is None else start + length, acting)
        for n, (start, length, acting) in enumerate(drawn)
    ]
    told = {day for first, last, _names in found(*periods) for day in range(first, last + 1)}
    for day in range(10):
        assert (day in told) == bool(list(faults(periods, FIRST + timedelta(days=day), FIRST + timedelta(days=day))))
    assert all(isinstance(one, Fault) for one in faults(periods, FIRST, FIRST))


@pytest.mark.django_db
@time_machine.travel("2026-10-01T10:00+05:00", tick=False)
def test_list_of_signatories_tells_when_nobody_may_sign(sign_in, administrator):
    factories.make_signatory(valid_to=date(2026, 10, 5))
    page = sign_in(administrator, "en").get(reverse("admin:enrollment_signatory_changelist")).content.decode()
    assert ("06.10.2026 – 30.11.2026" in page, "nobody has the power to sign" in page) == (True, True)
    factories.make_signatory(full_name="Ахметов Дәурен", is_acting=True, valid_from=date(2026, 10, 6))
    page = sign_in(administrator, "en").get(reverse("admin:enrollment_signatory_changelist")).content.decode()
    assert "nobody has the power to sign" not in page
