"""Several act on applications at the same moment: a full cohort stays full, each letter is written once."""

from functools import partial

import pytest

from core.identifiers import invented_iin
from core.models import Message
from enrollment import applying, waiting
from enrollment.admission import withdraw
from enrollment.cohorts import cancel
from enrollment.deciding_applications import admit_applicants
from enrollment.models import Application, Enrolment, EnrolmentState, Listener
from enrollment.tests.test_capacity_race import all_at_once
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def told(kind):  # type: ignore[no-untyped-def]
    return Message.objects.filter(kind=f"application-{kind}").count()


@pytest.fixture
def applied(edition, consent, administrator):  # type: ignore[no-untyped-def]
    """Six applications to a cohort of three places."""
    cohort = factories.make_cohort(edition=edition, code="RACE-1", capacity=3)
    return [factories.make_application(cohort=cohort).enrolment for _person in range(6)]


def test_two_administrators_admitting_at_once_never_overfill(applied, administrator):
    halves = (applied[:4], applied[2:])
    results = all_at_once([partial(admit_applicants, enrolments=half, by=administrator) for half in halves])
    assert [type(result).__name__ for result in results] == ["Decided", "Decided"]
    states = sorted(Enrolment.objects.values_list("state", flat=True))
    assert states == ["admitted"] * 3 + ["waiting"] * 3
    assert (told("admitted"), told("waiting")) == (3, 3)


def test_freed_places_are_given_once_when_several_look_at_once(applied, administrator):
    admit_applicants(enrolments=applied, by=administrator)
    seated = list(applied[0].cohort.enrolments.seated())
    withdrawals = [partial(withdraw, enrolment=one, reason="Illness", by=administrator) for one in seated[:2]]
    all_at_once([*withdrawals, *[waiting.advance_waiting] * 4])
    waiting.advance_waiting()
    assert sorted(Enrolment.objects.values_list("state", flat=True)) == (
        ["admitted"] * 3 + ["waiting"] + ["withdrawn"] * 2
    )
    assert told("admitted") == 5


def test_confirming_from_two_browsers_at_once_makes_one_enrolment(edition, consent):
    cohort = factories.make_cohort(edition=edition, code="RACE-1")
    application = factories.make_application(cohort=cohort, is_confirmed=False)
    results = all_at_once([partial(applying.confirm, application=application)] * 4)
    assert {type(result) for result in results} == {Application}
    assert (Enrolment.objects.count(), Listener.objects.count()) == (1, 1)
    assert Enrolment.objects.get().audit_trail().count() == 1


def test_confirming_two_cohorts_at_once_lets_one_count(edition, consent):
    iin = invented_iin(900_001)
    cohorts = [factories.make_cohort(edition=edition, code=f"RACE-{number}") for number in range(2)]
    both = [
        factories.make_application(cohort=cohort, is_confirmed=False, iin=iin, email="one@example.kz")
        for cohort in cohorts
    ]
    all_at_once([partial(applying.confirm, application=one) for one in both])
    assert (Listener.objects.count(), Enrolment.objects.count()) == (1, 1)


def test_admitting_one_person_to_two_cohorts_at_once_gives_one_place(edition, consent, administrator):
    cohorts = [factories.make_cohort(edition=edition, code=f"RACE-{number}") for number in range(2)]
    listener = factories.ListenerFactory()
    both = [factories.make_enrolment(cohort=one, listener=listener, state=EnrolmentState.APPLIED) for one in cohorts]
    all_at_once([partial(admit_applicants, enrolments=[one], by=administrator) for one in both])
    assert sorted(Enrolment.objects.values_list("state", flat=True)) == ["admitted", "applied"]


def test_taking_back_and_admitting_at_once_end_in_one_state(applied, administrator):
    application = applied[0].applications.get()
    all_at_once(
        [
            partial(applying.take_back, application=application),
            partial(admit_applicants, enrolments=[applied[0]], by=administrator),
        ]
    )
    applied[0].refresh_from_db()
    assert applied[0].state in ("withdrawn", "admitted")
    assert applied[0].cohort.enrolments.seated().count() <= 3


def test_the_same_form_sent_twice_at_once_is_one_application(edition, consent):
    cohort = factories.make_cohort(edition=edition, code="RACE-1")
    person = factories.applicant(1)
    send = partial(applying.submit, cohort=cohort, applicant=person, consent=consent, publication=False, language="kk")
    all_at_once([send] * 3)
    assert (Application.objects.count(), told("confirm")) == (1, 1)


def test_moving_on_while_somebody_confirms_leaves_nobody_undecided(edition, consent, administrator):
    cohort = factories.make_cohort(edition=edition, code="RACE-1")
    application = factories.make_application(cohort=cohort, is_confirmed=False)
    all_at_once(
        [
            partial(cancel, cohort=cohort, reason="Too few", by=administrator),
            partial(applying.confirm, application=application),
        ]
    )
    assert not Enrolment.objects.filter(state=EnrolmentState.APPLIED).exists()
