"""Administrators' pages about people."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from course_admin.people.retention import kept, with_dates
from enrollment.merging import merge
from enrollment.models import CohortState, DifferentPeople, EnrolmentState, Listener, ListenerMerge
from tests import factories

pytestmark = pytest.mark.django_db
DUPLICATES = reverse("admin:people_duplicates")


@pytest.fixture
def admin(sign_in, administrator):  # type: ignore[no-untyped-def]
    return sign_in(administrator, "en")


@pytest.fixture
def two(cohort, other_cohort):  # type: ignore[no-untyped-def]
    school = factories.EmployerFactory()
    name = {"surname": "Әлімов", "given_name": "Айбек", "patronymic": ""}
    return [
        factories.make_enrolment(cohort=c, employer=school, state=EnrolmentState.COMPLETED, **name).listener
        for c in (cohort, other_cohort)
    ]


def text(response):  # type: ignore[no-untyped-def]
    return " ".join(response.content.decode().split())


def side_by_side(two):  # type: ignore[no-untyped-def]
    return reverse("admin:people_merge", args=[listener.pk for listener in two])


def test_pairs_stand_side_by_side_with_masked_iins(admin, two):
    page = text(admin.get(DUPLICATES))
    assert all(listener.iin_masked in page and listener.iin not in page for listener in two)
    assert all(word in page for word in ("same name", "same employer", "K-2026-1", "K-2026-2", side_by_side(two)))


def test_page_without_pairs_says_so(admin):
    assert "No two entries look like one person." in text(admin.get(DUPLICATES))


def test_any_two_are_put_side_by_side(admin, two, listener):
    response = admin.post(DUPLICATES, {"entries": [two[1].pk, listener.pk]})
    assert response.url == side_by_side(sorted([two[1], listener], key=lambda one: one.pk))


@pytest.mark.parametrize("chosen", [[], ["x"], ["99999999999999999999"], ["999999"]])
def test_other_choices_are_refused(admin, two, chosen):
    assert admin.post(DUPLICATES, {"entries": chosen}).status_code == 422
    assert admin.post(DUPLICATES, {"entries": [two[0].pk]}).status_code == 422


@pytest.mark.parametrize(("decision", "kept_one"), [("one", 0), ("other", 1)])
def test_administrator_merges(admin, two, decision, kept_one):
    response = admin.post(side_by_side(two), {"decision": decision})
    stays = two[kept_one]
    assert response.url == reverse("admin:enrollment_listener_change", args=[stays.pk])
    assert stays.enrolments.count() == 2
    page = text(admin.get(response.url))
    assert "Merged entries" in page
    assert reverse("admin:people_unmerge", args=[ListenerMerge.objects.get().pk]) in page


def test_administrator_tells_two_apart(admin, two):
    assert admin.post(side_by_side(two), {"decision": "apart"}).url == DUPLICATES
    assert DifferentPeople.objects.count() == 1
    page = text(admin.get(DUPLICATES))
    assert ("No two entries" in page, "different people: 1" in page) == (True, True)


@pytest.mark.parametrize("posted", [{}, {"decision": "x"}])
def test_no_decision_is_refused(admin, two, posted):
    assert admin.post(side_by_side(two), posted).status_code == 422
    assert ListenerMerge.objects.count() == 0


def test_refusal_of_the_verb_is_shown_at_the_form(admin, two, cohort):
    factories.make_enrolment(cohort=cohort, listener=two[1], state=EnrolmentState.COMPLETED)
    assert "same cohort" in text(admin.get(side_by_side(two)))
    response = admin.post(side_by_side(two), {"decision": "one"})
    assert (response.status_code, "same cohort: K-2026-1" in text(response)) == (422, True)


def test_entry_beside_itself_is_refused(admin, two):
    response = admin.post(side_by_side([two[0], two[0]]), {"decision": "apart"})
    assert (response.status_code, "two different entries" in text(response)) == (422, True)


def test_merge_is_undone_on_its_page(admin, two, administrator):
    record = merge(stays=two[0], goes=two[1], by=administrator)
    address = reverse("admin:people_unmerge", args=[record.pk])
    assert "Undo the merge" in text(admin.get(address))
    assert admin.post(address).url == reverse("admin:enrollment_listener_change", args=[two[1].pk])
    assert two[1].enrolments.count() == 1
    assert "Undone by" in text(admin.get(address))


@pytest.mark.parametrize("many", [1, 3])
def test_duplicates_take_a_constant_number_of_queries(admin, cohort, other_cohort, count_queries, many):
    for _number in range(many):
        school = factories.EmployerFactory()
        for c in (cohort, other_cohort):
            factories.make_enrolment(cohort=c, surname="Әлімов", given_name="Айбек", patronymic="", employer=school)
    with count_queries() as seen:
        page = admin.get(DUPLICATES)
    assert (len(page.context["couples"]), seen.count) == (many, 9)


def test_retention_page_leads_to_the_erasure(admin, edition):
    old = factories.make_cohort(
        edition=edition, state=CohortState.CLOSED, starts_on=date(2016, 9, 5), ends_on=date(2016, 9, 23)
    )
    listener = factories.make_enrolment(cohort=old, state=EnrolmentState.WITHDRAWN, surname="Қалқаман").listener
    address = reverse("admin:people_erase", args=[listener.pk])
    assert address in text(admin.get(reverse("admin:people_retention")))
    assert "type the number" in text(admin.get(address))
    wrong = admin.post(address, {"typed": "0"})
    assert (wrong.status_code, Listener.objects.get(pk=listener.pk).surname) == (422, "Қалқаман")
    done = admin.post(address, {"typed": str(listener.pk)}, follow=True)
    assert f"The personal data are erased: Тыңдаушы {listener.pk}." in text(done)
    assert "Қалқаман" not in text(done)
    page = text(admin.get(reverse("admin:enrollment_listener_change", args=[listener.pk])))
    assert ("were erased on" in page, 'name="_save"' in page) == (True, False)
    assert admin.get(address).status_code == 404


def test_erasure_before_its_time_has_no_form_and_is_refused(admin, listener):
    address = reverse("admin:people_erase", args=[listener.pk])
    assert 'name="typed"' not in text(admin.get(address))
    response = admin.post(address, {"typed": str(listener.pk)})
    assert (response.status_code, "takes part" in text(response)) == (422, True)
    assert Listener.objects.get(pk=listener.pk).surname == "Қасымова"


def test_life_is_erased_from_the_page(admin, life):
    with time_machine.travel(kept(with_dates().get(pk=life.listener.pk)).until + timedelta(days=1), tick=False):
        admin.force_login(admin_of(admin))
        response = admin.post(reverse("admin:people_erase", args=[life.listener.pk]), {"typed": str(life.listener.pk)})
    assert response.status_code == 302
    assert Listener.objects.get(pk=life.listener.pk).pseudonymised_at


def admin_of(client):  # type: ignore[no-untyped-def]
    from accounts.models import User

    return User.objects.get(is_administrator=True)
