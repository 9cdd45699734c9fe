"""Pages for employers who send a list."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.identifiers import invented_bin
from core.models import Message
from core.spreadsheets import read_rows
from enrollment import applying
from enrollment.deciding_applications import admit_applicants
from enrollment.models import Application, GroupApplication
from enrollment.tests.lists import iin, row, text, workbook
from enrollment.tests.test_application_views import stamp_of
from tests import factories

pytestmark = pytest.mark.django_db
FIELDS = {
    "employer_bin": invented_bin(77),
    "employer_name": "№ 5 мектеп",
    "contact_name": "Сәрсенова Гүлнәр",
    "contact_email": "School5@example.kz",
    "contact_phone": "+7 701 000 00 00",
}


@pytest.fixture
def public(client):  # type: ignore[no-untyped-def]
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def send(public, open_cohort, db):  # type: ignore[no-untyped-def]
    """`send(row(1), row(2))` opens the form, takes a minute, and sends this list."""

    def do(*rows, content=None, name="list.xlsx", **fields):  # type: ignore[no-untyped-def]
        address = reverse("group_form", args=[open_cohort.code])
        with time_machine.travel("2026-09-01T10:00:00+05:00", tick=False) as clock:
            stamp = stamp_of(public.get(address))
            clock.shift(timedelta(minutes=1))
            file = SimpleUploadedFile(name, workbook(*rows) if content is None else content)
            return public.post(address, FIELDS | {"stamp": stamp, "file": file} | fields)

    return do


def at(group, name="group_application"):  # type: ignore[no-untyped-def]
    return reverse(name, args=[group.key])


def test_right_list_is_kept_until_its_sender_confirms(send, public, open_cohort):
    response = send(row(1), row(2))
    assert response.url == reverse("apply_sent", args=[open_cohort.code])
    group = GroupApplication.objects.get()
    assert (group.employer_name, group.contact_email, group.people) == ("№ 5 мектеп", "school5@example.kz", 2)
    assert Message.objects.get().recipient == "school5@example.kz"
    page = text(public.get(at(group)))
    assert ("Confirm and send the letters" in page, page.count("not confirmed yet"), iin(1) in page) == (True, 2, False)
    assert Message.objects.count() == 1
    assert public.post(at(group, "group_application_confirm")).url == at(group)
    assert Message.objects.count() == 3


def test_list_with_mistakes_is_shown_row_by_row_and_nothing_is_kept(send):
    response = send(row(1), row(2, iin="12"), row(3, surname="", email=""))
    page = text(response)
    assert (response.status_code, [person.no for person in response.context["bad"]]) == (422, [3, 4])
    assert "<b>Тегі:</b> The surname is missing." in page
    assert "<b>Электрондық пошта:</b> The e-mail is missing." in page
    assert "Nothing was kept. Rows with mistakes: 2." in page
    assert (GroupApplication.objects.count(), Application.objects.count(), Message.objects.count()) == (0, 0, 0)


def test_list_says_nothing_of_the_register(send, edition):
    """People whom the register knows under another name, or as taking part, make no difference to the answer."""
    listener = factories.ListenerFactory(iin=iin(1), surname="Басқа")
    factories.make_enrolment(cohort=factories.make_cohort(edition=edition), listener=listener)
    response = send(row(1))
    assert response.status_code == 302


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "list.xlsx"), (b"PK\x03\x04", "list.xlsx"), (b"%PDF-1.7", "list.pdf"), (b"\xd0\xcf\x11\xe0", "list.xls")],
)
def test_hostile_file_is_refused_in_words(send, content, name):
    response = send(content=content, name=name)
    assert (response.status_code, bool(response.context["form"].errors), GroupApplication.objects.count()) == (
        422, True, 0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"contact_name": "Visit https://spam.kz"}, "contact_name"),
        ({"employer_name": "spam.kz"}, "employer_name"),
        ({"contact_email": ""}, "contact_email"),
        ({"contact_phone": "x"}, "contact_phone"),
        ({"file": ""}, "file"),
    ],
)
def test_form_refuses_in_words_at_the_field(send, wrong, field):
    response = send(row(1), **wrong)
    assert (response.status_code, field in response.context["form"].errors) == (422, True)


def test_hidden_field_is_refused(send):
    response = send(row(1), website="x")
    assert "A field that people do not see was filled in" in text(response)
    assert GroupApplication.objects.count() == 0


def test_list_is_limited_by_address_and_minute(send, settings):
    settings.APPLICATIONS_PER_MINUTE = 1
    assert [send(row(1)).status_code, send(row(2)).status_code] == [302, 429]


@pytest.mark.parametrize(("language", "heading"), [("kk", "ЖСН"), ("ru", "ИИН"), ("en", "IIN")])
def test_template_asks_for_no_employer(public, open_cohort, language, heading):
    response = public.get(reverse("group_template", args=[open_cohort.code]) + f"?lang={language}")
    header = read_rows(response.content, "x.xlsx").rows[0]
    assert (header[0], len(header)) == (heading, 7)


def test_employer_follows_names_and_states_only(public, open_cohort, consent, administrator):
    group = factories.make_group(cohort=open_cohort, people=3)
    first, second, third = group.applications.order_by("pk")
    for application in (first, second):
        applying.confirm(application=application, consent=consent)
    admit_applicants(enrolments=[type(first).objects.get(pk=first.pk).enrolment], by=administrator)
    applying.take_back(application=third)
    page = text(public.get(at(group)))
    assert [word in page for word in (first.full_name, "admitted", "applied", "are erased: 1")] == [True] * 4
    assert [word in page for word in (first.email, first.iin, first.iin_tail, first.phone)] == [False] * 4


def test_list_can_be_erased_before_it_is_confirmed(public, open_cohort):
    group = factories.make_group(cohort=open_cohort, is_confirmed=False)
    key = group.key
    assert public.post(at(group, "group_application_discard")).url == reverse("apply_list")
    assert (Application.objects.count(), public.get(reverse("group_application", args=[key])).status_code) == (0, 410)
    sent = factories.make_group(cohort=open_cohort)
    refused = public.post(at(sent, "group_application_discard"))
    assert (refused.status_code, "have their letters already" in text(refused)) == (422, True)


@pytest.mark.parametrize("many", [1, 3])
def test_page_of_a_list_costs_the_same_for_any_number_of_people(public, open_cohort, many, count_queries):
    group = factories.make_group(cohort=open_cohort, people=many)
    with count_queries() as seen:
        public.get(at(group))
    assert seen.count == 2
