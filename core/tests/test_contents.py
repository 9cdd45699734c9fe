"""What an upload is, by its content; what is not taken is refused with a sentence and without unpacking it."""

import io
import zipfile

import pytest
from django.utils import translation
from PIL import Image

from core.contents import FileRefused, examine, safe_name
from core.spreadsheets import write_xlsx

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
OLE = b"\xd0\xcf\x11\xe0" + b"\0" * 600


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def picture(kind, size=(8, 8)):
    content = io.BytesIO()
    Image.new("RGB", size).save(content, kind)
    return content.getvalue()


def archive(**parts):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name.replace("__", "/"), text)
    return content.getvalue()


def office(main, types="<Types/>", **more):
    return archive(**{"[Content_Types].xml": types, main: "<x/>"}, **more)


@pytest.mark.parametrize(
    ("content", "ending"),
    [
        (PDF, "pdf"),
        (picture("PNG"), "png"),
        (picture("JPEG"), "jpg"),
        (office("word/document.xml"), "docx"),
        (office("ppt/presentation.xml"), "pptx"),
        (write_xlsx([["a"]], header=["h"], title="t"), "xlsx"),
        (archive(mimetype="application/vnd.oasis.opendocument.text", **{"content.xml": "<x/>"}), "odt"),
        (archive(mimetype="application/vnd.oasis.opendocument.presentation"), "odp"),
    ],
)
def test_examine_tells_the_kind_by_content(content, ending):
    assert examine(content).ending == ending


def password_protected():
    content = bytearray(office("word/document.xml"))
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"<html><script>alert(1)</script>", "Only PDF"),
        (b"MZ\x90\x00 executable", "Only PDF"),
        (b"%PDF-1.7 cut off", "damaged"),
        (picture("PNG")[:60], "damaged"),
        (b"\xff\xd8\xff" + b"\0" * 50, "damaged"),
        (picture("GIF"), "Only PDF"),
        (OLE, "old office format"),
        (b"PK\x03\x04 broken", "damaged"),
        (archive(**{"setup.exe": "MZ"}), "archive, not a document"),
        (archive(mimetype="application/epub+zip"), "archive, not a document"),
        (office("word/document.xml", word__vbaProject__bin="x", **{"word/vbaProject.bin": "x"}), "macros"),
        (office("xl/workbook.xml", types="sheet.macroEnabled.main+xml"), "macros"),
        (archive(mimetype="application/vnd.oasis.opendocument.text", **{"Basic/script-lc.xml": "x"}), "macros"),
        (archive(**{"word/document.xml": "x"}), "damaged"),
        (password_protected(), "password"),
        (office("word/document.xml", **{f"p{n}": "" for n in range(5001)}), "far more"),
    ],
)  # fmt: skip
def test_examine_refuses_everything_else(content, sentence):
    with pytest.raises(FileRefused, match=sentence):
        examine(content)


def test_examine_refuses_an_archive_that_would_grow():
    content = bytearray(office("word/document.xml"))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = (600 * 1024 * 1024).to_bytes(4, "little")
    with pytest.raises(FileRefused, match="far more"):
        examine(bytes(content))


def test_examine_refuses_a_picture_that_would_grow():
    small = picture("PNG")
    header = bytearray(small)
    header[16:24] = (40_000).to_bytes(4, "big") * 2
    with pytest.raises(FileRefused, match=r"too large|damaged"):
        examine(bytes(header))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("C:\\docs\\Жоспар.docx", "Жоспар.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("850115100019.pdf", "….pdf"),
        ("a\u202ecod.exe", "acod.pdf"),
        ('x"y<z>.pdf', "x_y_z_.pdf"),
        ("", "file.pdf"),
        ("ә" * 200 + ".pdf", "ә" * 100 + ".pdf"),
    ],
)
def test_safe_name_has_the_ending_of_its_content(name, safe):
    assert safe_name(name, examine(PDF)) == safe
