"""What anybody may learn about a paper: six answers, one query, nothing about anybody else, no trace."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection
from django.test import Client

from certificates.models import Document
from certificates.tests.conftest import ABSENT
from certificates.tests.revocations import revoke

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]
ALL = ["valid", "expired", "revoked", "replaced", "not_found"]


@pytest.fixture
def visit(documents):  # type: ignore[no-untyped-def]
    """`visit("valid")` opens the page of that status' document at the right time, as somebody without a cookie."""

    def do(status, *, language="en", address="/v/{}/", client=None):  # type: ignore[no-untyped-def]
        token = documents[status].token if status in documents else ABSENT
        with time_machine.travel("2029-10-06 05:00" if status == "expired" else "2026-10-05 05:00", tick=False):
            return (client or Client()).get(address.format(token) + f"?lang={language}")

    return do


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


# --- The page --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        ("valid", 200, ["Valid", "issued this document and it is in force", "Compare every line"]),
        ("expired", 200, ["Validity has expired", "genuine; its validity ended on 05.10.2029"]),
        ("revoked", 200, ["Revoked", "revoked it on 05.10.2026. It has no force"]),
        ("replaced", 200, ["Replaced", "replaced this document by No SK-2026-000005"]),
        ("not_found", 404, ["Not found", "issued no such document"]),
    ],
)
def test_page_says_what_the_status_means(visit, status, code, words):
    response = visit(status)
    assert response.status_code == code
    shown = text(response)
    assert [word for word in words if word not in shown] == []


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        ("valid", "If a line differs, do not accept the paper"),
        ("expired", "decides whether it still suffices"),
        ("revoked", "Do not accept the paper, even if every line agrees"),
        ("replaced", "Do not accept this paper, even if every line agrees"),
        ("not_found", "Check the address, or the number and the surname, letter by letter"),
    ],
)
def test_page_says_what_to_do(visit, status, advice):
    assert advice in text(visit(status))


@pytest.mark.parametrize("status", ALL)
def test_page_tells_when_it_was_made_and_how_to_come_back_by_hand(visit, settings, status):
    shown = text(visit(status))
    moment = "6 October 2029, 10:00" if status == "expired" else "5 October 2026, 10:00"
    assert f"Checked: {moment}" in shown
    assert f"type {settings.PUBLIC_HOST}/verify/ into the address line" in shown
    assert "To keep a record of this check, print this page" in shown


@pytest.mark.parametrize("status", ["valid", "expired", "revoked", "replaced"])
def test_page_asks_to_compare_only_what_may_be_accepted(visit, status):
    assert ("Compare every line" in text(visit(status))) == (status in {"valid", "expired"})


@pytest.mark.parametrize("status", ALL)
def test_page_is_not_led_astray_by_forged_headers(visit, documents, settings, status):
    token = documents[status].token if status in documents else ABSENT
    forged = {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_X_FORWARDED_PROTO": "evil", "HTTP_FORWARDED": "host=evil"}
    page = Client().get(f"/v/{token}/?lang=en", **forged).content.decode()
    assert ("evil" in page, settings.PUBLIC_HOST in page) == (False, True)
    refused = Client().get(f"/v/{token}/", HTTP_HOST="evil.example")
    assert (refused.status_code, "evil.example" in refused.content.decode()) == (400, False)


def test_page_shows_what_stands_on_the_paper_and_nothing_else(visit, documents):
    shown = text(visit("valid"))
    for part in (
        "Әлімов Айбек", "Certificate of professional development", "SK-2026-000001", "80 academic hours",
        "Management in education: innovative approaches to administration", "07.09.2026 – 25.09.2026",
        "5 October 2026", "5 October 2029", "“Oqu zhane Damu Instituty” LLP", "5 October 2026, 10:00",
    ):  # fmt: skip
        assert part in shown
    document = documents["valid"]
    listener = document.enrolment.listener
    secrets = [
        listener.iin,
        listener.email,
        listener.employer.name,
        "89",
        "excellent",
        "№ 1",
        "мектеп",
        document.file.name,
    ]
    assert [secret for secret in secrets if secret in shown] == []


@pytest.mark.parametrize("status", ALL)
@pytest.mark.parametrize(
    ("language", "verdict"), [("kk", '<html lang="kk">'), ("ru", '<html lang="ru">'), ("en", '<html lang="en">')]
)
def test_page_of_every_status_opens_in_every_language(visit, settings, status, language, verdict):
    page = visit(status, language=language).content.decode()
    assert verdict in page
    assert settings.PUBLIC_HOST in page


@pytest.mark.parametrize("status", ALL)
def test_page_leaves_no_trace(visit, status, count_queries):
    with count_queries() as seen:
        response = visit(status)
    assert seen.count == (2 if status == "not_found" else 1)  # what no document has, the journal may know
    assert dict(response.cookies) == {}
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "Cookie" not in response.headers.get("Vary", "")
    assert len(response.content) < 30_000


def test_page_of_somebody_signed_in_asks_nothing_about_them(visit, administrator, client, count_queries):
    client.force_login(administrator)
    with count_queries() as seen:
        response = visit("valid", client=client)
    assert (seen.count, administrator.full_name in response.content.decode()) == (1, False)


def test_query_finds_its_row_by_an_index(documents):
    plan = Document.objects.filter(token=ABSENT).order_by().explain()
    assert "index" in plan.lower() or connection.vendor == "postgresql"


@pytest.mark.parametrize("token", ["x", "q" * 31, "q" * 40, "q" * 31 + "!", "%00" * 32, "%D0%B6" * 32, "' OR 1=1 --"])
def test_malformed_token_costs_and_gets_what_an_absent_one_does(token, count_queries):
    with count_queries() as seen:
        absent = Client().get(f"/v/{ABSENT}/?lang=en")
    statements = [re.sub(r"'[^']*'", "?", statement) for statement in seen.statements]
    with count_queries() as seen:
        malformed = Client().get(f"/v/{token}/?lang=en")
    assert [re.sub(r"'[^']*'", "?", statement) for statement in seen.statements] == statements
    assert len(statements) == 2
    assert (malformed.status_code, malformed.headers) == (absent.status_code, absent.headers)
    assert malformed.content == absent.content


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_page_is_read_only(documents, method):
    address = f"/v/{documents['valid'].token}/"
    assert getattr(Client(), method)(address).status_code == 405


# --- The look-up -----------------------------------------------------------------------------------


def ask(number="SK-2026-000001", surname="Әлімов", **extra):
    return Client(enforce_csrf_checks=True).post("/verify/?lang=en", {"number": number, "surname": surname}, **extra)


def test_look_up_form_is_there_without_a_cookie(count_queries):
    with count_queries() as seen:
        response = Client().get("/verify/")
    assert (response.status_code, seen.count, dict(response.cookies)) == (200, 0, {})


def test_look_up_answers_like_the_page_and_does_not_tell_the_token(documents, count_queries):
    with count_queries() as seen:
        response = ask()
    assert (response.status_code, seen.count, dict(response.cookies)) == (200, 1, {})
    assert "Valid" in text(response)
    assert documents["valid"].token not in response.content.decode()


def test_look_up_with_a_wrong_surname_is_not_found(documents):
    response = ask(surname="Бекенов")
    assert (response.status_code, "SK-2026-000001" in response.content.decode()) == (404, False)


@pytest.mark.parametrize("field", ["number", "surname"])
@pytest.mark.parametrize("value", ["", "a" * 100, "\x00"])
def test_look_up_with_bad_input_is_asked_again(field, value):
    response = ask(**{field: value})
    assert response.status_code == 422
    assert "invalid-feedback" in response.content.decode()


@pytest.mark.usefixtures("_within_one_minute")
def test_look_up_is_limited_and_says_so(documents, settings):
    codes = [ask().status_code for _ in range(settings.LOOKUPS_PER_MINUTE + 1)]
    assert codes == [200] * settings.LOOKUPS_PER_MINUTE + [429]
    assert "Too many requests" in text(ask())
    assert ask(REMOTE_ADDR="10.1.2.3").status_code == 200


@pytest.mark.usefixtures("_within_one_minute")
def test_forged_forwarding_does_not_escape_the_limit(documents, settings):
    settings.LOOKUPS_PER_MINUTE = 2
    codes = [ask(HTTP_X_FORWARDED_FOR=f"10.0.0.{n}").status_code for n in range(4)]
    assert codes == [200, 200, 429, 429]


# --- When the register does not answer -------------------------------------------------------------


@pytest.fixture
def register_down(documents):  # type: ignore[no-untyped-def]
    """The table is gone, as in a database that is half restored."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE certificates_document RENAME TO certificates_document_away")
    yield documents
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE certificates_document_away RENAME TO certificates_document")


@pytest.mark.django_db(transaction=True)
def test_register_that_does_not_answer_is_not_a_forgery(register_down):
    valid = register_down["valid"]
    for token in (valid.token, ABSENT):
        page = Client().get(f"/v/{token}/?lang=en")
        assert page.status_code == 503
        assert "Cannot be checked now" in text(page)
        assert "Do not refuse a paper because of this page" in text(page)
        assert "Not found" not in text(page)
        answer = Client().get(f"/api/v1/verify/{token}")
        assert (answer.status_code, answer.json()["verdict"]) == (503, "unavailable")
    assert ask().status_code == 503


@pytest.mark.django_db(transaction=True)
def test_database_that_is_away_cannot_check_and_then_can(documents, monkeypatch):
    address = f"/v/{documents['valid'].token}/?lang=en"
    connection.close()
    with monkeypatch.context() as away:
        away.setitem(connection.settings_dict, "NAME", "/nowhere/none")
        page = Client().get(address)
        assert (page.status_code, "Cannot be checked now" in text(page)) == (503, True)
    assert Client().get(address).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_restarted_database_is_not_noticed(visit, lose_connection):
    for _ in range(2):
        assert visit("valid").status_code == 200
    lose_connection()
    assert [visit(status).status_code for status in ALL] == [200, 200, 200, 200, 404]


@pytest.mark.django_db(transaction=True)
def test_kept_connection_is_asked_once_and_answers_as_things_are(visit, documents, administrator, count_queries):
    for _ in range(7):  # until PostgreSQL has settled on a plan
        assert "in force" in text(visit("valid"))
    with count_queries() as seen:
        assert "in force" in text(visit("valid"))
    assert seen.count == 1
    revoke(document=documents["valid"], reason="қате", by=administrator)
    with count_queries() as seen:
        assert "It has no force" in text(visit("valid"))
    assert seen.count == 1


@pytest.mark.django_db(transaction=True)
def test_many_ask_at_once(documents):
    def one(n):
        try:
            return Client().get(f"/v/{documents['valid'].token}/").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(one, range(24))) == {200}
