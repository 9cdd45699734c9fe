"""What strangers attach: taken and made harmless, or refused with a sentence, quickly and in little memory."""

import io
import os
import subprocess
import sys
import zipfile

import pypdfium2
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.attachments import CHECK, LARGEST, LONG_NUMBER, LONGEST_NAME, AttachmentRefused, clean_name, read_attachment
from core.identifiers import invented_iin
from core.tests import papers

DAMAGED = "The file is damaged or incomplete, so it cannot be read. Please save or photograph it anew."
OTHER = "Only PDF, JPEG and PNG files are taken, and this is none of them."
TWO = "The file is two kinds of file in one, so it is not taken."
PIXELS = "The picture has more than 25 million pixels. Please make it smaller."
ACTIVE = "The PDF carries other files or a script inside. Please print it into a plain PDF."
EXE = b"MZ\x90\x00" + bytes(4096)
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
# A parent that is small itself, and says how much memory its child took at most, in kilobytes.
MEASURE = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-I", *sys.argv[1:]], stdin=sys.stdin.buffer, stdout=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def spent() -> float:
    """Seconds of work so far, here and in processes of ours that have ended."""
    return sum(os.times()[:4])


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


# --- What is taken --------------------------------------------------------------------------------------


def test_pdf_is_kept_as_it_came():
    taken = read_attachment(papers.pdf())
    assert (taken.content, taken.content_type, taken.ending) == (papers.pdf(), "application/pdf", "pdf")


@pytest.mark.parametrize(("kind", "ending"), [("JPEG", "jpg"), ("PNG", "png")])
def test_picture_is_drawn_anew_in_its_size(kind, ending):
    taken = read_attachment(papers.picture(kind))
    assert (taken.content_type, taken.ending) == (f"image/{kind.lower()}", ending)
    assert (opened(taken.content).format, opened(taken.content).size) == (kind, (60, 40))


def test_picture_loses_place_time_and_camera_and_stands_upright():
    photo = papers.photo_with_place()
    taken = read_attachment(photo).content
    assert b"Telephone of Somebody" in photo
    assert (b"Telephone" in taken, b"made at home" in taken, b"Exif" in taken) == (False, False, False)
    assert (opened(taken).size, dict(opened(taken).getexif())) == ((40, 60), {})


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "I;16"])
def test_scans_of_every_depth_are_taken(mode):
    taken = opened(read_attachment(papers.picture("PNG", mode=mode)).content)
    assert taken.mode == ("L" if mode in ("1", "L", "I;16") else "RGB")


def test_print_colours_are_taken():
    assert opened(read_attachment(papers.picture("JPEG", mode="CMYK")).content).mode == "RGB"


def test_what_is_clear_lies_on_white():
    clear = Image.new("RGBA", (2, 2), (0, 0, 0, 0))
    stored = io.BytesIO()
    clear.save(stored, "PNG")
    assert opened(read_attachment(stored.getvalue()).content).getpixel((0, 0)) == (255, 255, 255)


def test_photograph_of_24_megapixels_is_taken():
    photo = papers.picture("JPEG", (5712, 4284))
    taken = read_attachment(photo)
    assert opened(taken.content).size == (5712, 4284)


def test_what_follows_the_picture_is_left_behind():
    assert b"<?php" not in read_attachment(papers.picture("JPEG") + b"<?php system($_GET[0]);").content


# --- What is refused ------------------------------------------------------------------------------------

HOSTILE = {
    "empty": (b"", "The file is empty."),
    "program": (EXE, OTHER),
    "web page": (HTML, OTHER),
    "archive": (papers.archive(), OTHER),
    "GIF": (b"GIF89a" + bytes(50), OTHER),
    "drawing with a script": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', OTHER),
    "too large": (b"%PDF-" + bytes(LARGEST), "The file is larger than 10 MB."),
    "web page as PDF": (b"%PDF-1.4\n" + HTML + b"%%EOF", TWO),
    "text as PDF": (b"%PDF-1.4\nnothing at all\n%%EOF", DAMAGED),
    "program as JPEG": (b"\xff\xd8\xff\xe0" + EXE, DAMAGED),
    "PDF and archive": (papers.pdf() + papers.archive(), TWO),
    "JPEG and archive": (papers.picture() + papers.archive(), TWO),
    "PNG and archive": (papers.picture("PNG") + papers.archive(), TWO),
    "JPEG and PDF": (papers.picture("JPEG", comment=papers.pdf()), TWO),
    "JPEG and web page": (papers.picture("JPEG", comment=HTML), TWO),
    "archive before PDF": (papers.archive() + papers.pdf(), OTHER),
    "half a PDF": (papers.pdf()[: len(papers.pdf()) // 2], DAMAGED),
    "half a JPEG": (papers.picture("JPEG", (800, 800))[:-600], DAMAGED),
    "half a PNG": (papers.picture("PNG", (800, 800))[:-60], DAMAGED),
    "PNG of ten thousand a side": (papers.bomb(10_000, 10_000), PIXELS),
    "PNG of a million a side": (papers.bomb(1_000_000, 1_000_000, rows=1), PIXELS),
    "most of a large PNG": (papers.bomb(5_000, 5_000)[:-100], DAMAGED),
    "PDF of 101 pages": (papers.pdf(101), "The PDF has no pages, or more than 100."),
    "PDF with a password": (papers.pdf_with_password(), "The PDF has a password. Please save it without one."),
    "PDF with a program inside": (papers.pdf_with_attachment(), ACTIVE),
    "PDF with a script": (papers.pdf_with_script(), ACTIVE),
    "PDF that unpacks to 800 MB": (papers.pdf_bomb(800), DAMAGED),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_is_refused_in_words_and_quickly(name):
    content, sentence = HOSTILE[name]
    started = spent()
    with pytest.raises(AttachmentRefused) as refused:
        read_attachment(content)
    assert refused.value.sentence == sentence
    assert spent() - started < 2


@pytest.mark.parametrize(
    "name", [name for name in HOSTILE if HOSTILE[name][0][:4] in (b"%PDF", b"\x89PNG", b"\xff\xd8\xff\xe0")]
)
def test_hostile_file_takes_little_memory(name):
    content, _sentence = HOSTILE[name]
    ending = {b"%": "pdf", b"\x89": "png", b"\xff": "jpg"}[content[:1]]
    measured = subprocess.run(
        [sys.executable, "-I", "-c", MEASURE, "-W", "ignore", str(CHECK), ending],
        input=content,
        capture_output=True,
        check=True,
    )
    assert int(measured.stdout) < 150 * 1024


@settings(max_examples=20, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"%PDF-1.4\n", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n"]))
def test_noise_behind_a_right_beginning_is_refused(noise, mark):
    with translation.override("en"), pytest.raises(AttachmentRefused):
        read_attachment(mark + noise)


# --- Names ----------------------------------------------------------------------------------------------

IIN = invented_iin(7)


@pytest.mark.parametrize(
    ("name", "ending", "clean"),
    [
        ("анықтама.pdf", "pdf", "анықтама.pdf"),
        ("photo.JPEG", "jpg", "photo.jpg"),
        ("run.exe", "pdf", "run.pdf"),
        ("C:\\Users\\Әсел\\справка 12.pdf", "pdf", "справка 12.pdf"),
        ("../../etc/passwd", "png", "passwd.png"),
        (f"{IIN}.pdf", "pdf", "….pdf"),
        (f"удостоверение {IIN[:6]} {IIN[6:]} копия.jpg", "jpg", "удостоверение … копия.jpg"),
        (f"{IIN[:6]}-{IIN[6:]}.jpg", "jpg", "….jpg"),
        ("IMG_20260907_123045.jpg", "jpg", "IMG_….jpg"),
        ("a\u202egpj.exe", "jpg", "agpj.jpg"),
        ("a\x00b\r\nc.pdf", "pdf", "abc.pdf"),
        ("", "pdf", "….pdf"),
        (".pdf", "pdf", "pdf.pdf"),
        ("...", "pdf", "….pdf"),
        (f"a.{IIN}", "pdf", "a.pdf"),
        ("ә" * 300 + ".pdf", "pdf", "ә" * (LONGEST_NAME - 4) + ".pdf"),
    ],
)
def test_name_is_cleaned(name, ending, clean):
    assert clean_name(name, ending) == clean


@given(st.text(max_size=300))
def test_clean_name_is_short_printable_and_holds_no_long_number(name):
    clean = clean_name(name, "pdf")
    assert len(clean) <= LONGEST_NAME
    assert clean.endswith(".pdf")
    assert not any(mark in clean for mark in "/\\\x00\r\n")
    assert LONG_NUMBER.search(clean) is None


def test_pdfium_finds_the_pages_that_the_tests_mean():
    document = pypdfium2.PdfDocument(papers.pdf(3))
    assert len(document) == 3
    document.close()


# --- Office files, where they are asked for -------------------------------------------------------------


def office(main: str = "word/document.xml", **parts: str) -> bytes:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in {"[Content_Types].xml": "<Types/>", main: "<x/>", **parts}.items():
            file.writestr(name, text)
    return stored.getvalue()


def boastful() -> bytes:
    """An archive that says it unpacks to four gigabytes."""
    content = bytearray(office())
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = b"\xff\xff\xff\xfe"
    return bytes(content)


def test_office_file_is_kept_as_it_came_where_it_is_asked_for():
    given = office()
    taken = read_attachment(given, office=True)
    assert (taken.content, taken.ending) == (given, "docx")
    assert taken.content_type == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    with pytest.raises(AttachmentRefused, match=OTHER):
        read_attachment(office())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (boastful(), "The file unpacks to far more than a document needs, so it is not taken."),
        (papers.archive(), "This is an archive, not a document. Please upload the documents themselves."),
        (b"PK" + bytes(500), "The file is damaged. Please save it anew."),
        (EXE, "Only PDF, DOCX, XLSX, PPTX, JPEG and PNG files are taken, not this kind of file."),
    ],
)
def test_what_only_begins_like_an_office_file_is_refused(content, sentence):
    with pytest.raises(AttachmentRefused) as refusal:
        read_attachment(content, office=True)
    assert refusal.value.sentence == sentence
