"""Calendar files as a calendar program reads them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from icalendar import Calendar

from postcourse.calendars import calendar
from postcourse.consultations import cancel, confirm, move
from postcourse.models import Consultation
from postcourse.tests.conftest import at


def events(text: str):  # type: ignore[no-untyped-def]
    return Calendar.from_ical(text).walk("VEVENT")


def test_calendar_says_when_what_and_who(consultation, settings):
    settings.PUBLIC_HOST = "kurs.example.kz"
    with translation.override("ru"):
        (event,) = events(calendar([consultation]))
    assert str(event["UID"]) == f"consultation-{consultation.pk}@kurs.example.kz"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (consultation.starts_at, consultation.ends_at)
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(hours=1)
    assert event["DTSTAMP"].dt == datetime(2026, 9, 26, 7, 0, tzinfo=UTC)
    assert "тема theory" in event["SUMMARY"]
    assert "Қасымова Әсел Серікқызы" in event["DESCRIPTION"]
    assert "Тренеров Талғат" in event["DESCRIPTION"]
    assert str(event["ORGANIZER"]) == f"mailto:{settings.DEFAULT_FROM_EMAIL}"
    assert event["ORGANIZER"].params["CN"] == settings.INSTITUTE_NAME["ru"]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_calendar_is_in_the_active_language_and_valid(consultation, language):
    with translation.override(language):
        text = calendar([consultation], name="Кеңестер")
        (event,) = events(text)
        assert consultation.topic in event["SUMMARY"]
    file = Calendar.from_ical(text)
    assert (file["VERSION"], file["METHOD"], file["X-WR-CALNAME"]) == ("2.0", "PUBLISH", "Кеңестер")
    assert file["PRODID"].endswith(f"//{language.upper()}")
    assert file.errors == event.errors == []


def test_calendar_lines_end_with_crlf_and_fit_75_octets(consultation):
    consultation.criterion.topic_kk = "Ұзақ тақырып; үтір, қос нүкте: " * 5
    lines = calendar([consultation]).encode().split(b"\r\n")
    assert lines[-1] == b""
    assert not any(b"\n" in line for line in lines)
    assert max(map(len, lines)) <= 75


def test_calendar_keeps_the_uid_and_raises_the_sequence_when_moved(consultation, trainer):
    def state():  # type: ignore[no-untyped-def]
        (event,) = events(calendar(Consultation.objects.with_people().filter(pk=consultation.pk)))
        return str(event["UID"]), int(event["SEQUENCE"]), str(event["STATUS"]), event["DTSTART"].dt

    uid, before = state()[0], consultation.starts_at
    assert state() == (uid, 0, "TENTATIVE", before)
    confirm(consultation=consultation, by=trainer)
    assert state() == (uid, 0, "CONFIRMED", before)
    move(consultation=consultation, starts_at=at("2026-10-15 10:00"), by=trainer)
    assert state() == (uid, 1, "CONFIRMED", at("2026-10-15 10:00"))
    cancel(consultation=consultation, by=trainer, reason="-")
    assert state() == (uid, 2, "CANCELLED", at("2026-10-15 10:00"))


def test_calendar_of_nothing_is_an_empty_calendar():
    assert events(calendar([])) == []
