"""What the page offers is what the verb accepts."""

from datetime import date

import pytest
from django.utils import translation

from core.errors import DomainError
from postcourse import diary
from postcourse.consultations import cancel, move
from postcourse.models import Consultation
from postcourse.offers import hindrance, on, week
from postcourse.planning import plan_support
from postcourse.tests.conftest import STRONG, at
from tests import factories

THURSDAY = date(2026, 10, 15)


@pytest.fixture
def busy(planned, decide, cohort, trainer):
    """A third consultation, of another listener, on the Thursday at eleven; the listener's own second at three."""
    decide(cohort, {factories.make_enrolment(cohort=cohort): STRONG})
    plan_support()
    move(consultation=Consultation.objects.get(criterion=None), starts_at=at("2026-10-15 11:00"), by=trainer)
    move(consultation=planned[1], starts_at=at("2026-10-15 15:00"), by=trainer)
    return planned[0]


def test_week_offers_monday_to_friday_and_says_what_is_taken(busy):
    with translation.override("en"):
        days = week(busy, THURSDAY)
    assert [(d.day.day, d.free) for d in days] == [(12, 9), (13, 9), (14, 9), (15, 7), (16, 9)]
    taken = {offer.hour: offer.hindrance for offer in days[3].offers if offer.hindrance}
    assert taken == dict.fromkeys((11, 15), "The consultant has another consultation at this hour.")


def test_week_marks_the_present_hour_and_does_not_offer_it(busy):
    friday = next(d for d in week(busy, date(2026, 12, 25)) if d.day == date(2026, 12, 25))
    assert [offer.hour for offer in friday.offers if offer.is_present] == [9]
    assert friday.free == 8


def test_week_with_a_full_day_says_so_once(busy, settings):
    settings.CONSULTATIONS_PER_DAY = 2
    with translation.override("en"):
        thursday = week(busy, THURSDAY)[3]
    assert (thursday.offers, thursday.closed) == ([], "The consultant’s day is full: the limit is 2 in a day.")


def test_week_before_the_period_and_over_a_holiday_is_closed(busy):
    with translation.override("en"):
        assert [d.closed for d in week(busy, date(2026, 10, 26))] == [
            "26 October 2026 is a day off: Republic Day.", "", "", "", "",
        ]  # fmt: skip
    assert [bool(d.closed) for d in week(busy, date(2027, 9, 24))] == [False] * 5
    assert [bool(d.closed) for d in week(busy, date(2026, 9, 25))] == [True] * 5


def test_on_a_weekend_is_closed(busy):
    days = week(busy, date(2026, 10, 17))
    assert (on(busy, date(2026, 10, 17), days).free, on(busy, THURSDAY, days)) == (0, days[3])


@pytest.mark.parametrize("day", [THURSDAY, date(2026, 10, 26), date(2026, 9, 28)])
def test_what_is_offered_is_what_move_accepts(busy, trainer, clock, day):
    clock.move_to(at("2026-09-28 11:30"))
    chosen = on(busy, day, week(busy, day))
    offered = {offer.hour for offer in chosen.offers if not offer.hindrance}
    for hour in range(24):
        moment = diary.moment(day, hour)
        accepted = hindrance(busy, moment) == ""
        assert accepted == (hour in offered)
        if not accepted:
            with pytest.raises(DomainError):
                move(consultation=busy, starts_at=moment, by=trainer)


def test_hindrance_of_a_cancelled_ones_hour_is_none(busy, trainer):
    taken = at("2026-10-15 11:00")
    assert hindrance(busy, taken) != ""
    cancel(consultation=Consultation.objects.get(starts_at=taken), by=trainer, reason="-")
    assert hindrance(busy, taken) == ""
