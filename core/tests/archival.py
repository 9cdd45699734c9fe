"""What ISO 19005-3 asks of a file's structure (PDF/A-3u), and tags, read by qpdf: as much as our papers can break.

No validator of the whole standard comes as a package for Python, npm or Debian; this one is ours, on pikepdf.
"""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

FORBIDDEN_ACTIONS = {"/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/JavaScript", "/Hide", "/Rendition"}


def faults(content: bytes) -> list[str]:
    """Everything that an archive would refuse, a sentence each."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [*pdf.check_pdf_syntax(), *_whole(pdf, content), *_objects(pdf), *_pages(pdf)]


def _whole(pdf: pikepdf.Pdf, content: bytes) -> Iterator[str]:
    if not re.match(rb"%PDF-1\.[4-7]\r?\n%[\x80-\xff]{4}", content):
        yield "the head has no version, or no line that says “binary”"
    if pdf.is_encrypted:
        yield "encrypted"
    if "/ID" not in pdf.trailer:
        yield "no identifier"
    if not str(pdf.Root.get("/Lang", "")):
        yield "no language"
    intents = list(pdf.Root.get("/OutputIntents", []))
    if [intent.S for intent in intents] != ["/GTS_PDFA1"] or intents[0].DestOutputProfile.N != 3:
        yield "no output intent with a profile of three colours"
    if not pdf.Root.get("/MarkInfo", {}).get("/Marked") or "/StructTreeRoot" not in pdf.Root:
        yield "no tags"
    if {str(file.get("/UF", "")) for file in pdf.Root.get("/AF", [])} != set(pdf.attachments):
        yield "a file inside that the document does not name as belonging to it"
    metadata = pdf.Root.get("/Metadata")
    if metadata is None:
        yield "no metadata"
        return
    with pdf.open_metadata(set_pikepdf_as_editor=False) as told:
        if (told.get("pdfaid:part"), told.get("pdfaid:conformance")) != ("3", "U"):
            yield "the metadata do not say PDF/A-3u"
        if not told.get("dc:title") or str(told.get("dc:title")) != str(pdf.docinfo.get("/Title")):
            yield "the title is not the same in both places"


def _objects(pdf: pikepdf.Pdf) -> Iterator[str]:
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            filters = item.get("/Filter", pikepdf.Array())
            names = {str(name) for name in (filters if isinstance(filters, pikepdf.Array) else [filters])}
            if names & {"/LZWDecode", "/Crypt"} or "/F" in item:
                yield f"a stream with {names}, or outside the file"
        if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            continue
        if str(item.get("/Type", "")) == "/Font":
            yield from _font(item)
        if str(item.get("/S", "")) in FORBIDDEN_ACTIONS or "/AA" in item or "/JS" in item:
            yield "an action"
        if str(item.get("/S", "")) == "/Figure" and not str(item.get("/Alt", "")):
            yield "a picture that says nothing to those who cannot see it"
        if str(item.get("/Type", "")) == "/Filespec" and "/AFRelationship" not in item:
            yield "an attachment that does not say what it is to the document"


def _font(font: Any) -> Iterator[str]:
    if str(font.Subtype) == "/Type0":
        if "/ToUnicode" not in font:
            yield f"{font.BaseFont}: its text cannot be copied"
        return
    described = font.get("/FontDescriptor", {})
    if not {"/FontFile", "/FontFile2", "/FontFile3"} & set(described.keys()):
        yield f"{font.get('/BaseFont')}: not embedded"


def _pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    """Colours are those of the profile, fonts stand in the page's resources, text belongs to a tag or is ornament."""
    for number, page in enumerate(pdf.pages, start=1):
        fonts = set(page.get("/Resources", {}).get("/Font", {}).keys())
        marked = 0
        for operands, operator in pikepdf.parse_content_stream(page):
            marked += {"BDC": 1, "BMC": 1, "EMC": -1}.get(str(operator), 0)
            if str(operator) in ("TJ", "Tj", "f", "f*", "S") and not marked:
                yield f"page {number}: something that no tag knows of"
            if str(operator) in ("k", "K"):
                yield f"page {number}: a colour of four inks"
            if str(operator) == "Tf" and str(operands[0]) not in fonts:
                yield f"page {number}: the font {operands[0]} is not among its resources"
