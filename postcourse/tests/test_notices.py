"""Letters: to whom, in which language, about which time."""

import pytest
from django.core import mail

from core.models import Message
from core.outbox import send_due
from postcourse import notices
from postcourse.consultations import cancel, confirm, move
from postcourse.tests.conftest import at

FREE = at("2026-10-15 10:00")


@pytest.mark.parametrize(
    ("language", "topic", "institute"),
    [("kk", "theory тақырыбы", "«Оқу және Даму Институты» ЖШС"), ("ru", "тема theory", "ТОО «Оқу және Даму Институты»"),
     ("en", "theory topic", "“Oqu zhane Damu Instituty” LLP")],
)  # fmt: skip
def test_letter_is_in_the_language_of_the_account(consultation, trainer, language, topic, institute):
    user = consultation.listener.user
    user.language = language
    user.save()
    confirm(consultation=consultation, by=trainer)
    message = Message.objects.get()
    assert topic in message.body
    assert institute in message.body
    assert topic in message.calendar
    assert "09:00" in message.subject


def test_letter_without_an_account_is_in_the_language_of_the_cohort(consultation, trainer, cohort):
    listener = consultation.listener
    listener.user, listener.email = None, "mail@example.kz"
    listener.save()
    type(cohort).objects.filter(pk=cohort.pk).update(language="en")
    confirm(consultation=consultation, by=trainer)
    message = Message.objects.get()
    assert (message.recipient, message.subject) == (
        "mail@example.kz", "Your consultation: Friday, 25 December 2026, 09:00",
    )  # fmt: skip
    assert message.body == (
        "Good day, Қасымова Әсел Серікқызы!\n\nYour consultation after the course is agreed.\n\n"
        "Topic: theory topic\nTime: Friday, 25 December 2026, 09:00 (Kazakhstan time)\n"
        "Consultant: Тренеров Талғат\nListener: Қасымова Әсел Серікқызы\n\n"
        "Questions? Write to the consultant: trainer@example.kz\n\n"
        "“Oqu zhane Damu Instituty” LLP\nhttp://127.0.0.1:8000\n"
    )


def test_letter_about_a_move_names_both_times_and_the_reason(consultation, trainer):
    user = consultation.listener.user
    user.language = "en"
    user.save()
    move(consultation=consultation, starts_at=FREE, by=trainer, reason="100% толы кесте")
    message = Message.objects.get()
    assert message.subject == "New time of your consultation: Thursday, 15 October 2026, 10:00"
    assert "Before it was: Friday, 25 December 2026, 09:00." in message.body
    assert "Reason: 100% толы кесте" in message.body


def test_letter_to_the_consultant_survives_any_name(consultation, administrator, trainer):
    administrator.full_name = "100%(when)s Әкімші"
    administrator.save()
    cancel(consultation=consultation, by=administrator, reason="-")
    assert administrator.full_name in Message.objects.get(recipient=trainer.email).subject


def test_listener_without_an_address_gets_no_letter_and_the_verb_still_works(consultation, trainer):
    listener = consultation.listener
    listener.user, listener.email = None, ""
    listener.save()
    assert confirm(consultation=consultation, by=trainer).state == "scheduled"
    assert (notices.remind_listener(consultation), Message.objects.count()) == (None, 0)


def test_letter_is_sent_with_the_calendar_attached(consultation, trainer):
    confirm(consultation=consultation, by=trainer)
    assert send_due() == 1
    ((name, content, kind),) = mail.outbox[0].attachments
    assert (name, kind) == ("calendar.ics", "text/calendar")
    assert content.startswith("BEGIN:VCALENDAR\r\n")
