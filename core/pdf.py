"""HTML to PDF. The only importer of WeasyPrint; fetches bundled fonts and what lies beside a stylesheet, no more."""

import io
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from fontTools.ttLib import TTFont
from PIL import ImageCms
from weasyprint import CSS, HTML, Attachment
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import FontConfiguration

from core.pdf_pages import drawing, finisher
from core.pdf_resources import BundledResources

# Families of our own naming, so that no font installed on the machine is ever taken for one of them.
FAMILIES = {"Course Sans": "NotoSans", "Course Serif": "NotoSerif"}
FACES = {
    "Regular": "font-weight: 400",
    "SemiBold": "font-weight: 600",
    "Bold": "font-weight: 700",
    "Italic": "font-weight: 400; font-style: italic",
}
COLOURS = "screen"  # our name for the colours that all papers are meant in
# Neither WeasyPrint's shared font configuration nor Pango's font map may be used by two threads at once.
_one_at_a_time = threading.Lock()


class MissingFontError(RuntimeError):
    """The bundled fonts are not where they belong; printing with another font would be worse than not printing."""


class MissingLettersError(ValueError):
    """The text has characters that the bundled fonts lack; the message names them by code point."""


def fonts_folder() -> Path:
    """Where `manage.py build_assets` puts the static fonts."""
    folder: Path = settings.VAR / "assets" / "fonts"
    return folder


def _font_files() -> list[Path]:
    return [fonts_folder() / f"{stem}-{face}.ttf" for stem in FAMILIES.values() for face in FACES]


def _check_fonts() -> None:
    missing = [path.name for path in _font_files() if not path.is_file()]
    if missing:
        raise MissingFontError(f"no {', '.join(missing)} in {fonts_folder()}: run manage.py build_assets")


@cache
def _letters() -> frozenset[int]:
    """Code points that every face has."""
    coverage = []
    for path in _font_files():
        with TTFont(path) as font:
            coverage.append(set(font.getBestCmap()))
    return frozenset(set.intersection(*coverage))


def printable(value: Any) -> Any:
    """The value with texts as they can be seen: marks without a shape (bidi, zero width) could only deceive."""
    if isinstance(value, str):
        shown = (" " if unicodedata.category(c) == "Cc" else c for c in value if unicodedata.category(c) != "Cf")
        return unicodedata.normalize("NFC", "".join(shown))
    if isinstance(value, Mapping):
        return {key: printable(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [printable(entry) for entry in value]
    return value


def missing_letters(text: str) -> list[str]:
    """Characters of the text that the bundled fonts lack, as U+4E2D; those without a shape do not count.

    Raises MissingFontError.
    """
    _check_fonts()
    lacking = {c for c in text if ord(c) not in _letters() and unicodedata.category(c) not in ("Cc", "Cf")}
    return [f"U+{ord(c):04X}" for c in sorted(lacking)]


@cache
def _font_configuration() -> FontConfiguration:
    return FontConfiguration()


@cache
def _colours() -> ColorProfile:
    """sRGB, as PDF/A wants it said; half a kilobyte, and WeasyPrint's own would leave a file open each time."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    return ColorProfile(io.BytesIO(profile.tobytes()), "sRGB", "relative-colorimetric", (["r"], ["g"], ["b"]))


@cache
def _bundle(stylesheets: tuple[Path, ...], pictures: tuple[Path, ...] = ()) -> tuple[BundledResources, list[CSS]]:
    """The fetcher and the parsed rules, once per process: a third of the time, and memory does not grow."""
    fetcher = BundledResources([fonts_folder(), *(path.parent for path in stylesheets), *pictures])
    folder = fonts_folder().as_uri()
    faces = "\n".join(
        f'@font-face {{ font-family: "{family}"; {style}; src: url("{folder}/{stem}-{face}.ttf") }}'
        for family, stem in FAMILIES.items()
        for face, style in FACES.items()
    )
    options: dict[str, Any] = {"url_fetcher": fetcher, "font_config": _font_configuration()}
    return fetcher, [CSS(string=faces, **options), *(CSS(filename=str(path), **options) for path in stylesheets)]


def prepare(*, stylesheets: Sequence[Path], drawings: Sequence[Path] = (), pictures: Sequence[Path] = ()) -> None:
    """Read fonts, rules and drawings now; processes forked afterwards have them. Raises MissingFontError."""
    _check_fonts()
    _letters()
    with _one_at_a_time:
        _bundle(tuple(stylesheets), tuple(pictures))
        for path in drawings:
            drawing(path)


@dataclass(frozen=True)
class Attached:
    """A file inside a paper, for machines: what it is called, holds, and tells in a sentence."""

    name: str
    content: bytes
    description: str


def render(
    body: str,
    *,
    stylesheets: Sequence[Path],
    language: str,
    title: str,
    drawings: Sequence[Path] = (),
    pictures: Sequence[Path] = (),
    marks: Mapping[str, bytes] | None = None,
    attached: Sequence[Attached] = (),
) -> bytes:
    """The tagged PDF/A-3u (ISO 19005-3: for archives, its text can be copied) of an HTML body, with title and language.

    The families "Course Sans" and "Course Serif" (400, 600, 700, italic 400) are embedded as subsets. The body may
    refer to `pictures` and to files beside the stylesheets by absolute file address; the stylesheets by relative
    address. `drawings` are SVG files of whole pages, without transparency or text, laid under page 1, 2, …; `marks` are
    PDF operators by the id of the element at whose upper left corner they begin (`core.pdf_pages.finisher`); `attached`
    files lie inside. Raises MissingFontError, MissingLettersError, or WeasyPrint's FatalURLFetchingError for any other
    resource. Safe in threads.
    """
    if lacking := missing_letters(body + title):
        raise MissingLettersError(f"no glyph for {', '.join(lacking)}")
    document = format_html(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>{}</title></head><body>{}</body></html>',
        language,
        title,
        mark_safe(body),  # noqa: S308 (made by a template with autoescape)
    )
    with _one_at_a_time:
        fetcher, rules = _bundle(tuple(stylesheets), tuple(pictures))
        page = HTML(string=document, url_fetcher=fetcher)
        content: bytes = page.write_pdf(
            stylesheets=rules,
            font_config=_font_configuration(),
            finisher=finisher(drawings, marks or {}),
            pdf_variant="pdf/a-3u",
            pdf_tags=True,
            color_profiles={COLOURS: _colours()},
            output_intent=COLOURS,
            attachments=[_attachment(file) for file in attached],
        )
    return content


def _attachment(file: Attached) -> Attachment:
    """As PDF/A-3 wants it: said to be another form of what the pages say."""
    now = timezone.now()
    return Attachment(
        file_obj=io.BytesIO(file.content),
        name=file.name,
        description=file.description,
        created=now,
        modified=now,
        relationship="Alternative",
    )
