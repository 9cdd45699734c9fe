"""Parses one attached file in a process of its own: content in, cleaned content out (none: it is kept as it came).

`python attachment_check.py pdf|jpg|png|office`. Ends with REFUSED and a word on standard error when the file is not to
be taken; killed by a limit or by a flaw of a parser, it is damaged to the caller. Knows nothing of Django.
"""

import io
import resource
import struct
import sys
import zipfile
import zlib
from typing import Any

REFUSED = 3
MEGABYTE = 1024 * 1024
MEMORY = {"pdf": 112 * MEGABYTE, "jpg": 400 * MEGABYTE, "png": 400 * MEGABYTE, "office": 112 * MEGABYTE}
SECONDS = 8
MOST_PAGES = 100
MOST_PIXELS = 25_000_000
WHITE = (255, 255, 255)
MOST_ENTRIES = 5_000
LARGEST_UNPACKED = 500 * MEGABYTE  # that an office file says it unpacks to
LARGEST_PART = MEGABYTE  # of a part that is read here
MAIN_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
OPEN_DOCUMENT = {
    f"application/vnd.oasis.opendocument.{name}": ending
    for name, ending in (("text", "odt"), ("spreadsheet", "ods"), ("presentation", "odp"))
}
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, OverflowError),
    *(NotImplementedError, KeyError),  # KeyError: the archive lacks a part that every such file has
)


class NotTakenError(Exception):
    """The file is not to be taken; the argument is the word that says why."""


def check_pdf(content: bytes) -> bytes:
    """Opened by PDFium, every page found; no page is drawn, so that a huge one costs nothing."""
    import pypdfium2
    from pypdfium2 import raw

    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        password = raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower()
        raise NotTakenError("password" if password else "damaged") from error
    if not 1 <= len(pdf) <= MOST_PAGES:
        raise NotTakenError("pages")
    if raw.FPDFDoc_GetAttachmentCount(pdf) or raw.FPDFDoc_GetJavaScriptActionCount(pdf):
        raise NotTakenError("active")
    try:
        sizes = [pdf.get_page_size(number) for number in range(len(pdf))]
    except pypdfium2.PdfiumError as error:
        raise NotTakenError("damaged") from error
    if not all(width > 0 and height > 0 for width, height in sizes):
        raise NotTakenError("damaged")
    return b""


def check_picture(content: bytes, ending: str) -> bytes:
    """Drawn anew, upright: place, time and make of the camera are left behind, and whatever hides after the end."""
    from PIL import Image, ImageFile, ImageOps, JpegImagePlugin

    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS // 2  # Pillow refuses twice as many before it reads them
    kind = {"jpg": "JPEG", "png": "PNG"}[ending]
    try:
        picture: Any = Image.open(io.BytesIO(content), formats=[kind])
        if picture.width * picture.height > MOST_PIXELS:
            raise NotTakenError("pixels")
        picture.load()
        options = {"compress_level": 4} if kind == "PNG" else {"quality": 90}
        if kind == "JPEG" and picture.mode in ("L", "RGB"):  # as fine as it came, and so about as large
            options = {"qtables": picture.quantization, "subsampling": JpegImagePlugin.get_sampling(picture)}
        picture = _plain(ImageOps.exif_transpose(picture))
    except Image.DecompressionBombError as error:
        raise NotTakenError("pixels") from error
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, OverflowError) as error:
        raise NotTakenError("damaged") from error
    picture.info = {}  # its resolution, colour profile, comments
    stored = io.BytesIO()
    picture.save(stored, kind, **options)
    return stored.getvalue()


def _plain(picture: Any) -> Any:
    """In grey or in colour, on white paper."""
    if picture.mode.startswith("I"):  # 16 bits of grey
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.has_transparency_data:
        from PIL import Image

        ground = Image.new("RGB", picture.size, WHITE)
        drawing = picture if picture.mode == "RGBA" else picture.convert("RGBA")
        ground.paste(drawing, mask=drawing.getchannel("A"))
        return ground
    return picture.convert("L" if picture.mode in ("1", "L") else "RGB")


def office_ending(content: bytes) -> str:
    """What kind of office file an archive is, by its ending. Raises `NotTakenError`; hardly anything is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _office_ending(archive)
    except BROKEN as error:
        raise NotTakenError("damaged") from error


def _office_ending(archive: zipfile.ZipFile) -> str:
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise NotTakenError("locked")
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > LARGEST_UNPACKED:
        raise NotTakenError("unpacks")
    if "mimetype" in names:
        ending = OPEN_DOCUMENT.get(_part(archive, "mimetype").decode("ascii", "replace").strip(), "")
        macros = any(name.startswith(("Basic/", "Scripts/")) for name in names)
    else:
        ending = next((ending for part, ending in MAIN_PARTS.items() if part in names), "")
        types = _part(archive, "[Content_Types].xml") if ending else b""
        macros = b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names)
    if not ending:
        raise NotTakenError("archive")
    if macros:
        raise NotTakenError("macros")
    return ending


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        content: bytes = part.read(LARGEST_PART)
    return content


def check(content: bytes, ending: str) -> bytes:
    """What is written out: of an office file only what it is, as it is kept as it came."""
    if ending == "office":
        return office_ending(content).encode()
    return check_pdf(content) if ending == "pdf" else check_picture(content, ending)


def main() -> int:
    """Read, check, write; see above."""
    ending = sys.argv[1]
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY[ending], MEMORY[ending]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    try:
        cleaned = check(content, ending)
    except NotTakenError as refusal:
        sys.stderr.write(str(refusal))
        return REFUSED
    sys.stdout.buffer.write(cleaned)
    return 0


if __name__ == "__main__":
    sys.exit(main())
