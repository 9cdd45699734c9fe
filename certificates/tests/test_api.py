"""The API for programs: each answer in every state as its description says, problems in words, conditional requests."""

import pytest
import time_machine
from django.db import connection
from django.test import Client, override_settings
from jsonschema import FormatChecker
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from certificates.api_description import DESCRIPTION
from certificates.models import Document
from certificates.tests.conftest import ABSENT, FILE
from certificates.tests.revocations import revoke

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]
ALL = ["valid", "expired", "revoked", "replaced"]
PATHS = {
    "verify": "/api/v1/verify/{token}",
    "files": "/api/v1/files/{sha256}",
    "openapi.json": "/api/v1/openapi.json",
}


def described(response, path):
    """Hold an answer against the description: its status, type, body and headers are told there."""
    told = DESCRIPTION["paths"][PATHS[path.split("/")[3]]]["get"]["responses"][str(response.status_code)]
    kind = response.headers.get("Content-Type", "")
    if response.status_code == 304:
        assert (response.content, kind) == (b"", "text/html; charset=utf-8")
    else:
        schema = told["content"][kind]["schema"] | {"components": DESCRIPTION["components"]}
        OAS31Validator(schema, format_checker=FormatChecker()).validate(response.json())
    for name in told.get("headers", {}):
        assert response.headers[name]
    return response


def ask(path, *, client=None, **headers):
    return described((client or Client()).get(path, headers=headers), path)


@pytest.fixture
def visit(documents):  # type: ignore[no-untyped-def]
    """`visit("valid")` asks for the document of that status at the right time."""

    def do(status, **headers):  # type: ignore[no-untyped-def]
        with time_machine.travel("2029-10-06 05:00" if status == "expired" else "2026-10-05 05:00", tick=False):
            return ask(f"/api/v1/verify/{documents[status].token}", **headers)

    return do


# --- The description -------------------------------------------------------------------------------


def test_description_is_openapi_and_is_served():
    OpenAPIV31SpecValidator(DESCRIPTION).validate()
    response = ask("/api/v1/openapi.json")
    assert response.json() == DESCRIPTION
    assert response.headers["Cache-Control"] == "public, max-age=3600"


def test_first_version_keeps_every_key_that_it_ever_had():
    assert set(DESCRIPTION["components"]["schemas"]["Verdict"]["required"]) >= {
        "checked_at", "course", "duplicate_of", "holder", "hours", "issued_on", "kind", "number", "organisation",
        "replaced_by",
        "revoked_on", "sha256", "status", "topic", "valid_until",
    }  # fmt: skip
    assert set(DESCRIPTION["paths"]) >= {"/api/v1/verify/{token}", "/api/v1/files/{sha256}", "/api/v1/openapi.json"}


# --- The verdict -----------------------------------------------------------------------------------


def test_answer_has_the_facts_of_the_page(visit, documents, settings):
    response = visit("valid")
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == {
        "status": "valid",
        "number": "SK-2026-000001",
        "holder": "Әлімов Айбек",
        "kind": "certificate",
        "topic": {
            "kk": "Білім берудегі менеджмент: басқарудағы инновациялық тәсілдер",
            "ru": "Менеджмент в образовании: инновационные подходы в управлении",
            "en": "Management in education: innovative approaches to administration",
        },
        "hours": 80,
        "course": {"from": "2026-09-07", "to": "2026-09-25"},
        "issued_on": "2026-10-05",
        "valid_until": "2029-10-05",
        "revoked_on": None,
        "organisation": settings.INSTITUTE_NAME,
        "replaced_by": None,
        "duplicate_of": None,
        "sha256": documents["valid"].sha256,
        "checked_at": "2026-10-05T05:00:00+00:00",
    }


@pytest.mark.parametrize("status", ALL)
def test_every_status_has_the_same_keys_and_costs_one_query(visit, status, count_queries):
    with count_queries() as seen:
        response = visit(status)
    answer = response.json()
    assert (answer["status"], seen.count, dict(response.cookies)) == (status, 1, {})
    assert sorted(answer) == DESCRIPTION["components"]["schemas"]["Verdict"]["required"]
    assert answer["replaced_by"] == ("SK-2026-000005" if status == "replaced" else None)
    assert answer["revoked_on"] == ("2026-10-05" if status == "revoked" else None)


def test_document_without_its_file_yet_has_no_digest(issue_to, outcome):
    assert ask(f"/api/v1/verify/{issue_to(outcome).token}").json()["sha256"] is None


# --- Problems --------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", [ABSENT, "x", "q" * 40, "%00" * 32, "%D0%B6" * 32])
def test_absent_and_malformed_tokens_are_the_same_problem(token, count_queries):
    with count_queries() as seen:
        response = ask(f"/api/v1/verify/{token}", accept_language="en")
    assert (response.status_code, seen.count) == (404, 2)
    assert response.json() == {
        "type": "urn:course:problem:not-found",
        "title": "Not found",
        "status": 404,
        "detail": "The institute has issued no document with this address.",
        "verdict": "not_found",
        "checked_at": "2026-10-05T05:00:00+00:00",
    }
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "header", "language"),
    [
        ("", None, "kk"),
        ("", "ru-RU,ru;q=0.9,en;q=0.5", "ru"),
        ("", "de,en;q=0.5", "en"),
        ("", "de", "kk"),
        ("?lang=en", "ru", "en"),
        ("?lang=xx", "ru", "ru"),
    ],
)
def test_problem_is_told_in_the_language_that_the_program_asks_for(query, header, language):
    headers = {"accept_language": header} if header else {}
    response = ask(f"/api/v1/verify/{ABSENT}{query}", **headers)
    assert response.headers["Content-Language"] == language
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.django_db(transaction=True)
def test_register_that_does_not_answer_is_a_problem_and_no_forgery(documents):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE certificates_document RENAME TO certificates_document_away")
    try:
        for path in (f"/api/v1/verify/{documents['valid'].token}", f"/api/v1/files/{documents['valid'].sha256}"):
            response = ask(path)
            assert (response.status_code, response.json()["verdict"]) == (503, "unavailable")
            assert (response.headers["Retry-After"], response.headers["Cache-Control"]) == ("60", "no-store")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE certificates_document_away RENAME TO certificates_document")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", [f"/api/v1/verify/{ABSENT}", "/api/v1/files/x", "/api/v1/openapi.json"])
def test_api_is_read_only(method, path, count_queries):
    with count_queries() as seen:
        response = described(getattr(Client(enforce_csrf_checks=True), method)(path), path)
    assert (response.status_code, response.headers["Allow"], seen.count) == (405, "GET, HEAD, OPTIONS", 0)


def test_api_is_limited_and_says_when_to_come_again(documents, settings):
    settings.API_CHECKS_PER_MINUTE = 2
    path = f"/api/v1/verify/{documents['valid'].token}"
    assert [ask(path).status_code for _ in range(3)] == [200, 200, 429]
    assert ask(path).headers["Retry-After"] == "60"  # the minute has just begun
    assert Client(REMOTE_ADDR="10.1.2.3").get(path).status_code == 200


def test_limit_that_cannot_be_kept_does_not_keep_the_answer_back(documents):
    away = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    with override_settings(CACHES={"default": away}):
        assert ask(f"/api/v1/verify/{documents['valid'].token}").status_code == 200


def test_address_that_there_is_not_is_a_problem_too():
    response = Client().get("/api/v1/nothing/here", headers={"accept-language": "en"})
    assert (response.status_code, response.headers["Content-Type"]) == (404, "application/problem+json")
    assert "openapi.json" in response.json()["detail"]


# --- Conditional requests --------------------------------------------------------------------------


def test_kept_answer_holds_until_something_changes(visit, documents, administrator, count_queries):
    first = visit("valid")
    assert (first.headers["Cache-Control"], first.headers["ETag"][:3]) == ("private, no-cache", 'W/"')
    with time_machine.travel("2026-10-07 05:00", tick=False), count_queries() as seen:
        path = f"/api/v1/verify/{documents['valid'].token}"
        again = ask(path, if_none_match=first.headers["ETag"])
    assert (again.status_code, seen.count, again.headers["ETag"]) == (304, 1, first.headers["ETag"])
    revoke(document=documents["valid"], reason="қате", by=administrator)
    changed = ask(path, if_none_match=first.headers["ETag"])
    assert (changed.status_code, changed.json()["status"]) == (200, "revoked")
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_expiry_changes_the_mark_though_no_row_has_changed(documents):
    path = f"/api/v1/verify/{documents['valid'].token}"
    with time_machine.travel("2029-10-05 05:00", tick=False):
        before = ask(path).headers["ETag"]
    with time_machine.travel("2029-10-06 05:00", tick=False):
        after = ask(path, if_none_match=before)
    assert (after.status_code, after.json()["status"]) == (200, "expired")


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("*", 304),
        ("{}", 304),
        ('"other", {}', 304),
        ("{strong}", 304),
        ('W/"other"', 200),
        ("", 200),
        ("no quotes", 200),
    ],
)
def test_mark_is_compared_weakly_among_several(visit, asked, status):
    mark = visit("valid").headers["ETag"]
    assert visit("valid", if_none_match=asked.format(mark, strong=mark[2:])).status_code == status


def test_marks_of_documents_differ_and_of_one_document_do_not(visit):
    marks = [visit(status).headers["ETag"] for status in ALL]
    assert len(set(marks)) == 4
    assert [visit(status).headers["ETag"] for status in ALL] == marks


# --- Other origins ---------------------------------------------------------------------------------


def test_any_page_may_ask_without_cookies(visit):
    answer = visit("valid", origin="https://other.example")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    asked = Client().options(f"/api/v1/verify/{ABSENT}", headers={"access-control-request-headers": "if-none-match"})
    assert (asked.status_code, asked.headers["Access-Control-Allow-Headers"]) == (204, "If-None-Match")
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"


# --- Files -----------------------------------------------------------------------------------------


def test_issued_file_leads_to_its_document(make_ready, outcome, count_queries):
    document = make_ready(outcome)
    for digest in (document.sha256, document.sha256.upper()):
        with count_queries() as seen:
            response = ask(f"/api/v1/files/{digest}")
        assert (seen.count, dict(response.cookies)) == (1, {})
        assert response.json() == {
            "sha256": document.sha256,
            "page": f"/v/{document.token}/",
            "verify": f"/api/v1/verify/{document.token}",
            "checked_at": "2026-10-05T05:00:00+00:00",
        }
        assert response.headers["Cache-Control"] == "no-store"
    assert FILE.decode() not in response.content.decode()


@pytest.mark.parametrize("digest", ["0" * 64, "x", "", "%00", "g" * 64, "0" * 63, "%D0%B6" * 64])
def test_other_file_is_not_found(documents, digest, count_queries):
    with count_queries() as seen:
        response = Client().get(f"/api/v1/files/{digest}")
    if digest:
        described(response, "/api/v1/files/x")
    assert (response.status_code, seen.count) == (404, 2 if digest else 0)


def test_file_is_found_by_an_index(documents):
    plan = Document.objects.filter(sha256="0" * 64).order_by().explain()
    assert "document_file" in plan or connection.vendor == "postgresql"
