"""A document that only the journal knows: verifiable, and revocable by an administrator."""

import pytest
from django.urls import reverse

from certificates import journal
from certificates.models import Document, DocumentState, Event, JournalEntry
from certificates.recovering import replay, revoke_lost
from certificates.verification import Status, check, look_up
from core.counters import preview_next
from core.errors import Refused
from core.models import Counter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]


@pytest.fixture
def lost(make_ready, outcome, tamper):  # type: ignore[no-untyped-def]
    """The entry of a document that a restored database lacks; its row and its counter are gone."""
    document = make_ready(outcome)
    tamper("DELETE FROM certificates_document")
    tamper("DELETE FROM certificates_journalentry")
    Counter.objects.all().delete()
    assert check(document.token).status == Status.UNAVAILABLE  # it was issued, as the journal knows
    found = replay()
    assert (found.lines, found.entries, found.lost, found.ended) == (1, 1, 1, 0)
    return journal.lost_documents().get()


def test_lost_document_is_verified_by_address_and_by_number(lost):
    verdict = check(lost.token)
    assert (verdict.status, verdict.facts.holder, verdict.facts.number) == (
        Status.VALID, "Әлімов Айбек", "SK-2026-000001",
    )  # fmt: skip
    assert look_up("SK-2026-000001", "Алимов").facts == verdict.facts
    assert look_up("SK-2026-000001", "Бекенов").status == Status.NOT_FOUND


def test_no_number_is_given_twice(lost, outcome, issue_to):
    assert preview_next("certificate", 2026) == 2
    assert issue_to(outcome).number == "SK-2026-000002"


def test_replay_changes_nothing_the_second_time(lost):
    again = replay()
    assert (again.lines, again.entries, again.lost, again.ended) == (1, 0, 1, 0)


def test_database_that_forgot_a_revocation_learns_it(make_ready, outcome, administrator, tamper):
    from certificates.tests.revocations import revoke

    document = make_ready(outcome)
    revoke(document=document, reason="қате", by=administrator)
    journal.write_down()
    tamper("UPDATE certificates_document SET state = 'ready', revoked_on = NULL, revocation_reason = ''")
    tamper("DELETE FROM certificates_journalentry WHERE event = 'revoked'")
    assert check(document.token).status == Status.UNAVAILABLE
    assert replay().ended == 1
    verdict = check(document.token)
    assert (verdict.status, verdict.facts.revoked_on.isoformat()) == (Status.REVOKED, "2026-10-05")
    assert Document.objects.get().audit_trail().first().reason.startswith("Дерекқор")


def test_lost_document_is_revoked_in_the_panel(sign_in, administrator, lost):
    client = sign_in(administrator, "en")
    page = client.get(reverse("admin:certificates_journalentry_change", args=[lost.pk])).content.decode()
    address = reverse("admin:certificates_journalentry_revoke", args=[lost.pk])
    assert (address in page, "The database lost this document" in page, "Әлімов Айбек" in page) == (True, True, True)
    assert client.post(address, {"reason": ""}).status_code == 422
    assert client.post(address, {"reason": "Қайта берілді"}).status_code == 302
    assert check(lost.token).status == Status.REVOKED
    journal.write_down()
    assert JournalEntry.objects.get(event=Event.REVOKED).line == 2
    assert client.post(address, {"reason": "Тағы"}).status_code == 422
    listed = client.get(reverse("admin:certificates_journalentry_changelist"), {"known": "lost"}).content.decode()
    assert listed.count("SK-2026-000001") >= 2
    assert lost.token not in listed


def test_only_a_lost_document_and_only_an_administrator(make_ready, outcome, administrator, trainer, lost):
    with pytest.raises(Refused, match="by an administrator"):
        revoke_lost(entry=lost, reason="қате", by=trainer)
    document = make_ready(outcome)
    entry = JournalEntry.objects.get(token=document.token)
    with pytest.raises(Refused, match="that the database lost"):
        revoke_lost(entry=entry, reason="қате", by=administrator)
    assert Document.objects.get().state == DocumentState.READY
