"""The cabinet's page on the name, and the administrators' page on which a correction is decided."""

import pytest
from django.urls import reverse

from course_admin import today
from enrollment.correcting import Name, file_correction
from enrollment.models import NameCorrection
from enrollment.tests.lists import text
from tests import factories

pytestmark = pytest.mark.django_db
MY_NAME = reverse("my_name")
WANTED = {"surname": "Қасымбекова", "given_name": "Әсел", "patronymic": "Серікқызы", "words": "Тұрмысқа шықтым"}


@pytest.fixture
def filed(listener):  # type: ignore[no-untyped-def]
    return file_correction(listener=listener, name=Name("Қасымбекова", "Әсел", "Серікқызы"), words="", by=listener.user)


def decide_at(correction):  # type: ignore[no-untyped-def]
    return reverse("admin:enrollment_namecorrection_change", args=[correction.pk])


def test_page_shows_the_name_and_what_becomes_of_documents(sign_in, listener):
    page = text(sign_in(listener.user, "en").get(MY_NAME))
    assert 'value="Қасымова"' in page
    assert "already issued stay as they were issued and remain valid" in page


def test_post_files_with_notices_and_shows_that_it_waits(sign_in, listener):
    client = sign_in(listener.user, "en")
    response = client.post(MY_NAME, WANTED | {"surname": "Қacымбекова"}, follow=True)
    assert [str(m).startswith("Latin letters") for m in response.context["messages"]] == [True, False]
    assert NameCorrection.objects.get().surname == "Қасымбекова"
    page = text(client.get(MY_NAME))
    assert ("Қасымбекова Әсел Серікқызы" in page, "Ask for a correction" in page) == (True, False)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"surname": ""}, "This field is required"),
        ({"surname": "Қ<b>"}, "letters"),
        ({"surname": "Қ\x00"}, "Null"),
        ({"surname": "я" * 91}, "at most 90"),
        ({"surname": "Қасымова"}, "already written in this way"),
        ({"words": "я" * 1001}, "at most 1000"),
    ],
)
def test_post_refuses_in_words(sign_in, listener, fields, sentence):
    response = sign_in(listener.user, "en").post(MY_NAME, WANTED | fields)
    assert (response.status_code, sentence in text(response)) == (422, True)
    assert NameCorrection.objects.count() == 0


def test_second_request_is_refused_while_one_is_open(sign_in, listener, filed):
    response = sign_in(listener.user, "en").post(MY_NAME, WANTED)
    assert response.status_code == 422
    assert NameCorrection.objects.count() == 1


def test_nobody_sees_others_corrections(sign_in, other_listener, filed):
    assert "Қасымбекова" not in text(sign_in(other_listener.user).get(MY_NAME))


def test_account_without_an_entry_has_no_page(sign_in):
    nobody = factories.UserFactory(is_listener=True)
    assert sign_in(nobody).get(MY_NAME).status_code == 404


def test_administrator_makes_the_correction(admin, listener, filed):
    page = text(admin.get(decide_at(filed)))
    assert "<mark>Қасымбекова</mark>" in page
    response = admin.post(decide_at(filed), {"decision": "make", "answer": ""})
    listener.refresh_from_db()
    assert (response.status_code, listener.surname) == (302, "Қасымбекова")
    assert "corrected" in text(admin.get(decide_at(filed)))
    assert "Қасымова Әсел Серікқызы" in text(admin.get(reverse("admin:enrollment_listener_change", args=[listener.pk])))


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [({}, "Choose whether"), ({"decision": "x"}, "valid choice"), ({"decision": "refuse", "answer": " "}, "Say why")],
)
def test_decision_is_refused_in_words(admin, listener, filed, posted, sentence):
    response = admin.post(decide_at(filed), posted)
    filed.refresh_from_db()
    assert (response.status_code, sentence in text(response), filed.state) == (422, True, "filed")


def test_decided_correction_cannot_be_decided_again(admin, listener, filed):
    admin.post(decide_at(filed), {"decision": "refuse", "answer": "Куәлікте басқаша"})
    response = admin.post(decide_at(filed), {"decision": "make", "answer": ""})
    listener.refresh_from_db()
    assert (response.status_code, listener.surname) == (409, "Қасымова")
    assert "Куәлікте басқаша" in text(admin.get(decide_at(filed)))


@pytest.mark.parametrize("pk", ["999999999", "99999999999999999999", "x"])
def test_unknown_correction_is_no_page(admin, pk):
    assert admin.get(f"/admin/enrollment/namecorrection/{pk}/change/").status_code == 404


def test_front_page_names_who_waits(admin, listener, filed):
    page = text(admin.get(reverse("admin:index")))
    assert "Қасымова Әсел Серікқызы → Қасымбекова Әсел Серікқызы" in page


@pytest.mark.parametrize("many", [1, 3])
def test_pages_take_a_constant_number_of_queries(admin, listener, cohort, count_queries, many):
    for number in range(many):
        user = factories.UserFactory(is_listener=True)
        person = factories.make_enrolment(cohort=cohort, user=user).listener
        file_correction(listener=person, name=Name("Жаңа", f"Ат{'а' * number}", ""), words="", by=user)
    with count_queries() as front:
        today.corrections()
    with count_queries() as register:
        admin.get(reverse("admin:enrollment_namecorrection_changelist"))
    assert (front.count, register.count) == (1, 5)
