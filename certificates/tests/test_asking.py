"""Requests about documents: who may ask, what comes of it, and what stays as it was."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import translation

from certificates import journal, verification
from certificates.answering import carry_out, duplicate, refuse_request
from certificates.asking import ask_correction, take_back
from certificates.invariants import broken
from certificates.models import Cause, CorrectionRequest, CorrectionRequestState, Document, DocumentState
from core.errors import MoveRefused, Refused
from core.models import Message
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]


@pytest.fixture
def asked(ready_document, holder):
    return ask_correction(document=ready_document, cause=Cause.LOST, words="Көшу кезінде жоғалды", by=holder)


def row(document):
    return Document.objects.get(pk=document.pk)


def test_holder_asks_and_the_document_stays_in_force(ready_document, holder):
    asked = ask_correction(document=ready_document, cause="lost", words="  жоғалды \n кеше ", basis="", by=holder)
    assert (asked.state, asked.words, asked.asked_by) == ("filed", "жоғалды кеше", holder)
    assert [entry.to_state for entry in asked.audit_trail()] == ["filed"]
    assert row(ready_document).state == DocumentState.READY


def test_administrator_asks_for_a_holder(ready_document, administrator):
    assert ask_correction(document=ready_document, cause="typo", words="Аты қате", by=administrator).pk


def test_nobody_else_asks(ready_document, trainer):
    for stranger in (trainer, factories.UserFactory(is_listener=True)):
        with pytest.raises(Refused, match="Only its holder"):
            ask_correction(document=ready_document, cause="lost", words="x", by=stranger)
    assert not CorrectionRequest.objects.exists()


def test_same_request_once_more_is_the_one_that_waits(asked, holder):
    again = ask_correction(document=asked.document, cause="lost", words="Көшу кезінде жоғалды", by=holder)
    assert again == asked
    with pytest.raises(Refused, match="waits for a decision already"):
        ask_correction(document=asked.document, cause="damaged", words="су тиді", by=holder)
    with pytest.raises(IntegrityError), transaction.atomic():
        CorrectionRequest.objects.create(document=asked.document, cause="lost", words="x", asked_by=holder)


@pytest.mark.parametrize(
    ("cause", "words", "said"), [("lost", " ", "in your own words"), ("other", "x", "what is wrong")]
)
def test_request_without_cause_or_words_is_refused(ready_document, holder, cause, words, said):
    with pytest.raises(Refused, match=said):
        ask_correction(document=ready_document, cause=cause, words=words, by=holder)


def test_expired_certificate_is_not_made_once_more(ready_document, holder, administrator, signatory):
    with time_machine.travel(datetime(2030, 1, 1, tzinfo=UTC), tick=False):
        with pytest.raises(Refused, match="Its validity ended"):
            ask_correction(document=ready_document, cause="lost", words="x", by=holder)
        with pytest.raises(Refused, match="Its validity ended"):
            duplicate(document=ready_document, reason="x", signatory=signatory, by=administrator)
    assert row(ready_document).state == DocumentState.READY


def test_request_is_taken_back_by_its_asker_only(asked, holder, administrator):
    with pytest.raises(Refused):
        take_back(asked=asked, by=administrator)
    assert take_back(asked=asked, by=holder).state == CorrectionRequestState.TAKEN_BACK
    assert take_back(asked=asked, by=holder).state == CorrectionRequestState.TAKEN_BACK
    assert ask_correction(document=asked.document, cause="damaged", words="су тиді", by=holder).pk != asked.pk


def test_lost_document_becomes_a_duplicate(asked, administrator, signatory):
    old = row(asked.document)
    with time_machine.travel(datetime(2027, 3, 1, 6, tzinfo=UTC), tick=False):
        new = carry_out(asked=asked, signatory=signatory, by=administrator)
        assert new.issued_on == date(2027, 3, 1)
    assert (new.replaces, new.valid_until, new.outcome) == (old, old.valid_until, old.outcome)
    assert new.number != old.number
    assert new.token != old.token
    own = {"number", "verification_url", "issued_on", "duplicate", "host", "signatory"}
    assert {key: value for key, value in new.snapshot.items() if key not in own} == {
        key: value for key, value in old.snapshot.items() if key not in own
    }
    assert new.snapshot["duplicate"] == {"number": old.number, "issued_on": old.snapshot["issued_on"]}
    told = verification.check(old.token)
    assert (told.status, told.facts.replaced_by) == (verification.Status.REPLACED, new.number)
    told = verification.check(new.token)
    assert (told.status, told.facts.duplicate_of) == (verification.Status.VALID, old.number)
    asked.refresh_from_db()
    assert (asked.state, asked.result, asked.decided_by) == ("carried_out", new, administrator)


def test_duplicate_of_a_duplicate_names_the_first(ready_document, administrator, signatory, finish):
    second = duplicate(document=ready_document, reason="жоғалды", signatory=signatory, by=administrator)
    finish(second)
    third = duplicate(document=second, reason="жоғалды", signatory=signatory, by=administrator)
    assert third.snapshot["duplicate"]["number"] == ready_document.number
    assert third.valid_until == ready_document.valid_until
    journal.write_down()
    assert list(broken()) == []


def test_duplicate_is_signed_by_who_has_power_on_its_day(asked, administrator, signatory):
    signatory.valid_to = date(2026, 10, 4)
    signatory.save()
    with pytest.raises(Refused, match="no power to sign"):
        carry_out(asked=asked, signatory=signatory, by=administrator)
    asked.refresh_from_db()
    assert (asked.state, row(asked.document).state) == ("filed", DocumentState.READY)


def test_mistake_is_corrected_from_the_register(ready_document, holder, administrator, signatory):
    asked = ask_correction(document=ready_document, cause="typo", words="Аты қате", basis="Куәлік № 1", by=holder)
    with pytest.raises(Refused, match="still has the name as it is printed"):
        carry_out(asked=asked, signatory=signatory, by=administrator)
    listener = ready_document.enrolment.listener
    listener.given_name = "Айбар"
    listener.save()
    new = carry_out(asked=asked, signatory=signatory, by=administrator)
    assert new.holder == listener.full_name != ready_document.holder
    assert "duplicate" not in new.snapshot


def test_mistake_that_is_not_in_the_name(ready_document, holder, administrator, signatory):
    asked = ask_correction(document=ready_document, cause="typo", words="Күні қате", by=holder)
    assert carry_out(asked=asked, signatory=signatory, by=administrator, same_name=True).holder == ready_document.holder


def test_second_decision_gives_the_same_document_or_is_refused(asked, administrator, signatory):
    made = carry_out(asked=asked, signatory=signatory, by=administrator)
    assert carry_out(asked=asked, signatory=signatory, by=administrator) == made
    with pytest.raises(MoveRefused):
        refuse_request(asked=asked, answer="жоқ", by=administrator)
    assert Document.objects.count() == 2


def test_refusal_needs_words_and_an_administrator(asked, holder, administrator, trainer):
    with pytest.raises(Refused, match="Say why not"):
        refuse_request(asked=asked, answer=" ", by=administrator)
    for other in (holder, trainer):
        with pytest.raises(Refused, match="by an administrator"):
            refuse_request(asked=asked, answer="жоқ", by=other)
    refused = refuse_request(asked=asked, answer="Құжат табылды", by=administrator)
    assert (refused.state, refused.answer) == ("refused", "Құжат табылды")
    assert refuse_request(asked=asked, answer="Құжат табылды", by=administrator) == refused


def test_holder_is_told_once_in_own_language(asked, holder, administrator, signatory):
    with translation.override("kk"):
        made = carry_out(asked=asked, signatory=signatory, by=administrator)
        carry_out(asked=asked, signatory=signatory, by=administrator)
    letter = Message.objects.get(kind="document-request-decided")
    assert letter.recipient == holder.email
    assert made.number in letter.body
    assert asked.document.number in letter.body


def test_what_was_decided_stays(asked, administrator, holder):
    refuse_request(asked=asked, answer="жоқ", by=administrator)
    rows = CorrectionRequest.objects.filter(pk=asked.pk)
    for change in ({"state": "filed"}, {"cause": "typo"}, {"decided_by": holder}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()
