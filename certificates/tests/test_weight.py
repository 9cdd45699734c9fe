"""How little the page behind the QR code is: what the first letters wait for on a slow line.

At 400 kbit/s and 400 ms for each request the first letters are there after 0.95 s (Chromium, 375 px, measured by hand):
twice 400 ms for the page and its one sheet, the rest for these bytes. Bytes and requests are counted here, not seconds.
"""

import gzip
import re

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from certificates.tests.conftest import ABSENT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]
SHEETS = re.compile(r'<link rel="stylesheet" href="/static/([^"]+)"')
SCRIPTS = re.compile(r"<script[^>]*>")


def read(name):  # type: ignore[no-untyped-def]
    path = finders.find(name)
    assert path, name
    with open(path, encoding="utf-8") as file:
        return file.read()


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("status", ["valid", "revoked", "not_found"])
def test_first_letters_wait_for_two_small_answers(documents, status, language):
    token = documents[status].token if status in documents else ABSENT
    response = Client().get(f"/v/{token}/?lang={language}", headers={"accept-encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    page = gzip.decompress(response.content).decode()
    (sheet,) = SHEETS.findall(page)
    assert len(response.content) < 4_000
    assert len(gzip.compress(read(sheet).encode())) < 3_000
    assert all('type="module"' in script for script in SCRIPTS.findall(page))
    assert "@import" not in read(sheet)


def test_sheet_of_the_page_has_the_colours_of_the_house():
    def colours(name):  # type: ignore[no-untyped-def]
        return dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]+|[0-9.]+rem);", read(name)))

    house = colours("core/house.css")
    assert {name: house.get(name) for name in colours("certificates/verdict.css")} == colours(
        "certificates/verdict.css"
    )


def test_sheet_knows_every_class_of_the_page_that_it_does_not_leave_bare(documents):
    page = Client().get(f"/v/{documents['valid'].token}/").content.decode()
    used = {name for names in re.findall(r'class="([^"]*)"', page) for name in names.split()}
    known = set(re.findall(r"\.([a-z][a-z-]*)", read("certificates/verdict.css")))
    assert used - known == set()


def test_fonts_of_the_sheet_are_there():
    names = re.findall(r'url\("\.\./fonts/([^"]+)"\)', read("certificates/verdict.css"))
    assert [name for name in names if not (settings.VAR / "assets" / "fonts" / name).exists()] == []
    assert len(names) == 3
