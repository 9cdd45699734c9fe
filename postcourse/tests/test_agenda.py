"""The order in which consultations ask for attention."""

from datetime import date, timedelta

from postcourse.agenda import Agenda, Week, agenda, by_week
from postcourse.models import Consultation, ConsultationState
from postcourse.tests.conftest import at

NOW = at("2026-10-15 12:00")  # a Thursday


def made(pk: int, starts: str, state: str) -> Consultation:
    return Consultation(pk=pk, starts_at=at(starts), state=state)


def test_agenda_sorts_open_consultations_by_what_they_ask_for():
    lapsed = made(1, "2026-10-14 09:00", ConsultationState.PROPOSED)
    begun = made(2, "2026-10-15 12:00", ConsultationState.SCHEDULED)
    proposed = made(3, "2026-10-15 14:00", ConsultationState.PROPOSED)
    next_week, this_week = (
        made(n, day, ConsultationState.SCHEDULED) for n, day in ((4, "2026-10-19 09:00"), (5, "2026-10-16 17:00"))
    )
    found = agenda([next_week, proposed, begun, lapsed, this_week], NOW)
    assert found == Agenda(
        [proposed], [lapsed], [begun], [Week(date(2026, 10, 12), [this_week]), Week(date(2026, 10, 19), [next_week])]
    )


def test_by_week_begins_on_monday_by_the_institutes_clocks():
    sunday_night = made(1, "2026-10-18 23:00", ConsultationState.SCHEDULED)
    monday_morning = made(2, "2026-10-19 01:00", ConsultationState.SCHEDULED)  # still Sunday in UTC
    weeks = by_week([sunday_night, monday_morning])
    assert [(w.monday, w.sunday) for w in weeks] == [
        (date(2026, 10, 12), date(2026, 10, 18)),
        (date(2026, 10, 19), date(2026, 10, 25)),
    ]
    assert monday_morning.starts_at - sunday_night.starts_at == timedelta(hours=2)


def test_agenda_of_nothing_is_empty():
    assert agenda([], NOW) == Agenda()
