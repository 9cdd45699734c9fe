"""Into a cohort and out of it."""

import pytest

from core.errors import MoveRefused, Refused
from core.models import AuditEntry
from enrollment.admission import CohortFull, admit, withdraw
from enrollment.models import CohortState, Enrolment, EnrolmentState
from tests import factories

pytestmark = pytest.mark.django_db


def people(count):  # type: ignore[no-untyped-def]
    return [factories.ListenerFactory() for _person in range(count)]


def test_admit_gives_places_in_the_order_asked(open_cohort, administrator):
    asked = people(3)
    admitted = admit(cohort=open_cohort, listeners=asked, by=administrator)
    assert [enrolment.listener for enrolment in admitted] == asked
    assert {enrolment.state for enrolment in admitted} == {EnrolmentState.ADMITTED}
    entries = AuditEntry.objects.filter(model="enrollment.Enrolment")
    assert list(entries.values_list("from_state", "to_state", "by")) == [("", "admitted", administrator.pk)] * 3


def test_admit_refuses_one_more_than_the_places(open_cohort, administrator):
    with pytest.raises(CohortFull, match="has 3 places, 0 of them taken; 4 more do not fit"):
        admit(cohort=open_cohort, listeners=people(4), by=administrator)
    assert Enrolment.objects.count() == 0


def test_admit_twice_gives_the_same_enrolments(open_cohort, administrator):
    asked = people(3)
    first = admit(cohort=open_cohort, listeners=asked, by=administrator)
    assert admit(cohort=open_cohort, listeners=[*asked, *asked], by=administrator) == first
    assert Enrolment.objects.count() == 3


def test_admit_turns_an_application_into_a_place(open_cohort, administrator):
    applied = factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.APPLIED)
    assert admit(cohort=open_cohort, listeners=[applied.listener], by=administrator) == [applied]
    applied.refresh_from_db()
    assert applied.state == EnrolmentState.ADMITTED


def test_admit_counts_applications_against_the_places(open_cohort, administrator):
    applied = factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.APPLIED)
    with pytest.raises(CohortFull):
        admit(cohort=open_cohort, listeners=[applied.listener, *people(3)], by=administrator)


def test_admit_refuses_who_left_this_cohort(open_cohort, administrator):
    gone = factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.WITHDRAWN, surname="Әлімов", patronymic="")
    with pytest.raises(Refused, match=r"left this cohort .*: Әлімов"):
        admit(cohort=open_cohort, listeners=[gone.listener], by=administrator)


def test_admit_gives_the_place_of_who_left_to_somebody_else(open_cohort, administrator):
    first, *_others = admit(cohort=open_cohort, listeners=people(3), by=administrator)
    withdraw(enrolment=first, reason="Illness", by=administrator)
    assert len(admit(cohort=open_cohort, listeners=people(1), by=administrator)) == 1


@pytest.mark.parametrize(
    "state", [CohortState.PLANNED, CohortState.ASSESSING, CohortState.CLOSED, CohortState.CANCELLED]
)
def test_admit_refuses_cohort_that_takes_nobody(edition, administrator, state):
    cohort = factories.make_cohort(edition=edition, state=state)
    with pytest.raises(Refused, match="open or running"):
        admit(cohort=cohort, listeners=people(1), by=administrator)


@pytest.mark.parametrize("many", [1, 600])
def test_admit_asks_the_same_number_of_queries(edition, administrator, many, count_queries, monkeypatch):
    """Few or many people, the database is asked as often (statements that write grow with batches)."""
    cohort = factories.make_cohort(edition=edition, state=CohortState.OPEN, capacity=1000)
    template = factories.ListenerFactory()
    listeners = [template] if many == 1 else _clones(template, many)
    with count_queries() as seen:
        admit(cohort=cohort, listeners=listeners, by=administrator)
    assert len([sql for sql in seen.statements if sql.startswith("SELECT")]) == 5


def _clones(template, many):  # type: ignore[no-untyped-def]
    from core.identifiers import invented_iin
    from enrollment.models import Listener

    clones = []
    for serial in range(many):
        clone = Listener(surname=template.surname, given_name=template.given_name)
        clone.set_iin(invented_iin(10_000 + serial))
        clone.set_keys()
        clones.append(clone)
    return Listener.objects.bulk_create(clones)


def test_admit_refuses_who_takes_part_in_another_cohort_of_the_edition(open_cohort, cohort, administrator):
    elsewhere = factories.make_enrolment(cohort=cohort, surname="Өтеген", given_name="Ерлан", patronymic="")
    with pytest.raises(Refused, match=r"another cohort of this programme already: Өтеген Ерлан · K-2026-1"):
        admit(cohort=open_cohort, listeners=[elsewhere.listener, *people(1)], by=administrator)
    assert open_cohort.enrolments.count() == 0


@pytest.mark.parametrize("state", [EnrolmentState.COMPLETED, EnrolmentState.NOT_PASSED, EnrolmentState.EXPELLED])
def test_admit_takes_who_is_done_with_another_cohort(open_cohort, cohort, administrator, state):
    before = factories.make_enrolment(cohort=cohort, state=state)
    assert len(admit(cohort=open_cohort, listeners=[before.listener], by=administrator)) == 1


def test_withdraw_keeps_the_reason(open_cohort, administrator):
    enrolment = factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.ADMITTED)
    withdraw(enrolment=enrolment, reason=" Moved away ", by=administrator)
    assert enrolment.state == EnrolmentState.WITHDRAWN
    assert enrolment.audit_trail()[0].reason == "Moved away"


def test_withdraw_refuses_without_reason(open_cohort, administrator):
    enrolment = factories.make_enrolment(cohort=open_cohort)
    with pytest.raises(Refused, match="Say why"):
        withdraw(enrolment=enrolment, reason=" ", by=administrator)


def test_withdraw_refuses_who_has_an_outcome(cohort, administrator):
    enrolment = factories.make_enrolment(cohort=cohort, state=EnrolmentState.COMPLETED)
    with pytest.raises(MoveRefused):
        withdraw(enrolment=enrolment, reason="x", by=administrator)


@pytest.mark.parametrize("state", [EnrolmentState.ENROLLED, EnrolmentState.DEFERRED])
def test_withdraw_refuses_who_was_enrolled_by_an_order(open_cohort, administrator, state):
    enrolment = factories.make_enrolment(cohort=open_cohort, state=state)
    with pytest.raises(Refused, match="leaves by an order"):
        withdraw(enrolment=enrolment, reason="x", by=administrator)


def test_withdraw_refuses_closed_cohort(edition, administrator):
    cohort = factories.make_cohort(edition=edition, state=CohortState.CLOSED)
    enrolment = factories.make_enrolment(cohort=cohort, state=EnrolmentState.ADMITTED)
    with pytest.raises(Refused, match="cohort is closed"):
        withdraw(enrolment=enrolment, reason="x", by=administrator)
