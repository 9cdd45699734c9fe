"""What the database itself refuses (I10)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from enrollment.models import Cohort, CohortState, ConsentText, Enrolment, EnrolmentState
from tests import factories

pytestmark = pytest.mark.django_db


def refused(write) -> bool:  # type: ignore[no-untyped-def]
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        return "frozen" in str(error)
    return False


@pytest.mark.parametrize(
    ("state", "frozen"),
    [
        (EnrolmentState.APPLIED, False),
        (EnrolmentState.ADMITTED, False),
        (EnrolmentState.ENROLLED, True),
        (EnrolmentState.COMPLETED, True),
        (EnrolmentState.NOT_PASSED, True),
        (EnrolmentState.EXPELLED, True),
    ],
)
def test_enrolment_by_an_order_cannot_be_deleted(open_cohort, state, frozen):
    enrolment = factories.make_enrolment(cohort=open_cohort, state=state, agreed=False)
    assert refused(lambda: Enrolment.objects.filter(pk=enrolment.pk)._raw_delete("default")) is frozen
    assert Enrolment.objects.exists() is frozen


def test_enrolment_keeps_person_cohort_and_order(open_cohort, other_cohort):
    enrolment = factories.make_enrolment(cohort=open_cohort)
    stranger = factories.ListenerFactory()
    order = factories.make_order(other_cohort)
    for change in ({"listener": stranger}, {"cohort": other_cohort}, {"order": order}, {"order": None}):
        assert refused(lambda change=change: Enrolment.objects.filter(pk=enrolment.pk).update(**change)), change
    assert not refused(enrolment.save)


@pytest.mark.parametrize("state", [CohortState.ASSESSING, CohortState.CLOSED])
def test_cohort_keeps_what_outcomes_rest_on(edition, state):
    cohort = factories.make_cohort(edition=edition, state=state)
    other = factories.make_edition(year=2027)
    for change in (
        {"edition": other},
        {"rubric": other.rubrics.get()},
        {"starts_on": date(2026, 9, 1)},
        {"ends_on": date(2026, 12, 1)},
    ):
        assert refused(lambda change=change: Cohort.objects.filter(pk=cohort.pk).update(**change)), change
    assert not refused(cohort.save)


def test_open_cohort_may_get_other_dates(open_cohort):
    assert not refused(lambda: Cohort.objects.filter(pk=open_cohort.pk).update(ends_on=date(2026, 12, 1)))


@pytest.mark.parametrize(("state", "frozen"), [(CohortState.PLANNED, False), (CohortState.OPEN, True)])
def test_cohort_that_was_opened_cannot_be_deleted(edition, state, frozen):
    cohort = factories.make_cohort(edition=edition, state=state)
    assert refused(cohort.delete) is frozen


def test_consent_is_frozen_by_the_first_who_agrees(consent):
    assert not refused(lambda: ConsentText.objects.filter(pk=consent.pk).update(text_ru="Иначе"))
    factories.ListenerFactory(consent=consent, consented_on=date(2026, 9, 1))
    assert refused(lambda: ConsentText.objects.filter(pk=consent.pk).update(text_ru="Снова иначе"))
    assert refused(lambda: ConsentText.objects.filter(pk=consent.pk)._raw_delete("default"))
