"""Calendars that people subscribe to: by an address nobody can guess, always as the timetable stands."""

from datetime import timedelta

import pytest
from django.urls import reverse
from icalendar import Calendar

from enrollment.models import CalendarAddress
from enrollment.timetabling.addresses import Owner, address_of, owner_of, renew_address
from enrollment.timetabling.booking import add_session, cancel_session, change_session, details_of, move_session
from enrollment.timetabling.tests.conftest import at
from tests import factories

pytestmark = pytest.mark.django_db
Kind = CalendarAddress.Kind
LINK = "https://teams.example/secret"


@pytest.fixture
def online(session, administrator):  # type: ignore[no-untyped-def]
    fields = vars(details_of(session)) | {"room": None, "link": LINK}
    return change_session(session=session, details=type(details_of(session))(**fields), by=administrator)


@pytest.fixture
def attending(course):  # type: ignore[no-untyped-def]
    """A listener of the course who can sign in."""
    user = factories.UserFactory(email="attending@example.kz", is_listener=True)
    factories.make_enrolment(cohort=course, user=user)
    return user


def path_of(kind, pk):  # type: ignore[no-untyped-def]
    from django.conf import settings

    return address_of(kind, pk).removeprefix(settings.PUBLIC_BASE_URL)


def events(response):  # type: ignore[no-untyped-def]
    assert response.status_code == 200
    return Calendar.from_ical(response.content.decode()).walk("VEVENT")


def test_calendar_of_each_kind_is_read_without_signing_in(client, session, attending, trainer, course):
    for kind, pk in ((Kind.LISTENER, attending.pk), (Kind.TRAINER, trainer.pk), (Kind.COHORT, course.pk)):
        (event,) = events(client.get(path_of(kind, pk)))
        assert (event["DTSTART"].dt, event["DTEND"].dt) == (session.starts_at, session.ends_at)


def test_event_says_what_where_and_with_whom(client, session, trainer, course, settings):
    settings.PUBLIC_HOST = "kurs.example.kz"
    course.language = "en"
    course.save()
    response = client.get(path_of(Kind.COHORT, course.pk))
    (event,) = events(response)
    assert str(event["UID"]) == f"session-{session.pk}@kurs.example.kz"
    assert str(event["SUMMARY"]) == "№ 1, lecture: Module 1"
    assert str(event["LOCATION"]) == "204, Ерубаев к-сі, 16"
    assert "Trainer: Тренеров Талғат" in event["DESCRIPTION"]
    assert response["Content-Type"] == "text/calendar; charset=utf-8"


def test_times_carry_the_zone_with_its_rules(client, session, course):
    text = client.get(path_of(Kind.COHORT, course.pk)).content.decode()
    assert "DTSTART;TZID=Asia/Almaty:20260907T090000" in text
    (zone,) = Calendar.from_ical(text).walk("VTIMEZONE")
    assert str(zone["TZID"]) == "Asia/Almaty"
    assert zone.to_tz().utcoffset(at("2026-09-07 09:00").replace(tzinfo=None)) == timedelta(hours=5)


def test_calendar_follows_a_move_and_a_cancelling(client, session, course, administrator):
    path = path_of(Kind.COHORT, course.pk)
    uid = str(events(client.get(path))[0]["UID"])
    move_session(session=session, starts_at=at("2026-09-08 11:00"), by=administrator)
    (event,) = events(client.get(path))
    assert (str(event["UID"]), int(event["SEQUENCE"]), event["DTSTART"].dt) == (uid, 2, at("2026-09-08 11:00"))
    cancel_session(session=session, reason="-", by=administrator)
    (event,) = events(client.get(path))
    assert (str(event["UID"]), int(event["SEQUENCE"]), str(event["STATUS"])) == (uid, 3, "CANCELLED")


def test_link_is_for_trainers_and_for_listeners_with_an_agreement(client, online, attending, newcomer, trainer, course):
    def text(kind, pk):  # type: ignore[no-untyped-def]
        return client.get(path_of(kind, pk)).content.decode().replace("\r\n ", "")

    assert LINK in text(Kind.TRAINER, trainer.pk)
    assert LINK in text(Kind.LISTENER, attending.pk)
    assert LINK not in text(Kind.COHORT, course.pk)
    assert LINK not in text(Kind.LISTENER, newcomer.pk)


def test_renewed_address_ends_the_one_before(client, session, trainer, other_trainer):
    old, others = path_of(Kind.TRAINER, trainer.pk), path_of(Kind.TRAINER, other_trainer.pk)
    renew_address(kind=Kind.TRAINER, pk=trainer.pk)
    assert client.get(old).status_code == 404
    assert client.get(path_of(Kind.TRAINER, trainer.pk)).status_code == 200
    assert client.get(others).status_code == 200


@pytest.mark.parametrize("change", ["kind", "owner", "version", "signature", "nothing signed"])
def test_forged_address_is_not_found(client, trainer, other_trainer, change):
    token = address_of(Kind.TRAINER, trainer.pk).rpartition("/")[2].removesuffix(".ics")
    value, signature = token.split(".")
    forged = {
        "kind": f"l{value[1:]}.{signature}",
        "owner": f"t{other_trainer.pk}-1.{signature}",
        "version": f"t{trainer.pk}-2.{signature}",
        "signature": f"{value}.{signature[::-1]}",
        "nothing signed": value,
    }[change]
    assert owner_of(token) == Owner(Kind.TRAINER, trainer.pk)
    assert owner_of(forged) is None
    assert client.get(reverse("session_calendar", args=[forged])).status_code == 404


def test_signature_is_long_enough_not_to_be_guessed(trainer):
    assert len(address_of(Kind.TRAINER, trainer.pk).rpartition(".ics")[0].rpartition(".")[2]) == 43  # 256 bits


def test_calendar_of_a_closed_account_is_not_found(client, trainer):
    path = path_of(Kind.TRAINER, trainer.pk)
    trainer.is_active = False
    trainer.save()
    assert client.get(path).status_code == 404


def test_calendar_of_a_role_somebody_no_longer_has_is_not_found(client, trainer):
    path = path_of(Kind.TRAINER, trainer.pk)
    trainer.is_trainer = False
    trainer.save()
    assert client.get(path).status_code == 404


def test_calendar_forgets_what_is_long_past(client, session, course, clock):
    clock.move_to(at("2026-11-20 12:00"))
    assert events(client.get(path_of(Kind.COHORT, course.pk))) == []


def test_queries_do_not_grow_with_sessions(client, session, course, details, attending, administrator, count_queries):
    def cost():  # type: ignore[no-untyped-def]
        path = path_of(Kind.LISTENER, attending.pk)
        with count_queries() as seen:
            client.get(path)
        return seen.count

    before = cost()
    for day in (8, 9):
        add_session(cohort=course, details=details(f"2026-09-{day:02} 09:00"), by=administrator)
    assert cost() == before == 4
