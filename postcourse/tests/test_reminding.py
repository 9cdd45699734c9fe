"""Reminders: the day before, once, never at night."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from core.models import Message
from postcourse.consultations import cancel, confirm, move
from postcourse.models import Consultation
from postcourse.planning import plan_support
from postcourse.reminding import is_due, remind
from postcourse.tests.conftest import STRONG, at
from tests import factories

THURSDAY_TEN = at("2026-10-15 10:00")


@pytest.fixture
def agreed(consultation, trainer):
    """The consultation, agreed for Thursday 15 October at ten."""
    return move(consultation=consultation, starts_at=THURSDAY_TEN, by=trainer)


def reminders() -> list[str]:
    return list(Message.objects.filter(kind="consultation-reminder").order_by("id").values_list("thing", flat=True))


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-10-13 12:00", False),
        ("2026-10-14 00:00", False),
        ("2026-10-14 08:59", False),
        ("2026-10-14 09:00", True),
        ("2026-10-14 20:59", True),
        ("2026-10-14 21:00", False),
        ("2026-10-15 06:59", False),
        ("2026-10-15 07:00", True),
        ("2026-10-15 09:59", True),
        ("2026-10-15 10:00", False),
        ("2026-10-16 09:00", False),
    ],
)
def test_is_due(now, due):
    assert is_due(THURSDAY_TEN, at(now)) is due


@given(st.integers(0, 3 * 24 * 60 - 1))
def test_is_due_only_by_day_and_within_25_hours(minutes):
    now = at("2026-10-13 00:00") + timedelta(minutes=minutes)
    if is_due(THURSDAY_TEN, now):
        assert timedelta(0) < THURSDAY_TEN - now <= timedelta(hours=25)
        assert 7 <= now.hour < 21


def test_remind_writes_one_letter_over_many_days_and_runs(agreed, clock):
    written = Counter()  # type: ignore[var-annotated]
    for hours in range(24 * 4):
        now = at("2026-10-12 00:30") + timedelta(hours=hours)
        clock.move_to(now)
        for _ in range(3):
            written[now.isoformat(timespec="minutes")] += remind()
    assert +written == {"2026-10-14T09:30+05:00": 1}
    assert reminders() == [f"consultation {agreed.pk} sequence 1"]


def test_remind_is_in_the_language_of_the_listener_with_a_calendar(agreed, clock):
    user = agreed.listener.user
    user.language = "en"
    user.save()
    clock.move_to(at("2026-10-14 09:00"))
    assert remind() == 1
    message = Message.objects.get(kind="consultation-reminder")
    assert message.subject == "Reminder: consultation, Thursday, 15 October 2026, 10:00"
    assert message.recipient == "listener@example.kz"
    assert "DTSTART;TZID=Asia/Almaty:20261015T100000" in message.calendar


def test_remind_again_when_it_was_moved_after_the_reminder(agreed, clock, trainer):
    clock.move_to(at("2026-10-14 09:00"))
    assert remind() == 1
    move(consultation=agreed, starts_at=at("2026-10-16 10:00"), by=trainer)
    assert remind() == 0
    clock.move_to(at("2026-10-15 09:00"))
    assert (remind(), remind()) == (1, 0)
    assert reminders() == [f"consultation {agreed.pk} sequence {n}" for n in (1, 2)]


def test_remind_of_a_proposed_or_cancelled_one_is_not_written(planned, clock, trainer):
    first = planned[0]
    clock.move_to(first.starts_at - timedelta(hours=20))
    assert remind() == 0
    confirm(consultation=first, by=trainer)
    cancel(consultation=first, by=trainer, reason="-")
    assert (remind(), reminders()) == (0, [])


def test_remind_on_the_day_itself_of_what_could_not_be_written_before(agreed, clock):
    clock.move_to(at("2026-10-15 07:30"))
    assert (remind(), remind()) == (1, 0)


def test_remind_skips_listeners_without_an_address_who_stay_visible(agreed, clock):
    listener = agreed.listener
    listener.user, listener.email = None, ""
    listener.save()
    clock.move_to(at("2026-10-14 09:00"))
    assert (remind(), reminders()) == (0, [])
    assert list(Consultation.objects.ahead().unreachable().values_list("pk", flat=True))[:1] == [agreed.pk]


@pytest.mark.parametrize("more", [0, 2])
def test_remind_with_nothing_new_costs_the_same_queries(agreed, decide, cohort, trainer, clock, count_queries, more):
    if more:
        decide(cohort, {factories.make_enrolment(cohort=cohort): STRONG for _ in range(more)})
        plan_support()
    for n, consultation in enumerate(Consultation.objects.filter(criterion=None)):
        move(consultation=consultation, starts_at=at(f"2026-10-15 {11 + n}:00"), by=trainer)
    clock.move_to(at("2026-10-14 09:00"))
    assert remind() == 1 + more
    with count_queries() as seen:
        assert remind() == 0
    assert seen.count == 2


@pytest.mark.django_db(transaction=True)
def test_remind_by_many_workers_at_once_writes_one_letter(agreed, clock):
    clock.move_to(at("2026-10-14 09:00"))

    def sweep(_: int) -> int:
        try:
            return remind()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(sweep, range(8)))
    assert sum(counts) == len(reminders()) == 1
