"""From outcomes to numbered documents: who gets what, once, and why somebody does not."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from django.db import connection

from certificates.candidates import candidates
from certificates.invariants import broken
from certificates.models import Document, Kind
from certificates.tests.conftest import TODAY
from certificates.tests.revocations import revoke
from core.errors import Refused
from core.models import AuditEntry, Counter
from enrollment.models import Listener, Signatory
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]


def reasons(protocol):
    return {c.outcome.attempt.enrolment.listener.surname: c.reason for c in candidates(protocol)}


# --- One document ---------------------------------------------------------------------------------


def test_passed_gets_a_certificate_valid_three_years(issue_to, outcome, administrator, signatory):
    document = issue_to(outcome)
    assert (document.kind, document.number, document.state) == (Kind.CERTIFICATE, "SK-2026-000001", "reserved")
    assert (document.issued_on, document.valid_until) == (TODAY, date(2029, 10, 5))
    assert (document.holder, document.holder_key) == ("Әлімов Айбек", "алимов айбек")
    assert (document.issued_by, document.signatory) == (administrator, signatory)
    assert list(broken()) == []


def test_below_the_pass_mark_gets_a_statement_without_validity(issue_to, failed_outcome):
    document = issue_to(failed_outcome)
    assert (document.kind, document.number, document.valid_until) == (Kind.ATTENDANCE, "AN-2026-000001", None)


def test_token_has_192_random_bits_and_stands_in_the_snapshot(issue_to, outcome, settings):
    document = issue_to(outcome)
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", document.token)
    assert document.snapshot["verification_url"] == f"{settings.PUBLIC_BASE_URL}/v/{document.token}/"
    assert document.snapshot["number"] == document.number


def test_birth_of_a_document_is_audited_with_its_protocol(issue_to, outcome, administrator):
    document = issue_to(outcome)
    entry = AuditEntry.objects.get(model="certificates.Document", object_id=document.pk)
    assert (entry.by, entry.from_state, entry.to_state) == (administrator, "", "reserved")
    assert entry.basis == "K-2026-1 · № 1"


def test_issue_repeated_gives_the_same_document(issue_to, outcome):
    assert issue_to(outcome) == issue_to(outcome, issued_on=TODAY - timedelta(days=1))
    assert Counter.objects.get(series="certificate").value == 1


def test_numbers_run_by_kind_and_year_without_gaps(issue_to, protocol_of):
    protocol = protocol_of("Әлімов", "Бекенов", "-Ғабитов")
    numbers = [issue_to(c.outcome).number for c in candidates(protocol)]
    assert numbers == ["SK-2026-000001", "SK-2026-000002", "AN-2026-000001"]


def test_refused_issue_takes_no_number(issue_to, protocol_of):
    protocol = protocol_of("Әлімов", "Бекенов")
    first, second = (c.outcome for c in candidates(protocol))
    with pytest.raises(Refused):
        issue_to(first, issued_on=TODAY + timedelta(days=1))
    assert issue_to(second).number == "SK-2026-000001"


def test_issue_in_the_future_is_refused(issue_to, outcome):
    with pytest.raises(Refused, match="lies in the future"):
        issue_to(outcome, issued_on=TODAY + timedelta(days=1))


def test_issue_before_the_protocol_is_refused_and_on_its_day_not(issue_to, outcome):
    held_on = outcome.protocol.held_on
    with pytest.raises(Refused, match=r"before the protocol, 25\.09\.2026"):
        issue_to(outcome, issued_on=held_on - timedelta(days=1))
    assert issue_to(outcome, issued_on=held_on).issued_on == held_on


def test_signatory_outside_the_period_is_refused_and_on_its_last_day_not(issue_to, outcome):
    ends = TODAY - timedelta(days=1)
    acting = factories.make_signatory(full_name="Ахметов Нұрлан", is_acting=True, valid_to=ends)
    with pytest.raises(Refused, match=r"Ахметов Нұрлан has no power to sign on 05\.10\.2026"):
        issue_to(outcome, signatory=acting)
    assert issue_to(outcome, signatory=acting, issued_on=ends).snapshot["signatory"]["is_acting"] is True


def test_acting_head_signs_before_the_head(signatory):
    acting = factories.make_signatory(is_acting=True, valid_from=TODAY, valid_to=TODAY)
    assert list(Signatory.objects.in_power_on(TODAY)) == [acting, signatory]
    assert list(Signatory.objects.in_power_on(TODAY + timedelta(days=1))) == [signatory]


def test_letters_that_no_paper_can_print_are_refused_before_a_number(issue_to, outcome):
    Listener.objects.update(given_name="Айбек Ꚙ")
    with pytest.raises(Refused, match=r"U\+A698"):
        issue_to(outcome)
    assert not Counter.objects.filter(value__gt=0).exists()


def test_revoked_document_leaves_room_for_a_new_one_with_a_new_number(issue_to, outcome, administrator):
    revoke(document=issue_to(outcome), reason="қате", by=administrator)
    assert issue_to(outcome).number == "SK-2026-000002"
    assert list(broken()) == []


@pytest.mark.django_db(transaction=True)
def test_threads_issuing_the_same_outcome_make_one_document(issue_to, protocol_of):
    outcomes = [c.outcome for c in candidates(protocol_of("Әлімов", "Бекенов"))]

    def one(n):
        try:
            return issue_to(outcomes[n % 2]).number
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(one, range(16)))
    assert sorted(set(numbers)) == ["SK-2026-000001", "SK-2026-000002"]
    assert Document.objects.count() == 2
    assert list(broken()) == []


# --- Whom ------------------------------------------------------------------------------------------


def test_candidates_stand_in_the_kazakh_alphabet_with_their_kind(protocol_of):
    found = candidates(protocol_of("Яковлев", "Әлімов", "-Ізбасар", "Асанов"))
    assert [(c.outcome.attempt.enrolment.listener.surname, c.kind.value) for c in found] == [
        ("Асанов", "certificate"), ("Әлімов", "certificate"), ("Ізбасар", "attendance"), ("Яковлев", "certificate"),
    ]  # fmt: skip
    assert {c.reason for c in found} == {""}


def test_candidate_with_a_document_is_named_with_its_number(protocol_of, issue_to):
    protocol = protocol_of("Әлімов", "Бекенов")
    issue_to(candidates(protocol)[0].outcome)
    assert reasons(protocol) == {"Әлімов": "Has No SK-2026-000001 of 05.10.2026 already.", "Бекенов": ""}


def test_candidate_who_is_being_issued_to_says_so(protocol_of, wish):
    protocol = protocol_of("Әлімов")
    wish(protocol)
    assert reasons(protocol) == {"Әлімов": "Is being issued at this moment."}


@pytest.mark.parametrize("people", [1, 3, 20])
def test_candidates_cost_the_same_queries_for_any_number_of_people(protocol_of, issue_to, count_queries, people):
    protocol = protocol_of(*(f"Әлімов{n}" for n in range(people)))
    issue_to(protocol.outcomes.first())
    with count_queries() as seen:
        assert len(candidates(protocol)) == people
    assert seen.count == 6
