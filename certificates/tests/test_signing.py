"""The institute's signature in the files of documents; without a key nothing is signed, and nothing says it is."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import call_command

from certificates import signing
from certificates.rendering import render_reserved
from certificates.tests.factories import make_document, make_outcome
from core.tests import archival
from core.tests.test_pdf_signing import SUBJECT, key_file


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    call_command("build_assets")


@pytest.fixture(autouse=True)
def _nothing_opened():
    signing._opened.cache_clear()
    yield
    signing._opened.cache_clear()


@pytest.fixture
def document(db, cohort, signatory):
    return make_document(make_outcome(cohort, surname="Өтегенова", given_name="Іңкәр"), signatory)


def rendered(document):
    """The document after the worker's round, and its file."""
    render_reserved()
    document.refresh_from_db()
    content = b""
    if document.file:
        with document.file.open("rb") as file:
            content = file.read()
    return document, content


def told_by_poppler(content, folder):
    (folder / "document.pdf").write_bytes(content)
    return subprocess.run(["pdfsig", folder / "document.pdf"], capture_output=True, text=True, check=False).stdout


def test_file_is_signed_with_the_institutes_key(document, settings, tmp_path):
    settings.SIGNING_KEY, settings.SIGNING_PASSWORD = str(key_file(tmp_path, "rsa")), "invented"
    document, content = rendered(document)
    assert (document.state, document.signed_by) == ("ready", SUBJECT)
    told = told_by_poppler(content, tmp_path)
    assert "Signature is Valid." in told
    assert "Total document signed" in told
    assert archival.faults(content) == []
    assert len(content) == document.size < 60_000


def test_without_a_key_nothing_is_signed_and_nothing_says_it_is(document, settings, tmp_path, client):
    settings.SIGNING_KEY, settings.DEMO = "", False
    document, content = rendered(document)
    assert (document.state, document.signed_by) == ("ready", "")
    assert b"/ByteRange" not in content
    assert "does not contain" in told_by_poppler(content, tmp_path)


def test_key_that_cannot_be_had_holds_the_file_up_and_says_why(document, settings, tmp_path):
    settings.SIGNING_KEY, settings.SIGNING_PASSWORD = str(tmp_path / "none.p12"), "a-word"
    document, content = rendered(document)
    assert (document.state, content) == ("reserved", b"")
    assert "the key for signatures cannot be opened" in document.last_error
    assert "a-word" not in document.last_error


def test_certificate_out_of_date_holds_the_file_up(document, settings, tmp_path):
    settings.SIGNING_KEY, settings.SIGNING_PASSWORD = str(key_file(tmp_path)), "invented"
    with time_machine.travel(datetime(2031, 1, 1, tzinfo=UTC), tick=False):
        document, _content = rendered(document)
    assert document.state == "reserved"
    assert "in force" in document.last_error


def test_demonstration_makes_its_key_once_and_says_what_it_is(settings, tmp_path):
    settings.SIGNING_KEY, settings.DEMO, settings.VAR = "", True, tmp_path
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda _: signing._demo_key().read_bytes(), range(16)))
    assert len(set(paths)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["demo_signing.p12"]
    assert (tmp_path / "demo_signing.p12").stat().st_mode & 0o077 == 0
    assert "no legal force" in signing.current_key().subject


def test_cabinet_and_register_tell_of_a_signature_only_where_there_is_one(
    document, settings, tmp_path, client, administrator
):
    settings.SIGNING_KEY, settings.DEMO = "", False
    document, _content = rendered(document)
    client.force_login(administrator)
    address = f"/admin/certificates/document/{document.pk}/change/"
    assert SUBJECT not in client.get(address).text
    other = make_document(make_outcome(document.enrolment.cohort, surname="Қасымова"), document.signatory)
    settings.SIGNING_KEY, settings.SIGNING_PASSWORD = str(key_file(tmp_path)), "invented"
    other, _content = rendered(other)
    assert SUBJECT in client.get(address.replace(str(document.pk), str(other.pk))).text
