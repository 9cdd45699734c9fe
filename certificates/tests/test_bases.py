"""The address on papers: pinned byte for byte, checked at start, changed only on record, answered for good (I9)."""

import io
import os
import subprocess
import sys

import pytest
import zxingcpp
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import Error, connection
from django.test import Client
from django.urls import resolve, reverse
from PIL import Image, ImageDraw

from certificates import bases, checks
from certificates.invariants import broken
from certificates.models import PublicBase
from certificates.qr import _matrix
from core.errors import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]
OURS, NEW = "https://kurs.example.kz", "https://jana.example.kz"
TOKEN = "Zz0-_aB3dE5gH7jK9mN1pQ3sT5vW7yX0"


@pytest.fixture
def ours(settings):  # type: ignore[no-untyped-def]
    settings.PUBLIC_BASE_URL, settings.FORMER_BASE_URLS = OURS, []
    settings.ALLOWED_HOSTS = ["kurs.example.kz", "testserver"]
    return settings


def qr_text(url):  # type: ignore[no-untyped-def]
    """What a camera reads off the code of this address."""
    matrix = _matrix(url)
    picture = Image.new("L", ((len(matrix) + 8) * 6,) * 2, 255)
    draw = ImageDraw.Draw(picture)
    for y, row in enumerate(matrix):
        for x, dark in enumerate(row):
            if dark:
                draw.rectangle([(x + 4) * 6, (y + 4) * 6, (x + 5) * 6 - 1, (y + 5) * 6 - 1], fill=0)
    return zxingcpp.read_barcodes(picture)[0].text


# --- The address -----------------------------------------------------------------------------------


def test_address_of_a_document_is_what_it_always_was_byte_for_byte(ours, monkeypatch, outcome, make_ready):
    monkeypatch.setattr("secrets.token_urlsafe", lambda size: TOKEN)
    document = make_ready(outcome)
    printed = "https://kurs.example.kz/v/Zz0-_aB3dE5gH7jK9mN1pQ3sT5vW7yX0/"
    assert document.snapshot["verification_url"].encode() == printed.encode()
    assert document.verification_url == printed
    assert qr_text(document.snapshot["verification_url"]) == printed
    assert reverse("verify_document", args=[TOKEN]) == "/v/Zz0-_aB3dE5gH7jK9mN1pQ3sT5vW7yX0/"
    assert resolve("/v/Zz0-_aB3dE5gH7jK9mN1pQ3sT5vW7yX0/").kwargs == {"token": TOKEN}
    assert reverse("verify_document_json", args=[TOKEN]) == "/api/v1/verify/Zz0-_aB3dE5gH7jK9mN1pQ3sT5vW7yX0"
    assert Client().get(f"/v/{TOKEN}/").status_code == 200


def test_address_is_never_taken_from_the_request(ours, outcome, make_ready):
    document = make_ready(outcome)
    page = Client().get(f"/v/{document.token}/", HTTP_X_FORWARDED_HOST="evil.example").content.decode()
    assert "evil.example" not in page


# --- What may stand there --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "word"),
    [
        ("http://kurs.example.kz", "https://"),
        ("https://kurs.example.kz/kurs", "no path"),
        ("https://kurs.example.kz/", "no path"),
        ("https://kurs.example.kz?", "no path"),
        ("https://kurs.example.kz#x", "no path"),
        ("https://user:x@kurs.example.kz", "user name"),
        ("https://Kurs.example.kz", "small Latin"),
        ("https://курс.kz", "small Latin"),
        ("kurs.example.kz", "begin with https"),
        ("ftp://kurs.example.kz", "begin with https"),
        ("https://", "begin with https"),
        ("https://kurs.example.kz:nine", "no address"),
        ("", "begin with https"),
    ],
)
def test_address_that_cannot_be_printed_stops_the_start(ours, base, word):
    ours.PUBLIC_BASE_URL = base
    assert any(word in fault.msg for fault in checks.check_base(None))


@pytest.mark.parametrize("base", [OURS, "https://kurs.example.kz:8443", "http://127.0.0.1:8000", "http://localhost"])
def test_address_that_can_be_printed_is_let_through(ours, base):
    ours.PUBLIC_BASE_URL = base
    ours.ALLOWED_HOSTS = ["kurs.example.kz", "127.0.0.1", "localhost"]
    assert checks.check_base(None) == []


@pytest.mark.parametrize("setting", ["DEMO", "DEBUG"])
def test_demonstration_may_do_without_encryption(ours, setting):
    ours.PUBLIC_BASE_URL = "http://kurs.example.kz"
    setattr(ours, setting, True)
    assert checks.check_base(None) == []


def test_host_that_is_not_answered_stops_the_start(ours):
    ours.FORMER_BASE_URLS = ["https://eski.example.kz"]
    assert ["eski.example.kz" in fault.msg for fault in checks.check_base(None)] == [True]


def test_address_of_this_machine_is_none_for_an_institute(ours):
    assert checks.check_reach(None) == []
    ours.PUBLIC_BASE_URL = "http://127.0.0.1:8000"
    assert [fault.id for fault in checks.check_reach(None)] == ["certificates.E003"]


def test_former_addresses_are_let_in_by_the_settings(tmp_path, settings):
    variables = {"PUBLIC_BASE_URL": NEW, "FORMER_BASE_URLS": f"{OURS}/,https://eski.example.kz"}
    code = "from django.conf import settings as s; print(s.ALLOWED_HOSTS, s.FORMER_BASE_URLS)"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", code],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "VAR": str(tmp_path)} | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    hosts, former = ["jana.example.kz", "kurs.example.kz", "eski.example.kz"], [OURS, "https://eski.example.kz"]
    assert done.stdout.strip() == f"{hosts} {former}"


# --- It does not change in silence -----------------------------------------------------------------


def test_first_issue_remembers_the_address_and_the_second_does_not_again(ours, protocol_of, make_ready):
    first, second = protocol_of("Әлімов", "Бекенов").outcomes.all()
    make_ready(first)
    make_ready(second)
    assert list(PublicBase.objects.values_list("url", "reason")) == [(OURS, "")]
    assert checks.check_change(None, ["default"]) == []


def test_address_of_this_machine_is_not_remembered(settings, outcome, make_ready):
    settings.PUBLIC_BASE_URL = "http://127.0.0.1:8000"
    make_ready(outcome)
    assert PublicBase.objects.count() == 0


@pytest.mark.parametrize("changed", [NEW, "http://127.0.0.1:8000", "https://kurs.example.kz:8443"])
def test_changed_address_stops_start_and_issue_until_it_is_recorded(ours, protocol_of, make_ready, issue_to, changed):
    first, second = protocol_of("Әлімов", "Бекенов").outcomes.all()
    make_ready(first)
    ours.PUBLIC_BASE_URL = changed
    assert [fault.id for fault in checks.check_change(None, ["default"])] == ["certificates.E004"]
    with pytest.raises(ImproperlyConfigured, match="change_public_base"):
        bases.refuse_contradiction()
    with pytest.raises(Refused, match="changed without a record"):
        issue_to(second)
    assert any("I9 PUBLIC_BASE_URL" in line for line in broken())


def test_recorded_change_lets_new_papers_bear_the_new_address_and_keeps_the_old(ours, protocol_of, make_ready):
    first, second = protocol_of("Әлімов", "Бекенов").outcomes.all()
    old = make_ready(first)
    told = io.StringIO()
    call_command("change_public_base", NEW + "/", reason="жаңа домен", stdout=told)
    assert told.getvalue().splitlines()[1:] == [f"PUBLIC_BASE_URL={NEW}", f"FORMER_BASE_URLS={OURS}"]
    ours.PUBLIC_BASE_URL = NEW
    assert f"FORMER_BASE_URLS, separated by commas: {OURS}" in bases.contradiction()
    ours.FORMER_BASE_URLS, ours.ALLOWED_HOSTS = [OURS], ["jana.example.kz", "kurs.example.kz"]
    assert bases.contradiction() == ""
    bases.refuse_contradiction()
    new = make_ready(second)
    assert new.verification_url == f"{NEW}/v/{new.token}/"
    old.refresh_from_db()
    assert old.verification_url == old.snapshot["verification_url"] == f"{OURS}/v/{old.token}/"
    for host in ("kurs.example.kz", "jana.example.kz"):
        for document in (old, new):
            assert Client().get(f"/v/{document.token}/", HTTP_HOST=host).status_code == 200
    assert [line for line in broken() if "I9 P" in line] == []


def test_change_is_recorded_once_and_with_a_reason(ours):
    call_command("change_public_base", NEW, reason="жаңа домен", stdout=io.StringIO())
    call_command("change_public_base", NEW, reason="тағы да", stdout=io.StringIO())
    assert list(PublicBase.objects.order_by("pk").values_list("url", "reason")) == [(OURS, ""), (NEW, "жаңа домен")]
    for new, reason in ((OURS, " "), (OURS, "x" * 501), ("http://kurs.example.kz", "x"), (f"{OURS}/kurs", "x")):
        with pytest.raises(CommandError):
            call_command("change_public_base", new, reason=reason, stdout=io.StringIO())
    assert PublicBase.objects.count() == 2


@pytest.mark.parametrize(
    "statement",
    ["UPDATE certificates_publicbase SET url = 'https://evil.example'", "DELETE FROM certificates_publicbase"],
)
def test_record_of_addresses_is_frozen(statement):
    PublicBase.objects.create(url=OURS)
    with pytest.raises(Error, match="frozen"), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_start_without_a_database_is_not_refused():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE certificates_publicbase RENAME TO certificates_publicbase_away")
    try:
        assert checks.check_change(None, ["default"]) == []
        bases.refuse_contradiction()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE certificates_publicbase_away RENAME TO certificates_publicbase")
    assert checks.check_change(None, None) == []


def test_addresses_on_papers_are_shown_to_administrators(sign_in, administrator):
    PublicBase.objects.create(url=OURS, reason="жаңа домен")
    page = sign_in(administrator, "en").get("/admin/certificates/publicbase/").content.decode()
    assert (OURS in page, "жаңа домен" in page) == (True, True)
