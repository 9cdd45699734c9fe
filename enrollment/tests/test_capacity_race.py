"""A full cohort refuses one more even when several act at the same moment, on whichever database."""

from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread

import pytest
from django.db import connection

from core.errors import Conflict, DomainError, Refused
from enrollment.admission import CohortFull, admit
from enrollment.cohorts import change
from enrollment.importing import Imported, apply_import, plan_import
from enrollment.models import Cohort, CohortState, Employer, Enrolment, EnrolmentState, Listener
from enrollment.tests.lists import row, workbook
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(deeds: list[Callable[[], object]]) -> list[object]:
    """What each deed gives, or the refusal it meets, when all of them start together."""
    barrier, results = Barrier(len(deeds)), [None] * len(deeds)

    def run(place: int) -> None:
        barrier.wait()
        try:
            results[place] = deeds[place]()
        except DomainError as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [Thread(target=run, args=[place]) for place in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


@pytest.fixture
def nearly_full(edition, administrator):  # type: ignore[no-untyped-def]
    """Three places, two of them taken."""
    cohort = factories.make_cohort(edition=edition, state=CohortState.OPEN, capacity=3)
    for _person in range(2):
        factories.make_enrolment(cohort=cohort, state=EnrolmentState.ADMITTED)
    return cohort


def test_admit_gives_the_last_place_once_when_two_act_at_once(nearly_full, administrator):
    people = [factories.ListenerFactory() for _administrator in range(4)]
    results = all_at_once(
        [partial(admit, cohort=nearly_full, listeners=[person], by=administrator) for person in people]
    )
    assert [type(result) for result in results].count(list) == 1
    assert [type(result) for result in results].count(CohortFull) == 3
    assert nearly_full.enrolments.seated().count() == 3


def test_admit_and_fewer_places_at_once_never_overfill(nearly_full, administrator):
    def shrink() -> Cohort:
        cohort = Cohort.objects.get(pk=nearly_full.pk)
        cohort.capacity = 2
        return change(cohort=cohort, by=administrator)

    listener = factories.ListenerFactory()
    all_at_once([shrink, partial(admit, cohort=nearly_full, listeners=[listener], by=administrator)])
    nearly_full.refresh_from_db()
    assert nearly_full.enrolments.seated().count() == nearly_full.capacity


def test_admit_of_one_person_twice_at_once_makes_one_enrolment(nearly_full, administrator):
    listener = factories.ListenerFactory()
    results = all_at_once([partial(admit, cohort=nearly_full, listeners=[listener], by=administrator)] * 2)
    assert results[0] == results[1]
    assert nearly_full.enrolments.filter(listener=listener).count() == 1


def test_two_lists_with_the_same_people_at_once_store_each_person_once(edition, administrator, consent):
    content = workbook(*(row(serial) for serial in range(1, 4)))
    halls = [factories.make_cohort(edition=edition, code=f"R-{number}") for number in range(2)]
    plans = [plan_import(cohort, content, "list.xlsx") for cohort in halls]
    results = all_at_once(
        [
            partial(apply_import, cohort=cohort, plan=plan, by=administrator)
            for cohort, plan in zip(halls, plans, strict=True)
        ]
    )
    assert {type(result) for result in results} <= {Imported, Conflict, Refused}
    assert [type(result) for result in results].count(Imported) == 1
    assert (Listener.objects.count(), Employer.objects.count(), Enrolment.objects.count()) == (3, 3, 3)


def test_one_person_into_two_cohorts_at_once_gets_one_place(edition, administrator):
    listener = factories.ListenerFactory()
    halls = [factories.make_cohort(edition=edition, code=f"R-{number}", state=CohortState.OPEN) for number in range(2)]
    results = all_at_once([partial(admit, cohort=hall, listeners=[listener], by=administrator) for hall in halls])
    assert sorted(type(result).__name__ for result in results) == ["Refused", "list"]
    assert Enrolment.objects.count() == 1
