"""What is laid under finished pages: drawings of whole pages, and marks at places that the layout found."""

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pydyf
from weasyprint import CSS, HTML, Document
from weasyprint.document import Page

from core import pdf_tags
from core.pdf_compact import compact
from core.pdf_resources import BundledResources

Finisher = Callable[[Document, pydyf.PDF], None]
POINTS = 0.75  # of a CSS pixel


@cache
def drawing(path: Path) -> bytes:
    """An SVG of a page's size (in mm) as compressed PDF operators that need no resources; drawn once per process.

    Drawing the ornament anew would take more time than all the rest of a document. ValueError for a drawing that needs
    text, a picture or transparency.
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


def finisher(drawings: Sequence[Path], marks: Mapping[str, bytes]) -> Finisher:
    """A finisher that says the pages in fewer words and lays something beneath them.

    `drawings`: the first beneath the first page, and so on. `marks`: operators by the id of the element whose upper
    left corner is their origin, in points, y downwards; what several pages show is stored once.
    """

    def finish(document: Document, pdf: pydyf.PDF) -> None:
        pdf_tags.fold(pdf)
        pages = [o for o in pdf.objects if isinstance(o, pydyf.Dictionary) and o.get("Type") == "/Page"]
        contents = {page["Contents"] for page in pages}
        for stream in pdf.objects:
            if isinstance(stream, pydyf.Stream) and stream.reference in contents:
                stream.stream = [compact(b"\n".join(_operator(part) for part in stream.stream))]
        stored: dict[bytes, bytes] = {}

        def store(operators: bytes) -> bytes:
            if operators not in stored:
                stored[operators] = _reference(pdf, zlib.compress(operators, 9))
            return stored[operators]

        for page, laid_out in zip(pages, document.pages, strict=True):
            beneath = [store(part) for name, mark in marks.items() for part in _placed(laid_out, name, mark)]
            if beneath:
                page["Contents"] = pydyf.Array([*beneath, page["Contents"]])
        for page, path in zip(pages, drawings, strict=False):
            above = page["Contents"]
            rest = above if isinstance(above, pydyf.Array) else [above]
            page["Contents"] = pydyf.Array([_reference(pdf, drawing(path)), *rest])

    return finish


def _placed(page: Page, name: str, mark: bytes) -> list[bytes]:
    """The parts of a page's content that show a mark where its element is; none when the page has no such element."""
    if name not in page.anchors:
        return []
    left, top = (POINTS * length for length in page.anchors[name][:2])
    place = b"/Artifact BMC\nq\n1 0 0 -1 %.2f %.2f cm" % (left, POINTS * page.height - top)
    return [place, mark, b"Q\nEMC"]


def _reference(pdf: pydyf.PDF, compressed: bytes) -> bytes:
    """Where the file refers to a stream that is added to it."""
    stream = pydyf.Stream([compressed], {"Filter": "/FlateDecode"})
    pdf.add_object(stream)
    reference: bytes = stream.reference
    return reference


def _operator(part: object) -> bytes:
    """A line of a page as pydyf would write it: most are bytes, tags are words and dictionaries."""
    if isinstance(part, pydyf.Object):
        data: bytes = part.data
        return data
    return part if isinstance(part, bytes) else str(part).encode("ascii")
