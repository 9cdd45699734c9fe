"""What a file says, as blocks that a page can show and a program can compare; and its pages as pictures.

Kinds are told by content, never by name. The file is parsed by `core.reading_child` and drawn by `core.drawing_child`,
each in a process of its own with limits on memory and time: a hostile file costs its process, no more. Nothing here
raises for a file, whatever is in it; `Reading.trouble` says in one word why there is nothing, `TROUBLES` in a sentence.
"""

import io
import json
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext_noop

PATIENCE = 20  # seconds, also on a machine that is busy
READER = Path(__file__).with_name("reading_child.py")
DRAWER = Path(__file__).with_name("drawing_child.py")
REFUSED = 3  # what the reader ends with when it says a word
LARGEST = 25 * 1024 * 1024  # bytes
_OLE = b"\xd0\xcf\x11\xe0"
_HEAD = 4096
_OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
PICTURE = "picture"
TROUBLES = {
    "missing": gettext_noop("The file is not in the store."),
    "empty": gettext_noop("The file has no words in it."),
    "kind": gettext_noop("Files of this kind cannot be shown here."),
    "old": gettext_noop("This is an old office format or has a password, so it cannot be shown here."),
    "password": gettext_noop("The file has a password, so it cannot be shown here."),
    "macros": gettext_noop("The file holds macros, so it is not opened here."),
    "hostile": gettext_noop("The file holds parts that a document does not need, so it is not opened here."),
    "large": gettext_noop("The file unpacks to far more than can be shown here."),
    "damaged": gettext_noop("The file is damaged, so it cannot be shown here."),
}


@dataclass(frozen=True)
class Block:
    """A piece of a file: a heading (level 1–6), a paragraph, a table, the beginning of a page, a picture left out."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()
    level: int = 0
    number: int = 0


@dataclass(frozen=True)
class Reading:
    """What was read; `pages` of a PDF or slides, `is_cut` when there is more than was read."""

    kind: str
    blocks: tuple[Block, ...] = ()
    trouble: str = ""
    pages: int = 0
    is_cut: bool = False

    @property
    def text(self) -> str:
        """All words, a block on a line of its own, cells parted by tabs."""
        lines = (
            "\n".join("\t".join(row) for row in block.rows) if block.kind == "table" else block.text
            for block in self.blocks
        )
        return "\n".join(line for line in lines if line)


def kind_of(content: bytes) -> str:
    """pdf, docx, xlsx, pptx, odf, txt or picture; "old" for an old or locked office file, "kind" for any other."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return PICTURE
    if content.startswith(_OLE):
        return "old"
    if content.startswith(b"PK"):
        return _kind_of_archive(content)
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "txt"
    controls = sum(byte < 32 and byte not in (9, 10, 12, 13) for byte in content[:_HEAD])
    return "kind" if controls else "txt"


def _kind_of_archive(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except Exception:  # noqa: BLE001 - a table of contents made to trip the reader
        return "damaged"
    office = next((kind for part, kind in _OFFICE.items() if part in names), "")
    return office or ("odf" if {"mimetype", "content.xml"} <= names else "kind")


def read(content: bytes) -> Reading:
    """What the file says. Never raises; takes `PATIENCE` at most."""
    kind = kind_of(content) if len(content) <= LARGEST else "large"
    if kind == PICTURE:
        return Reading(kind)
    if kind in TROUBLES or not content:
        return Reading(kind, trouble="empty" if not content else kind)
    output, trouble = _run(READER, kind, content=content)
    if trouble:
        return Reading(kind, trouble=trouble)
    found = json.loads(output)
    blocks = tuple(
        Block(
            one["kind"],
            one["text"],
            tuple(tuple(row) for row in one.get("rows", ())),
            one.get("level", 0),
            one.get("number", 0),
        )
        for one in found["blocks"]
    )
    silent = not any(block.text or block.rows for block in blocks)
    return Reading(kind, blocks, "empty" if silent else "", found["pages"], found["is_cut"])


def draw(content: bytes, number: int = 1) -> bytes | None:
    """Page `number` of a PDF, or a picture, as WebP without anything its camera wrote; None when it cannot be drawn."""
    kind = kind_of(content)
    if kind not in ("pdf", PICTURE) or len(content) > LARGEST:
        return None
    drawn, trouble = _run(DRAWER, kind, str(number), content=content)
    return drawn if drawn and not trouble else None


def _run(script: Path, *arguments: str, content: bytes) -> tuple[bytes, str]:
    """What the script writes, and a word when it fails."""
    try:
        done = subprocess.run(  # noqa: S603 - our own script
            [sys.executable, "-I", "-W", "ignore", str(script), *arguments],
            input=content,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
            env={"OPENBLAS_NUM_THREADS": "1"},
            cwd="/",
        )
    except subprocess.TimeoutExpired:
        return b"", "large"
    if done.returncode == 0:
        return done.stdout, ""
    word = done.stderr.decode(errors="replace").strip() if done.returncode == REFUSED else ""
    return b"", word if word in TROUBLES else "large" if done.returncode < 0 else "damaged"
