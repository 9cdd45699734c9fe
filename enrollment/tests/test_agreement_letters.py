"""Whoever is admitted hears once that the agreement waits."""

import pytest
from django.core import mail

from core import outbox
from core.models import Message
from enrollment import agreeing, agreement_letters
from enrollment.admission import admit
from enrollment.models import AgreementText, CohortState, EnrolmentState
from enrollment.tasks import tell_agreements
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(db):  # type: ignore[no-untyped-def]
    user = factories.UserFactory(
        email="newcomer@example.kz", full_name="Ғабитова Ләззат", is_listener=True, language="ru"
    )
    return factories.ListenerFactory(user=user)


def test_admitted_person_hears_once_with_the_address(person, open_cohort, administrator, settings):
    (enrolment,) = admit(cohort=open_cohort, listeners=[person], by=administrator)
    assert [agreement_letters.tell_waiting(), agreement_letters.tell_waiting()] == [1, 0]
    letter = Message.objects.get()
    assert (letter.kind, letter.thing, letter.recipient) == (
        "agreement",
        f"enrolment {enrolment.pk}",
        person.user.email,
    )
    assert f"{settings.PUBLIC_BASE_URL}/my/agreement/{enrolment.pk}/" in letter.body
    assert "Менеджмент в образовании" in letter.body
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert outbox.send_due() == 1
    assert mail.outbox[0].to == [person.user.email]


def test_who_has_agreed_hears_nothing(person, open_cohort, administrator):
    (enrolment,) = admit(cohort=open_cohort, listeners=[person], by=administrator)
    agreeing.record_paper_agreements(
        enrolments=[enrolment], dated_on=open_cohort.starts_on, number="1", by=administrator
    )
    tell_agreements()
    assert Message.objects.count() == 0


@pytest.mark.parametrize("state", [EnrolmentState.APPLIED, EnrolmentState.REFUSED, EnrolmentState.WITHDRAWN])
def test_who_is_not_admitted_hears_nothing(person, open_cohort, state):
    factories.make_enrolment(cohort=open_cohort, listener=person, state=state, agreed=False)
    assert agreement_letters.tell_waiting() == 0


def test_closed_account_closed_cohort_and_missing_text_are_left_in_peace(person, open_cohort, edition):
    factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.ADMITTED, agreed=False)  # without an account
    over = factories.make_cohort(edition=edition, code="OVER", state=CohortState.CANCELLED)
    factories.make_enrolment(cohort=over, listener=person, state=EnrolmentState.ADMITTED, agreed=False)
    assert agreement_letters.tell_waiting() == 0
    factories.make_enrolment(cohort=open_cohort, listener=person, state=EnrolmentState.ADMITTED, agreed=False)
    person.user.is_active = False
    person.user.save()
    assert agreement_letters.tell_waiting() == 0
    person.user.is_active = True
    person.user.save()
    AgreementText.objects.all().delete()
    assert agreement_letters.tell_waiting() == 0


@pytest.mark.parametrize("many", [1, 3])
def test_looking_again_asks_three_queries(open_cohort, many, count_queries):
    for _ in range(many):
        user = factories.UserFactory(is_listener=True)
        factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.ADMITTED, agreed=False, user=user)
    agreement_letters.tell_waiting()
    with count_queries() as seen:
        assert agreement_letters.tell_waiting() == 0
    assert seen.count == 3
