"""Lists of listeners held against the register, and taken in whole or not at all."""

from datetime import date

import pytest

from core.errors import Refused
from core.models import AuditEntry
from enrollment.admission import withdraw
from enrollment.importing import Fate, ImportRefused, apply_import, plan_import
from enrollment.models import CohortState, Employer, Enrolment, EnrolmentState, Listener
from enrollment.tests.lists import bin_, iin, row, workbook
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("consent")]
DAY = date(2026, 9, 1)


def take(cohort, *rows, by):  # type: ignore[no-untyped-def]
    plan = plan_import(cohort, workbook(*rows), "list.xlsx")
    return apply_import(cohort=cohort, plan=plan, by=by, consented_on=DAY)


def sentences(plan):  # type: ignore[no-untyped-def]
    return [complaint.sentence for planned in plan.rows for complaint in planned.complaints]


def known(serial, **fields):  # type: ignore[no-untyped-def]
    values = {"surname": "Әлімов", "given_name": "Айбек", "patronymic": "Серікұлы", "iin": iin(serial)}
    return factories.ListenerFactory(**values | fields)


def test_plan_writes_nothing(open_cohort):
    plan = plan_import(open_cohort, workbook(row(1), row(2)), "list.xlsx")
    assert plan.counts() == {"new": 2, "known": 0, "here": 0, "bad": 0, "changed": 0}
    assert plan.ok
    assert (Listener.objects.count(), Employer.objects.count(), Enrolment.objects.count()) == (0, 0, 0)


def test_apply_makes_employers_listeners_and_places(open_cohort, administrator, consent):
    done = take(open_cohort, row(1), row(2, bin=bin_(1), employer="№ 1 мектеп"), by=administrator)
    assert (done.new, done.changed, done.admitted) == (2, 0, 2)
    assert list(Employer.objects.values_list("name", "bin")) == [("№ 1 мектеп", bin_(1))]
    listener = Listener.objects.with_iin(iin(1)).get()
    assert (listener.full_name, listener.email, listener.phone) == (
        "Әлімовб Айбек Серікұлы", "person1@example.kz", "+7 701 000 00 00",
    )  # fmt: skip
    assert (listener.iin, listener.consent, listener.consented_on) == (iin(1), consent, DAY)
    assert listener.history.get().history_user == administrator
    assert listener.employer.history.get().history_type == "+"
    enrolment = listener.enrolments.get()
    assert enrolment.state == EnrolmentState.ADMITTED
    entry = AuditEntry.objects.get(model="enrollment.Enrolment", object_id=enrolment.pk)
    assert (entry.to_state, entry.by, entry.reason) == ("admitted", administrator, "Imported from a list")


def test_apply_twice_does_nothing_the_second_time(open_cohort, administrator):
    take(open_cohort, row(1), row(2), by=administrator)
    before = [Listener.history.count(), Employer.history.count(), AuditEntry.objects.count()]
    done = take(open_cohort, row(1), row(2), by=administrator)
    assert (done.new, done.changed, done.admitted) == (0, 0, 0)
    assert [Listener.history.count(), Employer.history.count(), AuditEntry.objects.count()] == before


def test_apply_writes_nothing_when_one_row_is_bad(open_cohort, administrator):
    plan = plan_import(open_cohort, workbook(row(1), row(2, iin="1")), "list.xlsx")
    assert [planned.fate for planned in plan.rows] == [Fate.NEW, Fate.BAD]
    with pytest.raises(ImportRefused, match="Rows with mistakes: 1"):
        apply_import(cohort=open_cohort, plan=plan, by=administrator)
    assert (Listener.objects.count(), Employer.objects.count(), Enrolment.objects.count()) == (0, 0, 0)


def test_apply_refuses_more_people_than_places(open_cohort, administrator):
    rows = [row(serial) for serial in range(1, 5)]
    plan = plan_import(open_cohort, workbook(*rows), "list.xlsx")
    assert plan.complaints == ["The cohort OPEN-1 has 3 places, 0 of them taken; 4 more do not fit."]
    with pytest.raises(ImportRefused):
        apply_import(cohort=open_cohort, plan=plan, by=administrator)
    assert Listener.objects.count() == 0


def test_apply_judges_anew_what_changed_since_the_preview(open_cohort, administrator):
    plan = plan_import(open_cohort, workbook(row(1), row(2)), "list.xlsx")
    for _person in range(2):
        factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.ADMITTED)
    with pytest.raises(ImportRefused, match="2 more do not fit"):
        apply_import(cohort=open_cohort, plan=plan, by=administrator)
    assert not Listener.objects.with_iin(iin(1)).exists()


def test_plan_refuses_cohort_that_takes_nobody(edition):
    closed = factories.make_cohort(edition=edition, state=CohortState.CLOSED)
    assert "open or running" in plan_import(closed, workbook(row(1)), "list.xlsx").complaints[0]


def test_plan_refuses_an_empty_list(open_cohort):
    assert plan_import(open_cohort, workbook(), "list.xlsx").complaints == ["There is nobody in the list."]


def test_apply_refuses_without_a_consent_text(open_cohort, administrator, consent):
    plan = plan_import(open_cohort, workbook(row(1)), "list.xlsx")
    consent.delete()
    with pytest.raises(Refused, match="no consent text yet"):
        apply_import(cohort=open_cohort, plan=plan, by=administrator)


def test_known_listener_gets_new_contacts_and_keeps_the_name(open_cohort, administrator):
    listener = known(1, position="мұғалім", email="old@example.kz")
    plan = plan_import(open_cohort, workbook(row(1, surname="Алимов", phone="")), "list.xlsx")
    assert plan.rows[0].fate == Fate.KNOWN
    assert plan.rows[0].changes == {
        "position": ("мұғалім", "директор"),
        "email": ("old@example.kz", "person1@example.kz"),
        "employer": (listener.employer.name, "№ 1 мектеп"),
    }
    assert plan.rows[0].notices == ["The register writes the name “Әлімов Айбек Серікұлы”; that stays."]
    done = apply_import(cohort=open_cohort, plan=plan, by=administrator)
    listener.refresh_from_db()
    assert (done.new, done.changed, done.admitted) == (0, 1, 1)
    assert (listener.surname, listener.position, listener.employer.name) == ("Әлімов", "директор", "№ 1 мектеп")
    assert listener.history.first().history_user == administrator


def test_empty_cells_erase_nothing(open_cohort, administrator):
    listener = known(1, email="old@example.kz")
    empty = dict.fromkeys(["position", "email", "phone", "employer", "bin"], "")
    take(open_cohort, row(1, surname="Әлімов", **empty), by=administrator)
    listener.refresh_from_db()
    assert (listener.position, listener.email, listener.employer_id is not None) == ("директор", "old@example.kz", True)


def test_another_name_under_a_known_iin_is_a_mistake(open_cohort):
    known(1)
    plan = plan_import(open_cohort, workbook(row(1, surname="Өтеген")), "list.xlsx")
    assert sentences(plan) == [
        "The register has “Әлімов Айбек Серікұлы” under this IIN. If that is wrong, correct it on the listener's page; "
        "otherwise correct the list."
    ]


def test_a_list_may_leave_out_the_patronymic(open_cohort):
    known(1)
    assert plan_import(open_cohort, workbook(row(1, surname="Әлімов", patronymic="")), "list.xlsx").ok


def test_who_left_the_cohort_is_a_mistake(open_cohort, administrator):
    take(open_cohort, row(1), by=administrator)
    withdraw(enrolment=Enrolment.objects.get(), reason="x", by=administrator)
    assert "has left this cohort" in sentences(plan_import(open_cohort, workbook(row(1)), "list.xlsx"))[0]


def test_an_applicant_is_admitted(open_cohort, administrator):
    factories.make_enrolment(cohort=open_cohort, listener=known(1), state=EnrolmentState.APPLIED)
    take(open_cohort, row(1, surname="Әлімов"), by=administrator)
    assert Enrolment.objects.get().state == EnrolmentState.ADMITTED


def test_employer_is_found_by_bin_whatever_the_list_calls_it(open_cohort, administrator):
    school = factories.EmployerFactory(name="№ 1 мектеп-гимназия", bin=bin_(1))
    plan = plan_import(open_cohort, workbook(row(1)), "list.xlsx")
    assert plan.rows[0].notices == ["This BIN belongs to “№ 1 мектеп-гимназия”; that name stays."]
    take(open_cohort, row(1), by=administrator)
    assert Listener.objects.get().employer == school


@pytest.mark.parametrize("swapped", [False, True])
def test_employer_without_bin_is_the_namesake_of_the_list(open_cohort, administrator, swapped):
    rows = [row(1), row(2, employer="№ 1 МЕКТЕП", bin="")]
    take(open_cohort, *(reversed(rows) if swapped else rows), by=administrator)
    assert Employer.objects.get().bin == bin_(1)


def test_employer_of_an_ambiguous_name_is_a_mistake(open_cohort):
    for serial in (101, 102):
        factories.EmployerFactory(name="№ 1 мектеп", bin=bin_(serial))
    plan = plan_import(open_cohort, workbook(row(1, bin="")), "list.xlsx")
    assert sentences(plan) == ["Several employers are called “№ 1 мектеп”: give the BIN."]
    assert plan.rows[0].complaints[0].heading == "БСН"


def test_new_bin_without_a_name_is_a_mistake(open_cohort):
    plan = plan_import(open_cohort, workbook(row(1, employer="")), "list.xlsx")
    assert sentences(plan) == ["No employer with this BIN is in the register yet: give the name too."]


def test_lost_zeros_come_back(open_cohort, administrator):
    from core.identifiers import check_digit

    whole = "05011510123"
    whole += str(check_digit(whole))
    take(open_cohort, row(1, iin=whole[1:]), by=administrator)
    assert Listener.objects.get().iin == whole


@pytest.mark.parametrize("many", [1, 20])
def test_plan_asks_the_same_number_of_queries(edition, many, count_queries):
    cohort = factories.make_cohort(edition=edition, state=CohortState.OPEN, capacity=100)
    content = workbook(*(row(serial) for serial in range(1, many + 1)))
    with count_queries() as seen:
        plan_import(cohort, content, "list.xlsx")
    assert seen.count == 4  # listeners, enrolments, employers, places


@pytest.mark.parametrize("many", [1, 20])
def test_apply_asks_the_same_number_of_queries(edition, administrator, many, count_queries):
    cohort = factories.make_cohort(edition=edition, state=CohortState.OPEN, capacity=100)
    plan = plan_import(cohort, workbook(*(row(serial) for serial in range(1, many + 1))), "list.xlsx")
    with count_queries() as seen:
        apply_import(cohort=cohort, plan=plan, by=administrator)
    assert len([sql for sql in seen.statements if sql.startswith("SELECT")]) == 11


def test_csv_in_russian_is_read_too(open_cohort, administrator):
    text = f"ИИН;Фамилия;Имя;Место работы\r\n{iin(1)};Алимов;Айбек;Школа № 5\r\n"
    plan = plan_import(open_cohort, text.encode("cp1251"), "list.csv")
    done = apply_import(cohort=open_cohort, plan=plan, by=administrator)
    assert done.new == 1
    assert Listener.objects.get().employer.name == "Школа № 5"
