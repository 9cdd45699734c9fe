"""What is read, what is refused and how quickly; what is written is never a formula."""

import io
import time
import tracemalloc
import zipfile
from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from core.spreadsheets import SpreadsheetRefused, read_rows, write_csv, write_xlsx

SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'


def book(rows) -> bytes:  # type: ignore[no-untyped-def]
    workbook = Workbook()
    for row in rows:
        workbook.active.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def with_parts(base: bytes, **parts: bytes) -> bytes:
    """The same archive with parts added or replaced (`__` in a keyword stands for a slash, `_dot_` for a dot)."""
    named = {key.replace("__", "/").replace("_dot_", "."): value for key, value in parts.items()}
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(base)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in named:
                new.writestr(name, old.read(name))
        for name, content in named.items():
            new.writestr(name, content)
    return stream.getvalue()


def archive(**parts: bytes) -> bytes:
    return with_parts(b"PK\x05\x06" + b"\0" * 18, **parts)


GOOD = book([["ЖСН", "Тегі"], ["850115100019", "Әлімов"]])


def test_read_xlsx_gives_text_as_written():
    content = book([["№", "ЖСН", "күні", "=1+1"], [1, 850115100019, date(2026, 1, 31), "  бос орын "], [2.5, 7.0, None, True], [], []])
    sheet = read_rows(content, "list.xlsx")
    assert (sheet.kind, sheet.rows[1:]) == ("xlsx", [["1", "850115100019", "2026-01-31", "бос орын"], ["2.5", "7", "", "True"]])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_read_csv_in_the_usual_encodings(encoding, delimiter):
    content = delimiter.join(["ИИН", "Фамилия"]) + "\r\n" + delimiter.join(["850115100019", '"Иванов"']) + "\r\n\r\n"
    assert read_rows(content.encode(encoding), "list.csv").rows == [["ИИН", "Фамилия"], ["850115100019", "Иванов"]]


def test_read_keeps_an_empty_row_between_others_so_that_row_numbers_agree():
    assert read_rows(b"a\n\nb\n", "x.csv").rows == [["a"], [], ["b"]]


def test_read_believes_the_content_not_the_name():
    assert read_rows(GOOD, "list.csv").kind == "xlsx"


@cache
def hostile() -> dict[str, bytes]:
    """Files that strangers send; built here so that nothing hostile lies in the project."""
    far = SHEET.format('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>').encode()
    wide = SHEET.format('<row r="1"><c r="XFD1"><v>1</v></c></row>').encode()
    long = SHEET.format("".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 30_000))).encode()
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + SHEET.format("").encode()
    lying = bytearray(with_parts(GOOD, xl__media__a_dot_bin=b"\0" * 70_000_000))
    where = lying.rfind(b"xl/media/a.bin") - 46 + 24  # the size in the central directory
    lying[where : where + 4] = (1000).to_bytes(4, "little")
    return {
        "empty": b"",
        "blank": b"   \n",
        "old format": b"\xd0\xcf\x11\xe0" + b"\0" * 600,
        "executable": b"MZ\x90\x00\x03\x00" + b"\0" * 600,
        "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00\x01",
        "any zip": archive(a_dot_txt=b"hello"),
        "word document": archive(word__document_dot_xml=b"<w/>"),
        "opendocument": archive(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content_dot_xml=b"<x/>"),
        "binary workbook": archive(xl__workbook_dot_bin=b"x"),
        "macros": with_parts(GOOD, xl__vbaProject_dot_bin=b"x"),
        "bomb": with_parts(GOOD, xl__media__a_dot_bin=b"\0" * 70_000_000),
        "lying bomb": bytes(lying),
        "entities": with_parts(GOOD, xl__worksheets__sheet1_dot_xml=entity),
        "far cell": with_parts(GOOD, xl__worksheets__sheet1_dot_xml=far),
        "wide cell": with_parts(GOOD, xl__worksheets__sheet1_dot_xml=wide),
        "long sheet": with_parts(GOOD, xl__worksheets__sheet1_dot_xml=long),
        "cut off": GOOD[: len(GOOD) // 2],
        "broken xml": with_parts(GOOD, xl__worksheets__sheet1_dot_xml=b"<worksheet><sheetData><row>"),
        "no sheets": with_parts(GOOD, xl__workbook_dot_xml=b"<workbook/>"),
        "many parts": with_parts(GOOD, **{f"a{n}": b"" for n in range(600)}),
        "long csv": b"a\n" * 20_001,
        "wide csv": b";".join([b"a"] * 61),
        "open quote": b'a;"b\n' * 3,
        "huge cell": b'a;"' + b"b" * 200_000 + b'"',
        "nul bytes": b"a;b\x00\n",
        "too large": b"a" * (10 * 1024 * 1024 + 1),
    }


@pytest.mark.parametrize("name", sorted(hostile()))
def test_hostile_file_is_refused_with_a_sentence_quickly_and_small(name):
    content = hostile()[name]
    tracemalloc.start()
    begun = time.process_time()
    with pytest.raises(SpreadsheetRefused) as refusal:
        read_rows(content, "list.xlsx")
    spent, (_, peak) = time.process_time() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(refusal.value.sentence.split()) >= 4
    assert peak < 150 * 1024 * 1024
    assert spent < 20  # a bound against hanging, not a measurement


def test_a_million_empty_rows_are_no_rows():
    rows = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>' + "".join(f'<row r="{n}" s="1"/>' for n in range(2, 400_000))
    content = with_parts(GOOD, xl__worksheets__sheet1_dot_xml=SHEET.format(rows).encode())
    assert read_rows(content, "x.xlsx").rows == [["a"]]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_are_read_or_refused(content):
    try:
        read_rows(content, "x")
    except SpreadsheetRefused as refusal:
        assert refusal.sentence


DANGEROUS = ["=1+1", "+7 700", "-5", "@SUM(A1)", "\tx", "Әлімов"]


def test_write_xlsx_writes_no_formula():
    content = write_xlsx([DANGEROUS, [1, 2.5, date(2026, 1, 31), None]], header=["=A", "b"], title="a/b")
    sheet = load_workbook(io.BytesIO(content)).active
    assert [cell.data_type for cell in sheet[2]] == ["s"] * 6
    assert [cell.value for cell in sheet[2]] == DANGEROUS
    assert (sheet["A1"].data_type, sheet["B3"].value, sheet.freeze_panes) == ("s", 2.5, "A2")


def test_write_xlsx_drops_characters_that_a_workbook_cannot_hold():
    content = write_xlsx([["a\x00\x0bb"]], header=["x"], title="t")
    assert load_workbook(io.BytesIO(content)).active["A2"].value == "ab"


def test_write_csv_disarms_formulas_and_opens_in_a_kazakh_excel():
    content = write_csv([DANGEROUS, [1, None]], header=["x"])
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").split("\r\n")
    assert lines[1:3] == ["'=1+1;'+7 700;'-5;'@SUM(A1);'\tx;Әлімов", "1;"]


def test_what_is_written_is_read_back():
    rows = [["850115100019", "Әлімов"], ["", "x"]]
    for content in (write_xlsx(rows, header=["ЖСН", "Тегі"], title="t"), write_csv(rows, header=["ЖСН", "Тегі"])):
        assert read_rows(content, "x").rows == [["ЖСН", "Тегі"], *rows]
