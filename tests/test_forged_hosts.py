"""Ten forged Host and X-Forwarded values: none gets into a page, a letter, a paper or its QR code."""

import re
from datetime import timedelta

import pypdfium2
import pytest
import time_machine
import zxingcpp
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.policy import PUBLIC, SIGNED_IN, audience
from certificates.issuing import issue_wished
from certificates.models import Document
from certificates.rendering import render_reserved
from core.identifiers import invented_iin
from core.models import Message
from enrollment.models import Signatory
from tests import factories
from tests.test_access import ADDRESSES, targets, world  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db

FORGED = {
    "host": {"HTTP_HOST": "evil.example"},
    "host that begins like ours": {"HTTP_HOST": "127.0.0.1.evil.example"},
    "port": {"HTTP_HOST": "127.0.0.1:6666"},
    "another name of this machine": {"HTTP_HOST": "localhost:6666"},
    "forwarded host": {"HTTP_X_FORWARDED_HOST": "evil.example"},
    "forwarded server": {"HTTP_X_FORWARDED_SERVER": "evil.example", "HTTP_X_HOST": "evil.example"},
    "forwarded": {"HTTP_FORWARDED": "for=192.0.2.1;host=evil.example;proto=evilscheme"},
    "forwarded port and scheme": {"HTTP_X_FORWARDED_PORT": "6666", "HTTP_X_FORWARDED_PROTO": "evilscheme"},
    "forwarded address": {"HTTP_X_FORWARDED_FOR": "evil.example", "HTTP_X_REAL_IP": "evil.example"},
    "rewritten address": {
        "HTTP_X_ORIGINAL_URL": "http://evil.example/",
        "HTTP_X_REWRITE_URL": "http://evil.example/",
        "HTTP_X_FORWARDED_PREFIX": "//evil.example",
    },
}
REFUSED = {"host", "host that begins like ours"}
TRACE = re.compile(r"evil\.example|evilscheme|:6666|localhost")
ALL_AT_ONCE = {key: value for name, headers in FORGED.items() if name not in REFUSED for key, value in headers.items()}


def shown(response):
    """All that a response says: status line's headers, cookies, and its body, a PDF as its text."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    for close in response._resource_closers:  # `response.close` would end the test's connection as well
        close()
    if body.startswith(b"%PDF") and body.rstrip().endswith(b"%%EOF") and b"specimen" not in body:
        text = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(body))
    else:
        text = body.decode(errors="replace")
    return "\n".join([*(f"{name}: {value}" for name, value in response.headers.items()), str(response.cookies), text])


def traces(response):
    return TRACE.findall(shown(response))


def may_open(name, roles):
    allowed = audience(name)
    return allowed == PUBLIC or bool(roles and (allowed == SIGNED_IN or allowed & roles))


@pytest.mark.parametrize("person", ["anonymous", "administrator", "trainer", "listener"])
def test_no_page_repeats_them(person, world):  # noqa: F811
    """Every address that this person may open, with all of them at once."""
    objects, accounts = world
    client, seen = Client(), 0
    roles = accounts[person].roles if person in accounts else set()
    for address in ADDRESSES:
        if not may_open(address.name, roles):
            continue
        for whose, path in targets(address, objects):
            if whose != "own":
                continue
            if person in accounts:
                client.force_login(accounts[person])  # the page before may have signed out
            assert traces(client.get(path, **ALL_AT_ONCE)) == [], f"GET {path}"
            seen += 1
    assert seen > 15
    assert letters() == letters_with_our_address()


@pytest.mark.parametrize("forged", FORGED)
def test_each_of_them_alone_is_refused_or_ignored(client, forged, listener):
    for path in ("/", "/verify/", "/v/x/", "/accounts/login/", "/my/", "/apply/", "/none/", "/readyz"):
        response = client.get(path, **FORGED[forged])
        assert traces(response) == [], path
        assert (response.status_code == 400) == (forged in REFUSED), path


def letters():
    return list(Message.objects.order_by("pk").values_list("body", "subject", "recipient"))


def letters_with_our_address():
    """Those that name no address but PUBLIC_BASE_URL and where a defence is held."""
    return [
        letter
        for letter in letters()
        if not any(TRACE.search(part) for part in letter)
        and all(host in ("127.0.0.1:8000", "meet.example.kz") for host in re.findall(r"https?://([^/\s]+)", letter[0]))
    ]


@pytest.mark.parametrize("forged", FORGED)
def test_letters_bear_our_own_address(client, forged, world):  # noqa: F811
    """A new password asked for, and an application sent, by a browser with this header."""
    objects, accounts = world
    Message.objects.all().delete()
    cache.clear()
    headers = FORGED[forged]
    codes = [
        client.post(reverse("account_reset_password"), {"email": accounts["trainer"].email}, **headers).status_code,
        apply(client, objects["own"]["code"], headers),
    ]
    if forged in REFUSED:
        assert (codes, letters()) == ([400, 400], [])
        return
    assert codes == [302, 302]
    assert len(letters()) == 2
    assert letters_with_our_address() == letters()
    assert all("http://127.0.0.1:8000/" in body for body, _, _ in letters())


def apply(client, code, headers):
    """Fill in the form as a person does, not as quick as a machine."""
    address = reverse("apply_form", args=[code])
    stamp = re.search(r'name="stamp" value="([^"]+)"', client.get(address).content.decode())[1]
    fields = {
        "surname": "Әлімов", "given_name": "Айбек", "patronymic": "", "iin": invented_iin(900_777),
        "position": "директор", "employer_bin": "", "employer_name": "№ 5 мектеп", "email": "aibek@example.kz",
        "phone": "+7 701 000 00 00", "consent": "on", "stamp": stamp,
    }  # fmt: skip
    with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
        return client.post(address, fields, **headers).status_code


def test_papers_and_their_codes_bear_our_own_address(cohort, administrator, trainer, signatory, sign_in):
    """Issued by an administrator whose browser, or whoever sits before it, sends all of them."""
    call_command("build_assets")
    for points in ([18, 22, 13, 27, 9], [8, 9, 6, 14, 4]):
        factories.make_scores(factories.make_enrolment(cohort=cohort), points, by=trainer)
    protocol = factories.close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out={}, by=administrator)
    values = {
        "outcomes": [outcome.pk for outcome in protocol.outcomes.all()],
        "signatory": Signatory.objects.get().pk,
        "issued_on": timezone.localdate().isoformat(),
        "language": "ru",
        "names_compared": "1",
        "confirm": "1",
    }
    asked = sign_in(administrator).post(reverse("admin:certificates_issue", args=[protocol.pk]), values, **ALL_AT_ONCE)
    assert (asked.status_code, traces(asked)) == (302, [])
    issue_wished()
    assert render_reserved() == 2
    pages = 0
    for document in Document.objects.all():
        with document.file.open("rb") as file:
            content = file.read()
        assert document.verification_url == f"http://127.0.0.1:8000/v/{document.token}/"
        assert TRACE.search(content.decode("latin-1")) is None
        for page in pypdfium2.PdfDocument(content):
            text = page.get_textpage().get_text_bounded()
            assert (TRACE.findall(text), "127.0.0.1:8000" in text) == ([], True)
            read = zxingcpp.read_barcodes(page.render(scale=150 / 72).to_pil())
            assert [code.text for code in read] == [document.verification_url]
            pages += 1
    assert pages == 3
    assert letters() == letters_with_our_address()
