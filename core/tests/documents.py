"""Office files of nobody, and such as only pretend to be."""

import io
import zipfile
from collections.abc import Callable

import docx
import openpyxl
import pptx

from core.tests.papers import archive, built_pdf, picture


def _stored(document) -> bytes:  # type: ignore[no-untyped-def]
    stored = io.BytesIO()
    document.save(stored)
    return stored.getvalue()


def word(*paragraphs: str) -> bytes:
    """A Word file: a title, paragraphs, a table, a page break, a picture."""
    document = docx.Document()
    document.add_heading("Жоба", 0)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ["Тәуекел", "Шара", "<b>Өрт</b>", "Нұсқау"], strict=True):
        cell.text = text
    document.add_page_break()
    document.add_picture(io.BytesIO(picture("PNG")))
    return _stored(document)


def slides() -> bytes:
    """Two slides, one with notes and a table."""
    show = pptx.Presentation()
    first = show.slides.add_slide(show.slide_layouts[1])
    first.shapes.title.text = "Мектептің дамуы"
    first.placeholders[1].text = "Бірінші қадам\nЕкінші қадам"
    first.notes_slide.notes_text_frame.text = "Баяу айту"
    second = show.slides.add_slide(show.slide_layouts[6])
    table = second.shapes.add_table(1, 2, 0, 0, 900_000, 900_000).table
    table.cell(0, 0).text, table.cell(0, 1).text = "Ай", "Қаңтар"
    return _stored(show)


def book() -> bytes:
    """A sheet with numbers."""
    made = openpyxl.Workbook()
    made.active.title = "Ресурстар"
    made.active.append(["Компьютер", 12, 2.5])
    return _stored(made)


def repacked(content: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """The archive with each part changed, and more parts (a name's "__" is a "/", "_" a ".")."""
    stored = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, part in more.items():
            new.writestr(name.replace("__", "/").replace("_", "."), part)
    return stored.getvalue()


def _same(_name: str, part: bytes) -> bytes:
    return part


def with_body(body: bytes, doctype: bytes = b"") -> bytes:
    """A Word file with this instead of its document."""
    head = b'<?xml version="1.0" encoding="UTF-8"?>' + doctype
    space = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    whole = head + b"<w:document " + space + b"><w:body>" + body + b"</w:body></w:document>"
    return repacked(word(), lambda name, part: whole if name == "word/document.xml" else part)


def paragraph(text: bytes) -> bytes:
    """A paragraph as Word writes it."""
    return b"<w:p><w:r><w:t>" + text + b"</w:t></w:r></w:p>"


LAUGHS = (
    b'<!DOCTYPE d [<!ENTITY a "haha">'
    + b"".join(b'<!ENTITY %c "%s">' % (c, b"&%c;" % (c - 1) * 10) for c in range(ord("b"), ord("k")))
    + b"]>"
)
FETCHES = b'<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def hostile() -> dict[str, tuple[bytes, str]]:
    """Name → content, and the word that a reader has for it."""
    return {
        "entities that grow": (with_body(paragraph(b"&j;"), LAUGHS), "hostile"),
        "entity that fetches": (with_body(paragraph(b"&a;"), FETCHES), "hostile"),
        "zip bomb": (repacked(word(), _same, word__more_xml=bytes(70 * 1024 * 1024)), "large"),
        "macros": (repacked(word(), _same, word__vbaProject_bin=b"x"), "macros"),
        "cut off": (word()[:2000], "damaged"),
        "no XML": (repacked(word(), lambda _name, part: b"<<" + part), "damaged"),
        "deep": (with_body(b"<w:p>" * 100_000), "damaged"),
        "locked": (b"\xd0\xcf\x11\xe0" + bytes(2000), "old"),
        "archive": (archive(), "kind"),
        "bytes": (bytes(range(256)), "kind"),
        "PDF without pages": (b"%PDF-1.7\nnothing %%EOF", "damaged"),
    }


def pdf_saying(*pages: str) -> bytes:
    """A PDF with these words (Latin letters) on its pages."""
    kids = b" ".join(b"%d 0 R" % (3 + 2 * n) for n in range(len(pages)))
    bodies = []
    for n, words in enumerate(pages):
        stream = b"BT /F 12 Tf 40 800 Td 16 TL " + b" ".join(
            b"(%s) Tj T*" % line.encode() for line in words.split("\n")
        ) + b" ET"  # fmt: skip
        font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
        bodies += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F %s>>>>>>"
            % (4 + 2 * n, font),
            b"<</Length %d>>\nstream\n%s\nendstream" % (len(stream), stream),
        ]
    return built_pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)), *bodies
    )
