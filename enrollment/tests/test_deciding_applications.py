"""What administrators decide about applications."""

import pytest

from core.errors import Refused
from core.identifiers import invented_iin
from core.models import Message
from core.states import move
from enrollment import deciding_applications as deciding
from enrollment.admission import admit
from enrollment.models import Application, CohortState, Employer, Enrolment, EnrolmentState, Listener
from tests import factories

pytestmark = pytest.mark.django_db
IIN = invented_iin(900_001)


def applied(cohort, count=1, **fields):  # type: ignore[no-untyped-def]
    return [factories.make_application(cohort=cohort, **fields).enrolment for _person in range(count)]


def told(kind):  # type: ignore[no-untyped-def]
    return Message.objects.filter(kind=f"application-{kind}").count()


def states(*enrolments):  # type: ignore[no-untyped-def]
    return [Enrolment.objects.get(pk=one.pk).state for one in enrolments]


# --- Admitting ------------------------------------------------------------------------------------


def test_admit_gives_places_and_puts_the_rest_on_the_waiting_list(open_cohort, administrator):
    people = applied(open_cohort, 5)
    decided = deciding.admit_applicants(enrolments=people[::-1], by=administrator)
    assert (decided.admitted, decided.waiting) == (people[:3], people[3:])
    assert states(*people) == ["admitted"] * 3 + ["waiting"] * 2
    assert (told("admitted"), told("waiting")) == (3, 2)
    assert people[0].audit_trail()[0].by == administrator


def test_admit_again_changes_nothing_and_tells_nobody(open_cohort, administrator):
    people = applied(open_cohort, 5)
    deciding.admit_applicants(enrolments=people, by=administrator)
    again = deciding.admit_applicants(enrolments=people, by=administrator)
    assert (again.admitted, again.waiting) == ([], people[3:])
    assert (told("admitted"), told("waiting"), Message.objects.count()) == (3, 2, 10)


def test_admit_serves_who_waits_before_who_has_just_applied(open_cohort, administrator):
    people = applied(open_cohort, 4)
    deciding.admit_applicants(enrolments=people, by=administrator)
    move(people[0], EnrolmentState.WITHDRAWN, by=None)
    late = applied(open_cohort)
    decided = deciding.admit_applicants(enrolments=late, by=administrator)
    assert (decided.admitted, decided.waiting, states(people[3])) == ([], late, ["admitted"])


def test_admit_refuses_another_name_under_the_iin_until_it_is_settled(open_cohort, administrator):
    factories.ListenerFactory(iin=IIN, surname="Бекенова", given_name="Гүлнәр", patronymic="")
    people = [*applied(open_cohort), *applied(open_cohort, iin=IIN, surname="Әлімова")]
    for refusing in (
        lambda: deciding.admit_applicants(enrolments=people, by=administrator),
        lambda: deciding.put_on_waiting_list(enrolments=people, by=administrator),
        lambda: admit(cohort=open_cohort, listeners=[people[1].listener], by=administrator),
    ):
        with pytest.raises(Refused, match="another name under their IIN: Бекенова Гүлнәр"):
            refusing()
    assert states(*people) == ["applied", "applied"]
    application = people[1].applications.get()
    with pytest.raises(Refused, match="Say how you know"):
        deciding.settle_name(application=application, reason=" ", by=administrator)
    deciding.settle_name(application=application, reason="Married in May, certificate seen", by=administrator)
    deciding.admit_applicants(enrolments=people, by=administrator)
    assert states(*people) == ["admitted", "admitted"]
    assert Listener.objects.get(iin_digest=application.iin_digest).surname == "Бекенова"


def test_admit_refuses_who_takes_part_in_another_cohort_of_the_edition(edition, open_cohort, administrator):
    one, other = applied(open_cohort, 2)
    elsewhere = factories.make_cohort(edition=edition, code="OTHER-1")
    factories.make_enrolment(cohort=elsewhere, listener=other.listener, state=EnrolmentState.ADMITTED)
    with pytest.raises(Refused, match=r"another cohort of this programme already: .* · OTHER-1"):
        deciding.admit_applicants(enrolments=[one, other], by=administrator)
    assert states(one, other) == ["applied", "applied"]


def test_admit_refuses_who_asks_no_longer(open_cohort, administrator):
    one, gone = applied(open_cohort, 2)
    move(gone, EnrolmentState.WITHDRAWN, by=None)
    with pytest.raises(Refused, match="do not ask for a place any more"):
        deciding.admit_applicants(enrolments=[one, gone], by=administrator)
    assert states(one) == ["applied"]


def test_admit_refuses_a_cohort_that_takes_nobody(open_cohort, administrator):
    people = applied(open_cohort)
    move(open_cohort, CohortState.CANCELLED, by=None)
    with pytest.raises(Refused, match="open or running"):
        deciding.admit_applicants(enrolments=people, by=administrator)


def test_admit_refuses_nobody(administrator):
    with pytest.raises(Refused, match="at least one"):
        deciding.admit_applicants(enrolments=[], by=administrator)


def test_admit_decides_several_cohorts_or_none(edition, open_cohort, administrator):
    other = factories.make_cohort(edition=edition, code="OTHER-1")
    people = [*applied(open_cohort), *applied(other)]
    deciding.admit_applicants(enrolments=people, by=administrator)
    assert states(*people) == ["admitted", "admitted"]


def test_admit_takes_consent_and_employer_into_the_register(open_cohort, administrator):
    factories.ListenerFactory(iin=IIN, surname="Әлімов", given_name="Айбек", patronymic="", employer=None)
    names = {"surname": "Әлімов", "given_name": "Айбек", "patronymic": ""}
    people = applied(open_cohort, iin=IIN, employer_name="№ 99 мектеп", **names)
    deciding.admit_applicants(enrolments=people, by=administrator)
    listener = Listener.objects.get()
    application = Application.objects.get()
    assert (listener.employer.name, listener.consent) == ("№ 99 мектеп", application.consent)
    assert listener.email != application.email


def test_admit_makes_each_new_employer_once(open_cohort, administrator):
    people = applied(open_cohort, 2, employer_name="№ 99 мектеп")
    deciding.admit_applicants(enrolments=people, by=administrator)
    assert Employer.objects.count() == 1


@pytest.mark.parametrize("many", [1, 3])
def test_admit_of_one_from_the_register_tells_the_applicant(open_cohort, administrator, many):
    people = applied(open_cohort, many)
    admit(cohort=open_cohort, listeners=[one.listener for one in people], by=administrator)
    admit(cohort=open_cohort, listeners=[one.listener for one in people], by=administrator)
    assert told("admitted") == many


# --- The waiting list, refusing -------------------------------------------------------------------


def test_waiting_list_refuses_while_there_is_a_free_place(open_cohort, administrator):
    people = applied(open_cohort)
    with pytest.raises(Refused, match="has a free place"):
        deciding.put_on_waiting_list(enrolments=people, by=administrator)
    for _person in range(3):
        factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.ADMITTED)
    for _twice in range(2):
        assert deciding.put_on_waiting_list(enrolments=people, by=administrator) == people
    assert (states(*people), told("waiting")) == (["waiting"], 1)


def test_refuse_tells_the_reason_once(open_cohort, administrator):
    people = applied(open_cohort, 2)
    with pytest.raises(Refused, match="Say why"):
        deciding.refuse_applicants(enrolments=people, reason="  ", by=administrator)
    for _twice in range(2):
        deciding.refuse_applicants(enrolments=people, reason=" Not the head of a school ", by=administrator)
    assert (states(*people), told("refused")) == (["refused", "refused"], 2)
    assert "Reason: Not the head of a school" in Message.objects.filter(kind="application-refused").first().body


def test_refuse_refuses_who_has_a_place(open_cohort, administrator):
    one, admitted = applied(open_cohort, 2)
    move(admitted, EnrolmentState.ADMITTED, by=None)
    with pytest.raises(Refused, match="do not ask for a place any more"):
        deciding.refuse_applicants(enrolments=[one, admitted], reason="x", by=administrator)
    assert states(one) == ["applied"]


# --- Differences and held ones --------------------------------------------------------------------


def test_differences_are_taken_over_one_by_one(open_cohort, administrator):
    known = factories.ListenerFactory(iin=IIN, surname="Әлімов", given_name="Айбек", patronymic="", phone="+7 1 11 11")
    names = {"surname": "Әлімов", "given_name": "Айбек", "patronymic": ""}
    factories.make_application(cohort=open_cohort, iin=IIN, email="new@example.kz", position="завуч", **names)
    application = Application.objects.get()
    assert [one.name for one in deciding.differences(application)] == ["position", "email", "phone", "employer"]
    deciding.take_over(application=application, names=["email", "employer"], by=administrator)
    known.refresh_from_db()
    assert (known.email, known.position, known.employer.name) == (
        "new@example.kz", "директор", application.employer_name,
    )  # fmt: skip
    application = Application.objects.get()
    assert [one.name for one in deciding.differences(application)] == ["position", "phone"]
    assert known.history.count() == 2


@pytest.mark.parametrize("names", [[], ["email"]])
def test_take_over_refuses_nothing_chosen_and_another_name(open_cohort, administrator, names):
    factories.ListenerFactory(iin=IIN, surname="Бекенова")
    factories.make_application(cohort=open_cohort, iin=IIN, surname="Әлімов")
    with pytest.raises(Refused):
        deciding.take_over(application=Application.objects.get(), names=names, by=administrator)


@pytest.fixture
def held(open_cohort):  # type: ignore[no-untyped-def]
    listener = factories.ListenerFactory(iin=IIN)
    factories.make_enrolment(cohort=open_cohort, listener=listener, state=EnrolmentState.WITHDRAWN)
    factories.make_enrolment(
        cohort=factories.make_cohort(edition=open_cohort.edition, code="OTHER-1"),
        listener=listener,
        state=EnrolmentState.APPLIED,
    )
    return factories.make_application(cohort=open_cohort, iin=IIN, email="new@example.kz")


def test_held_application_counts_when_an_administrator_says_so(held, administrator):
    assert [str(one.cohort) for one in deciding.hold_of(held)] == ["OTHER-1", "OPEN-1"]
    deciding.let_count(application=held, by=administrator)
    held.refresh_from_db()
    assert (held.enrolment.state, held.enrolment.listener.iin) == (EnrolmentState.APPLIED, IIN)
    with pytest.raises(Refused, match="does not wait"):
        deciding.let_count(application=held, by=administrator)


def test_held_application_is_set_aside_with_a_reason(held, administrator):
    with pytest.raises(Refused, match="Say why"):
        deciding.set_aside(application=held, reason="", by=administrator)
    deciding.set_aside(application=held, reason="Not from this person", by=administrator)
    with pytest.raises(Refused, match="does not wait"):
        deciding.set_aside(application=held, reason="Not from this person", by=administrator)
    held.refresh_from_db()
    assert (held.set_aside_by, held.enrolment, told("refused")) == (administrator, None, 1)


def test_held_application_falls_with_its_cohort(held, administrator):
    from enrollment.cohorts import cancel

    cancel(cohort=held.cohort, reason="Too few people", by=administrator)
    held.refresh_from_db()
    assert (held.set_aside_reason, told("cancelled")) == ("Too few people", 1)
