"""The waiting list moves up by itself."""

from datetime import timedelta

import pytest
import time_machine
from celery import current_app
from django.utils import timezone

from core.errors import Refused
from core.models import Message
from core.states import move
from enrollment import applying, waiting
from enrollment.admission import withdraw
from enrollment.cohorts import begin_assessment, change, close
from enrollment.deciding_applications import admit_applicants
from enrollment.models import CohortState, Enrolment, EnrolmentState
from enrollment.ordering import enrol
from enrollment.tasks import advance_waiting, erase_unconfirmed
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def full(edition, administrator):  # type: ignore[no-untyped-def]
    """Two places, both taken; three people wait, in the order of `full.queue`."""
    cohort = factories.make_cohort(edition=edition, code="FULL-1", capacity=2)
    for _person in range(2):
        factories.make_enrolment(cohort=cohort, state=EnrolmentState.ADMITTED)
    queue = []
    with time_machine.travel("2026-08-01T10:00:00+05:00", tick=False) as clock:
        for _person in range(3):
            clock.shift(timedelta(hours=1))
            queue.append(factories.make_application(cohort=cohort).enrolment)
        # They are accepted in another order than they applied.
        for enrolment in (queue[2], queue[0], queue[1]):
            clock.shift(timedelta(hours=1))
            admit_applicants(enrolments=[enrolment], by=administrator)
    cohort.queue = [queue[2], queue[0], queue[1]]
    return cohort


def waits(cohort):  # type: ignore[no-untyped-def]
    return list(waiting.queue_of(cohort))


def told(kind="application-admitted"):  # type: ignore[no-untyped-def]
    return Message.objects.filter(kind=kind).count()


def test_queue_is_in_the_order_of_acceptance(full):
    assert waits(full) == full.queue
    assert [waiting.place_in_queue(one) for one in full.queue] == [1, 2, 3]
    assert waiting.place_in_queue(full.enrolments.seated().first()) == 0


def test_advance_does_nothing_while_the_cohort_is_full(full):
    assert (waiting.advance_waiting(), waits(full), told()) == (0, full.queue, 0)


def test_advance_gives_a_freed_place_to_the_first_who_is_told_once(full, administrator):
    withdraw(enrolment=full.enrolments.seated().first(), reason="Illness", by=administrator)
    assert waiting.advance_waiting() == 1
    assert waiting.advance_waiting() == 0
    assert (waits(full), told(), full.enrolments.seated().count()) == (full.queue[1:], 1, 2)
    first = full.queue[0]
    first.refresh_from_db()
    assert (first.state, first.audit_trail()[0].by) == (EnrolmentState.ADMITTED, None)


def test_advance_fills_every_place_that_is_free(full, administrator):
    full.capacity = 4
    change(cohort=full, by=administrator)
    assert (waiting.advance_waiting(), waits(full)) == (2, full.queue[2:])


def test_advance_passes_over_who_has_a_place_elsewhere(full, edition, administrator):
    other = factories.make_cohort(edition=edition, code="OTHER-1")
    factories.make_enrolment(cohort=other, listener=full.queue[0].listener, state=EnrolmentState.ADMITTED)
    withdraw(enrolment=full.enrolments.seated().first(), reason="Illness", by=administrator)
    waiting.advance_waiting()
    assert waits(full) == [full.queue[0], full.queue[2]]


@pytest.mark.parametrize("state", [CohortState.PLANNED, CohortState.CANCELLED])
def test_advance_leaves_a_cohort_that_takes_nobody(full, state):
    withdraw(enrolment=full.enrolments.seated().first(), reason="Illness", by=None)
    move(full, state, by=None)
    assert (waiting.advance_waiting(), waits(full)) == (0, full.queue)


@pytest.mark.parametrize("many", [1, 3])
def test_advance_asks_once_when_nothing_is_to_do(full, edition, many, count_queries):
    for number in range(many):
        factories.make_cohort(edition=edition, code=f"EMPTY-{number}")
    with count_queries() as seen:
        waiting.advance_waiting()
    assert seen.count == 1


def test_tasks_do_their_sweeps(full, administrator, settings):
    assert {advance_waiting.name, erase_unconfirmed.name} <= settings.CELERY_BEAT_SCHEDULE.keys()
    application = full.enrolments.get(pk=full.queue[0].pk).applications.get()
    applying.take_back(application=application)
    withdraw(enrolment=full.enrolments.seated().first(), reason="Illness", by=administrator)
    advance_waiting()
    erase_unconfirmed()
    assert waits(full) == full.queue[2:]


@pytest.mark.parametrize("frees", ["withdrawal", "more places", "taking back", "order"])
def test_whatever_frees_a_place_tells_the_worker(
    full, administrator, frees, monkeypatch, django_capture_on_commit_callbacks, signatory
):
    sent = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **_options: sent.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        if frees == "withdrawal":
            withdraw(enrolment=full.enrolments.seated().first(), reason="Illness", by=administrator)
        elif frees == "more places":
            full.capacity = 3
            change(cohort=full, by=administrator)
        elif frees == "taking back":
            applying.take_back(application=full.queue[0].applications.get())
        else:
            admitted = list(full.enrolments.filter(state=EnrolmentState.ADMITTED))
            with time_machine.travel(timezone.now().replace(year=2026, month=9, day=4), tick=False):
                enrol(enrolments=admitted, number="1-к", date=timezone.localdate(), by=administrator)
    assert "enrollment.advance_waiting" in sent


def test_assessment_tells_who_still_waits_that_no_place_became_free(full, administrator):
    full.capacity = 3
    full.save()
    move(full, CohortState.RUNNING, by=None)
    factories.make_enrolment(cohort=full)
    begin_assessment(cohort=full, by=administrator)
    assert {one.state for one in Enrolment.objects.filter(pk__in=[one.pk for one in full.queue])} == {"refused"}
    assert told("application-no-place") == 3


def test_assessment_refuses_while_an_application_is_not_decided(open_cohort, administrator):
    application = factories.make_application(cohort=open_cohort, surname="Өтеген", patronymic="")
    factories.make_enrolment(cohort=open_cohort)
    move(open_cohort, CohortState.RUNNING, by=None)
    with pytest.raises(Refused, match="nobody has decided: Өтеген"):
        begin_assessment(cohort=open_cohort, by=administrator)
    open_cohort.refresh_from_db()
    assert (open_cohort.state, application.enrolment.state) == (CohortState.RUNNING, EnrolmentState.APPLIED)


def test_close_refuses_while_an_application_is_not_decided(edition, administrator):
    cohort = factories.make_cohort(edition=edition, state=CohortState.ASSESSING)
    factories.make_enrolment(cohort=cohort, state=EnrolmentState.APPLIED, surname="Өтеген", patronymic="")
    with pytest.raises(Refused, match="nobody has decided: Өтеген"):
        close(cohort=cohort, by=administrator)
