"""A cohort's page and its steps in the admin panel."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.models import User
from core.models import Message
from enrollment import cohorts
from enrollment.models import Cohort, CohortState, Enrolment, EnrolmentState
from enrollment.tests.lists import at, text
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("signatory")]


def cohort_form(on, **fields):  # type: ignore[no-untyped-def]
    values = {
        "code": "NEW-1", "edition": on.pk, "study_format": "full_time", "language": "kk", "capacity": "25",
        "starts_on": "2026-09-07", "ends_on": "2026-09-25",
    }  # fmt: skip
    return values | fields


# --- The register ---------------------------------------------------------------------------------


def test_cohort_is_added_with_rubric_trainers_and_audit_row(admin, edition, trainer, administrator):
    response = admin.post(reverse("admin:enrollment_cohort_add"), cohort_form(edition, trainers=[trainer.pk]))
    assert response.status_code == 302
    cohort = Cohort.objects.get()
    assert (cohort.state, cohort.rubric, list(cohort.trainers.all())) == (
        CohortState.PLANNED, edition.rubrics.get(), [trainer],
    )  # fmt: skip
    assert cohort.audit_trail().get().by == administrator


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"code": "ә б"}, "code", "letters"),
        ({"code": ""}, "code", "required"),
        ({"capacity": "0"}, "capacity", "greater than or equal to 1"),
        ({"capacity": "9" * 40}, "capacity", "less than or equal"),
        ({"ends_on": "2026-09-01"}, "__all__", "The last day is before the first day."),
        ({"starts_on": "\x00"}, "starts_on", "valid date"),
        ({"study_format": "by_post"}, "study_format", "valid choice"),
        ({"edition": "9" * 40}, "edition", "valid choice"),
        ({"trainers": ["9" * 40]}, "trainers", "valid choice"),
        ({"trainers": ["x"]}, "trainers", "valid choice"),
    ],
)
def test_cohort_form_refuses_in_words(admin, edition, fields, field, sentence):
    response = admin.post(reverse("admin:enrollment_cohort_add"), cohort_form(edition, **fields))
    assert response.status_code == 422
    assert sentence in response.context["adminform"].form.errors[field][0]
    assert Cohort.objects.count() == 0


def test_cohort_form_offers_editions_in_force_only(admin, edition):
    draft = factories.make_edition(year=2027, state="draft")
    response = admin.post(reverse("admin:enrollment_cohort_add"), cohort_form(draft))
    assert "valid choice" in response.context["adminform"].form.errors["edition"][0]


def test_cohort_form_refuses_format_that_the_edition_lacks(admin):
    other = factories.make_edition(year=2028, state="draft")
    other.formats = ["distance"]
    other.save()
    from core import states

    for step in ("discussion", "agreed", "approved"):
        states.move(other, step, by=None)
    response = admin.post(reverse("admin:enrollment_cohort_add"), cohort_form(other))
    assert response.context["adminform"].form.errors["study_format"] == [
        "The programme edition is not held in this format."
    ]


def test_cohort_keeps_its_places_for_those_who_have_them(admin, open_cohort, edition):
    for _person in range(2):
        factories.make_enrolment(cohort=open_cohort)
    response = admin.post(at("change", open_cohort), cohort_form(edition, code="OPEN-1", capacity="1"))
    assert response.status_code == 422
    assert "already taken: 2" in text(response)


def test_cohort_details_are_frozen_by_its_state(admin, cohort, edition):
    admin.post(at("change", cohort), cohort_form(edition, code="OTHER", capacity="30", ends_on="2027-01-01"))
    cohort.refresh_from_db()
    assert (cohort.code, cohort.capacity, cohort.ends_on) == ("K-2026-1", 30, factories.COURSE_ENDS)


@pytest.mark.parametrize("many", [1, 3])
def test_cohort_list_asks_the_same_number_of_queries(admin, edition, many, count_queries):
    for number in range(many):
        factories.make_enrolment(cohort=factories.make_cohort(edition=edition, code=f"C-{number}"))
    with count_queries() as seen:
        admin.get(reverse("admin:enrollment_cohort_changelist"))
    assert seen.count == 5


@pytest.mark.parametrize("many", [1, 50])
def test_cohort_page_asks_the_same_number_of_queries(admin, edition, trainer, many, count_queries):
    cohort = factories.make_cohort(edition=edition, trainers=[trainer], capacity=100)
    for _person in range(many):
        factories.make_enrolment(cohort=cohort)
    with count_queries() as seen:
        assert admin.get(at("change", cohort)).status_code == 200
    assert seen.count == 15


def test_cohort_page_shows_its_people_in_kazakh_order(admin, open_cohort):
    for surname in ("Яковлев", "Әлиев", "Қасымов", "Кенжеев", "Алиев"):
        factories.make_enrolment(cohort=open_cohort, surname=surname)
    people = admin.get(at("change", open_cohort)).context["people"]
    assert [enrolment.listener.surname for enrolment in people] == ["Алиев", "Әлиев", "Кенжеев", "Қасымов", "Яковлев"]
    found = admin.get(at("change", open_cohort), {"name": "касымов", "state": "enrolled"}).context["people"]
    assert [enrolment.listener.surname for enrolment in found] == ["Қасымов"]


@pytest.mark.parametrize(
    "query", [{"people_page": "9" * 30}, {"people_page": "x"}, {"state": "\x00"}, {"name": "\x00"}]
)
def test_cohort_page_answers_any_query(admin, open_cohort, query):
    factories.make_enrolment(cohort=open_cohort)
    assert admin.get(at("change", open_cohort), query).status_code == 200


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("state", CohortState.values)
def test_cohort_page_opens_in_every_state_and_language(sign_in, administrator, edition, state, language):
    cohort = factories.make_cohort(edition=edition, state=state)
    client = sign_in(administrator, language=language)
    assert client.get(at("change", cohort)).status_code == 200


# --- Steps ----------------------------------------------------------------------------------------


def test_steps_take_a_cohort_to_its_assessment(admin, edition, administrator):
    cohort = cohorts.plan(
        cohort=Cohort(edition=edition, code="N", starts_on=date(2026, 9, 7), ends_on=date(2026, 9, 25)),
        by=administrator,
    )
    assert admin.post(at("move", cohort, "open")).status_code == 302
    enrolment = factories.make_enrolment(cohort=cohort, state=EnrolmentState.ADMITTED)
    order = {"people": [enrolment.pk], "order_no": "12-к", "order_date": "2026-09-04", "backdating_reason": "late"}
    assert admin.post(at("enrol", cohort), order).status_code == 302
    for step in ("start", "assess"):
        assert admin.post(at("move", cohort, step)).status_code == 302
    cohort.refresh_from_db()
    assert cohort.state == CohortState.ASSESSING


def test_step_that_is_not_possible_says_why(admin, open_cohort):
    for verb, status, sentence in (
        ("start", 422, "Nobody is enrolled by an order yet."),
        ("open", 409, "This step is not possible in the present state."),
    ):
        response = admin.post(at("move", open_cohort, verb))
        assert response.status_code == status
        assert sentence in text(response)
        assert at("change", open_cohort) in text(response)


def test_step_pages_know_their_methods_and_objects(admin, open_cohort):
    assert admin.get(at("move", open_cohort, "start")).status_code == 405
    assert admin.post(at("move", open_cohort, "import")).status_code == 404
    assert admin.post(at("move", open_cohort, "nonsense")).status_code == 404
    open_cohort.pk = 999_999
    for name in ("cancel", "admit", "enrol", "invite", "import"):
        assert admin.get(at(name, open_cohort)).status_code == 404
        assert admin.put(at(name, open_cohort)).status_code == 405


def test_enrol_page_takes_the_ticked_and_sends_letters(admin, open_cohort):
    ticked = factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.ADMITTED, email="a@example.kz")
    other = factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.ADMITTED)
    order = {
        "people": [ticked.pk],
        "order_no": "12-к",
        "order_date": "2026-09-04",
        "backdating_reason": "late",
        "invite": "on",
    }
    admin.post(at("enrol", open_cohort), order)
    ticked.refresh_from_db()
    other.refresh_from_db()
    assert (ticked.state, ticked.order_no, other.state) == (EnrolmentState.ENROLLED, "12-к", EnrolmentState.ADMITTED)
    assert Message.objects.get().recipient == "a@example.kz"


def test_enrol_page_sends_nothing_unless_ticked(admin, open_cohort):
    enrolment = factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.ADMITTED)
    admin.post(
        at("enrol", open_cohort),
        {"people": [enrolment.pk], "order_no": "1", "order_date": "2026-09-04", "backdating_reason": "late"},
    )
    assert (User.objects.filter(is_listener=True).count(), Message.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"people": []}, "Choose at least one person."),
        ({"people": ["9" * 40]}, "The list has changed in between."),
        ({"people": ["\x00"]}, "The list has changed in between."),
        ({"order_no": ""}, "required"),
        ({"order_no": "1" * 31}, "at most 30"),
        ({"order_no": "1\x00"}, "Null characters"),
        ({"order_date": "2036-01-01"}, "lies in the future"),
        ({"order_date": "2026-10-01"}, "cannot be later than the last day"),
        ({"backdating_reason": ""}, "earlier date than today"),
        ({"order_date": "32.13.2026"}, "valid date"),
    ],
)
def test_enrol_page_refuses_in_words(admin, open_cohort, wrong, sentence):
    enrolment = factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.ADMITTED)
    order = {
        "people": [enrolment.pk],
        "order_no": "12-к",
        "order_date": "2026-09-04",
        "backdating_reason": "late",
    } | wrong
    response = admin.post(at("enrol", open_cohort), order)
    assert response.status_code == 422
    assert sentence in text(response)
    assert Enrolment.objects.get().state == EnrolmentState.ADMITTED


def test_pages_for_people_to_come_are_shut_when_the_cohort_takes_nobody(admin, cohort):
    for name in ("admit", "enrol", "import"):
        for response in (admin.get(at(name, cohort)), admin.post(at(name, cohort))):
            assert response.status_code == 422
            assert "people are admitted while it is open or running" in text(response)


def test_admit_page_gives_a_place(admin, open_cohort):
    listener = factories.ListenerFactory()
    assert admin.get(at("admit", open_cohort)).status_code == 200
    admin.post(at("admit", open_cohort), {"listeners": [listener.pk]})
    assert open_cohort.enrolments.get().listener == listener


@pytest.mark.parametrize("people", [[], ["9" * 40], ["x"], ["\x00"], ["0"]])
def test_admit_page_refuses_in_words(admin, open_cohort, people):
    response = admin.post(at("admit", open_cohort), {"listeners": people})
    assert response.status_code == 422
    assert response.context["form"].errors["listeners"][0]
    assert Enrolment.objects.count() == 0


def test_admit_page_refuses_when_full(admin, open_cohort):
    for _person in range(3):
        factories.make_enrolment(cohort=open_cohort)
    response = admin.post(at("admit", open_cohort), {"listeners": [factories.ListenerFactory().pk]})
    assert response.status_code == 422
    assert "3 of them taken; 1 more do not fit" in text(response)


def test_cancel_page_needs_a_reason(admin, open_cohort):
    assert admin.post(at("cancel", open_cohort), {"reason": " "}).status_code == 422
    assert admin.post(at("cancel", open_cohort), {"reason": "Too few people"}).status_code == 302
    open_cohort.refresh_from_db()
    assert open_cohort.state == CohortState.CANCELLED
    assert admin.post(at("cancel", open_cohort), {"reason": "again"}).status_code == 409


def test_withdraw_page_takes_one_person_out(admin, open_cohort):
    enrolment = factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.ADMITTED)
    address = reverse("admin:enrollment_enrolment_withdraw", args=[enrolment.pk])
    assert admin.get(address).status_code == 200
    assert admin.post(address, {"reason": ""}).status_code == 422
    assert admin.post(address, {"reason": "Illness"}).url == at("change", open_cohort)
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.WITHDRAWN


def test_invite_page_writes_to_those_who_cannot_sign_in(admin, open_cohort, listener):
    factories.make_enrolment(cohort=open_cohort, listener=listener)
    new = factories.make_enrolment(cohort=open_cohort, email="new@example.kz")
    waiting = admin.get(at("invite", open_cohort)).context["waiting"]
    assert waiting == [new]
    response = admin.post(at("invite", open_cohort), follow=True)
    assert "Letters on their way: 1." in text(response)
    assert Message.objects.get().recipient == "new@example.kz"


def test_trainer_opens_none_of_it(sign_in, trainer, cohort):
    client = sign_in(trainer)
    for name in ("change", "cancel", "admit", "enrol", "invite", "import"):
        assert client.get(at(name, cohort)).status_code == 403
        assert client.post(at(name, cohort), {"reason": "x"}).status_code == 403
    assert client.post(at("move", cohort, "close")).status_code == 403
    cohort.refresh_from_db()
    assert cohort.state == CohortState.ASSESSING
