"""Outcomes to plan support for. The day is Saturday 26 September 2026, the protocol was closed the day before."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from assessment.models import Outcome
from postcourse.models import Consultation
from postcourse.planning import plan_support
from tests import factories
from tests.factories import close_protocol

ALMATY = ZoneInfo("Asia/Almaty")
HELD_ON = date(2026, 9, 25)
STRONG, TWO_WEAK = [20, 25, 15, 30, 10], [13, 25, 15, 20, 10]  # theory 65 %, project 66 %


def at(text: str) -> datetime:
    """`at("2026-10-15 10:00")` by the institute's clocks."""
    return datetime.fromisoformat(text).replace(tzinfo=ALMATY)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Time stands still at noon after the protocol; `clock.move_to(at(…))` goes elsewhere."""
    with time_machine.travel(at("2026-09-26 12:00"), tick=False) as traveller:
        yield traveller


@pytest.fixture
def decide(clock, administrator, trainer) -> Callable[..., list[Outcome]]:
    """`decide(cohort, {enrolment: points})` scores, closes the protocol and gives the outcomes in this order."""

    def do(cohort, results, held_on=HELD_ON):  # type: ignore[no-untyped-def]
        for enrolment, points in results.items():
            factories.make_scores(enrolment, points, by=trainer)
        close_protocol(cohort=cohort, held_on=held_on, leave_out={}, by=administrator)
        return [Outcome.objects.get(attempt__enrolment=enrolment) for enrolment in results]

    return do


@pytest.fixture
def outcome(decide, cohort, listener) -> Outcome:
    """Of `listener`: passed, with theory and project below 70 %."""
    return decide(cohort, {listener.enrolments.get(): TWO_WEAK})[0]


@pytest.fixture
def planned(outcome) -> list[Consultation]:
    """The listener's two proposed consultations, theory first, in order of time."""
    assert plan_support() == 1
    return list(Consultation.objects.with_people().order_by("starts_at"))


@pytest.fixture
def consultation(planned) -> Consultation:
    """The first of them: theory, in the middle of the first half year."""
    return planned[0]
