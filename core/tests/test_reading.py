"""What files say, in blocks; hostile ones end with a word."""

import io
import random
import time

import pytest
from PIL import Image

from core import reading
from core.reading import Block, draw, kind_of, read
from core.tests import papers
from core.tests.documents import book, hostile, paragraph, pdf_saying, repacked, slides, with_body, word

HOSTILE = hostile()


def kinds(found):  # type: ignore[no-untyped-def]
    return [block.kind for block in found.blocks]


def test_word_file_is_read_in_its_order():
    found = read(word("Бірінші абзац", "Екінші абзац"))
    assert (found.kind, found.trouble) == ("docx", "")
    assert kinds(found) == ["heading", "paragraph", "paragraph", "table", "page", "picture"]
    assert found.blocks[0] == Block("heading", "Жоба", level=1)
    assert found.blocks[3].rows == (("Тәуекел", "Шара"), ("<b>Өрт</b>", "Нұсқау"))
    assert found.text == "Жоба\nБірінші абзац\nЕкінші абзац\nТәуекел\tШара\n<b>Өрт</b>\tНұсқау"


def test_slides_are_read_with_notes_and_tables():
    found = read(slides())
    assert kinds(found) == ["page", "heading", "paragraph", "paragraph", "paragraph", "page", "table"]
    assert found.text == "Мектептің дамуы\nБірінші қадам\nЕкінші қадам\nБаяу айту\nАй\tҚаңтар"
    assert found.pages == 2


def test_sheet_is_read_with_its_name():
    assert read(book()).text == "Ресурстар\nКомпьютер\t12\t2.5"


def test_pdf_is_read_page_by_page():
    found = read(pdf_saying("The plan of the school for the year\nin full", "Risks"))
    assert [(b.kind, b.text, b.number) for b in found.blocks] == [
        ("page", "", 1),
        ("paragraph", "The plan of the school for the year in full", 0),
        ("page", "", 2),
        ("paragraph", "Risks", 0),
    ]
    assert found.pages == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_plain_text_is_read_as_it_was_written(encoding):
    assert read("План школы\n\nРиски".encode(encoding)).text == "План школы\nРиски"


def test_open_document_is_read():
    space = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    )
    body = (
        "<text:h>Жоба</text:h><text:p>Бір <text:span>екі</text:span></text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>а</text:p></table:table-cell></table:table-row>"
        "</table:table>"
    )
    xml = f"<office:doc {space}><office:body><office:text>{body}</office:text></office:body></office:doc>".encode()
    kind = b"application/vnd.oasis.opendocument.text"
    found = read(repacked(papers.archive(), lambda _name, part: part, mimetype=kind, content_xml=xml))
    assert (found.kind, kinds(found), found.text) == ("odf", ["heading", "paragraph", "table"], "Жоба\nБір екі\nа")


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_ends_with_a_word_in_time(name):
    content, trouble = HOSTILE[name]
    started = time.monotonic()
    found = read(content)
    assert (found.trouble, found.blocks, found.text) == (trouble, (), "")
    assert time.monotonic() - started < reading.PATIENCE
    assert trouble in reading.TROUBLES


def test_hostile_pdfs_end_with_a_word():
    assert read(papers.pdf_with_password()).trouble == "password"
    assert read(papers.pdf_bomb(500)).trouble == "large"
    assert read(papers.pdf_with_script()).text == ""


def test_empty_and_huge_files_have_their_words():
    assert read(b"").trouble == "empty"
    assert read(papers.pdf()).trouble == "empty"
    assert read(b"x" * (reading.LARGEST + 1)).trouble == "large"


def test_every_broken_half_of_a_good_file_is_answered():
    for content in (word("а"), slides(), book(), pdf_saying("a")):
        for cut in (len(content) // 3, len(content) // 2, len(content) - 30):
            assert read(content[:cut]).trouble in reading.TROUBLES or read(content[:cut]).blocks


def test_flipped_bytes_are_answered():
    chance = random.Random(5)
    for content in (word("а"), slides(), book(), pdf_saying("a"), papers.picture("PNG")):
        for _turn in range(3):
            changed = bytearray(content)
            for _flip in range(20):
                changed[chance.randrange(8, len(changed))] = chance.randrange(256)
            found = read(bytes(changed))
            assert found.trouble in {"", *reading.TROUBLES}
            drawn = draw(bytes(changed))
            assert drawn is None or drawn[:4] == b"RIFF"


def test_table_of_endless_words_is_cut():
    found = read(with_body(b"<w:tbl>" + b"".join(
        b"<w:tr><w:tc>" + paragraph(b"word " * 20_000) + b"</w:tc></w:tr>" for _ in range(20)
    ) + b"</w:tbl>"))  # fmt: skip
    assert (found.trouble, found.is_cut) == ("", True)
    assert 400_000 < len(found.text) <= 510_000


def test_page_is_drawn_and_a_missing_one_is_not():
    content = pdf_saying("One", "Two")
    assert Image.open(io.BytesIO(draw(content, 2) or b"")).size == (1200, 1699)
    assert draw(content, 3) is None
    assert draw(papers.pdf_with_password()) is None
    assert draw(word()) is None


def test_picture_is_drawn_upright_and_knows_nothing_of_its_place():
    drawn = draw(papers.photo_with_place()) or b""
    made = Image.open(io.BytesIO(drawn))
    assert (made.format, made.size, dict(made.getexif())) == ("WEBP", (40, 60), {})
    assert b"Somebody" not in drawn
    assert b"home" not in drawn


def test_large_picture_is_made_small_and_a_bomb_is_not_drawn():
    assert max(Image.open(io.BytesIO(draw(papers.picture(size=(4000, 3000))) or b"")).size) == 1600
    assert draw(papers.bomb(60_000, 60_000, rows=10)) is None


def test_kind_is_told_by_content():
    assert [kind_of(c) for c in (word(), slides(), book(), papers.pdf(), papers.picture(), "мәтін".encode())] == [
        "docx", "pptx", "xlsx", "pdf", "picture", "txt",
    ]  # fmt: skip
