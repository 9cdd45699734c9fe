"""Registers of employers, listeners and consent texts in the admin panel."""

import json
import logging

import pytest
from django.urls import reverse

from core.models import AuditEntry
from enrollment.models import ConsentText, Employer, Listener
from enrollment.tests.lists import bin_, iin
from tests import factories

pytestmark = pytest.mark.django_db
LISTENERS = reverse("admin:enrollment_listener_changelist")
EMPLOYERS = reverse("admin:enrollment_employer_changelist")
FIND = reverse("admin:enrollment_listener_find")


def listener_form(**fields):  # type: ignore[no-untyped-def]
    empty = {
        "position": "",
        "employer": "",
        "email": "",
        "phone": "",
        "consent": "",
        "consented_on": "",
        "patronymic": "",
    }
    inline = {"enrolments-TOTAL_FORMS": "0", "enrolments-INITIAL_FORMS": "0"}
    return empty | inline | {"surname": "Қасымова", "given_name": "Әсел", "iin": iin(1)} | fields


def errors(response):  # type: ignore[no-untyped-def]
    return {name: list(found) for name, found in response.context["adminform"].form.errors.items()}


def messages(response):  # type: ignore[no-untyped-def]
    return [str(message) for message in response.context["messages"]]


def test_listener_is_added_with_a_sealed_iin_and_clean_names(admin):
    response = admin.post(
        reverse("admin:enrollment_listener_add"), listener_form(surname=" Қасымовa ", email="A@B.KZ"), follow=True
    )
    listener = Listener.objects.get()
    assert (listener.iin, listener.surname, listener.email) == (iin(1), "Қасымова", "a@b.kz")
    assert any("Latin letters in “Қасымова”" in message for message in messages(response))


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"iin": ""}, "iin", "Give the IIN."),
        ({"iin": "850115100018"}, "iin", "last digit"),
        ({"surname": "Қасымова<b>"}, "surname", "letters"),
        ({"surname": "Қ\x00"}, "surname", "Null"),
        ({"phone": "call"}, "phone", "not a phone number"),
        ({"consented_on": "2026-09-01"}, "consent", "Choose the version"),
        ({"consented_on": "yesterday"}, "consented_on", "valid date"),
        ({"employer": "99999999999999999999999"}, "employer", "valid choice"),
        ({"surname": "я" * 91}, "surname", "at most 90"),
    ],
)
def test_listener_form_refuses_in_words(admin, fields, field, sentence):
    response = admin.post(reverse("admin:enrollment_listener_add"), listener_form(**fields))
    assert response.status_code == 422
    assert sentence in errors(response)[field][0]
    assert Listener.objects.count() == 0


def test_listener_form_names_who_has_the_iin_already(admin):
    factories.ListenerFactory(iin=iin(1), surname="Өтеген", given_name="Ерлан", patronymic="")
    response = admin.post(reverse("admin:enrollment_listener_add"), listener_form())
    assert errors(response)["iin"] == ["This IIN already belongs to a listener: Өтеген Ерлан."]


def test_consent_needs_its_date_and_not_in_the_future(admin, consent):
    for day, sentence in (("", "Give the date"), ("2999-01-01", "future")):
        response = admin.post(
            reverse("admin:enrollment_listener_add"), listener_form(consent=consent.pk, consented_on=day)
        )
        assert sentence in errors(response)["consented_on"][0]


def test_listener_page_shows_the_iin_masked_and_keeps_it_when_left_empty(admin):
    listener = factories.ListenerFactory(iin=iin(1))
    address = reverse("admin:enrollment_listener_change", args=[listener.pk])
    page = admin.get(address).content.decode()
    assert iin(1) not in page
    assert f"••••••••{iin(1)[-4:]}" in page
    assert admin.post(address, listener_form(iin="")).status_code == 302
    listener.refresh_from_db()
    assert (listener.iin, listener.surname) == (iin(1), "Қасымова")


def test_listener_iin_is_corrected(admin):
    listener = factories.ListenerFactory(iin=iin(1))
    admin.post(reverse("admin:enrollment_listener_change", args=[listener.pk]), listener_form(iin=iin(2)))
    assert Listener.objects.with_iin(iin(2)).get() == listener


def test_listener_list_sorts_in_kazakh_and_forgives_letters(admin):
    for surname in ("Өтеген", "Алиев", "Әлиев", "Яковлев"):
        factories.ListenerFactory(surname=surname, given_name="Ерлан", patronymic="")
    listed = [listener.surname for listener in admin.get(LISTENERS).context["cl"].result_list]
    assert listed == ["Алиев", "Әлиев", "Өтеген", "Яковлев"]
    found = [listener.surname for listener in admin.get(LISTENERS, {"q": "ерлан АЛИЕВ"}).context["cl"].result_list]
    assert found == ["Алиев", "Әлиев"]


@pytest.mark.parametrize("query", ["850115 100019", "850115100019", "x 850115100019 y"])
def test_search_refuses_an_iin_and_takes_it_out_of_the_address(admin, query):
    factories.ListenerFactory()
    response = admin.get(LISTENERS, {"q": query, "email__isempty": "0"}, follow=True)
    assert response.redirect_chain == [(f"{LISTENERS}?email__isempty=0", 302)]
    assert messages(response) == ["An IIN is looked up with “Find by IIN” only."]


def test_autocomplete_finds_nobody_by_iin(admin):
    listener = factories.ListenerFactory(iin=iin(1))
    asked = {"app_label": "enrollment", "model_name": "enrolment", "field_name": "listener"}
    address = reverse("admin:autocomplete")
    assert admin.get(address, asked | {"term": iin(1)}).json()["results"] == []
    assert admin.get(address, asked | {"term": listener.surname}).json()["results"][0]["id"] == str(listener.pk)


def test_find_by_iin_leads_to_the_person(admin, caplog):
    listener = factories.ListenerFactory(iin=iin(1))
    with caplog.at_level(logging.DEBUG):
        response = admin.post(FIND, {"iin": f" {iin(1)} "})
    assert response.url == reverse("admin:enrollment_listener_change", args=[listener.pk])
    assert iin(1) not in caplog.text


@pytest.mark.parametrize(
    ("text", "sentence"), [(iin(2), "No listener has this IIN."), ("12", "twelve digits"), ("", "required")]
)
def test_find_by_iin_says_why_not(admin, text, sentence):
    response = admin.post(FIND, {"iin": text})
    assert response.status_code == 422
    assert sentence in response.content.decode()


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [(LISTENERS, 5), (EMPLOYERS, 5)])
def test_lists_ask_the_same_number_of_queries(admin, address, queries, many, count_queries):
    for _person in range(many):
        factories.ListenerFactory()
    with count_queries() as seen:
        assert admin.get(address).status_code == 200
    assert seen.count == queries


def test_employer_is_found_by_bin_and_forgiven_name(admin):
    school = factories.EmployerFactory(name="№ 5 Қаратау мектебі", bin=bin_(1))
    factories.EmployerFactory()
    for query in ("каратау", bin_(1)):
        assert list(admin.get(EMPLOYERS, {"q": query}).context["cl"].result_list) == [school]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"bin": "123"}, "twelve digits"),
        ({"bin": bin_(1)}, "Another employer already has this BIN."),
        ({"name": "№ 1 мектеп", "bin": ""}, "already there; give the BIN"),
        ({"name": "a\x07"}, "invisible"),
    ],
)
def test_employer_form_refuses_in_words(admin, fields, sentence):
    factories.EmployerFactory(bin=bin_(1))
    Employer.objects.create(name="№ 1 мектеп")
    response = admin.post(
        reverse("admin:enrollment_employer_add"), {"name": "Жаңа мектеп", "bin": bin_(2), "region": ""} | fields
    )
    assert response.status_code == 422
    assert sentence in str(response.context["adminform"].form.errors)


def test_consent_text_gets_the_next_version(admin, consent):
    texts = {"text_kk": "Келісім 2", "text_ru": "Согласие 2", "text_en": "Consent 2"}
    assert admin.post(reverse("admin:enrollment_consenttext_add"), texts).status_code == 302
    assert list(ConsentText.objects.values_list("version", flat=True)) == [2, 1]
    assert admin.post(reverse("admin:enrollment_consenttext_add"), texts | {"text_en": ""}).status_code == 422


def test_consent_text_in_use_is_only_read(admin, consent):
    address = reverse("admin:enrollment_consenttext_change", args=[consent.pk])
    changed = {"text_kk": "а", "text_ru": "б", "text_en": "c"}
    assert admin.post(address, changed).status_code == 302
    factories.ListenerFactory(consent=consent, consented_on="2026-09-01")
    assert admin.get(address).status_code == 200
    assert admin.post(address, changed | {"text_kk": "басқа"}).status_code == 403
    consent.refresh_from_db()
    assert consent.text_kk == "а"


@pytest.mark.parametrize("ending", ["xlsx", "csv", "json"])
def test_listener_register_is_taken_away_with_masked_iins(admin, ending):
    from core.spreadsheets import read_rows

    factories.ListenerFactory(iin=iin(1), surname="Қасымова", position='=HYPERLINK("http://x")')
    factories.ListenerFactory(surname="Өтеген", email="")
    response = admin.get(reverse("admin:enrollment_listener_export", args=[ending]), {"email__isempty": "0"})
    assert response.status_code == 200
    assert f".{ending}" in response["Content-Disposition"]
    content = response.getvalue()
    assert iin(1).encode() not in content
    if ending == "json":
        row = json.loads(content)[0]
        assert (row["Surname"], row["IIN"]) == ("Қасымова", f"••••••••{iin(1)[-4:]}")
    else:
        rows = read_rows(content, f"x.{ending}").rows
        assert len(rows) == 2
        assert rows[1][0] == "Қасымова"
        assert "=HYPERLINK" in rows[1][4]


def test_listener_register_has_no_formula_in_its_csv(admin):
    factories.ListenerFactory(position="=1+1")
    content = admin.get(reverse("admin:enrollment_listener_export", args=["csv"])).getvalue().decode("utf-8-sig")
    assert ";'=1+1;" in content


def test_listener_register_has_no_formula_in_its_cells(admin):
    import io

    import openpyxl

    factories.ListenerFactory(position="=1+1")
    content = admin.get(reverse("admin:enrollment_listener_export", args=["xlsx"])).getvalue()
    cell = openpyxl.load_workbook(io.BytesIO(content)).active["E2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


@pytest.mark.parametrize("many", [1, 3])
def test_listener_register_asks_the_same_number_of_queries(admin, many, count_queries):
    for _person in range(many):
        factories.ListenerFactory()
    with count_queries() as seen:
        admin.get(reverse("admin:enrollment_listener_export", args=["json"])).getvalue()
    assert seen.count == 6


@pytest.mark.parametrize(
    "query",
    [
        {"email__isempty": "\x00"}, {"q": "\x00"}, {"p": "9" * 30}, {"p": "x"}, {"o": "99.x"}, {"nonsense": "1"},
        {"consent__isempty": "9" * 40}, {"employer__id__exact": "9" * 40}, {"id__in": "9" * 40}, {"q": "%' OR 1=1 --"},
    ],
)  # fmt: skip
def test_lists_answer_any_query_with_a_page(admin, query):
    for address in (LISTENERS, EMPLOYERS, reverse("admin:enrollment_listener_export", args=["csv"])):
        assert admin.get(address, query, follow=True).status_code == 200


@pytest.mark.parametrize("pk", ["0", "9" * 40, "x", "%00"])
def test_page_of_nobody_is_no_error(admin, pk):
    assert admin.get(f"{LISTENERS}{pk}/change/", follow=True).status_code == 200


def test_trainer_opens_none_of_it(sign_in, trainer, listener):
    client = sign_in(trainer)
    before = AuditEntry.objects.count()
    for address in (LISTENERS, EMPLOYERS, FIND, reverse("admin:enrollment_listener_change", args=[listener.pk])):
        assert client.get(address).status_code == 403
        assert client.post(address, {"iin": iin(1)}).status_code == 403
    assert AuditEntry.objects.count() == before
