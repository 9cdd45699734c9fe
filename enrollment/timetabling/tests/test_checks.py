"""What stands in the way of a session."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrollment.timetabling.checks import (
    Frame,
    House,
    Meeting,
    Trouble,
    after_attestation,
    all_clashes,
    clashes,
    of_one,
)

NINE = datetime(2026, 9, 7, 9)
FRAME = Frame(date(2026, 9, 7), date(2026, 9, 25), people=25, trainers={11})
HOUSE = House({1: 30, 2: 20}, {date(2026, 9, 8)})
BASE = Meeting(1, 1, "lecture", NINE, NINE + timedelta(minutes=100), 2, trainer=11, room=1, key=1)


def moved(minutes=0, **values):  # type: ignore[no-untyped-def]
    shift = timedelta(minutes=minutes)
    return replace(BASE, starts=BASE.starts + shift, ends=BASE.ends + shift, **({"key": 2} | values))


@pytest.mark.parametrize(
    ("other", "troubles"),
    [
        (moved(), [Trouble.COHORT_BUSY]),
        (moved(cohort=2), [Trouble.TRAINER_BUSY, Trouble.ROOM_BUSY]),
        (moved(99, cohort=2, room=2), [Trouble.TRAINER_BUSY]),
        (moved(-99, cohort=2, trainer=12), [Trouble.ROOM_BUSY]),
        (moved(100, cohort=2), []),
        (moved(-100), []),
        (moved(cohort=2, trainer=12, room=2), []),
        (moved(cohort=2, trainer=None, room=None), []),
        (moved(10, key=1), []),
    ],
)
def test_clashes_are_of_cohort_trainer_and_room_at_the_same_time(other, troubles):
    assert [finding.trouble for finding in clashes(BASE, [other])] == troubles


@pytest.mark.parametrize(
    ("values", "trouble"),
    [
        ({"room": 2}, Trouble.ROOM_TOO_SMALL),
        ({"room": 3}, Trouble.ROOM_CLOSED),
        ({"trainer": 12}, Trouble.NOT_ITS_TRAINER),
        ({"starts": NINE - timedelta(days=3), "ends": BASE.ends - timedelta(days=3)}, Trouble.OUTSIDE_DATES),
        ({"ends": NINE + timedelta(hours=15, minutes=1)}, Trouble.OVER_MIDNIGHT),
    ],
)
def test_one_session_is_forbidden(values, trouble):
    (finding,) = of_one(replace(BASE, **values), FRAME, HOUSE)
    assert (finding.trouble, finding.forbids) == (trouble, True)


@pytest.mark.parametrize(
    ("values", "troubles"),
    [
        ({}, []),
        ({"starts": NINE + timedelta(days=1), "ends": BASE.ends + timedelta(days=1)}, [Trouble.HOLIDAY]),
        ({"trainer": None}, [Trouble.NO_TRAINER]),
        ({"room": None}, [Trouble.NO_PLACE]),
        ({"room": None, "is_online": True}, []),
        ({"kind": "self_study", "room": None, "trainer": None}, []),
    ],
)
def test_one_session_is_warned_of(values, troubles):
    findings = of_one(replace(BASE, **values), FRAME, HOUSE)
    assert [finding.trouble for finding in findings] == troubles
    assert not any(finding.forbids for finding in findings)


def test_what_comes_after_the_attestation_is_named():
    defence = moved(200, kind="attestation", key=3)
    late = moved(400, key=4)
    assert [f.meeting for f in after_attestation([BASE, defence, late])] == [late]
    assert after_attestation([BASE, late]) == []


meetings = st.builds(
    lambda cohort, start, length, trainer, room, key: Meeting(
        cohort,
        1,
        "lecture",
        NINE + timedelta(minutes=start),
        NINE + timedelta(minutes=start + length),
        1,
        trainer=trainer,
        room=room,
        key=key,
    ),
    st.integers(1, 3),
    st.integers(0, 300),
    st.integers(1, 120),
    st.sampled_from([None, 11, 12]),
    st.sampled_from([None, 1, 2]),
    st.uuids().map(lambda each: each.int % 10**9),
)


@given(st.lists(meetings, max_size=12, unique_by=lambda m: m.key), st.lists(meetings, max_size=6))
def test_sweep_over_all_finds_what_comparing_each_with_each_finds(ours, others):
    def seen(findings):  # type: ignore[no-untyped-def]
        return sorted((f.meeting.key, f.other.key, f.trouble.value) for f in findings)

    everybody = [*ours, *others]
    assert seen(all_clashes(ours, others)) == seen(f for m in ours for f in clashes(m, everybody))
