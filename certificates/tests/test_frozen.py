"""What was issued refuses to change or to go, by whatever way somebody tries (I6, I10)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from certificates.issuing import issue_wished, wish_documents
from certificates.models import Document, DocumentState, Kind, Revocation, Wish
from certificates.revoking import decline_revocation, propose_revocation
from certificates.tests.conftest import TODAY
from certificates.tests.revocations import revoke
from enrollment.models import Enrolment, Signatory
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]


@pytest.mark.parametrize(
    "change",
    [
        {"number": "SK-2026-000009"},
        {"token": "x" * 32},
        {"counter": 9},
        {"year": 2025},
        {"kind": Kind.SUPPORT, "valid_until": None},
        {"snapshot": {}},
        {"holder": "Басқа Адам"},
        {"holder_key": "баска адам"},
        {"issued_on": TODAY - timedelta(days=1)},
        {"valid_until": TODAY + timedelta(days=9999)},
        {"outcome": None},
    ],
    ids=lambda change: next(iter(change)),
)
@pytest.mark.parametrize("make", ["issue_to", "make_ready"])
def test_what_is_printed_does_not_change(request, make, outcome, change):
    document = request.getfixturevalue(make)(outcome)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**change)


def test_document_does_not_pass_to_somebody_else(make_ready, outcome, listener):
    document = make_ready(outcome)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(enrolment=listener.enrolments.get())


@pytest.mark.parametrize("change", [{"file": "x.pdf"}, {"size": 1}, {"sha256": "0" * 64}, {"ready_at": None}])
def test_file_of_a_ready_document_does_not_change(make_ready, outcome, change):
    document = make_ready(outcome)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**change)


def test_same_values_may_be_saved_again(make_ready, outcome):
    make_ready(outcome)
    document = Document.objects.get()
    document.last_error = "x"
    document.save()
    assert Document.objects.get().last_error == "x"


@pytest.mark.parametrize("make", ["issue_to", "make_ready"])
def test_document_is_never_deleted(request, make, outcome):
    document = request.getfixturevalue(make)(outcome)
    with pytest.raises(IntegrityError), transaction.atomic():
        document.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.all().delete()


@pytest.mark.parametrize("change", [{"state": DocumentState.READY}, {"revoked_on": None}, {"revocation_reason": ""}])
def test_revoked_document_stays_as_it_is(make_ready, outcome, administrator, change):
    revoke(document=make_ready(outcome), reason="қате", by=administrator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.update(**change)


def test_state_is_not_assigned_past_its_helper(issue_to, outcome):
    document = issue_to(outcome)
    document.state = DocumentState.REVOKED
    with pytest.raises(AssertionError):
        document.save()


def test_what_a_document_rests_on_is_protected(make_ready, outcome, signatory):
    make_ready(outcome)
    with pytest.raises(ProtectedError):
        signatory.delete()
    for rows in (Enrolment.objects.all(), type(outcome).objects.all()):
        with pytest.raises((ProtectedError, IntegrityError)), transaction.atomic():
            rows.delete()


@pytest.mark.parametrize("change", [{"full_name": "Басқа"}, {"position_ru": "Ректор"}, {"basis": "№ 1"}])
def test_signatory_who_has_signed_does_not_change_but_for_the_end(make_ready, outcome, change):
    acting = factories.make_signatory(full_name="Уақытша Басшы", is_acting=True)
    this = Signatory.objects.filter(pk=acting.pk)
    this.update(basis="Жарғы, 2-тарау")
    make_ready(outcome, signatory=acting)
    with pytest.raises(IntegrityError), transaction.atomic():
        this.update(**change)
    assert this.update(valid_to=TODAY) == 1


def test_fulfilled_wish_does_not_change(outcome, signatory, administrator):
    wish_documents(
        protocol=outcome.protocol, outcomes=[outcome], signatory=signatory, issued_on=TODAY, by=administrator
    )
    issue_wished()
    for change in ({"state": Wish.State.WISHED}, {"document": None}, {"reason": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Wish.objects.update(**change)


def test_ready_without_a_file_is_refused_by_the_database(issue_to, outcome):
    issue_to(outcome)
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.update(state=DocumentState.READY)


def test_proposal_to_revoke_is_frozen_and_needs_a_second_person(issue_to, outcome, administrator):
    proposal = propose_revocation(document=issue_to(outcome), reason="қате", by=administrator)
    rows = Revocation.objects.filter(pk=proposal.pk)
    for change in (
        {"reason": "басқа"},
        {"state": "approved", "decided_by": administrator},
        {"state": "declined", "decided_by": administrator},
        {"state": "approved"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.delete()
    decline_revocation(revocation=proposal, answer="", by=administrator)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="proposed", decided_by=None)


def test_second_live_document_is_refused_by_the_database(issue_to, outcome):
    first = issue_to(outcome)
    values = {f.attname: getattr(first, f.attname) for f in Document._meta.concrete_fields if not f.primary_key}
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.create(**values | {"number": "SK-2026-000002", "counter": 2, "token": "x" * 32})
