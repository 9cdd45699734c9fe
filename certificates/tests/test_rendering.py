"""From the reserved row to the file: once, whole, and whatever happens in between."""

import hashlib
import logging
import re
from datetime import timedelta

import pypdfium2
import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.management import call_command
from django.utils import timezone

from certificates import rendering
from certificates.models import Document, DocumentState
from certificates.rendering import render_document, render_reserved, try_again
from certificates.tests.factories import FAILED_POINTS, ISSUED_ON, make_document, make_outcome
from core import states
from core.errors import MoveRefused
from core.leases import claim_one

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    call_command("build_assets")


@pytest.fixture
def document(cohort, signatory):
    outcome = make_outcome(cohort, surname="Өтегенова", given_name="Іңкәр", patronymic="Ғалымқызы")
    return make_document(outcome, signatory)


@pytest.fixture
def broken(cohort, signatory):
    """A document of whose snapshot no paper can be made."""
    return make_document(make_outcome(cohort, surname="Сынықбаева"), signatory, without="topic")


def stored():
    """Every file in the storage."""
    folders, files = default_storage.listdir("") if default_storage.exists("") else ([], [])
    return [*files, *(f"{folder}/{name}" for folder in folders for name in default_storage.listdir(folder)[1])]


def content_of(document):
    with document.file.open("rb") as file:
        return file.read()


def row(document):
    return Document.objects.get(pk=document.pk)


def test_reserved_document_gets_its_file(document):
    started = timezone.now()
    assert render_reserved() == 1
    made = row(document)
    content = content_of(made)
    assert (made.state, made.size, made.sha256, made.lease_until, made.last_error) == (
        DocumentState.READY, len(content), hashlib.sha256(content).hexdigest(), None, "",
    )  # fmt: skip
    assert started <= made.ready_at <= timezone.now()
    assert "Өтегенова Іңкәр Ғалымқызы" in pypdfium2.PdfDocument(content)[0].get_textpage().get_text_bounded()
    assert stored() == [made.file.name]
    assert [(entry.from_state, entry.to_state, entry.by) for entry in made.audit_trail()] == [
        ("reserved", "ready", None), ("", "reserved", document.issued_by),
    ]  # fmt: skip


def test_file_name_tells_nothing(document):
    render_reserved()
    assert re.fullmatch(r"2026/[0-9a-f]{32}\.pdf", row(document).file.name)


def test_paper_is_made_from_the_snapshot_and_not_from_the_rows(document):
    document.enrolment.listener.surname = "Ахметова"
    document.enrolment.listener.save()
    render_reserved()
    text = pypdfium2.PdfDocument(content_of(row(document)))[0].get_textpage().get_text_bounded()
    assert ("Өтегенова" in text, "Ахметова" in text) == (True, False)


def test_nothing_due_is_nothing_done(document):
    render_reserved()
    name = row(document).file.name
    assert render_reserved() == 0
    assert (row(document).file.name, stored()) == (name, [name])


def test_certificate_and_statement_are_made_in_one_go(cohort, signatory):
    certificate = make_document(make_outcome(cohort), signatory)
    statement = make_document(make_outcome(cohort, points=FAILED_POINTS), signatory, kind="attendance")
    assert render_reserved() == 2
    assert [len(pypdfium2.PdfDocument(content_of(row(d)))) for d in (certificate, statement)] == [2, 1]


def test_document_that_another_worker_holds_is_left_to_it(document):
    assert claim_one(Document.objects.to_render()) == document
    assert render_reserved() == 0
    assert (row(document).state, stored()) == (DocumentState.RESERVED, [])


def test_document_of_a_worker_that_was_killed_is_taken_over(document):
    claim_one(Document.objects.to_render())
    Document.objects.filter(pk=document.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert render_reserved() == 1
    assert (row(document).state, row(document).attempts) == (DocumentState.READY, 2)


def test_slow_worker_that_lost_its_lease_leaves_the_file_of_the_quicker_one(document):
    slow = row(document)
    render_reserved()
    ready = row(document)
    assert render_document(slow) is False
    assert stored() == [ready.file.name]
    assert (row(document).file.name, row(document).sha256) == (ready.file.name, ready.sha256)
    assert row(document).audit_trail().count() == 2


def test_document_revoked_in_the_meantime_gets_no_file(document, administrator):
    states.move(row(document), DocumentState.REVOKED, by=administrator, revoked_on=ISSUED_ON, revocation_reason="қате")
    assert render_document(document) is False
    assert (row(document).state, row(document).file.name, stored()) == (DocumentState.REVOKED, "", [])


@time_machine.travel("2026-10-02T10:00:00+05:00", tick=False)
def test_failing_document_waits_longer_each_time_and_the_others_go_on(broken, document, settings):
    waited = []
    assert render_reserved() == 1
    while row(broken).attempts < settings.RENDER_ATTEMPTS:
        waited.append((row(broken).lease_until - timezone.now()).total_seconds())
        Document.objects.filter(pk=broken.pk).update(lease_until=None)
        assert render_reserved() == 0
    assert waited == [5, 10, 15, 20]
    assert (row(broken).state, row(document).state) == (DocumentState.RESERVED, DocumentState.READY)
    assert stored() == [row(document).file.name]


def test_document_that_failed_too_often_waits_for_a_person(broken, settings):
    Document.objects.filter(pk=broken.pk).update(attempts=settings.RENDER_ATTEMPTS)
    assert render_reserved() == 0
    assert row(broken).attempts == settings.RENDER_ATTEMPTS


def test_fault_says_what_and_where_and_no_name(broken, caplog):
    with caplog.at_level(logging.ERROR, logger="certificates.rendering"):
        render_reserved()
    assert re.fullmatch(r"KeyError \(papers\.py:\d+\)", row(broken).last_error)
    assert [f"document {broken.pk} could not be rendered, attempt 1: {row(broken).last_error}"] == caplog.messages
    assert "Сынықбаева" not in caplog.text


def test_letters_that_cannot_be_printed_are_named_by_code(cohort, signatory):
    document = make_document(make_outcome(cohort, surname="李"), signatory)
    assert render_reserved() == 0
    assert row(document).last_error.startswith("MissingLettersError: no glyph for U+674E (pdf.py:")


def test_worker_killed_in_the_last_attempt_leaves_a_reason(document, settings, monkeypatch):
    def killed(claimed):
        raise SystemExit

    Document.objects.filter(pk=document.pk).update(attempts=settings.RENDER_ATTEMPTS - 1)
    monkeypatch.setattr(rendering, "render_document", killed)
    with pytest.raises(SystemExit):
        render_reserved()
    assert row(document).last_error == rendering.STOPPED


def test_last_attempt_that_succeeds_leaves_no_reason(document, settings):
    Document.objects.filter(pk=document.pk).update(attempts=settings.RENDER_ATTEMPTS - 1)
    assert render_reserved() == 1
    assert row(document).last_error == ""


class DamagingStorage(FileSystemStorage):
    """Keeps something else than it was given."""

    def _save(self, name, content):
        return super()._save(name, ContentFile(content.read()[:-1]))


class FullStorage(FileSystemStorage):
    """Has no room for the second half."""

    def _save(self, name, content):
        super()._save(name, ContentFile(content.read()[:99]))
        raise OSError(28, "No space left on device")


@pytest.fixture
def storage(settings):
    def use(storage_class):
        settings.STORAGES = settings.STORAGES | {
            "default": {"BACKEND": f"{__name__}.{storage_class.__name__}", "OPTIONS": {"location": settings.MEDIA_ROOT}}
        }

    return use


@pytest.mark.parametrize(
    ("storage_class", "fault"),
    [(DamagingStorage, "FileDamagedError: the stored file differs"), (FullStorage, "OSError (test_rendering.py")],
)
def test_storage_that_fails_leaves_the_document_reserved_and_no_rest_behind(document, storage, storage_class, fault):
    storage(storage_class)
    assert render_reserved() == 0
    assert row(document).last_error.startswith(fault)
    assert (row(document).state, row(document).file.name, stored()) == (DocumentState.RESERVED, "", [])


def test_full_storage_costs_no_attempt_and_is_told_on_the_front_page(
    document, storage, settings, sign_in, administrator
):
    client = sign_in(administrator, "en")
    words = "The last attempt failed; the worker tries again."
    assert words not in client.get("/admin/").content.decode()
    usual = settings.STORAGES
    storage(FullStorage)
    for _ in range(settings.RENDER_ATTEMPTS + 2):
        Document.objects.update(lease_until=None)
        assert render_reserved() == 0
    assert (row(document).attempts, row(document).is_given_up) == (0, False)
    assert row(document).lease_until > timezone.now() + timedelta(seconds=rendering.WAIT_ELSEWHERE_SECONDS - 5)
    assert words in client.get("/admin/").content.decode()
    settings.STORAGES = usual
    Document.objects.update(lease_until=None)
    assert render_reserved() == 1
    assert words not in client.get("/admin/").content.decode()


def test_failed_document_is_tried_again_when_a_person_asks(broken, administrator, settings):
    Document.objects.filter(pk=broken.pk).update(
        attempts=settings.RENDER_ATTEMPTS, last_error="KeyError", lease_until=timezone.now() + timedelta(seconds=9)
    )
    assert Document.objects.to_render().count() == 0
    try_again(document=broken, by=administrator)
    assert (row(broken).attempts, row(broken).last_error, row(broken).lease_until) == (0, "", None)
    render_reserved()
    assert row(broken).attempts == 1


def test_ready_document_is_not_tried_again(document, administrator):
    render_reserved()
    before = row(document)
    with pytest.raises(MoveRefused):
        try_again(document=document, by=administrator)
    assert (row(document).attempts, row(document).file.name) == (before.attempts, before.file.name)


def test_rendering_costs_the_same_queries_for_each_document(cohort, signatory, count_queries):
    counts = []
    for people in (1, 3):
        for _ in range(people):
            make_document(make_outcome(cohort), signatory)
        with count_queries() as seen:
            assert render_reserved() == people
        counts.append(len([sql for sql in seen.statements if "SAVEPOINT" not in sql]))
    with count_queries() as seen:
        assert render_reserved() == 0
    idle = len([sql for sql in seen.statements if "SAVEPOINT" not in sql])
    assert [count - idle for count in counts] == [11, 27]  # the journal is written for all of them at once
