"""Who sees which rows."""

import pytest

from enrollment.models import Cohort, Enrolment, EnrolmentState, Listener
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(administrator, trainer, other_trainer, listener, other_listener):  # type: ignore[no-untyped-def]
    return {
        "administrator": administrator,
        "trainer": trainer,
        "other_trainer": other_trainer,
        "listener": listener.user,
        "other_listener": other_listener.user,
    }


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("administrator", {"K-2026-1", "K-2026-2"}),
        ("trainer", {"K-2026-1"}),
        ("other_trainer", {"K-2026-2"}),
        ("listener", {"K-2026-1"}),
        ("other_listener", {"K-2026-2"}),
    ],
)
def test_visible_to_gives_each_what_is_theirs(people, who, sees):
    user = people[who]
    assert set(Cohort.objects.visible_to(user).values_list("code", flat=True)) == sees
    assert set(Enrolment.objects.visible_to(user).values_list("cohort__code", flat=True)) == sees
    assert {listener.enrolments.get().cohort.code for listener in Listener.objects.visible_to(user)} == sees


def test_visible_to_counts_a_listener_of_two_cohorts_once(people, cohort, edition, listener):
    factories.make_enrolment(
        cohort=factories.make_cohort(edition=edition, code="K-3", trainers=[people["trainer"]]), listener=listener
    )
    assert list(Listener.objects.visible_to(people["trainer"])) == [listener]


def test_seats_are_held_by_those_admitted_and_later(open_cohort):
    for state in EnrolmentState.values:
        factories.make_enrolment(cohort=open_cohort, state=state)
    seated = {"admitted", "enrolled", "completed", "not_passed"}
    assert set(open_cohort.enrolments.seated().values_list("state", flat=True)) == seated
    assert Cohort.objects.with_seats().get().seats_taken == 4


def test_iin_is_sealed_and_masked(listener):
    assert listener.iin not in (listener.iin_sealed, listener.iin_digest, listener.iin_masked)
    assert listener.iin_masked == f"••••••••{listener.iin[-4:]}"
    assert Listener.objects.with_iin(listener.iin).get() == listener


def test_history_keeps_no_iin(listener):
    kept = {field.name for field in Listener.history.model._meta.fields}
    assert not kept & {"iin_sealed", "iin_digest"}
