"""Each broken rule is named."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enrollment import invariants
from enrollment.models import Application, Cohort, CohortState, EnrolmentState, Listener
from tests import factories

pytestmark = pytest.mark.django_db


def test_broken_is_silent_when_all_is_well(listener, other_listener):
    assert list(invariants.broken()) == []


def test_broken_names_an_overfull_cohort(open_cohort):
    for _person in range(4):
        factories.make_enrolment(cohort=open_cohort)
    assert list(invariants.broken()) == ["cohort OPEN-1: 4 people on 3 places"]


def test_broken_names_a_rubric_of_another_edition(open_cohort):
    Cohort.objects.update(rubric=factories.make_edition(year=2027).rubrics.get())
    assert list(invariants.broken()) == ["cohort OPEN-1: its rubric belongs to another edition"]


def test_broken_names_who_was_left_in_a_closed_cohort(edition):
    cohort = factories.make_cohort(edition=edition, state=CohortState.CLOSED)
    enrolment = factories.make_enrolment(cohort=cohort, state=EnrolmentState.ADMITTED)
    assert list(invariants.broken()) == [f"enrolment {enrolment.pk}: undecided in a cohort that is over"]


def test_broken_names_an_iin_that_cannot_be_read(db):
    listener = factories.ListenerFactory()
    Listener.objects.update(iin_sealed="damaged")
    assert list(invariants.broken()) == [
        f"listener {listener.pk}: the sealed IIN and its search value do not belong together"
    ]


def test_broken_names_a_stale_search_key(db):
    listener = factories.ListenerFactory()
    Listener.objects.update(search_key="old")
    assert list(invariants.broken()) == [f"listener {listener.pk}: stale search key"]


def test_broken_names_an_account_without_the_role(listener):
    listener.user.is_listener = False
    listener.user.save()
    assert list(invariants.broken()) == [f"listener {listener.pk}: the account has no listener's role"]


def test_broken_names_what_is_wrong_with_applications(edition, open_cohort):
    application = factories.make_application(cohort=open_cohort)
    other = factories.make_cohort(edition=edition, code="OTHER-1", state=CohortState.ASSESSING)
    waits = factories.make_enrolment(cohort=other, state=EnrolmentState.WAITING)
    late = factories.make_application(cohort=open_cohort, is_confirmed=False)
    Application.objects.filter(pk=late.pk).update(created_at=timezone.now() - timedelta(days=9))
    Application.objects.filter(pk=application.pk).update(enrolment=waits, iin_tail="0000")
    assert list(invariants.broken()) == [
        f"application {application.pk}: the sealed IIN and its search value do not belong together",
        f"application {application.pk}: its enrolment is in another cohort",
        f"application {late.pk}: nobody has confirmed it in time, and it is still kept",
        f"enrolment {waits.pk}: waits for a place in a cohort that takes nobody",
    ]
