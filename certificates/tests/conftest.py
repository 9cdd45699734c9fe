"""The cast of this floor: closed protocols, issued documents, documents with a file; sentences in English."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils import timezone, translation

from assessment.models import Outcome
from certificates import journal
from certificates.issuing import issue, wish_documents
from certificates.models import Document, DocumentState
from certificates.revoking import reissue
from certificates.tests.factories import FAILED_POINTS, PASSED_POINTS
from certificates.tests.revocations import revoke
from core import states
from tests import factories
from tests.factories import close_protocol

TODAY = date(2026, 10, 5)
ABSENT = "q" * 32  # what looks like a token and is none
FILE = b"%PDF-1.7 specimen %%EOF"


@pytest.fixture
def in_october() -> Iterator[None]:
    """Ten days after the cohort's last day, 10:00 in Almaty; sentences as they stand in the code."""
    with time_machine.travel(datetime(2026, 10, 5, 5, 0, tzinfo=UTC), tick=False), translation.override("en"):
        yield


@pytest.fixture
def protocol_of(cohort, administrator, trainer):  # type: ignore[no-untyped-def]
    """`protocol_of("Әлімов", "-Бекенов")`: a closed protocol on people of these surnames; “-” marks who failed."""

    def do(*surnames, of=cohort):  # type: ignore[no-untyped-def]
        for surname in surnames:
            enrolment = factories.make_enrolment(
                cohort=of, surname=surname.removeprefix("-"), given_name="Айбек", patronymic=""
            )
            points = FAILED_POINTS if surname.startswith("-") else PASSED_POINTS
            factories.make_scores(enrolment, points, by=trainer)
        return close_protocol(cohort=of, held_on=of.ends_on, leave_out={}, by=administrator)

    return do


@pytest.fixture
def outcome(protocol_of) -> Outcome:  # type: ignore[no-untyped-def]
    """Of Әлімов Айбек, passed."""
    return protocol_of("Әлімов").outcomes.get()


@pytest.fixture
def failed_outcome(protocol_of) -> Outcome:  # type: ignore[no-untyped-def]
    """Of Бекенов Айбек, below the pass mark."""
    return protocol_of("-Бекенов").outcomes.get()


@pytest.fixture
def issue_to(signatory, administrator):  # type: ignore[no-untyped-def]
    """`issue_to(outcome)`: its document, waiting for its file."""

    def do(outcome, **values):  # type: ignore[no-untyped-def]
        arguments = {"signatory": signatory, "issued_on": TODAY, "by": administrator} | values
        return issue(outcome=outcome, **arguments)

    return do


@pytest.fixture
def finish():  # type: ignore[no-untyped-def]
    """`finish(document)`: it has a file now, which is no paper."""

    def do(document: Document) -> Document:
        journal.write_down()
        document.file.save(f"{document.pk}.pdf", ContentFile(FILE), save=False)
        return states.move(
            document,
            DocumentState.READY,
            by=None,
            file=document.file.name,
            size=len(FILE),
            sha256=hashlib.sha256(FILE).hexdigest(),
            ready_at=timezone.now(),
        )

    return do


@pytest.fixture
def make_ready(issue_to, finish):  # type: ignore[no-untyped-def]
    """`make_ready(outcome)`: its document with a file that is no paper."""
    return lambda outcome, **values: finish(issue_to(outcome, **values))


@pytest.fixture
def ready_document(make_ready, outcome) -> Document:  # type: ignore[no-untyped-def]
    """The certificate of Әлімов Айбек."""
    return make_ready(outcome)


@pytest.fixture
def holder(ready_document):  # type: ignore[no-untyped-def]
    """The account of who holds it."""
    listener = ready_document.enrolment.listener
    listener.user = factories.UserFactory(is_listener=True, full_name=listener.full_name, language="ru")
    listener.save()
    return listener.user


@pytest.fixture
def documents(make_ready, protocol_of, administrator, signatory):  # type: ignore[no-untyped-def]
    """A document by status; `not_found` has only a token."""
    protocol = protocol_of("Әлімов", "Бекенов", "Ғабитов", "Дәулетов")
    valid, expired, revoked, replaced = (
        make_ready(outcome) for outcome in protocol.outcomes.order_by("attempt__enrolment__listener__sort_key")
    )
    revoke(document=revoked, reason="қате", by=administrator)
    reissue(document=replaced, reason="қате", signatory=signatory, by=administrator)
    return {"valid": valid, "expired": expired, "revoked": revoked, "replaced": replaced}


@pytest.fixture
def wish(signatory, administrator):  # type: ignore[no-untyped-def]
    """`wish(protocol)`: a batch for everybody whom it decided about."""

    def do(protocol, **values):  # type: ignore[no-untyped-def]
        arguments = {
            "outcomes": list(protocol.outcomes.all()),
            "signatory": signatory,
            "issued_on": TODAY,
            "by": administrator,
        } | values
        return wish_documents(protocol=protocol, **arguments)

    return do
