"""What the worker is told to do."""

import pytest
from celery import current_app
from django.conf import settings
from django.core.management import call_command

from certificates import tasks
from certificates.issuing import wish_documents
from certificates.models import Document, DocumentState
from certificates.tests.conftest import TODAY
from core import pdf, pdf_pages


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    call_command("build_assets")


def test_tasks_have_the_names_of_the_schedule():
    for name in ("certificates.issue_wished", "certificates.render_reserved"):
        assert name in current_app.tasks
        assert name in settings.CELERY_BEAT_SCHEDULE


@pytest.mark.django_db
def test_wished_documents_become_ready_by_the_tasks_alone(protocol_of, signatory, administrator, in_october):
    protocol = protocol_of("Әлімов", "-Бекенов")
    wish_documents(
        protocol=protocol,
        outcomes=list(protocol.outcomes.all()),
        signatory=signatory,
        issued_on=TODAY,
        by=administrator,
    )
    for _ in range(2):
        tasks.issue_wished()
        tasks.render_reserved()
    assert list(Document.objects.values_list("state", flat=True)) == [DocumentState.READY] * 2


def test_worker_reads_what_papers_share_before_its_first_paper():
    pdf_pages.drawing.cache_clear()
    pdf._bundle.cache_clear()
    tasks.prepare_papers()
    assert (pdf_pages.drawing.cache_info().currsize, pdf._bundle.cache_info().currsize) == (2, 2)


def test_worker_starts_without_fonts_and_says_so(settings, tmp_path, caplog):
    settings.VAR = tmp_path
    tasks.prepare_papers()
    assert "run manage.py build_assets" in caplog.text
