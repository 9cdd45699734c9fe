"""Mistakes that must not pass unseen: the database refuses each, and without its refusal `check_invariants` tells."""

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from certificates.invariants import broken
from certificates.models import Document, DocumentQuerySet, DocumentState
from core import states

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]
READY = {"file": "2026/none.pdf", "size": 9, "sha256": "0" * 64}


@pytest.fixture
def blind(monkeypatch):
    """Issuing that does not see what is there already."""
    monkeypatch.setattr(DocumentQuerySet, "live", lambda self: self.none())


def test_second_document_is_refused_and_without_the_constraint_found_out(blind, issue_to, outcome):
    first = issue_to(outcome)
    with pytest.raises(IntegrityError), transaction.atomic():
        issue_to(outcome)
    assert list(Document.objects.all()) == [first]
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX document_one_live")
    issue_to(outcome)
    assert f"I1 enrolment {first.enrolment_id}: 2 live documents of kind certificate" in list(broken())


def test_ready_before_the_file_is_refused_and_with_a_false_file_found_out(issue_to, outcome):
    document = issue_to(outcome)
    with pytest.raises(IntegrityError), transaction.atomic():
        states.move(document, DocumentState.READY, by=None)
    document.refresh_from_db()
    assert document.state == DocumentState.RESERVED
    states.move(document, DocumentState.READY, by=None, ready_at=timezone.now(), **READY)
    assert not default_storage.exists(READY["file"])
    assert f"I3 document {document.number}: its file is gone" in list(broken())
