"""Reminders: once, to whom they concern, in their language, by day."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.core import mail

from assessment import work_letters
from assessment.tests.working import make_assignment, make_version
from core.models import Message
from core.outbox import send_due
from tests import factories

DURING = datetime.fromisoformat("2026-09-14T10:00:00+05:00")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _during_the_course():
    with time_machine.travel(DURING, tick=False):
        yield


def test_reminder_is_written_once_to_those_who_handed_in_nothing(cohort, listener, trainer):
    done_user = factories.UserFactory(is_listener=True)
    done = factories.make_enrolment(cohort=cohort, user=done_user)
    factories.make_enrolment(cohort=cohort, email="", surname="Әлімов")
    soon = make_assignment(cohort, due_at=DURING + timedelta(days=2))
    make_assignment(cohort, due_at=DURING + timedelta(days=2, minutes=1))
    make_assignment(cohort, due_at=DURING + timedelta(days=1), state="draft")
    make_assignment(cohort, due_at=DURING - timedelta(minutes=1))
    make_version(done, assignment=soon)
    assert (work_letters.remind(), work_letters.remind()) == (1, 0)
    letter = Message.objects.get(kind=work_letters.REMINDER)
    assert letter.recipient == "listener@example.kz"
    assert Message.objects.count() == 1
    send_due()
    assert len(mail.outbox) == 1


def test_reminder_is_in_the_listeners_language_with_the_number_of_what_is_due(cohort, listener):
    listener.user.language = "en"
    listener.user.save()
    for days in (1, 5):
        make_assignment(cohort, due_at=DURING + timedelta(days=days))
    work_letters.remind()
    letter = Message.objects.get()
    assert letter.subject == "Work is due soon: Management case"
    assert "Work that you still have to hand in: 2" in letter.body
    assert "It is due: September 15, 2026, 10:00" in letter.body or "It is due: 15" in letter.body


def test_reminder_days_are_a_setting(cohort, listener, settings):
    make_assignment(cohort, due_at=DURING + timedelta(days=4))
    settings.WORK_REMINDER_DAYS = 0
    assert work_letters.remind() == 0
    settings.WORK_REMINDER_DAYS = 5
    assert work_letters.remind() == 1


def test_nobody_is_reminded_at_night(cohort, listener):
    make_assignment(cohort, due_at=DURING + timedelta(days=1))
    for hour, written in ((3, 0), (22, 0), (9, 1)):
        with time_machine.travel(DURING.replace(hour=hour), tick=False):
            assert work_letters.remind() == written


def test_task_writes_reminders(cohort, listener):
    from assessment.tasks import remind_of_work

    make_assignment(cohort, due_at=DURING + timedelta(days=1))
    remind_of_work()
    assert Message.objects.filter(kind=work_letters.REMINDER).count() == 1
