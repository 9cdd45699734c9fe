"""Changes are told once: to whom, when, and what is not told at all."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from core.models import Message
from enrollment.models import EnrolmentState, Session
from enrollment.timetabling.booking import add_session, cancel_session, change_session, details_of, move_session
from enrollment.timetabling.telling import tell_changes
from enrollment.timetabling.tests.conftest import at
from tests import factories

pytestmark = pytest.mark.django_db
TUESDAY = at("2026-09-08 09:00")


@pytest.fixture
def people(course):  # type: ignore[no-untyped-def]
    """Two listeners: one with an account in Russian, one with a mail address only."""
    user = factories.UserFactory(email="first@example.kz", language="ru", is_listener=True)
    return [
        factories.make_enrolment(cohort=course, user=user, surname="Әлімов", given_name="Айбек", email="x@example.kz"),
        factories.make_enrolment(cohort=course, surname="Бекенов", given_name="Болат", email="second@example.kz"),
    ]


@pytest.fixture
def later(clock):  # type: ignore[no-untyped-def]
    """`later(10)` minutes."""
    return lambda minutes: clock.shift(timedelta(minutes=minutes))


def recipients():  # type: ignore[no-untyped-def]
    return sorted(Message.objects.filter(kind="timetable-changed").values_list("recipient", flat=True))


def letter_to(address):  # type: ignore[no-untyped-def]
    return Message.objects.get(recipient=address)


def move(session, starts_at=TUESDAY, **values):  # type: ignore[no-untyped-def]
    fresh = Session.objects.with_place().get(pk=session.pk)
    return move_session(session=fresh, starts_at=starts_at, **values)


def test_change_is_told_once_to_listeners_and_trainer(session, people, later, administrator, trainer):
    move(session, by=administrator)
    later(10)
    assert tell_changes() == 3
    assert recipients() == ["first@example.kz", "second@example.kz", trainer.email]
    later(60)
    assert tell_changes() == 0
    assert len(recipients()) == 3


def test_letter_says_now_and_before(session, people, later, administrator, other_room, course):
    course.language = "en"
    course.save()
    move(session, room=other_room, by=administrator)
    later(10)
    tell_changes()
    letter = letter_to("second@example.kz")
    assert letter.subject == "Session changed: Tuesday, 8 September 2026, 09:00–10:40"
    assert "Good day, Бекенов Болат" in letter.body
    assert "Now: Tuesday, 8 September 2026, 09:00–10:40, Зал" in letter.body
    assert "Before: Monday, 7 September 2026, 09:00–10:40, 204" in letter.body
    assert "/my/timetable/" in letter.body
    (event,) = Calendar.from_ical(letter.calendar).walk("VEVENT")
    assert (int(event["SEQUENCE"]), event["DTSTART"].dt, str(event["STATUS"])) == (2, TUESDAY, "CONFIRMED")


def test_letters_wait_until_the_timetable_rests(session, people, later, administrator):
    move(session, by=administrator)
    later(9)
    assert tell_changes() == 0
    move(session, at("2026-09-09 09:00"), by=administrator)
    later(9)
    assert tell_changes() == 0
    later(1)
    assert tell_changes() == 3
    (event,) = Calendar.from_ical(letter_to("second@example.kz").calendar).walk("VEVENT")
    assert event["DTSTART"].dt == at("2026-09-09 09:00")


def test_several_sessions_make_one_letter_for_each_person(session, people, details, course, later, administrator):
    add_session(cohort=course, details=details("2026-09-09 09:00"), by=administrator)
    move(session, by=administrator)
    later(10)
    tell_changes()
    assert len(recipients()) == 3
    assert len(Calendar.from_ical(letter_to("second@example.kz").calendar).walk("VEVENT")) == 2


def test_another_change_is_another_letter(session, people, later, administrator):
    for day in (8, 9):
        move(session, at(f"2026-09-{day:02} 09:00"), by=administrator)
        later(10)
        tell_changes()
    assert recipients().count("second@example.kz") == 2


def test_changed_and_changed_back_is_no_news(session, people, later, administrator):
    before = session.starts_at
    move(session, by=administrator)
    move(session, before, by=administrator)
    later(10)
    assert tell_changes() == 0
    session.refresh_from_db()
    assert (session.sequence, session.told_sequence) == (3, 3)


def test_new_session_of_a_running_course_is_told(course, people, details, later, administrator):
    course.language = "en"
    course.save()
    add_session(cohort=course, details=details(), by=administrator)
    later(10)
    tell_changes()
    letter = letter_to("second@example.kz")
    assert letter.subject == "New session: Monday, 7 September 2026, 09:00–10:40"
    assert "Before:" not in letter.body


def test_cancelling_is_told_with_the_reason(session, people, later, administrator, course):
    course.language = "en"
    course.save()
    cancel_session(session=session, reason="No light", by=administrator)
    later(10)
    tell_changes()
    letter = letter_to("second@example.kz")
    assert letter.subject == "Session cancelled: Monday, 7 September 2026, 09:00–10:40"
    assert "Reason: No light" in letter.body
    (event,) = Calendar.from_ical(letter.calendar).walk("VEVENT")
    assert str(event["STATUS"]) == "CANCELLED"


def test_new_session_cancelled_before_anybody_knew_is_no_news(course, people, details, later, administrator):
    session = add_session(cohort=course, details=details(), by=administrator)
    cancel_session(session=session, reason="Mistake", by=administrator)
    later(10)
    assert tell_changes() == 0


def test_draft_is_not_told_and_never_comes_up_later(plan_course, details, later, administrator):
    factories.make_enrolment(cohort=plan_course, email="someone@example.kz")
    session = add_session(cohort=plan_course, details=details(), by=administrator)
    move(session, by=administrator)
    type(plan_course).objects.filter(pk=plan_course.pk).update(state="running")
    later(60)
    assert tell_changes() == 0


def test_what_lies_in_the_past_is_not_told(session, people, clock, administrator):
    clock.move_to(at("2026-09-07 08:55"))
    move(session, at("2026-09-07 08:00"), by=administrator)
    clock.move_to(at("2026-09-07 09:30"))
    assert tell_changes() == 0
    session.refresh_from_db()
    assert session.told_sequence == session.sequence


def test_session_within_a_day_does_not_wait_for_the_rest(session, people, details, course, clock, later, administrator):
    far = add_session(cohort=course, details=details("2026-09-21 09:00"), by=administrator)
    clock.move_to(at("2026-09-06 15:00"))
    move(session, at("2026-09-07 10:00"), by=administrator)
    later(8)
    move(far, at("2026-09-22 09:00"), by=administrator)
    later(2)
    tell_changes()
    (event,) = Calendar.from_ical(letter_to("second@example.kz").calendar).walk("VEVENT")
    assert event["DTSTART"].dt == at("2026-09-07 10:00")
    later(8)
    tell_changes()
    assert recipients().count("second@example.kz") == 2


def test_trainer_who_loses_a_session_and_trainer_who_gets_it_both_hear(
    session, later, administrator, trainer, other_trainer
):
    for person in (trainer, other_trainer):
        person.language = "en"
        person.save()
    fields = vars(details_of(session)) | {"trainer": other_trainer}
    change_session(session=session, details=type(details_of(session))(**fields), by=administrator)
    later(10)
    tell_changes()
    lost, got = letter_to(trainer.email), letter_to(other_trainer.email)
    assert lost.subject.startswith("Session given to another trainer")
    assert got.subject.startswith("New session")
    assert "CANCELLED" in lost.calendar
    assert "CONFIRMED" in got.calendar


def test_link_stands_in_letters_only_after_the_agreement(session, people, newcomer, later, administrator, trainer):
    link = "https://teams.example/secret"
    fields = vars(details_of(session)) | {"room": None, "link": link}
    change_session(session=session, details=type(details_of(session))(**fields), by=administrator)
    later(10)
    tell_changes()
    assert link in letter_to("first@example.kz").body
    assert link in letter_to(trainer.email).body
    for text in (letter_to(newcomer.email).body, letter_to(newcomer.email).calendar):
        assert "teams.example" not in text


def test_who_has_left_and_who_has_no_address_get_no_letter(session, course, later, administrator, trainer):
    factories.make_enrolment(cohort=course, state=EnrolmentState.WITHDRAWN, email="left@example.kz")
    factories.make_enrolment(cohort=course, email="")
    move(session, by=administrator)
    later(10)
    tell_changes()
    assert recipients() == [trainer.email]


def test_letter_is_in_the_language_of_its_reader(session, people, later, administrator):
    move(session, by=administrator)
    later(10)
    tell_changes()
    assert "ru" in Calendar.from_ical(letter_to("first@example.kz").calendar)["PRODID"].lower()
    assert "kk" in Calendar.from_ical(letter_to("second@example.kz").calendar)["PRODID"].lower()


def test_sweep_without_news_costs_one_query(session, count_queries):
    with count_queries() as seen:
        assert tell_changes() == 0
    assert seen.count == 1
