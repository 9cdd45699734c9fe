"""What applicants do: send in, confirm, take back."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.errors import Refused
from core.identifiers import invented_iin
from core.models import AuditEntry, Message
from core.states import move
from enrollment import applying
from enrollment.cohorts import cancel
from enrollment.group_applying import confirm_group
from enrollment.models import Application, CohortState, Employer, Enrolment, EnrolmentState, GroupApplication, Listener
from tests import factories

pytestmark = pytest.mark.django_db
IIN = invented_iin(900_001)


def letters(kind="application-confirm"):  # type: ignore[no-untyped-def]
    return list(Message.objects.filter(kind=kind).order_by("id").values_list("recipient", flat=True))


def send(cohort, consent, **fields):  # type: ignore[no-untyped-def]
    return applying.submit(
        cohort=cohort, applicant=factories.applicant(1, **fields), consent=consent, publication=True, language="ru"
    )


# --- Sending in -----------------------------------------------------------------------------------


def test_submit_keeps_what_was_written_and_counts_for_nothing(open_cohort, consent):
    application = send(open_cohort, consent, iin=IIN, surname="Әлімов")
    stored = Application.objects.get()
    assert (stored.surname, stored.iin, stored.language, stored.consent) == ("Әлімов", IIN, "ru", consent)
    assert (stored.publication_consented, stored.confirmed_at, stored.enrolment) == (True, None, None)
    assert IIN not in stored.iin_sealed
    assert (Listener.objects.count(), Enrolment.objects.count()) == (0, 0)
    assert letters() == [application.email]


def test_submit_asks_the_same_of_the_database_whether_the_person_is_known(open_cohort, consent, count_queries):
    factories.ListenerFactory(iin=IIN)
    seen = []
    for iin in (IIN, invented_iin(900_002)):
        with count_queries() as counted:
            send(open_cohort, consent, iin=iin, email=f"{iin[-4:]}@example.kz")
        seen.append(counted.statements)
    assert [len(statements) for statements in seen] == [len(seen[0])] * 2
    assert not any("enrollment_listener" in sql for statements in seen for sql in statements)


def test_submit_again_within_minutes_is_the_same_wish(open_cohort, consent):
    with time_machine.travel("2026-09-01T10:00:00+05:00", tick=False) as clock:
        first = send(open_cohort, consent, iin=IIN, phone="1111111")
        clock.shift(timedelta(minutes=9))
        again = send(open_cohort, consent, iin=IIN, phone="2222222")
        assert (again.pk, Application.objects.get().phone, len(letters())) == (first.pk, "2222222", 1)
        clock.shift(timedelta(minutes=2))
        later = send(open_cohort, consent, iin=IIN)
    assert (later.pk != first.pk, len(letters())) == (True, 2)


@pytest.mark.parametrize("state", [state for state in CohortState if state != CohortState.OPEN])
def test_submit_refuses_a_cohort_that_takes_no_applications(edition, consent, state):
    cohort = factories.make_cohort(edition=edition, state=state)
    with pytest.raises(Refused, match="not taken any more"):
        send(cohort, consent)
    assert Application.objects.count() == 0


# --- Confirming -----------------------------------------------------------------------------------


def test_confirm_makes_listener_and_enrolment(open_cohort, consent):
    school = factories.EmployerFactory()
    application = send(open_cohort, consent, iin=IIN, employer_bin=school.bin, employer_name="Other words")
    with time_machine.travel("2026-09-01T23:30:00+00:00", tick=False):
        applying.confirm(application=application)
    application.refresh_from_db()
    enrolment = Enrolment.objects.get()
    listener = enrolment.listener
    assert (application.enrolment, enrolment.state, enrolment.cohort) == (enrolment, "applied", open_cohort)
    assert (listener.iin, listener.full_name, listener.email) == (IIN, application.full_name, application.email)
    assert (listener.employer, listener.consent, listener.consented_on) == (school, consent, date(2026, 9, 2))
    assert listener.publication_consented is True
    assert [entry.to_state for entry in enrolment.audit_trail()] == ["applied"]


def test_confirm_makes_no_employer(open_cohort, consent):
    applying.confirm(application=send(open_cohort, consent, employer_name="Unheard of"))
    assert (Employer.objects.count(), Listener.objects.get().employer) == (0, None)


def test_confirm_twice_changes_nothing(open_cohort, consent):
    application = send(open_cohort, consent)
    first = applying.confirm(application=application)
    again = applying.confirm(application=application)
    assert (again.confirmed_at, Enrolment.objects.count(), AuditEntry.objects.filter(to_state="applied").count()) == (
        first.confirmed_at, 1, 1,
    )  # fmt: skip


def test_confirm_never_overwrites_what_the_register_knows(open_cohort, consent):
    known = factories.ListenerFactory(iin=IIN, surname="Әлімов", email="old@example.kz", phone="1", consent=None)
    applying.confirm(
        application=send(
            open_cohort, consent, iin=IIN, surname="Алимов", given_name=known.given_name, patronymic=known.patronymic
        )
    )
    stored = Listener.objects.get()
    assert (stored.surname, stored.email, stored.phone, stored.consent) == ("Әлімов", "old@example.kz", "1", None)
    assert Application.objects.get().name_differs is False


def test_confirm_with_another_name_under_the_iin_is_flagged(open_cohort, consent):
    factories.ListenerFactory(iin=IIN, surname="Бекенова", given_name="Гүлнәр")
    applying.confirm(application=send(open_cohort, consent, iin=IIN, surname="Әлімов", given_name="Айбек"))
    application = Application.objects.get()
    assert (application.name_differs, application.enrolment.state) == (True, "applied")
    assert Listener.objects.get().surname == "Бекенова"


def test_confirm_of_a_merged_entry_goes_to_the_one_that_is_used(open_cohort, consent):
    used = factories.ListenerFactory()
    factories.ListenerFactory(iin=IIN, merged_into=used)
    applying.confirm(application=send(open_cohort, consent, iin=IIN))
    assert Enrolment.objects.get().listener == used


def test_confirm_second_application_of_the_same_person_joins_the_first(open_cohort, consent):
    with time_machine.travel("2026-09-01T10:00:00+05:00", tick=False) as clock:
        first = applying.confirm(application=send(open_cohort, consent, iin=IIN))
        clock.shift(timedelta(hours=1))
        second = applying.confirm(application=send(open_cohort, consent, iin=IIN))
    assert (second.pk != first.pk, second.enrolment) == (True, first.enrolment)
    assert Enrolment.objects.count() == 1


def test_confirm_by_another_email_of_who_is_here_already_is_held(open_cohort, consent):
    listener = factories.ListenerFactory(iin=IIN, email="theirs@example.kz")
    factories.make_enrolment(cohort=open_cohort, listener=listener, state=EnrolmentState.ADMITTED)
    application = applying.confirm(application=send(open_cohort, consent, iin=IIN, email="mallory@example.kz"))
    assert (application.enrolment, application.confirmed_at is None) == (None, False)
    assert list(Application.objects.held()) == [application]


@pytest.mark.parametrize("state", [EnrolmentState.APPLIED, EnrolmentState.WAITING, EnrolmentState.ADMITTED])
def test_confirm_refuses_who_is_in_another_open_cohort_of_the_edition(edition, open_cohort, consent, state):
    other = factories.make_cohort(edition=edition, code="OTHER-1")
    listener = factories.ListenerFactory(iin=IIN, email="theirs@example.kz")
    factories.make_enrolment(cohort=other, listener=listener, state=state)
    application = send(open_cohort, consent, iin=IIN, email="theirs@example.kz")
    with pytest.raises(Refused, match=r"another cohort of this programme.*: OTHER-1"):
        applying.confirm(application=application)
    application.refresh_from_db()
    assert (application.confirmed_at, open_cohort.enrolments.count()) == (None, 0)


def test_confirm_by_another_email_of_who_is_in_another_cohort_is_held(edition, open_cohort, consent):
    other = factories.make_cohort(edition=edition, code="OTHER-1")
    factories.make_enrolment(cohort=other, listener=factories.ListenerFactory(iin=IIN), state=EnrolmentState.ADMITTED)
    assert applying.confirm(application=send(open_cohort, consent, iin=IIN, email="x@example.kz")).enrolment is None


def test_confirm_allows_another_cohort_when_the_first_is_over(edition, open_cohort, consent):
    over = factories.make_cohort(edition=edition, code="OVER-1", state=CohortState.CLOSED)
    listener = factories.ListenerFactory(iin=IIN)
    factories.make_enrolment(cohort=over, listener=listener, state=EnrolmentState.COMPLETED)
    assert applying.confirm(application=send(open_cohort, consent, iin=IIN)).enrolment.state == "applied"


def test_confirm_opens_again_what_was_taken_back(open_cohort, consent):
    with time_machine.travel("2026-09-01T10:00:00+05:00", tick=False) as clock:
        first = applying.confirm(application=send(open_cohort, consent, iin=IIN))
        applying.take_back(application=first)
        clock.shift(timedelta(hours=1))
        second = applying.confirm(application=send(open_cohort, consent, iin=IIN))
    assert [entry.to_state for entry in second.enrolment.audit_trail()] == ["applied", "withdrawn", "applied"]


def test_confirm_refuses_a_cancelled_cohort(open_cohort, consent, administrator):
    application = send(open_cohort, consent)
    cancel(cohort=open_cohort, reason="Too few", by=administrator)
    with pytest.raises(Refused, match="not taken any more"):
        applying.confirm(application=application)
    assert Listener.objects.count() == 0


def test_confirm_of_a_list_needs_the_consent(open_cohort, consent):
    application = factories.make_group(cohort=open_cohort).applications.first()
    with pytest.raises(Refused, match="tick that you agree"):
        applying.confirm(application=application)
    confirmed = applying.confirm(application=application, consent=consent, publication=True)
    assert (confirmed.consent, confirmed.publication_consented, confirmed.enrolment.state) == (consent, True, "applied")


def test_confirmed_application_is_frozen(open_cohort, consent):
    application = applying.confirm(application=send(open_cohort, consent))
    application.surname = "Other"
    with pytest.raises(IntegrityError), transaction.atomic():
        application.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=application.pk).delete()
    consent.text_kk = "Other"
    with pytest.raises(IntegrityError), transaction.atomic():
        consent.save()


# --- Taking back ----------------------------------------------------------------------------------


def test_take_back_erases_what_was_not_confirmed(open_cohort, consent):
    applying.take_back(application=send(open_cohort, consent))
    assert Application.objects.count() == 0


@pytest.mark.parametrize("state", [EnrolmentState.APPLIED, EnrolmentState.WAITING, EnrolmentState.ADMITTED])
def test_take_back_frees_the_place(open_cohort, consent, state):
    application = applying.confirm(application=send(open_cohort, consent))
    if state != EnrolmentState.APPLIED:
        move(application.enrolment, state, by=None, waiting_since=timezone.now())
    for _twice in range(2):
        applying.take_back(application=application)
    enrolment = Enrolment.objects.get()
    assert (enrolment.state, enrolment.audit_trail().filter(to_state="withdrawn").count()) == ("withdrawn", 1)


def test_take_back_refuses_who_is_enrolled_by_an_order(open_cohort, consent):
    listener = factories.ListenerFactory(iin=IIN, email="theirs@example.kz")
    factories.make_enrolment(cohort=open_cohort, listener=listener)
    application = applying.confirm(application=send(open_cohort, consent, iin=IIN, email="theirs@example.kz"))
    with pytest.raises(Refused, match="you leave by an order"):
        applying.take_back(application=application)
    assert Enrolment.objects.get().state == EnrolmentState.ENROLLED


def test_take_back_of_a_held_one_sets_it_aside(open_cohort, consent):
    factories.make_enrolment(cohort=open_cohort, listener=factories.ListenerFactory(iin=IIN))
    application = applying.confirm(application=send(open_cohort, consent, iin=IIN))
    applying.take_back(application=application)
    application.refresh_from_db()
    assert (application.set_aside_at is None, application.set_aside_by) == (False, None)
    assert Application.objects.to_decide().count() == 0


# --- Erasing --------------------------------------------------------------------------------------


def test_erase_takes_what_nobody_confirmed_in_seven_days(open_cohort, consent):
    with time_machine.travel("2026-09-01T10:00:00+05:00", tick=False) as clock:
        kept = applying.confirm(application=send(open_cohort, consent, email="kept@example.kz"))
        send(open_cohort, consent, email="forgotten@example.kz")
        unsent = factories.make_group(cohort=open_cohort, is_confirmed=False)
        group = factories.make_group(cohort=open_cohort, is_confirmed=False)
        clock.shift(timedelta(days=6))
        confirm_group(group=group)
        assert applying.erase_unconfirmed() == 0
        clock.shift(timedelta(days=1, seconds=1))
        applying.erase_unconfirmed()
        assert set(Application.objects.values_list("email", "group")) == {
            (kept.email, None), *group.applications.values_list("email", "group"),
        }  # fmt: skip
        assert not GroupApplication.objects.filter(pk=unsent.pk).exists()
        clock.shift(timedelta(days=6))
        applying.erase_unconfirmed()
    assert (list(Application.objects.all()), GroupApplication.objects.count()) == ([kept], 0)
