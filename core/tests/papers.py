"""Papers of nobody, and files that only pretend to be papers."""

import io
import struct
import zipfile
import zlib
from functools import cache

import pypdfium2
from PIL import Image


@cache
def pdf(pages: int = 1) -> bytes:
    """A plain PDF of empty pages."""
    document = pypdfium2.PdfDocument.new()
    for _page in range(pages):
        document.new_page(595, 842)
    stored = io.BytesIO()
    document.save(stored)
    document.close()
    return stored.getvalue()


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: object) -> bytes:
    """A plain picture."""
    stored = io.BytesIO()
    Image.new(mode, size, 200 if mode in ("L", "1") else None).save(stored, kind, **options)  # type: ignore[arg-type]
    return stored.getvalue()


def photo_with_place() -> bytes:
    """A JPEG that lies on its side and knows where, when and with what it was taken."""
    drawing = Image.new("RGB", (60, 40), "white")
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Telephone of Somebody"
    exif.get_ifd(0x8825)[2] = (49.0, 48.0, 12.5)  # latitude
    stored = io.BytesIO()
    drawing.save(stored, "JPEG", exif=exif, comment=b"made at home")
    return stored.getvalue()


def archive() -> bytes:
    """A ZIP."""
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as file:
        file.writestr("run.js", "alert(1)")
    return stored.getvalue()


def bomb(width: int, height: int, rows: int | None = None) -> bytes:
    """A PNG that says it is so large; a black pixel is worth a thousandth of a byte."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(1 + width)
    body = b"".join(packer.compress(row) for _row in range(height if rows is None else rows)) + packer.flush()
    chunks = [(b"IHDR", head), (b"IDAT", body), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def built_pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A PDF of these objects, numbered from 1, with the catalogue first."""
    text, places = b"%PDF-1.5\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(text))
        text += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return text + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        size, table, size, trailer, len(text),
    )  # fmt: skip


PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"


def pdf_with_attachment() -> bytes:
    """A PDF that carries a program."""
    names = b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(run.exe) 4 0 R]>>>>>>"
    specification = b"<</Type/Filespec/F(run.exe)/EF<</F 5 0 R>>>>"
    return built_pdf(names, PAGES, PAGE, specification, b"<</Length 2>>\nstream\nMZ\nendstream")


def pdf_with_script() -> bytes:
    """A PDF that runs something when it is opened."""
    names = b"<</Type/Catalog/Pages 2 0 R/Names<</JavaScript<</Names[(a) 4 0 R]>>>>>>"
    return built_pdf(names, PAGES, PAGE, b"<</S/JavaScript/JS(app.alert\\(1\\))>>")


def pdf_with_password() -> bytes:
    """A PDF that opens with a password only (the standard handler, 40 bits; the keys fit no password we know)."""
    catalogue = b"<</Type/Catalog/Pages 2 0 R>>"
    handler = b"<</Filter/Standard/V 1/R 2/Length 40/P -44/O<%s>/U<%s>>>" % (b"41" * 32, b"42" * 32)
    return built_pdf(catalogue, PAGES, PAGE, handler, trailer=b"/Encrypt 4 0 R/ID[<00><00>]")


def pdf_bomb(megabytes: int) -> bytes:
    """A PDF whose table of contents unpacks to so much."""
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(bytes(1024 * 1024)) for _part in range(megabytes)) + packer.flush()
    text = b"%PDF-1.5\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n" + PAGES + b"\nendobj\n"
    stream = b"<</Type/XRef/Size 4/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length %d>>\nstream\n" % len(body)
    return text + b"4 0 obj\n" + stream + body + b"\nendstream\nendobj\nstartxref\n%d\n" % len(text) + b"%%EOF\n"
