"""Every address × method × kind of person × whose object: who is not named in the policy is refused, and a refused
call leaves every table as it was. A new address fails here until it stands in the policy (and, with parameters, below).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from accounts.models import Role
from accounts.policy import PUBLIC, SIGNED_IN, audience
from core.tasks import beat
from tests.world import build_world

pytestmark = pytest.mark.django_db

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
PEOPLE = ["anonymous", "administrator", "trainer", "other_trainer", "listener", "other_listener"]
WHOSE = ["own", "other", "nonexistent"]
WRITE = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE|TRUNCATE|DROP|ALTER)", re.IGNORECASE)
NONE = 999_999_999
# URL name → what its parameters mean. "own" belongs to `trainer` and `listener`, "other" to the others.
OBJECTS: dict[str, dict[str, str]] = {
    "my_way_ask": {"pk": "enrolment", "way": "way"},
    "my_request_papers": {"pk": "request"},
    "my_request_take_back": {"pk": "request"},
    "my_agreement": {"pk": "enrolment"},
    "my_agreement_draft": {"pk": "enrolment"},
    "agreement_download": {"pk": "agreement"},
    "material_download": {"pk": "material"},
    "attendance_sheet": {"pk": "session"},
    "attendance_save": {"pk": "session"},
    "attendance_changes": {"pk": "session"},
    "attendance_code": {"pk": "session"},
    "cohort_attendance": {"pk": "cohort"},
    "journal_pdf": {"pk": "cohort"},
    "journal_xlsx": {"pk": "cohort"},
    "cohort_statistics": {"pk": "cohort"},
    "cohort_statistics_xlsx": {"pk": "cohort"},
    "score_sheet": {"pk": "cohort"},
    "score_save": {"pk": "cohort"},
    "score_changes": {"pk": "cohort"},
    "score_save_many": {"pk": "cohort"},
    "score_history": {"pk": "cohort", "enrolment": "enrolment", "criterion": "criterion"},
    "my_work_show": {"pk": "assignment"},
    "my_self_assessment": {"pk": "enrolment"},
    "my_self_assessment_privacy": {"pk": "enrolment"},
    "my_checklist": {"pk": "enrolment", "moment": "moment"},
    "cohort_self_assessment": {"pk": "cohort"},
    "cohort_defences": {"pk": "cohort"},
    "work_answer": {"pk": "submission"},
    "comment_template": {"pk": "comment_template"},
    "comment_template_drop": {"pk": "comment_template"},
    "submitted_file": {"pk": "submitted_file"},
    "cohort_work": {"pk": "cohort"},
    "assignment_new": {"pk": "cohort"},
    "cohort_work_standard": {"pk": "cohort"},
    "cohort_work_publish": {"pk": "cohort"},
    "assignment_edit": {"pk": "assignment"},
    "assignment_publish": {"pk": "assignment"},
    "assignment_close": {"pk": "assignment"},
    "assignment_open": {"pk": "assignment"},
    "assignment_discard": {"pk": "assignment"},
    "submitted_preview": {"pk": "submitted_file"},
    "submitted_page": {"pk": "submitted_file", "no": "submitted_page_no"},
    "likeness_show": {"pk": "likeness"},
    "my_appeal": {"pk": "outcome"},
    "my_appeal_take_back": {"pk": "outcome"},
    "appeal_show": {"pk": "appeal"},
    "appeal_paper": {"pk": "appeal_paper"},
    "defence_show": {"pk": "defence"},
    "defence_give": {"pk": "defence"},
    "defence_decide": {"pk": "defence"},
    "defence_end": {"pk": "defence"},
    "defence_excuse": {"pk": "defence"},
    "defence_take_back": {"pk": "defence"},
    "defence_topic": {"pk": "defence"},
    "protocol_show": {"pk": "protocol"},
    "protocol_opinion": {"pk": "protocol"},
    "protocol_pdf": {"pk": "protocol"},
    "document_download": {"pk": "document"},
    "document_ask": {"pk": "document"},
    "document_take_back": {"pk": "asked"},
    "verify_document": {"token": "token"},
    "verify_document_json": {"token": "token"},
    "file_json": {"sha256": "sha256"},
    "api_nothing": {"rest": "sha256"},
    "cohort_timetable": {"pk": "cohort"},
    "cohort_timetable_file": {"pk": "cohort", "ending": "ending"},
    "session_calendar": {"token": "calendar"},
    "consultation_confirm": {"pk": "consultation"},
    "consultation_move": {"pk": "consultation"},
    "consultation_held": {"pk": "consultation"},
    "consultation_missed": {"pk": "consultation"},
    "consultation_cancel": {"pk": "consultation"},
    "admin:enrollment_movementrequest_change": {"object_id": "request"},
    "admin:enrollment_request_refuse": {"pk": "request"},
    "admin:enrollment_request_papers": {"pk": "request"},
    "admin:enrollment_request_take_back": {"pk": "request"},
    "admin:enrollment_request_paper": {"pk": "paper"},
    "admin:enrollment_request_ways": {"pk": "enrolment"},
    "admin:enrollment_request_ask": {"pk": "enrolment", "way": "way"},
    "apply_form": {"code": "code"},
    "apply_sent": {"code": "code"},
    "apply_employer": {"code": "code"},
    "group_form": {"code": "code"},
    "group_template": {"code": "code"},
    "application": {"key": "application"},
    "application_confirm": {"key": "application"},
    "application_take_back": {"key": "application"},
    "group_application": {"key": "list"},
    "group_application_confirm": {"key": "list"},
    "group_application_discard": {"key": "list"},
    "account_reset_password_from_key": {"uidb36": "uidb36", "key": "key"},
}


@dataclass(frozen=True)
class Address:
    name: str
    parameters: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


def walk(
    patterns: list[URLPattern | URLResolver], namespace: str = "", above: tuple[str, ...] = ()
) -> Iterator[Address]:
    """Every named address of the resolver with the names of its parameters."""
    for entry in patterns:
        regex = entry.pattern.regex
        parameters = above + (tuple(regex.groupindex) or tuple(f"argument {n}" for n in range(regex.groups)))
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from walk(entry.url_patterns, inner, parameters)
        elif entry.name or not namespace:  # Django's nameless redirects inside the admin fall under its namespace
            yield Address(f"{namespace}{entry.name}" if entry.name else "", parameters)


ADDRESSES = sorted(set(walk(get_resolver().url_patterns)), key=str)


@pytest.fixture
def world(db, administrator, trainer, other_trainer, listener, other_listener, signatory):  # type: ignore[no-untyped-def]
    """Both halves of a whole course, and the accounts of everybody."""
    accounts = {
        "administrator": administrator,
        "trainer": trainer,
        "other_trainer": other_trainer,
        "listener": listener.user,
        "other_listener": other_listener.user,
    }
    beat()
    return build_world(administrator=administrator, own=listener, other=other_listener), accounts


def targets(address: Address, objects: dict[str, dict[str, object]]) -> Iterator[tuple[str, str]]:
    """(whose, path) for every object that the address can be asked for."""
    if not address.parameters:
        yield "own", reverse(address.name)
        return
    known = OBJECTS.get(address.name)
    if known is None and not address.name.startswith("admin:"):
        pytest.fail(f"{address.name}: say in OBJECTS what its parameters {address.parameters} are")
    for whose in WHOSE:
        values = {p: objects[whose].get((known or {}).get(p, p), NONE) for p in address.parameters}
        try:
            yield whose, reverse(address.name, kwargs=values)
        except NoReverseMatch:  # positional in Django's admin
            try:
                yield whose, reverse(address.name, args=[objects[whose].get("pk", NONE)] * len(address.parameters))
            except NoReverseMatch:
                continue


def sees(person: str, whose: str) -> bool:
    """Whether the object is this person's to see at all."""
    if person == "administrator":
        return whose != "nonexistent"
    return whose == ("other" if person.startswith("other_") else "own")


def expected(address: Address, person: str, roles: set[str], method: str, whose: str) -> set[int] | None:
    """The statuses of a refusal; None when the call is allowed."""
    allowed = audience(address.name)
    if not allowed:
        return {404}
    if allowed == PUBLIC:
        return None
    if person == "anonymous":
        return {302} if method in ("GET", "HEAD") else {403}
    if allowed != SIGNED_IN and not allowed & roles:
        return {403}
    if address.parameters and not address.name.startswith("admin:") and not sees(person, whose):
        return {404, 405}
    return None


@pytest.mark.parametrize("person", PEOPLE)
def test_every_address_refuses_whoever_is_not_named(person, world):
    objects, accounts = world
    client = Client(raise_request_exception=True)
    roles = accounts[person].roles if person in accounts else set()
    if person in accounts:
        client.force_login(accounts[person])
    for address in ADDRESSES:
        assert address.name, "every address has a name, by which the policy knows it"
        for whose, path in targets(address, objects):
            if address.name.startswith("admin:") and person != "administrator" and whose != "own":
                continue  # refused before any object is looked at
            for method in METHODS:
                if person in accounts and address.name.startswith(("account_", "mfa_", "admin:log")):
                    client.force_login(accounts[person])  # the call before may have signed out
                check_call(client, address, person, roles, method, whose, path)


def check_call(client, address, person, roles, method, whose, path) -> None:  # type: ignore[no-untyped-def]
    """One call: refused as the policy says without a trace, or answered without an error."""
    refusal = expected(address, person, roles, method, whose)
    reset_queries()  # of the calls before; the log holds 9,000
    with CaptureQueriesContext(connection) as seen:
        response = client.generic(method, path)
    for close in response._resource_closers:  # `response.close` would end the test's connection as well
        close()
    where = f"{method} {path} as {person}"
    writes = [q["sql"][:120] for q in seen.captured_queries if WRITE.match(q["sql"])]
    if refusal is not None:
        assert response.status_code in refusal, where
        assert writes == [], where
        return
    assert response.status_code < 500 or address.name == "readyz", where  # a slow walk outlasts the heartbeat
    if method in ("GET", "HEAD", "OPTIONS") and not address.name.startswith(("account_", "mfa_", "admin:jsi18n")):
        changed = [w for w in writes if "django_session" not in w]
        assert changed == [], where


def test_policy_names_no_address_that_is_gone():
    from accounts.policy import POLICY

    assert sorted(set(POLICY) - {a.name for a in ADDRESSES}) == []


def test_every_role_is_somebody_in_the_walk():
    assert {Role.ADMINISTRATOR, Role.TRAINER, Role.LISTENER} == {p for p in PEOPLE if p in Role.values}
