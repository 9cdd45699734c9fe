"""Papers made from a snapshot and nothing else: no request, no user, no database, no network."""

import io
import json
import threading
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from certificates.paper_words import WORDS, hour_noun
from certificates.public import public_facts
from certificates.qr import qr_mark
from core import pdf
from core.kazakh import date_ablative, date_dative, date_in

FOLDER = settings.BASE_DIR / "static" / "certificates" / "papers"
# By kind: the template, its stylesheet, and the drawings under its pages.
PAPERS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "certificate": ("certificate", "certificate.css", ("certificate.svg", "appendix.svg")),
    "attendance": ("attendance", "statement.css", ()),
    "support": ("support", "statement.css", ()),
}
# Where the QR code stands on a page, by the ids of `_foot.html`, and how wide it is there (paper.css).
CODE_PLACES, CODE_MM = ("qr-front", "qr"), 32
MICROTEXT_LETTERS = 900
FACTS_FILE = "document.json"
_one_at_a_time = threading.Lock()


def name_size(name: str) -> float:
    """Type size in points at which a name fits its place on the certificate: one line, or two from 43 characters on."""
    for length, size in ((26, 30.0), (34, 26.0), (42, 22.0), (74, 20.0), (92, 17.0), (120, 14.0), (200, 11.0)):
        if len(name) <= length:
            return size
    return 8.0


def table_name_size(name: str) -> float:
    """Type size in points of the name in the appendix, 136 mm wide."""
    for length, size in ((42, 11.5), (92, 10.0)):
        if len(name) <= length:
            return size
    return 7.5


def signature_size(*texts: str) -> float:
    """Type size in points of position and name beside the line for the signature, at least 60 mm wide."""
    longest = max(map(len, texts))
    for length, size in ((40, 10.0), (60, 9.0), (90, 8.0)):
        if longest <= length:
            return size
    return 6.5


def text_size(text: str) -> float:
    """Type size in points of the sentence that holds the topic; it has half the width and about 28 mm."""
    for length, size in ((230, 11.5), (310, 10.0), (400, 8.5)):
        if len(text) <= length:
            return size
    return 7.0


def balanced(name: str) -> list[str]:
    """The name in one line, or, when it is long, in two of about the same length, broken at a space."""
    spaces = [i for i, character in enumerate(name) if character == " "]
    if len(name) <= 42 or not spaces:
        return [name]
    middle = min(spaces, key=lambda i: abs(i - len(name) / 2))
    return [name[:middle], name[middle + 1 :]]


def logo() -> Path:
    """The institute's mark: an SVG or PNG file that INSTITUTE_LOGO names."""
    return Path(settings.INSTITUTE_LOGO).resolve()


def microtext(shown: Mapping[str, Any]) -> str:
    """One line over the whole width of the certificate, 253 mm at 1.4 points: whose it is, again and again."""
    said = f"{shown['institute']['kk']} · {shown['number']} · {shown['holder']['full']} · ".upper()
    return said * (MICROTEXT_LETTERS // len(said) + 1)


def _dates(first: date, last: date, language: str) -> str:
    """From the first to the last day, as a part of a sentence."""
    if language == "kk":
        return f"{date_ablative(first)} {date_dative(last)} дейін"
    between = {"ru": ("с", "по"), "en": ("from", "to")}[language]
    return f"{between[0]} {date_in(first, language)} {between[1]} {date_in(last, language)}"


def _position(signatory: dict[str, Any], language: str, words: dict[str, str]) -> str:
    position: str = signatory["position"][language]
    if not signatory["is_acting"] or words["acting"] in position.lower():
        return position
    return f"{words['acting_head']}, {position}"


def _in_language(shown: dict[str, Any], language: str) -> dict[str, Any]:
    """One language's wording with this document's values in it."""
    words = WORDS[language]
    first, last = (date.fromisoformat(shown["course"][end]) for end in ("from", "to"))
    issued_on = date.fromisoformat(shown["issued_on"])
    values = {
        "topic": shown["topic"][language],
        "hours": shown["hours"],
        "hour_noun": hour_noun(shown["hours"]),
        "dates": _dates(first, last, language),
    }
    if support := shown.get("support"):
        begins, ends = (date.fromisoformat(support[end]) for end in ("from", "to"))
        values["support_dates"] = _dates(begins, ends, language)
    told = ("confirms", "attended", "supported") if support else ("confirms", "attended")
    sentence: dict[str, Any] = {key: format_html(words[key], **values) for key in told}
    if shown["valid_until"]:
        until = date.fromisoformat(shown["valid_until"])
        day = date_dative(until) if language == "kk" else date_in(until, language)
        sentence["valid_until"] = words["valid_until"].format(until=day)
    if first_one := shown.get("duplicate"):
        day = f"{date.fromisoformat(first_one['issued_on']):%d.%m.%Y}"
        sentence["duplicate_of"] = words["duplicate_of"].format(number=first_one["number"], day=day)
    return (
        words
        | sentence
        | {
            "language": language,
            "text_size": text_size(sentence["confirms"]),
            "topic_text": shown["topic"][language],
            "format_text": shown["study_format"][language],
            "institute": shown["institute"][language],
            "city": words["city"].format(city=shown["city"][language]),
            "date": date_in(issued_on, language),
            "check": words["check"].format(host=shown["host"]),
            "position": _position(shown["signatory"], language, words),
            "band_text": shown["band"]["title"][language] if shown["band"] else "",
            "modules_text": [module["title"][language] for module in shown["modules"]],
            "criteria_text": [criterion["title"][language] for criterion in shown["criteria"]],
        }
    )


def paper_context(snapshot: dict[str, Any]) -> dict[str, Any]:
    """What the templates of papers show of a snapshot."""
    shown = pdf.printable(snapshot)
    first, second = (_in_language(shown, language) for language in shown["languages"])
    modules, criteria = shown["modules"], shown["criteria"]
    name = shown["holder"]["full"]
    return {
        "shown": shown,
        "languages": [first, second],
        "first": first,
        "second": second,
        "name_lines": balanced(name),
        "name_size": name_size(name),
        "table_name_size": table_name_size(name),
        "signature_size": signature_size(first["position"], second["position"], shown["signatory"]["full_name"]),
        "microtext": microtext(shown),
        "logo": logo().as_uri(),
        "course": " – ".join(f"{date.fromisoformat(shown['course'][end]):%d.%m.%Y}" for end in ("from", "to")),
        "modules": list(zip(modules, first["modules_text"], second["modules_text"], strict=True)),
        "sums": {kind: sum(m[kind] for m in modules) for kind in ("lecture", "practice", "self_study", "hours")},
        "criteria": list(zip(criteria, first["criteria_text"], second["criteria_text"], strict=True)),
        "most": sum(criterion["max"] for criterion in criteria),
    }


def _paper(snapshot: Mapping[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    try:
        return PAPERS[snapshot["kind"]]
    except KeyError:
        raise ValueError(f"no paper of the kind {snapshot['kind']!r}") from None


def paper_html(snapshot: dict[str, Any], *, specimen: bool = False) -> str:
    """The body of the paper as HTML; every value of the snapshot is escaped. ValueError for an unknown kind."""
    template, _, _ = _paper(snapshot)
    body: SafeString = render_to_string(
        f"certificates/papers/{template}.html", paper_context(snapshot) | {"specimen": specimen}
    )
    return body


def _files(kind: str) -> tuple[list[Path], list[Path]]:
    """Stylesheets and drawings of a kind."""
    _, stylesheet, drawings = PAPERS[kind]
    return [FOLDER / "paper.css", FOLDER / stylesheet], [FOLDER / drawing for drawing in drawings]


def facts_file(snapshot: Mapping[str, Any]) -> pdf.Attached:
    """What everybody may know of the document, inside its file, for programs that read many."""
    facts = public_facts(snapshot) | {"verification_url": snapshot["verification_url"]}
    words = (WORDS[language]["facts_file"] for language in snapshot["languages"])
    return pdf.Attached(FACTS_FILE, json.dumps(facts, ensure_ascii=False).encode(), " / ".join(words))


def prepare() -> None:
    """Read everything that papers share, so that the first one takes no longer. Raises MissingFontError."""
    for kind in PAPERS:
        stylesheets, drawings = _files(kind)
        pdf.prepare(stylesheets=stylesheets, drawings=drawings, pictures=[logo()])


def render_paper(snapshot: dict[str, Any], *, specimen: bool = False) -> bytes:
    """The paper as PDF: a certificate with its appendix (two pages), or a statement (one page).

    A specimen says so across every page. Errors: those of `core.pdf.render`, KeyError or ValueError for a snapshot
    that lacks something.
    """
    body = paper_html(snapshot, specimen=specimen)
    stylesheets, drawings = _files(snapshot["kind"])
    first = WORDS[snapshot["languages"][0]][snapshot["kind"]]
    return pdf.render(
        body,
        stylesheets=stylesheets,
        language=snapshot["languages"][0],
        title=f"{first} № {pdf.printable(snapshot['number'])}",
        drawings=drawings,
        pictures=[logo()],
        attached=[] if specimen else [facts_file(snapshot)],
        marks=dict.fromkeys(CODE_PLACES, qr_mark(snapshot["verification_url"], CODE_MM)),
    )


def page_pictures(content: bytes, *, dpi: int = 70) -> list[bytes]:
    """Each page of a PDF as PNG, at `dpi` dots per inch."""
    pictures = []
    # PDFium is not made for threads.
    with _one_at_a_time:
        document = pypdfium2.PdfDocument(content)
        try:
            for page in document:
                picture = io.BytesIO()
                page.render(scale=dpi / 72).to_pil().save(picture, "PNG", optimize=True)
                pictures.append(picture.getvalue())
        finally:
            document.close()
    return pictures
