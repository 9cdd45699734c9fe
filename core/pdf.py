"""HTML to PDF. The only importer of WeasyPrint; fetches bundled fonts and what lies beside a stylesheet, no more."""

import io
import re
import threading
import unicodedata
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname
from xml.etree import ElementTree

import pydyf
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from fontTools.ttLib import TTFont
from PIL import ImageCms
from weasyprint import CSS, HTML, Document
from weasyprint.css import ColorProfile
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from core.pdf_compact import compact

# Families of our own naming, so that no font installed on the machine is ever taken for one of them.
FAMILIES = {"Course Sans": "NotoSans", "Course Serif": "NotoSerif"}
FACES = {
    "Regular": "font-weight: 400",
    "SemiBold": "font-weight: 600",
    "Bold": "font-weight: 700",
    "Italic": "font-weight: 400; font-style: italic",
}
COLOURS = "screen"  # our name for the colours that all papers are meant in
Finisher = Callable[[Document, pydyf.PDF], None]
# Neither WeasyPrint's shared font configuration nor Pango's font map may be used by two threads at once.
_one_at_a_time = threading.Lock()


class MissingFontError(RuntimeError):
    """The bundled fonts are not where they belong; printing with another font would be worse than not printing."""


class MissingLettersError(ValueError):
    """The text has characters that the bundled fonts lack; the message names them by code point."""


class ForeignResourceError(ValueError):
    """A document asked for something other than a bundled file."""


class BundledResources(URLFetcher):
    """Serves files below the given folders and `data:` addresses; everything else stops the rendering."""

    def __init__(self, folders: Sequence[Path]) -> None:
        super().__init__(allowed_protocols=("file", "data"), allow_redirects=False, fail_on_errors=True)
        self._folders = [folder.resolve() for folder in folders]

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The resource; raises ForeignResourceError for one that is not bundled."""
        parts = urlsplit(url)
        if parts.scheme == "data":
            return super().fetch(url, headers)
        if parts.scheme != "file" or parts.netloc:
            raise ForeignResourceError(f"not a bundled resource: {parts.scheme}")
        path = Path(url2pathname(parts.path)).resolve()
        if not any(path.is_relative_to(folder) for folder in self._folders) or not path.is_file():
            raise ForeignResourceError("not a bundled file")
        return super().fetch(path.as_uri(), headers)


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
def _bundle(stylesheets: tuple[Path, ...]) -> tuple[BundledResources, list[CSS]]:
    """The fetcher and the parsed rules, once per process: a third of the time, and memory does not grow."""
    fetcher = BundledResources([fonts_folder(), *(path.parent for path in stylesheets)])
    folder = fonts_folder().as_uri()
    faces = "\n".join(
        f'@font-face {{ font-family: "{family}"; {style}; src: url("{folder}/{stem}-{face}.ttf") }}'
        for family, stem in FAMILIES.items()
        for face, style in FACES.items()
    )
    options: dict[str, Any] = {"url_fetcher": fetcher, "font_config": _font_configuration()}
    return fetcher, [CSS(string=faces, **options), *(CSS(filename=str(path), **options) for path in stylesheets)]


@cache
def _drawing(path: Path) -> bytes:
    """An SVG of a page's size (in mm) as compressed PDF operators that need no resources; drawn once per process.

    Drawing the ornament anew would take more time than all the rest of a document.
    """
    root = ElementTree.parse(path).getroot()  # noqa: S314 (our own file)
    width, height = root.get("width"), root.get("height")
    body = f'<img src="{path.as_uri()}" style="display: block; width: {width}; height: {height}">'
    style = CSS(string=f"@page {{ size: {width} {height}; margin: 0 }} body {{ margin: 0 }}")
    found: list[bytes] = []

    def keep(document: Document, pdf: pydyf.PDF) -> None:
        page = next(o for o in pdf.objects if isinstance(o, pydyf.Dictionary) and o.get("Type") == "/Page")
        stream = next(o for o in pdf.objects if o.reference == page["Contents"])
        found.append(b"\n".join(stream.stream))

    fetcher = BundledResources([path.parent])
    HTML(string=body, url_fetcher=fetcher).write_pdf(stylesheets=[style], finisher=keep)
    operators = _OPAQUE.sub(b"", compact(found[0]))
    if _RESOURCES.search(operators):
        raise ValueError(f"{path.name}: a drawing has paths of plain colours only, no text, picture or transparency")
    return zlib.compress(b"/Artifact BMC\nq\n" + operators + b"\nQ\nEMC", 9)


# WeasyPrint says “opaque” before every path, by a name that only its own page knows; a page begins opaque.
_OPAQUE = re.compile(rb"^/[aA]1(?:\.0)? gs\n", re.MULTILINE)
_RESOURCES = re.compile(rb"^/\S+ (?:gs|Do|sh|cs|CS|scn|SCN)$|^/\S+ \S+ Tf$", re.MULTILINE)


def _operator(part: object) -> bytes:
    """A line of a page as pydyf would write it: most are bytes, tags are words and dictionaries."""
    if isinstance(part, pydyf.Object):
        data: bytes = part.data
        return data
    return part if isinstance(part, bytes) else str(part).encode("ascii")


def _finish(drawings: Sequence[Path]) -> Finisher:
    """A finisher that says the pages in fewer words and puts a drawing beneath each: the first beneath the first, …"""

    def finish(document: Document, pdf: pydyf.PDF) -> None:
        pages = [o for o in pdf.objects if isinstance(o, pydyf.Dictionary) and o.get("Type") == "/Page"]
        contents = {page["Contents"] for page in pages}
        for stream in pdf.objects:
            if isinstance(stream, pydyf.Stream) and stream.reference in contents:
                stream.stream = [compact(b"\n".join(_operator(part) for part in stream.stream))]
        for page, path in zip(pages, drawings, strict=False):
            stream = pydyf.Stream([_drawing(path)], {"Filter": "/FlateDecode"})
            pdf.add_object(stream)
            page["Contents"] = pydyf.Array([stream.reference, page["Contents"]])

    return finish


def prepare(*, stylesheets: Sequence[Path], drawings: Sequence[Path] = ()) -> None:
    """Read fonts, rules and drawings now; processes forked afterwards have them. Raises MissingFontError."""
    _check_fonts()
    _letters()
    with _one_at_a_time:
        _bundle(tuple(stylesheets))
        for path in drawings:
            _drawing(path)


def render(
    body: str, *, stylesheets: Sequence[Path], language: str, title: str, drawings: Sequence[Path] = ()
) -> bytes:
    """The tagged PDF/A-3u (ISO 19005-3: for archives, its text can be copied) of an HTML body, with title and language.

    The families "Course Sans" and "Course Serif" (400, 600, 700, italic 400) are embedded as subsets. The body may
    refer to files beside the stylesheets by absolute file address; the stylesheets by relative address. `drawings` are
    SVG files of whole pages, without transparency or text, laid under page 1, 2, … Raises MissingFontError,
    MissingLettersError, or WeasyPrint's FatalURLFetchingError for any other resource. Safe in threads.
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
        fetcher, rules = _bundle(tuple(stylesheets))
        page = HTML(string=document, url_fetcher=fetcher)
        content: bytes = page.write_pdf(
            stylesheets=rules,
            font_config=_font_configuration(),
            finisher=_finish(drawings),
            pdf_variant="pdf/a-3u",
            pdf_tags=True,
            color_profiles={COLOURS: _colours()},
            output_intent=COLOURS,
        )
    return content
