"""Hours of the plan against hours of the timetable."""

from types import SimpleNamespace

from enrollment.timetabling.hours import Balance, Need, balance, left, needs, total
from tests.factories import HOURS

ROWS = [
    SimpleNamespace(pk=no, no=no, is_final=no == 7, lecture=a, practice=b, self_study=c)
    for no, (a, b, c) in enumerate(HOURS, start=1)
]


def test_plan_of_2026_is_76_hours_in_order():
    wanted = needs(reversed(ROWS))
    assert sum(need.hours for need in wanted) == 76
    assert [(n.module, n.kind) for n in wanted[:4]] == [
        (1, "lecture"),
        (1, "practice"),
        (1, "self_study"),
        (2, "lecture"),
    ]


def test_final_row_is_preparation_and_then_the_attestation():
    assert needs(ROWS)[-2:] == [Need(7, "self_study", 2), Need(7, "attestation", 4)]


def test_left_is_what_the_timetable_lacks():
    wanted = [Need(1, "lecture", 4), Need(1, "practice", 2)]
    assert left(wanted, [(1, "lecture", 3), (1, "practice", 5)]) == [Need(1, "lecture", 1)]


def test_balance_says_missing_and_over_and_what_is_not_in_the_plan():
    rows = balance([Need(1, "lecture", 4), Need(1, "practice", 2)], [(1, "lecture", 5), (1, "attestation", 2)])
    assert rows == [Balance(1, "lecture", 4, 5), Balance(1, "practice", 2, 0), Balance(1, "attestation", 0, 2)]
    assert [(row.missing, row.over) for row in rows] == [(0, 1), (2, 0), (0, 2)]
    assert vars(total(rows)) == {"plan": 6, "have": 7, "missing": 2, "over": 3}
    assert not total(rows).is_exact


def test_total_of_a_met_plan_is_exact():
    assert total(balance([Need(1, "lecture", 4)], [(1, "lecture", 2), (1, "lecture", 2)])).is_exact
