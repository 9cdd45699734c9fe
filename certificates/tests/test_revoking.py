"""Taking documents back: for good, or for a new one."""

from datetime import date, timedelta
from functools import partial

import pytest

from certificates.invariants import broken
from certificates.models import Document, DocumentState, Kind
from certificates.revoking import approve_revocation, decline_revocation, propose_revocation, reissue
from certificates.tests.conftest import TODAY
from certificates.tests.revocations import revoke
from core.errors import MoveRefused, Refused
from enrollment.models import Listener
from enrollment.tests.test_capacity_race import all_at_once
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]


def stored(document):
    return Document.objects.get(pk=document.pk)


def trail(document):
    return [(e.from_state, e.to_state, e.reason, e.by) for e in document.audit_trail()]


@pytest.mark.parametrize("make", ["issue_to", "make_ready"])
def test_revoked_document_says_when_and_why(request, make, outcome, administrator):
    document = request.getfixturevalue(make)(outcome)
    before = document.state
    revoke(document=document, reason="  Аты қате\n жазылған ", by=administrator)
    after = stored(document)
    assert (after.state, after.revoked_on, after.revocation_reason) == ("revoked", TODAY, "Аты қате жазылған")
    assert trail(after)[0] == (before, "revoked", "Аты қате жазылған", administrator)
    assert after.file == document.file


def test_revoked_document_stays_revoked(make_ready, outcome, administrator, signatory):
    document = make_ready(outcome)
    revoke(document=document, reason="қате", by=administrator)
    with pytest.raises(MoveRefused):
        revoke(document=document, reason="тағы", by=administrator)
    with pytest.raises(MoveRefused):
        reissue(document=document, reason="тағы", signatory=signatory, by=administrator)
    assert stored(document).revocation_reason == "қате"
    assert Document.objects.count() == 1


@pytest.mark.parametrize("verb", [revoke, reissue])
@pytest.mark.parametrize(
    ("reason", "sentence"), [("", "Give the reason"), (" \n ", "Give the reason"), ("а" * 501, "longer than 500")]
)
def test_without_a_reason_nothing_is_taken_back(make_ready, outcome, administrator, signatory, verb, reason, sentence):
    document = make_ready(outcome)
    more = {"signatory": signatory} if verb is reissue else {}
    with pytest.raises(Refused, match=sentence):
        verb(document=document, reason=reason, by=administrator, **more)
    assert stored(document).state == DocumentState.READY


def test_documents_are_taken_back_by_administrators_only(make_ready, outcome, trainer, signatory):
    document = make_ready(outcome)
    with pytest.raises(Refused, match="by an administrator"):
        revoke(document=document, reason="қате", by=trainer)
    with pytest.raises(Refused, match="by an administrator"):
        reissue(document=document, reason="қате", signatory=signatory, by=trainer)
    assert stored(document).state == DocumentState.READY


def test_replacement_has_a_new_number_todays_name_and_a_link(make_ready, outcome, administrator, signatory):
    old = make_ready(outcome, language="en", issued_on=TODAY - timedelta(days=2))
    Listener.objects.filter(surname="Әлімов").update(surname="Әлімбеков")
    new = reissue(document=old, reason="Тегі өзгерді", signatory=signatory, by=administrator)
    assert (new.number, new.holder, new.issued_on) == ("SK-2026-000002", "Әлімбеков Айбек", TODAY)
    assert (new.kind, new.state, new.replaces) == (Kind.CERTIFICATE, DocumentState.RESERVED, old)
    assert new.valid_until == date(2029, 10, 5)
    assert new.snapshot["languages"] == ["kk", "en"]
    after = stored(old)
    assert (after.state, after.holder, after.replaced_by) == (DocumentState.REPLACED, "Әлімов Айбек", new)
    assert trail(after)[0] == ("ready", "replaced", "Тегі өзгерді", administrator)
    assert new.token != old.token
    assert list(broken()) == []


def test_replaced_document_is_replaced_once(make_ready, outcome, administrator, signatory):
    old = make_ready(outcome)
    reissue(document=old, reason="қате", signatory=signatory, by=administrator)
    with pytest.raises(MoveRefused):
        reissue(document=old, reason="тағы", signatory=signatory, by=administrator)
    with pytest.raises(MoveRefused):
        revoke(document=old, reason="тағы", by=administrator)
    assert Document.objects.count() == 2


def test_document_without_its_file_is_not_replaced_yet(issue_to, outcome, administrator, signatory):
    document = issue_to(outcome)
    with pytest.raises(MoveRefused):
        reissue(document=document, reason="қате", signatory=signatory, by=administrator)
    assert Document.objects.count() == 1


def test_refused_replacement_changes_nothing_in_the_store_or_in_hand(make_ready, outcome, administrator, signatory):
    document = make_ready(outcome)
    type(signatory).objects.update(valid_to=TODAY - timedelta(days=1))
    with pytest.raises(Refused, match="has no power to sign"):
        reissue(document=document, reason="қате", signatory=signatory, by=administrator)
    assert (document.state, stored(document).state) == (DocumentState.READY, DocumentState.READY)
    assert len(trail(document)) == 2
    assert Document.objects.count() == 1


def test_replacement_of_a_replacement_leads_on(make_ready, outcome, administrator, signatory):
    first = make_ready(outcome)
    second = reissue(document=first, reason="қате", signatory=signatory, by=administrator)
    revoke(document=second, reason="тағы қате", by=administrator)
    assert stored(first).replaced_by == stored(second)
    assert list(broken()) == []


# --- The second person --------------------------------------------------------------------------------


@pytest.fixture
def colleague(db):  # type: ignore[no-untyped-def]
    return factories.UserFactory(email="second@example.kz", full_name="Екіншіева Дина", is_administrator=True)


def test_document_stays_in_force_until_a_second_person_approves(make_ready, outcome, administrator, colleague):
    document = make_ready(outcome)
    proposal = propose_revocation(document=document, reason="қате", by=administrator)
    assert (stored(document).state, proposal.state) == (DocumentState.READY, "proposed")
    with pytest.raises(Refused, match="not the one who proposed it"):
        approve_revocation(revocation=proposal, by=administrator)
    assert stored(document).state == DocumentState.READY
    approve_revocation(revocation=proposal, by=colleague)
    assert (stored(document).state, stored(document).revocation_reason) == (DocumentState.REVOKED, "қате")
    assert trail(stored(document))[0] == ("ready", "revoked", "қате", colleague)
    with pytest.raises(MoveRefused):
        approve_revocation(revocation=proposal, by=colleague)


def test_one_proposal_waits_at_a_time(make_ready, outcome, administrator, colleague):
    document = make_ready(outcome)
    first = propose_revocation(document=document, reason="қате", by=administrator)
    assert propose_revocation(document=document, reason=" қате ", by=administrator) == first
    with pytest.raises(Refused, match="Әкімшіева Айша has proposed"):
        propose_revocation(document=document, reason="қате", by=colleague)


def test_replacement_answers_the_proposal_that_waits(make_ready, outcome, administrator, colleague, signatory):
    document = make_ready(outcome)
    own = propose_revocation(document=document, reason="қате", by=administrator)
    reissue(document=document, reason="Тегі өзгерді", signatory=signatory, by=administrator)
    own.refresh_from_db()
    assert (own.state, own.answer) == ("withdrawn", "The document is replaced by a new one.")
    with pytest.raises(MoveRefused):
        approve_revocation(revocation=own, by=colleague)


@pytest.mark.django_db(transaction=True)
def test_approved_and_taken_back_at_once_is_one_of_both(make_ready, outcome, administrator, colleague):
    document = make_ready(outcome)
    proposal = propose_revocation(document=document, reason="қате", by=administrator)
    results = all_at_once(
        [
            partial(approve_revocation, revocation=proposal, by=colleague),
            partial(decline_revocation, revocation=proposal, answer="", by=administrator),
        ]
    )
    proposal.refresh_from_db()
    assert [isinstance(one, MoveRefused) for one in results].count(True) == 1
    assert (stored(document).state == "revoked") == (proposal.state == "approved")
    assert list(broken()) == []
