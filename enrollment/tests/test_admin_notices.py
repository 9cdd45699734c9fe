"""Letters to employers in the admin panel, and on the front page until their sending is recorded (R11)."""

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from core.models import Message
from core.outbox import PATIENCE
from enrollment.models import EmployerNotice, NoticeState
from enrollment.notices import record_sending, send_by_email
from enrollment.tests.lists import text
from enrollment.tests.test_notices import DAY, expelled, school
from tests import factories

__all__ = ["expelled", "school"]
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _fonts():  # type: ignore[no-untyped-def]
    call_command("build_assets")


@pytest.fixture(autouse=True)
def _on_the_day():  # type: ignore[no-untyped-def]
    with time_machine.travel("2026-09-04 10:00+05:00", tick=False):
        yield


def at(name, notice):  # type: ignore[no-untyped-def]
    return reverse(f"admin:enrollment_employernotice_{name}", args=[getattr(notice, "pk", notice)])


def front(admin) -> str:  # type: ignore[no-untyped-def]
    return text(admin.get(reverse("admin:index")))


def test_R11_letter_stands_on_the_front_page_until_its_sending_is_recorded(
    admin, expelled, school, sign_in, administrator
):
    notice = expelled(school)
    assert f"№ 1-2026, {notice.line.enrolment.listener}</a> · № 15 мектеп · to be sent by 09.09.2026" in front(admin)
    with time_machine.travel("2026-09-10 10:00+05:00", tick=False):
        address = at("change", notice)
        page = front(sign_in(administrator, language="en"))
        assert "overdue since 09.09.2026" in page
        assert f'<li class="alarm"> <a href="{address}">№ 1-2026' in page
        posted = {"channel": "post", "sent_on": "2026-09-10", "recipient": "№ 15 мектеп"}
        assert admin.post(at("record", notice), posted).url == at("change", notice)
        assert "№ 1-2026" not in front(admin)


def test_R11_recording_is_refused_at_the_form(admin, expelled, school):
    notice = expelled(school)
    for fields, sentence in (
        ({"recipient": ""}, "required"),
        ({"sent_on": "2026-09-05"}, "between the letter&#x27;s date and today"),
        ({"channel": "pigeon"}, "valid choice"),
        ({"recipient": "x\x00"}, "Null characters"),
    ):
        response = admin.post(
            at("record", notice), {"channel": "post", "sent_on": "2026-09-04", "recipient": "x"} | fields
        )
        assert response.status_code == 422
        assert sentence in text(response)
    assert "№ 1-2026" in front(admin)


def test_mail_page_shows_where_it_goes_and_sends(admin, expelled, school):
    notice = expelled(school)
    assert "school@example.kz" in text(admin.get(at("email", notice)))
    assert Message.objects.count() == 0
    page = text(admin.post(at("email", notice), follow=True))
    assert "The letter is on its way" in page
    assert "The mail waits for the worker" in page
    assert Message.objects.get().recipient == "school@example.kz"


def test_mail_page_refuses_without_an_address_and_the_letter_says_what_to_do(admin, expelled):
    bare, unknown = expelled(factories.EmployerFactory(email="")), expelled(None)
    assert "The employer has no e-mail on record. Add it to the employer" in text(admin.get(at("change", bare)))
    assert "No employer was on record at the expulsion." in text(admin.get(at("change", unknown)))
    for notice in (bare, unknown):
        response = admin.post(at("email", notice))
        assert response.status_code == 422
    assert "no employer on record" in front(admin)
    assert Message.objects.count() == 0


def test_address_page_writes_the_employer_in(admin, expelled, school):
    notice = expelled(None)
    assert admin.get(at("address", notice)).status_code == 200
    for wrong in ("", "9" * 40, "x"):
        assert admin.post(at("address", notice), {"employer": wrong}).status_code == 422
    assert admin.post(at("address", notice), {"employer": school.pk}).url == at("change", notice)
    notice.refresh_from_db()
    assert notice.snapshot["employer"]["name"] == "№ 15 мектеп"
    assert admin.post(at("address", notice), {"employer": factories.EmployerFactory().pk}).status_code == 422


def test_mail_that_could_not_be_delivered_is_told_and_taken_back(admin, expelled, school, administrator):
    notice = expelled(school)
    message = send_by_email(notice=notice, by=administrator)
    Message.objects.filter(pk=message.pk).update(attempts=PATIENCE, last_error="refused")
    assert "The mail could not be delivered." in text(admin.get(at("change", notice)))
    assert admin.post(at("take_back", notice), {"reason": ""}).status_code == 422
    assert admin.post(at("take_back", notice), {"reason": "Қайтып келді"}).status_code == 302
    assert "№ 1-2026" in front(admin)


def test_letter_is_a_pdf(admin, expelled, school):
    response = admin.get(at("paper", expelled(school)))
    assert (response.content[:4], response["Content-Type"]) == (b"%PDF", "application/pdf")
    assert "1-2026.pdf" in response["Content-Disposition"]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_letter_pages_open_in_every_state_and_language(sign_in, administrator, expelled, school, language):
    client = sign_in(administrator, language=language)
    notices = [expelled(school), expelled(None), expelled(school)]
    record_sending(notice=notices[2], channel="courier", sent_on=DAY, recipient="Хатшы", by=administrator)
    for notice in notices:
        for name in ("change", "email", "record", "address", "take_back"):
            assert client.get(at(name, notice)).status_code == 200
    assert client.get(reverse("admin:index")).status_code == 200


def test_register_finds_by_number_person_and_employer(admin, expelled, school, sign_in, administrator):
    first, second = expelled(school), expelled(factories.EmployerFactory(name="Балқаш лицейі"))
    register = reverse("admin:enrollment_employernotice_changelist")
    found = lambda **query: list(admin.get(register, query).context["cl"].queryset)  # noqa: E731
    assert (found(q="1-2026"), found(q="балкаш"), found(q="жоқ")) == ([first], [second], [])
    assert found(q=second.line.enrolment.listener.full_name) == [second]
    with time_machine.travel("2026-09-10 10:00+05:00", tick=False):
        sign_in(administrator, language="en")
        assert found(overdue="1") == [second, first]


@pytest.mark.parametrize("many", [1, 3])
def test_letters_cost_the_same_for_any_number(admin, expelled, school, many, count_queries):
    for _letter in range(many):
        expelled(school)
    counts = []
    for address in (reverse("admin:enrollment_employernotice_changelist"), reverse("admin:index")):
        with count_queries() as seen:
            assert admin.get(address).status_code == 200
        counts.append(seen.count)
    assert counts == [6, 23]


def test_letters_are_pages_of_administrators_only(sign_in, trainer, expelled, school):
    notice, client = expelled(school), sign_in(trainer)
    for name in ("change", "paper", "email", "record", "address", "take_back"):
        assert client.get(at(name, notice)).status_code == 403
        assert client.post(at(name, notice), {"reason": "x"}).status_code == 403
    assert EmployerNotice.objects.get().state == NoticeState.DUE


@pytest.mark.parametrize("name", ["paper", "email", "record", "address", "take_back"])
def test_letter_pages_know_their_methods_and_objects(admin, name):
    assert admin.get(at(name, 999_999_999)).status_code == 404
    assert admin.put(at(name, 999_999_999)).status_code == 405
