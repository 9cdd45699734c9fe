"""Each invariant is noticed when it breaks."""

from datetime import timedelta

import pytest
from django.db import connection

from postcourse.consultations import confirm, move
from postcourse.invariants import broken
from postcourse.models import Consultation
from postcourse.tests.conftest import at


@pytest.fixture
def first(planned):
    return planned[0]


def set_time(consultation, starts_at):  # type: ignore[no-untyped-def]
    Consultation.objects.filter(pk=consultation.pk).update(starts_at=starts_at)


def test_broken_is_nothing_after_planning_confirming_and_moving(planned, trainer):
    confirm(consultation=planned[0], by=trainer)
    move(consultation=planned[1], starts_at=at("2026-10-15 10:00"), by=trainer)
    assert list(broken()) == []


@pytest.mark.parametrize(
    "starts_at",
    [
        "2026-12-16 10:00",
        "2026-10-17 10:00",
        "2026-10-15 08:00",
        "2026-10-15 18:00",
        "2026-10-15 10:30",
        "2027-10-15 10:00",
    ],
)
def test_broken_names_an_hour_that_nobody_can_keep(first, starts_at):
    set_time(first, at(starts_at))
    assert list(broken()) == [f"R12 consultation {first.pk}: {starts_at} is no hour for a consultation of its plan"]


def test_broken_does_not_judge_what_has_passed(first, trainer, clock):
    confirm(consultation=first, by=trainer)
    set_time(first, at("2026-10-17 10:00"))
    clock.move_to(at("2026-10-18 10:00"))
    assert list(broken()) == []


def test_broken_names_a_consultant_over_the_days_limit(planned, settings, trainer):
    move(consultation=planned[0], starts_at=at("2026-10-15 10:00"), by=trainer)
    move(consultation=planned[1], starts_at=at("2026-10-15 11:00"), by=trainer)
    settings.CONSULTATIONS_PER_DAY = 1
    assert list(broken()) == [f"R12 consultant {trainer.pk}: 2 consultations on 2026-10-15, more than 1"]


def test_broken_names_two_consultations_at_once(planned, trainer, clock):
    first, second = planned
    confirm(consultation=first, by=trainer)
    set_time(second, first.starts_at + timedelta(minutes=1))
    found = list(broken())
    assert f"R12 consultant {trainer.pk}: 2 consultations at once on 2026-12-25 at 9:00" in found


def test_broken_names_a_plan_with_other_needs_than_its_outcome(first, trainer):
    extra = Consultation(plan=first.plan, criterion=None, consultant=trainer, starts_at=at("2026-11-12 10:00"))
    extra.save()
    assert list(broken()) == [
        f"R12 support plan {first.plan_id}: consultations {{None: 1, 'theory': 1, 'project': 1}}, "
        "needs {'theory': 1, 'project': 1}"
    ]


def test_broken_names_a_change_of_time_that_left_no_history(first):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE postcourse_consultation SET sequence = 2 WHERE id = %s", [first.pk])
    assert list(broken()) == [f"R12 consultation {first.pk}: sequence 2, but 0 moves in its history"]
