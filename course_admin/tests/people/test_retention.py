"""Whose time of keeping is over."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils import timezone

from course_admin.people.retention import due, kept, objection, with_dates, years_later
from enrollment.models import CohortState, EnrolmentState, Listener
from postcourse.planning import plan_support
from tests import factories
from tests.world import decide, give_document

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 10, 5, 5, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _october():  # type: ignore[no-untyped-def]
    with time_machine.travel(MOMENT, tick=False):
        yield


@pytest.mark.parametrize(
    ("day", "years", "result"),
    [
        (date(2026, 9, 25), 5, date(2031, 9, 25)),
        (date(2028, 2, 29), 5, date(2033, 2, 28)),
        (date(2031, 9, 25), -5, date(2026, 9, 25)),
    ],
)
def test_years_later(day, years, result):
    assert years_later(day, years) == result


def left(cohort, state=EnrolmentState.WITHDRAWN, **fields):  # type: ignore[no-untyped-def]
    return factories.make_enrolment(cohort=cohort, state=state, **fields).listener


def until(listener):  # type: ignore[no-untyped-def]
    return kept(with_dates().get(pk=listener.pk)).until


def test_counts_from_the_last_course(cohort):
    listener = left(cohort)
    assert until(listener) == date(2031, 9, 25)
    assert (list(due(date(2031, 9, 24))), list(due(date(2031, 9, 25)))) == ([], [listener])


def test_counts_from_the_validity_of_the_last_document(signatory, listener, administrator):
    decide(listener.enrolments.get(), by=administrator)
    give_document(listener.enrolments.get(), by=administrator)
    assert until(listener) == date(2034, 10, 5)  # issued on 5.10.2026, valid for three years
    assert (list(due(date(2034, 10, 4))), list(due(date(2034, 10, 5)))) == ([], [listener])


def test_counts_from_the_end_of_support(listener, administrator):
    decide(listener.enrolments.get(), by=administrator)
    plan_support()
    ends_on = listener.enrolments.get().attempts.get().outcome.support_plan.ends_on
    assert until(listener) == years_later(ends_on, 5)


def test_who_never_took_part_is_counted_from_the_entry():
    listener = factories.ListenerFactory()
    assert until(listener) == date(2031, 10, 5)
    assert (list(due(date(2031, 10, 4))), list(due(date(2031, 10, 5)))) == ([], [listener])


def test_setting_says_how_long(settings, cohort):
    settings.RETENTION_YEARS = 10
    assert until(left(cohort)) == date(2036, 9, 25)


@pytest.mark.parametrize("state", [EnrolmentState.APPLIED, EnrolmentState.ENROLLED, EnrolmentState.DEFERRED])
def test_who_takes_part_is_never_due(cohort, state):
    listener = left(cohort, state=state)
    assert list(due(date(2050, 1, 1))) == []
    assert "takes part" in objection_in_english(listener, date(2050, 1, 1))


def objection_in_english(listener, day):  # type: ignore[no-untyped-def]
    from django.utils import translation

    with translation.override("en"):
        return objection(listener, day)


@pytest.mark.parametrize("role", ["is_administrator", "is_trainer"])
def test_who_works_here_is_never_due(cohort, role):
    listener = left(cohort, user=factories.UserFactory(is_listener=True, **{role: True}))
    assert list(due(date(2050, 1, 1))) == []
    assert "works here" in objection_in_english(listener, date(2050, 1, 1))


def test_objection_names_the_day(cohort):
    listener = left(cohort)
    assert objection_in_english(listener, date(2031, 9, 24)) == "The data are to be kept until 25.09.2031."
    assert objection_in_english(listener, date(2031, 9, 25)) == ""


def test_merged_and_erased_are_not_listed(cohort):
    one, other = left(cohort), left(cohort)
    Listener.objects.filter(pk=other.pk).update(merged_into=one)
    bare = {"iin_sealed": "", "iin_tail": "", "email": "", "phone": "", "position": ""}
    Listener.objects.filter(pk=one.pk).update(pseudonymised_at=timezone.now(), **bare)
    assert list(due(date(2050, 1, 1))) == []
    assert "merged" in objection_in_english(other, date(2050, 1, 1))


@pytest.mark.parametrize("many", [1, 3])
def test_page_takes_a_constant_number_of_queries(sign_in, administrator, edition, count_queries, many):
    old = factories.make_cohort(
        edition=edition, state=CohortState.CLOSED, starts_on=date(2016, 9, 5), ends_on=date(2016, 9, 23)
    )
    for _number in range(many):
        left(old)
    client = sign_in(administrator, "en")
    with count_queries() as seen:
        page = client.get("/admin/people/retention/")
    assert (page.content.decode().count("23.09.2021"), seen.count) == (many, 4)
