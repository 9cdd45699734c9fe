"""Applications in the admin panel: the register, deciding many, one held against the register."""

import pytest
from django.urls import reverse

from core.identifiers import invented_iin
from enrollment.models import Application, Enrolment, EnrolmentState, Listener
from enrollment.tests.lists import at, text
from tests import factories

pytestmark = pytest.mark.django_db
IIN = invented_iin(900_001)
DECIDE = "admin:enrollment_application_decide"


def applied(cohort, count=1, **fields):  # type: ignore[no-untyped-def]
    return [factories.make_application(cohort=cohort, **fields) for _person in range(count)]


def decide(admin, address, decision, *applications, **fields):  # type: ignore[no-untyped-def]
    values = {"people": [str(one.pk) for one in applications], "decision": decision}
    return admin.post(address, values | fields, follow=True)


def states():  # type: ignore[no-untyped-def]
    return list(Enrolment.objects.order_by("pk").values_list("state", flat=True))


def do(admin, application, deed, **fields):  # type: ignore[no-untyped-def]
    return admin.post(reverse("admin:enrollment_application_do", args=[application.pk, deed]), fields, follow=True)


def page_of(admin, application):  # type: ignore[no-untyped-def]
    return admin.get(reverse("admin:enrollment_application_change", args=[application.pk]))


# --- Deciding many --------------------------------------------------------------------------------


def test_many_are_admitted_and_the_rest_waits(admin, open_cohort):
    response = decide(admin, at("applications", open_cohort), "admit", *applied(open_cohort, 4))
    assert states() == ["admitted"] * 3 + ["waiting"]
    assert [words in text(response) for words in ("Have a place and are told so", "Stand on the waiting list")] == [
        True, True,
    ]  # fmt: skip


def test_many_are_refused_with_a_reason(admin, open_cohort):
    people = applied(open_cohort, 2)
    without = decide(admin, at("applications", open_cohort), "refuse", *people)
    assert (without.status_code, "Say why the application is refused" in text(without)) == (422, True)
    assert [one.pk for one in people if f'value="{one.pk}"' in without.content.decode()] == [one.pk for one in people]
    done = decide(admin, at("applications", open_cohort), "refuse", *people, reason="Not heads of schools")
    assert ("Refused and told so: 2." in text(done), states()) == (True, ["refused", "refused"])


def test_many_of_all_cohorts_are_decided_on_one_page(admin, edition, open_cohort):
    other = factories.make_cohort(edition=edition, code="OTHER-1")
    people = [*applied(open_cohort), *applied(other)]
    decide(admin, reverse(DECIDE), "admit", *people)
    assert states() == ["admitted", "admitted"]


@pytest.mark.parametrize(
    ("decision", "chosen", "sentence"),
    [
        ("admit", False, "Choose at least one person."),
        ("", True, "Choose what is to be done with them."),
        ("wait", True, "has a free place"),
    ],
)
def test_deciding_refuses_in_words(admin, open_cohort, decision, chosen, sentence):
    people = applied(open_cohort)
    response = decide(admin, at("applications", open_cohort), decision, *(people if chosen else []))
    assert (response.status_code, sentence in text(response), states()) == (422, True, ["applied"])


def test_deciding_what_is_decided_says_that_the_list_has_changed(admin, open_cohort):
    person = applied(open_cohort)[0]
    decide(admin, at("applications", open_cohort), "admit", person)
    response = decide(admin, at("applications", open_cohort), "refuse", person, reason="x")
    assert (response.status_code, "The list has changed in between" in text(response), states()) == (
        422, True, ["admitted"],
    )  # fmt: skip


def test_deciding_page_shows_the_queue_in_its_order(admin, open_cohort):
    for _person in range(3):
        factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.ADMITTED)
    people = applied(open_cohort, 3)
    decide(admin, at("applications", open_cohort), "wait", people[1])
    decide(admin, at("applications", open_cohort), "wait", people[0])
    rows = admin.get(at("applications", open_cohort)).context["rows"]
    assert [(row.application, row.is_waiting) for row in rows] == [
        (people[2], False), (people[1], True), (people[0], True),
    ]  # fmt: skip


@pytest.mark.parametrize("many", [1, 3])
def test_deciding_page_asks_the_same_number_of_queries(admin, open_cohort, many, count_queries):
    applied(open_cohort, many)
    with count_queries() as seen:
        admin.get(reverse(DECIDE))
    assert seen.count == 5


# --- One application ------------------------------------------------------------------------------


def test_other_name_is_settled_on_its_page(admin, open_cohort):
    factories.ListenerFactory(iin=IIN, surname="Бекенова", given_name="Гүлнәр", patronymic="")
    application = applied(open_cohort, iin=IIN, surname="Әлімова")[0]
    assert "The register has another name under this IIN: Бекенова Гүлнәр" in text(admin.get(reverse(DECIDE)))
    assert "Another name under this IIN" in text(page_of(admin, application))
    refused = decide(admin, reverse(DECIDE), "admit", application)
    assert (refused.status_code, "Open the application and settle that first" in text(refused)) == (422, True)
    assert do(admin, application, "settle", reason="").status_code == 422
    done = do(admin, application, "settle", reason="Marriage certificate seen")
    assert ("Marriage certificate seen" in text(done), "Another name under this IIN" in text(done)) == (True, False)
    decide(admin, reverse(DECIDE), "admit", application)
    assert states() == ["admitted"]


def test_contacts_are_taken_over_on_its_page(admin, open_cohort, administrator):
    factories.ListenerFactory(iin=IIN, surname="Әлімов", given_name="Айбек", patronymic="")
    names = {"surname": "Әлімов", "given_name": "Айбек", "patronymic": ""}
    application = applied(open_cohort, iin=IIN, email="new@example.kz", **names)[0]
    assert "new@example.kz" in text(page_of(admin, application))
    assert do(admin, application, "take-over").status_code == 422
    assert do(admin, application, "take-over", names=["iin"]).status_code == 422
    do(admin, application, "take-over", names=["email"])
    assert Listener.objects.get().email == "new@example.kz"
    assert Listener.objects.get().history.first().history_user == administrator


@pytest.mark.parametrize(("deed", "state"), [("count", "admitted"), ("set-aside", None)])
def test_held_application_is_looked_at_first(admin, open_cohort, deed, state):
    factories.make_enrolment(
        cohort=open_cohort, listener=factories.ListenerFactory(iin=IIN), state=EnrolmentState.ADMITTED
    )
    application = applied(open_cohort, iin=IIN, email="new@example.kz")[0]
    page = text(admin.get(reverse(DECIDE)))
    assert ("To be looked at first" in page, f'value="{application.pk}"' in page) == (True, False)
    do(admin, application, deed, reason="Another person wrote this")
    application.refresh_from_db()
    assert application.enrolment.state if state else application.set_aside_reason == "Another person wrote this"
    assert "Nobody waits for a decision" in text(admin.get(reverse(DECIDE)))


def test_page_of_what_was_not_confirmed_offers_nothing(admin, open_cohort):
    application = factories.make_application(cohort=open_cohort, is_confirmed=False)
    page = text(page_of(admin, application))
    assert ("not confirmed yet" in page, application.iin in page, "<form method" in page.split("content-main")[1]) == (
        True, False, False,
    )  # fmt: skip


@pytest.mark.parametrize("deed", ["settle", "take-over", "count", "set-aside"])
def test_deeds_are_refused_where_they_do_not_fit(admin, open_cohort, deed):
    application = factories.make_application(cohort=open_cohort, is_confirmed=False)
    assert do(admin, application, deed).status_code == 422
    assert do(admin, application, "delete").status_code == 404


def test_page_of_nothing_leads_back(admin, db):
    for key in ("999999", "x", "9" * 30):
        response = admin.get(reverse("admin:enrollment_application_change", args=[key]))
        assert response.status_code in (302, 404)


# --- The register and the figures -----------------------------------------------------------------


def test_register_filters_by_stage_and_finds_by_name(admin, open_cohort, administrator):
    open_one, waiting, settled = applied(open_cohort, 3)
    Enrolment.objects.filter(pk=waiting.enrolment_id).update(state="waiting", waiting_since=waiting.created_at)
    Enrolment.objects.filter(pk=settled.enrolment_id).update(state="admitted")
    new = factories.make_application(cohort=open_cohort, is_confirmed=False, surname="Қайыпов")
    address = reverse("admin:enrollment_application_changelist")
    for stage, wanted in (("open", open_one), ("waiting", waiting), ("settled", settled), ("unconfirmed", new)):
        found = admin.get(f"{address}?stage={stage}").context["cl"].result_list
        assert list(found) == [wanted]
    assert list(admin.get(f"{address}?q=кайыпов").context["cl"].result_list) == [new]
    assert admin.get(f"{address}?q={IIN}").status_code == 302
    assert admin.get(f"{address}?stage=x").status_code in (200, 302)


@pytest.mark.parametrize("many", [1, 3])
def test_register_asks_the_same_number_of_queries(admin, open_cohort, many, count_queries):
    applied(open_cohort, many)
    with count_queries() as seen:
        admin.get(reverse("admin:enrollment_application_changelist"))
    assert seen.count == 6


def test_lists_of_employers_are_read(admin, open_cohort):
    group = factories.make_group(cohort=open_cohort)
    for name, args in (("changelist", []), ("change", [group.pk])):
        page = text(admin.get(reverse(f"admin:enrollment_groupapplication_{name}", args=args)))
        assert group.employer_name in page


def test_front_page_and_hub_lead_to_what_is_to_decide(admin, open_cohort):
    assert "Applications to decide" not in text(admin.get(reverse("admin:index")))
    applied(open_cohort, 2)
    factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.WAITING)
    assert "Applications to decide: 2" in text(admin.get(reverse("admin:index")))
    hub = admin.get(at("change", open_cohort))
    assert "to decide: 2, on the waiting list: 1" in text(hub)
    assert hub.context["first_step"].name == "applications"
    assert Application.objects.to_decide().count() == 2
