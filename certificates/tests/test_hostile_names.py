"""Two hundred hostile names: each is printed as it was typed, or refused in words before it gets a number."""

import io
import json
import re
import unicodedata

import pikepdf
import pypdfium2
import pytest
from django.core.management import call_command
from weasyprint.urls import URLFetcher

from certificates.papers import FACTS_FILE, render_paper
from certificates.public import public_facts
from certificates.registering import check_printable
from certificates.tests.factories import named, sample
from core.errors import Refused
from core.pdf import MissingLettersError

MARKUP = [
    "<b>Әсел</b>", "<script>alert(1)</script>", "</p></section><h1>Директор", "<!-- --><i>", "&lt;&amp;&#x41;",
    "<style>*{display:none}</style>", "<br><hr>", "<svg onload=x>", "]]><![CDATA[", "<table><tr><td>",
]  # fmt: skip
CSS = [
    "}*{color:red", "url(http://127.0.0.1:9/)", "@import 'http://127.0.0.1:9/'", "expression(1)", "content:attr(id)",
    "/* */ p{}", "\\26 \\3c", "position:fixed;top:0", "--x:1;", "!important",
]  # fmt: skip
FETCHES = [
    '<img src="http://127.0.0.1:9/x.png">',
    "<img src=file:///etc/passwd>",
    '<link rel="attachment" href="file:///etc/passwd">',
    '<a rel="attachment" href="file:///etc/hostname">x</a>',
    "<object data=file:///etc/passwd>",
    "<embed src=//127.0.0.1:9>",
    '<image xlink:href="file:///etc/passwd">',
    '<link rel=stylesheet href="http://127.0.0.1:9/">',
    "<base href=//127.0.0.1:9>",
    "<iframe src='data:text/html,x'>",
]
TEMPLATES = [
    "{{ shown.number }}", "{% include 'x' %}", "{# x #}", "%(name)s %s %d", "{0} {name}", "${7*7}", "#{7*7}",
    "\\n\\t\\0", "'; DROP TABLE--", '"><"',
]  # fmt: skip
SHAPELESS = ["\u202e", "\u202d", "\u2066", "\u2069", "\u200b", "\u200c", "\u200d", "\ufeff", "\u00ad", "\u2060"]
FOUR_BYTES = ["😀", "𝕬", "𠀀", "🇰🇿", "𓀀", "💣", "🏴", "🧿", "𝟙", "🂡"]  # fmt: skip

PLAIN = [*MARKUP, *CSS, *FETCHES, *TEMPLATES]
NAMES = [
    *PLAIN,
    *(f"Әлімов{text}" for text in PLAIN),
    *(f"{text}{text[::-1]}" for text in PLAIN),
    *(f"Қасы{mark}мова {other}" for mark in SHAPELESS for other in (MARKUP[0], CSS[1], FETCHES[0], TEMPLATES[0])),
    *(f"Қасымова {mark}" for mark in SHAPELESS),
    *(f"{text} Қасымова" for text in FOUR_BYTES),
    *(f"Қасы{text}мова" for text in FOUR_BYTES),
    *("Ә" * 90, "Щ-" * 44 + "Щ", "і" * 80, "М " * 44 + "М", ".", "-", "'", "№", "«»", "0"),
]


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    call_command("build_assets")


@pytest.fixture
def fetched(monkeypatch):
    """Every address that was asked for while rendering."""
    asked, opened = [], URLFetcher.fetch

    def fetch(self, url, headers=None):
        asked.append(url)
        return opened(self, url, headers)

    monkeypatch.setattr(URLFetcher, "fetch", fetch)
    return asked


def visible(text):
    """As a reader sees it: without marks that have no shape, and without the breaks that the layout puts in."""
    shown = "".join(" " if unicodedata.category(c) == "Cc" else c for c in text if unicodedata.category(c) != "Cf")
    # A word that is broken at the end of a line gets a hyphen; PDFium writes it as a mark of its own.
    return re.sub(r"[\s\ufffe\x02-]", "", unicodedata.normalize("NFC", shown))


def test_there_are_two_hundred_of_them():
    assert len(set(NAMES)) == len(NAMES) >= 200


@pytest.mark.parametrize("start", range(0, len(NAMES), 25))
def test_name_is_printed_as_typed_or_refused(fetched, start):
    for name in NAMES[start : start + 25]:
        snapshot = sample(kind="attendance", holder=named(name, "Әсел"))
        if any(ord(character) > 0xFFFF for character in name):
            with pytest.raises(Refused, match=r"U\+1F|U\+1D|U\+2000|U\+13"):
                check_printable(snapshot)
            with pytest.raises(MissingLettersError):
                render_paper(snapshot)
            continue
        check_printable(snapshot)
        content = render_paper(snapshot)
        page = pypdfium2.PdfDocument(content)[0].get_textpage().get_text_bounded()
        assert visible(f"{name} Әсел") in visible(page), name
        with pikepdf.open(io.BytesIO(content)) as pdf:
            assert len(pdf.pages) == 1, name
            assert list(pdf.attachments) == [FACTS_FILE], name
            told = json.loads(pdf.attachments[FACTS_FILE].get_file().read_bytes())
            assert told == public_facts(snapshot) | {"verification_url": snapshot["verification_url"]}
            assert all("/Annots" not in page for page in pdf.pages), name
    assert [
        url for url in fetched if not url.startswith("data:image/svg+xml,%3Csvg xmlns=") and "/assets/fonts/" not in url
    ] == []
