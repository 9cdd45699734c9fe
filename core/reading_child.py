"""Reads what one file says, in a process of its own: content in, a JSON list of blocks out.

`python reading_child.py pdf|docx|xlsx|pptx|odf|txt`. A block is {"kind": heading|paragraph|table|page|picture, …}. Ends
with REFUSED and a word on standard error when the file is not to be read. Knows nothing of Django.
"""

import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

REFUSED = 3
MEGABYTE = 1024 * 1024
MEMORY = 400 * MEGABYTE
SECONDS = 15  # of the processor
MOST_CHARACTERS = 500_000
MOST_BLOCKS = 6_000
MOST_PAGES = 200
MOST_ROWS, MOST_CELLS = 400, 40  # of one table
MOST_ENTRIES = 5_000
LARGEST_UNPACKED = 200 * MEGABYTE
LARGEST_XML = 60 * MEGABYTE  # all parts together; parsed they take several times as much
DEEPEST = 20  # groups within groups
_CHUNK = 256 * 1024
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_SHORT_LINE = 0.7  # of a page's longest line: here a paragraph ends


class NotReadError(Exception):
    """The file is not read; the argument is the word that says why."""


class FullError(Exception):
    """More is not needed."""


class Paper:
    """The blocks that were read, up to a limit."""

    def __init__(self) -> None:
        self.blocks: list[dict[str, Any]] = []
        self.left, self.pages, self.is_cut = MOST_CHARACTERS, 0, False

    def add(self, kind: str, text: str = "", **more: Any) -> None:
        """Append a block; a heading or paragraph without words is left out. Raises `FullError` at the limit."""
        text = clean(text)
        if kind in ("heading", "paragraph") and not text:
            return
        if len(self.blocks) >= MOST_BLOCKS or self.left <= 0:
            self.is_cut = True
            raise FullError
        self.blocks.append({"kind": kind, "text": text[: self.left], **more})
        self.left -= len(text)

    def table(self, rows: list[list[str]]) -> None:
        """Append a table, its empty rows left out."""
        kept: list[list[str]] = []
        room = self.left
        for row in rows[:MOST_ROWS]:
            cells = [clean(cell)[: max(room, 0)] for cell in row[:MOST_CELLS]]
            room -= sum(map(len, cells))
            kept += [cells] if any(cells) else []
        self.is_cut = self.is_cut or room <= 0 or len(rows) > MOST_ROWS or any(len(row) > MOST_CELLS for row in rows)
        if kept:
            self.add("table", rows=kept)
            self.left = room


def clean(text: str) -> str:
    """The text without what cannot be shown or stored."""
    text = re.sub("[\ud800-\udfff\ufffe\uffff]", "", text)
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]+", " ", text.replace("\r\n", "\n")).strip()


def read_pdf(content: bytes, paper: Paper) -> None:
    """The words of each page, lines put together into paragraphs."""
    import pypdfium2
    from pypdfium2 import raw

    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        password = raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower()
        raise NotReadError("password" if password else "damaged") from error
    paper.pages = len(pdf)
    if not paper.pages:
        raise NotReadError("damaged")
    paper.is_cut = paper.pages > MOST_PAGES
    for number in range(min(paper.pages, MOST_PAGES)):
        paper.add("page", number=number + 1)
        try:
            words = pdf[number].get_textpage().get_text_bounded()
        except pypdfium2.PdfiumError:
            continue
        for paragraph in paragraphs(words):
            paper.add("paragraph", paragraph)


def paragraphs(words: str) -> Iterator[str]:
    """Lines of a page as paragraphs, which end with a short line. Words parted at a line's end are joined."""
    lines = re.sub(r"(?<=\w)(?:[\u00ad\u0002\ufffe]|-)\r?\n(?=[a-zа-яёәғқңөұүһі])", "", words).splitlines()
    longest = max(map(len, lines), default=0)
    held: list[str] = []
    for line in lines:
        held.append(line.strip())
        if len(line) < _SHORT_LINE * longest:
            yield " ".join(held)
            held = []
    yield " ".join(held)


def checked_office(content: bytes) -> zipfile.ZipFile:
    """The archive, once nothing in it is a trap. Raises `NotReadError`.

    What an entry says of its size binds: unpacking stops there.
    """
    archive = zipfile.ZipFile(io.BytesIO(content))
    entries = archive.infolist()
    names = [entry.filename.lower() for entry in entries]
    if any(entry.flag_bits & 1 for entry in entries):
        raise NotReadError("password")
    if any(name.endswith("vbaproject.bin") or name.startswith(("basic/", "scripts/")) for name in names):
        raise NotReadError("macros")
    xml = [entry for entry in entries if entry.filename.lower().endswith((".xml", ".rels"))]
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise NotReadError("large")
    if sum(entry.file_size for entry in xml) > LARGEST_XML:
        raise NotReadError("large")
    for entry in xml:
        refuse_document_type(archive, entry)
    return archive


def refuse_document_type(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """No part of an office file has one; entities would grow from it, or fetch."""
    end = b""
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            if b"\0" in chunk:  # UTF-16, in which the mark would look another way
                raise NotReadError("hostile")
            if b"<!DOCTYPE" in end + chunk or b"<!ENTITY" in end + chunk:
                raise NotReadError("hostile")
            end = chunk[-9:]


def read_docx(content: bytes, paper: Paper) -> None:
    """Paragraphs and tables in their order."""
    import docx
    from docx.table import Table

    checked_office(content)
    document = docx.Document(io.BytesIO(content))
    levels = _heading_levels(document)
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            rows = [[_words(cell) for cell in row._tr.tc_lst] for row in block.rows]
            paper.table(rows)
        else:
            _docx_paragraph(block._p, levels, paper)


def _heading_levels(document: Any) -> dict[str, int]:
    """Style → level; Word keeps the English names of its own styles in every language."""
    levels = {"title": 1} | {f"heading {n}": n for n in range(1, 7)}
    return {style.style_id: levels[style.name.lower()] for style in document.styles if style.name
            and style.name.lower() in levels}  # fmt: skip


def _docx_paragraph(element: Any, levels: dict[str, int], paper: Paper) -> None:
    level = levels.get(element.style or "", 0)
    paper.add("heading" if level else "paragraph", _words(element), **({"level": level} if level else {}))
    if any(br.get(f"{_WORD}type") == "page" for br in element.iter(f"{_WORD}br")):
        paper.add("page", number=0)
    if next(element.iter(f"{_WORD}drawing", f"{_WORD}pict"), None) is not None:
        paper.add("picture")


def _words(element: Any) -> str:
    """What stands in it, text boxes too, deleted text not; a box is written twice for older programs and read once."""
    pieces = []
    skipped = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
    for part in element.iter(f"{_WORD}t", f"{_WORD}tab", f"{_WORD}br", f"{_WORD}p"):
        if any(True for _ in part.iterancestors(skipped)):
            continue
        if part.tag == f"{_WORD}t":
            pieces.append(part.text or "")
        elif part is not element:
            pieces.append(" " if part.tag == f"{_WORD}tab" else "\n")
    return "".join(pieces)


def read_pptx(content: bytes, paper: Paper) -> None:
    """Slide by slide: title, texts, tables, notes."""
    import pptx

    checked_office(content)
    for number, slide in enumerate(pptx.Presentation(io.BytesIO(content)).slides, start=1):
        paper.pages = number
        paper.add("page", number=number)
        title = slide.shapes.title
        if title is not None:
            paper.add("heading", title.text_frame.text, level=2)
        _shapes([shape for shape in slide.shapes if title is None or shape.shape_id != title.shape_id], paper)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            paper.add("paragraph", slide.notes_slide.notes_text_frame.text)


def _shapes(shapes: Any, paper: Paper, depth: int = 0) -> None:
    for shape in shapes:
        if hasattr(shape, "shapes") and depth < DEEPEST:
            _shapes(shape.shapes, paper, depth + 1)
        elif getattr(shape, "has_table", False):
            paper.table([[cell.text for cell in row.cells] for row in shape.table.rows])
        elif shape.has_text_frame:
            for paragraph in shape.text_frame.paragraphs:
                paper.add("paragraph", paragraph.text)
        elif hasattr(shape, "image") or getattr(shape, "has_chart", False):
            paper.add("picture")


def read_xlsx(content: bytes, paper: Paper) -> None:
    """Each sheet under its name."""
    import python_calamine

    checked_office(content)
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=True)
        if rows:
            paper.add("heading", name, level=2)
            paper.table([[_cell(value) for value in row] for row in rows])


def _cell(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def read_odf(content: bytes, paper: Paper) -> None:
    """Headings, paragraphs and tables of an OpenDocument text, sheet or presentation."""
    from lxml import etree

    archive = checked_office(content)
    with archive.open("content.xml") as part:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        body = etree.fromstring(part.read(), parser).find("{*}body")
    if body is None:
        raise NotReadError("damaged")
    _odf(body, paper)


def _odf(root: Any, paper: Paper) -> None:
    skipped: Any = None  # the table whose cells are read already
    for element in root.iter("{*}h", "{*}p", "{*}table", "{*}image", "{*}page"):
        if skipped is not None and any(above is skipped for above in element.iterancestors()):
            continue
        kind = element.tag.rpartition("}")[2]
        if kind == "table":
            skipped = element
            rows = [row.findall("{*}table-cell") for row in element.iter("{*}table-row")]
            paper.table([["\n".join("".join(p.itertext()) for p in cell.iter("{*}p")) for cell in row] for row in rows])
        elif kind == "h":
            paper.add("heading", "".join(element.itertext()), level=2)
        elif kind == "p":
            paper.add("paragraph", "".join(element.itertext()))
        elif kind == "image":
            paper.add("picture")
        else:
            paper.pages += 1
            paper.add("page", number=paper.pages)


def read_txt(content: bytes, paper: Paper) -> None:
    """Plain text in UTF-8 or UTF-16, else as Windows writes Cyrillic."""
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1251"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise NotReadError("kind")
    for paragraph in re.split(r"\r?\n\s*\n", text):
        paper.add("paragraph", paragraph)


READERS = {
    "pdf": read_pdf, "docx": read_docx, "pptx": read_pptx, "xlsx": read_xlsx, "odf": read_odf, "txt": read_txt,
}  # fmt: skip


def main() -> int:
    """Read, collect, write; see above."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    paper = Paper()
    trouble = ""
    try:
        READERS[sys.argv[1]](sys.stdin.buffer.read(), paper)
    except FullError:
        pass
    except NotReadError as refusal:
        trouble = str(refusal)
    except MemoryError:
        trouble = "large"
    except Exception:  # noqa: BLE001 - whatever a parser trips over, the file is damaged to the caller
        trouble = "damaged"
    if trouble:
        sys.stderr.write(trouble)
        return REFUSED
    json.dump({"blocks": paper.blocks, "pages": paper.pages, "is_cut": paper.is_cut}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
