"""Each broken rule is named."""

import pytest

from enrollment import invariants
from enrollment.models import Cohort, CohortState, EnrolmentState, Listener
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
