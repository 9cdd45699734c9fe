"""Tasks have the names that beat calls, and do their sweep."""

from django.conf import settings

from core.models import Message
from postcourse.consultations import move
from postcourse.models import SupportPlan
from postcourse.tasks import plan_support, remind
from postcourse.tests.conftest import at


def test_tasks_have_the_names_that_beat_calls():
    assert {plan_support.name, remind.name} <= settings.CELERY_BEAT_SCHEDULE.keys()


def test_plan_support_task(outcome):
    plan_support()
    assert SupportPlan.objects.get().outcome == outcome


def test_remind_task(consultation, trainer, clock):
    move(consultation=consultation, starts_at=at("2026-10-15 10:00"), by=trainer)
    clock.move_to(at("2026-10-14 10:00"))
    remind()
    assert Message.objects.filter(kind="consultation-reminder").count() == 1
