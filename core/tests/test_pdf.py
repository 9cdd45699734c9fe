"""HTML to PDF: bundled fonts only, bundled files only."""

import ctypes
import io
import zlib
from concurrent.futures import ThreadPoolExecutor

import pikepdf
import pypdfium2
import pytest
from django.core.management import call_command
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from core import pdf, pdf_pages
from core.tests import archival

LETTERS = "ӘҒҚҢӨҰҮҺІ әғқңөұүһі ₸ № « »"


@pytest.fixture(scope="session", autouse=True)
def _fonts():
    call_command("build_assets")


@pytest.fixture
def stylesheet(tmp_path):
    path = tmp_path / "paper" / "paper.css"
    path.parent.mkdir()
    path.write_text('@page { size: A5 } body { font-family: "Course Serif" } i { font-family: "Course Sans" }')
    return path


def text_of(content):
    document = pypdfium2.PdfDocument(content)
    return "".join(page.get_textpage().get_text_bounded() for page in document)


def language_of(content):
    document, buffer = pypdfium2.PdfDocument(content), ctypes.create_string_buffer(20)
    units = ctypes.cast(buffer, ctypes.POINTER(pypdfium2.raw.FPDF_WCHAR))
    length = pypdfium2.raw.FPDFCatalog_GetLanguage(document, units, len(buffer))
    return buffer.raw[: length - 2].decode("utf-16-le")


def fonts_in(content):
    """Names of the fonts of all text objects."""
    document = pypdfium2.PdfDocument(content)
    found = set()
    for page in document:
        for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
            found.add(item.get_font().get_base_name())
    return found


@pytest.mark.parametrize("markup", ["{}", "<b>{}</b>", "<i>{}</i>", "<i><b>{}</b></i>", "<em>{}</em>"])
def test_kazakh_letters_are_printed_in_the_bundled_fonts(stylesheet, markup):
    content = pdf.render(markup.format(LETTERS), stylesheets=[stylesheet], language="kk", title="Сынақ")
    assert text_of(content).strip() == LETTERS
    assert {name.partition("+")[2][:7] for name in fonts_in(content)} == {"Course-"}


def test_title_and_language_are_metadata(stylesheet):
    content = pdf.render("<p>x</p>", stylesheets=[stylesheet], language="kk", title="Сертификат <№ 1>")
    assert pypdfium2.PdfDocument(content).get_metadata_value("Title") == "Сертификат <№ 1>"
    assert language_of(content) == "kk"


def test_paper_is_an_archival_file(stylesheet):
    markup = f"<h1>{LETTERS}</h1><table><tr><td>1</td><td><i>2</i></td></tr></table><a href='https://example.kz/'>x</a>"
    content = pdf.render(markup, stylesheets=[stylesheet], language="kk", title="Бұйрық № 1")
    assert archival.faults(content) == []


@pytest.mark.parametrize(("alt", "faults"), [("Мөр", 0), ("", 1)])
def test_picture_says_what_it_shows(stylesheet, alt, faults):
    picture = f'<img alt="{alt}" src="data:image/svg+xml,<svg xmlns=%22http://www.w3.org/2000/svg%22/>">'
    content = pdf.render(picture, stylesheets=[stylesheet], language="kk", title="x")
    assert len(archival.faults(content)) == faults


def test_what_is_no_archival_file_is_found_out(stylesheet):
    found = " ".join(archival.faults(HTML(string="<p>x</p>").write_pdf()))
    for fault in ("no identifier", "no language", "no output intent", "no metadata", "no tags", "no tag knows"):
        assert fault in found
    content = pdf.render("<p>x</p>", stylesheets=[stylesheet], language="kk", title="x")
    with pikepdf.open(io.BytesIO(content)) as opened:
        font = next(o for o in opened.objects if isinstance(o, pikepdf.Dictionary) and "/FontDescriptor" in o)
        del font.FontDescriptor.FontFile2
        opened.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name("/JavaScript"), JS="app.alert(1)")
        opened.Root.OpenAction = opened.make_indirect(opened.Root.OpenAction)
        opened.pages[0].contents_add(b"0 1 1 0 k", prepend=True)
        changed = io.BytesIO()
        opened.save(changed)
    found = " ".join(archival.faults(changed.getvalue()))
    for fault in ("not embedded", "an action", "four inks"):
        assert fault in found


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/x.png",
        "https://example.kz/x.png",
        "ftp://example.kz/x.png",
        "file:///etc/passwd",
        "file://example.kz/etc/passwd",
        "file:///proc/self/environ",
    ],
)
@pytest.mark.parametrize("markup", ['<img src="{}">', '<div style="background: url({})">x</div>'])
def test_foreign_address_stops_the_rendering(stylesheet, address, markup):
    with pytest.raises(FatalURLFetchingError):
        pdf.render(markup.format(address), stylesheets=[stylesheet], language="kk", title="x")


def test_bundled_file_and_data_are_served_and_a_way_out_is_not(stylesheet, tmp_path):
    square = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9z"/></svg>'
    (stylesheet.parent / "square.svg").write_text(square)
    (tmp_path / "secret.svg").write_text(square)
    inside, outside = (stylesheet.parent / "square.svg").as_uri(), stylesheet.parent.as_uri() + "/../secret.svg"
    for address in (inside, "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"):
        content = pdf.render(f'<img src="{address}">', stylesheets=[stylesheet], language="kk", title="x")
        assert len(pypdfium2.PdfDocument(content)) == 1
    with pytest.raises(FatalURLFetchingError):
        pdf.render(f'<img src="{outside}">', stylesheets=[stylesheet], language="kk", title="x")


def test_symbolic_link_out_of_the_folder_is_not_followed(stylesheet, tmp_path):
    (tmp_path / "secret.svg").write_text("<svg/>")
    (stylesheet.parent / "link.svg").symlink_to(tmp_path / "secret.svg")
    address = (stylesheet.parent / "link.svg").as_uri()
    with pytest.raises(FatalURLFetchingError):
        pdf.render(f'<img src="{address}">', stylesheets=[stylesheet], language="kk", title="x")


def paths_on(page):
    return len(list(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH])))


def test_drawing_lies_under_its_page_only_and_needs_no_resources(stylesheet):
    drawing = stylesheet.parent / "frame.svg"
    drawing.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="148mm" height="210mm" viewBox="0 0 148 210" fill="none">'
        '<g stroke="#0b4f5c"><path d="M10.123456 10H138V200z"/><path d="M20 20c1 1 2 2 3 3"/></g></svg>'
    )
    body = '<p style="break-after: page">бірінші</p><p>екінші</p>'
    content = pdf.render(body, stylesheets=[stylesheet], language="kk", title="x", drawings=[drawing])
    first, second = pypdfium2.PdfDocument(content)
    assert (paths_on(first), paths_on(second)) == (2, 0)
    operators = zlib.decompress(pdf_pages.drawing(drawing)).splitlines()
    assert {line.rsplit(b" ", 1)[-1] for line in operators} & {b"Do", b"gs", b"scn", b"SCN", b"Tj", b"sh"} == set()


def test_missing_font_is_an_error_and_not_another_font(stylesheet, settings, tmp_path):
    settings.VAR = tmp_path
    with pytest.raises(pdf.MissingFontError, match=r"NotoSans-Regular\.ttf"):
        pdf.render("<p>x</p>", stylesheets=[stylesheet], language="kk", title="x")


def test_letters_that_the_fonts_lack_are_an_error_and_named(stylesheet):
    with pytest.raises(pdf.MissingLettersError, match=r"U\+4E2D, U\+1F600"):
        pdf.render("<p>中 😀</p>", stylesheets=[stylesheet], language="kk", title="x")


def test_threads_render_at_the_same_time(stylesheet):
    def one(number):
        return pdf.render(f"<p>№ {number}</p>", stylesheets=[stylesheet], language="kk", title="x")

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(one, range(12)))
    assert [text_of(content).strip() for content in made] == [f"№ {n}" for n in range(12)]


@pytest.mark.parametrize("paint", ['fill="#0b4f5c" fill-opacity="0.5"', 'stroke="red" opacity="0.2"'])
def test_drawing_with_transparency_is_refused(stylesheet, paint):
    path = stylesheet.parent / "ground.svg"
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="148mm" height="210mm" viewBox="0 0 148 210">'
        f'<path {paint} d="M0 0h9v9z"/></svg>'
    )
    with pytest.raises(ValueError, match=r"ground\.svg"):
        pdf.render("<p>x</p>", stylesheets=[stylesheet], language="kk", title="x", drawings=[path])


def test_missing_letters_are_named_and_marks_without_a_shape_do_not_count():
    assert pdf.missing_letters(LETTERS + "\u200b\u202e\n") == []
    assert pdf.missing_letters("Ә中") == ["U+4E2D"]
