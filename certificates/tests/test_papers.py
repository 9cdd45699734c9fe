"""Papers: text, look, QR code, and what a hostile name can do (nothing)."""

import io
import re
import unicodedata

import pypdfium2
import pytest
import zxingcpp
from django.core.management import call_command
from django.db import connection
from PIL import Image
from weasyprint.urls import URLFetcher

from certificates.paper_words import WORDS
from certificates.papers import (
    page_pictures,
    paper_html,
    render_paper,
)
from certificates.qr import QUIET_ZONE, qr_mark
from certificates.tests.factories import LONG_NAME, named, sample
from core.tests import archival

ACTING = {
    "full_name": "Төлегенова Жанар Ерланқызы",
    "position": {"kk": "Директордың орынбасары", "ru": "Заместитель директора", "en": "Deputy director"},
    "is_acting": True,
    "basis": "№ 14-к бұйрық, 01.09.2026",
}
SAMPLES = {
    "kk+ru": sample(),
    "kk+en": sample(second="en"),
    "short name": sample(holder=named("Ли", "Ян")),
    "name of 90 characters": sample(holder=LONG_NAME, signatory=ACTING),
    "statement kk+ru": sample(kind="attendance"),
    "duplicate kk+en, name of 90 characters": sample(
        second="en",
        holder=LONG_NAME,
        signatory=ACTING,
        duplicate={"number": "SK-2026-000099", "issued_on": "2026-09-28"},
    ),
    "duplicate statement": sample(kind="attendance", duplicate={"number": "AN-2026-000003", "issued_on": "2026-09-28"}),
    "support kk+ru": sample(kind="support"),
    "support kk+en, name of 90 characters": sample(kind="support", second="en", holder=LONG_NAME, signatory=ACTING),
    "statement kk+en, name of 90 characters": sample(kind="attendance", second="en", holder=LONG_NAME),
}
HOSTILE = [
    "<b>Әсел</b>",
    '<img src="http://127.0.0.1:9/x.png">',
    "<style>*{background:url(http://127.0.0.1:9/)}</style>",
    '"><script>alert(1)</script>',
    "</p></section><h1>Директор",
    "{{ shown.number }}{% include 'x' %}",
    '<link rel="attachment" href="file:///etc/passwd">',
    "url(file:///etc/passwd)",
    "&lt;Әсел&gt; &amp; &#x41;",
    "Әсел {name} %s \\",
    "Ә" * 90,
]


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    call_command("build_assets")


def words(text):
    """Text without the line breaks and joints that the layout puts in."""
    # PDFium writes a hyphen at the end of a line as a mark of its own.
    return re.sub(r"\s+", " ", text.replace("\ufffe", "-").replace("\x02", "-")).strip()


def pages(content):
    return [words(page.get_textpage().get_text_bounded()) for page in pypdfium2.PdfDocument(content)]


def tight(text):
    return re.sub(r"\s", "", text)


def codes(content, dpi):
    """Every QR code found on each page's picture."""
    pictures = [Image.open(io.BytesIO(picture)) for picture in page_pictures(content, dpi=dpi)]
    return [[code.text for code in zxingcpp.read_barcodes(picture)] for picture in pictures]


@pytest.fixture(scope="module")
def rendered():
    return {name: render_paper(snapshot) for name, snapshot in SAMPLES.items()}


@pytest.mark.parametrize("name", SAMPLES)
def test_paper_has_its_pages_and_stays_small(rendered, name):
    count = 2 if SAMPLES[name]["kind"] == "certificate" else 1
    assert len(pypdfium2.PdfDocument(rendered[name])) == count
    assert len(rendered[name]) < 60_000


@pytest.mark.parametrize("name", SAMPLES)
def test_paper_is_fit_for_an_archive(rendered, name):
    assert archival.faults(rendered[name]) == []


@pytest.mark.parametrize("name", SAMPLES)
def test_holder_number_and_signatory_stand_on_every_page(rendered, name):
    snapshot = SAMPLES[name]
    for page in pages(rendered[name]):
        assert tight(snapshot["holder"]["full"]) in tight(page)
        assert snapshot["number"] in page
        assert snapshot["host"] in page
        assert snapshot["signatory"]["full_name"] in page


@pytest.mark.parametrize("name", SAMPLES)
def test_duplicate_says_so_on_every_page_and_a_first_one_nowhere(rendered, name):
    first, second = (WORDS[language]["duplicate"].upper() for language in SAMPLES[name]["languages"])
    for page in pages(rendered[name]):
        if "duplicate" in SAMPLES[name]:
            for told in (first, second, SAMPLES[name]["duplicate"]["number"], "28.09.2026"):
                assert told in page
        else:
            assert first not in page


@pytest.mark.parametrize("second", ["ru", "en"])
def test_support_statement_says_what_the_snapshot_says(second):
    snapshot = sample(kind="support", second=second)
    (page,) = pages(render_paper(snapshot))
    for language in ("kk", second):
        assert tight(snapshot["topic"][language]) in tight(page)
        assert tight(WORDS[language]["support_about"]) in tight(page)
    assert "2026 жылғы 2 қазаннан 2027 жылғы 1 қазанға дейін" in page
    assert "№ SK-2026-000125" in page
    assert (snapshot["support"]["consultations"], "3" in page) == (3, True)
    assert "жарамды" not in page  # it has no end of validity (R4 is about certificates)


@pytest.mark.parametrize("second", ["ru", "en"])
def test_certificate_says_what_the_snapshot_says(second):
    snapshot = sample(second=second)
    certificate, appendix = pages(render_paper(snapshot))
    for language in ("kk", second):
        assert snapshot["topic"][language] in certificate
        assert snapshot["institute"][language] in certificate
        assert words(WORDS[language]["order"]) in certificate
        for row in (*snapshot["modules"], *snapshot["criteria"]):
            assert row["title"][language] in appendix
        assert snapshot["band"]["title"][language] in appendix
    assert "2016 жылғы 28 қаңтардағы № 95 бұйрық" in certificate
    assert "80 академиялық сағат" in certificate
    assert "2026 жылғы 2 қазан " in certificate
    assert "2029 жылғы 2 қазанға дейін жарамды" in certificate
    assert "07.09.2026 – 25.09.2026" in certificate
    assert "СЕРТИФИКАТ" in certificate
    assert "М.О." in certificate


def test_certificate_in_russian_and_english():
    russian, english = (pages(render_paper(sample(second=second)))[0] for second in ("ru", "en"))
    assert "Осы сертификат / Настоящий сертификат Қасымова Әсел Серікқызы тегі, аты, әкесінің аты" in russian
    assert "подтверждает прохождение курса повышения квалификации по теме" in russian
    assert "в объёме 80 академических часов." in russian
    assert "действителен до 2 октября 2029 года" in russian
    assert "confirms the completion of the professional development course" in english
    assert "valid until 2 October 2029" in english


def test_appendix_adds_up_and_shows_the_declared_volume():
    appendix = pages(render_paper(sample()))[1]
    for row in (" 4 4 4 12 ", " 4 6 4 14 ", " – 4 2 6 ", " 20 18 ", " 10 9 "):
        assert row in appendix
    assert "Барлығы / Итого 19 34 23 76 " in appendix
    assert "Барлығы / Итого 100 89 " in appendix
    assert "Бағдарламаның көлемі / Объём программы 80" in appendix


def test_statement_cannot_be_taken_for_a_certificate(rendered):
    text = pages(rendered["statement kk+ru"])[0]
    assert "Анықтама / Справка" in text
    assert "2026 жылғы 7 қыркүйектен 2026 жылғы 25 қыркүйекке дейін" in text
    assert "Қорытынды аттестациядан өтпеген." in text
    assert "Итоговая аттестация не пройдена." in text
    assert "Настоящая справка не является сертификатом." in text
    for never in ("СЕРТИФИКАТ", "жарамды", "действителен", "№ 95", "41"):
        assert never not in text
    letter, certificate = (
        Image.open(io.BytesIO(page_pictures(rendered[name], dpi=50)[0])) for name in ("statement kk+ru", "kk+ru")
    )
    assert letter.height > letter.width
    assert certificate.width > certificate.height
    # The frame is the certificate's alone: the statement's margin is empty.
    assert letter.crop((0, 0, letter.width, 30)).getextrema() == ((255, 255),) * 3
    assert certificate.crop((0, 0, certificate.width, 30)).getextrema() != ((255, 255),) * 3


@pytest.mark.parametrize("dpi", [100, 150])
@pytest.mark.parametrize("name", SAMPLES)
def test_code_on_every_page_leads_to_the_verification_address(rendered, name, dpi):
    url = SAMPLES[name]["verification_url"]
    assert codes(rendered[name], dpi) == [[url]] * len(pypdfium2.PdfDocument(rendered[name]))


def test_code_is_at_least_25_mm_wide_on_every_page(rendered):
    for content in (rendered["kk+ru"], rendered["statement kk+ru"]):
        for picture in page_pictures(content, dpi=127):
            corners = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))[0].position
            # Five dots are a millimetre; the quiet zone is not counted.
            assert corners.top_right.x - corners.top_left.x >= 125
            assert corners.bottom_left.y - corners.top_left.y >= 125


def test_code_is_merged_rectangles_with_their_quiet_zone():
    operators = qr_mark("https://kurs.example.kz/v/q3fJx0T8uVbKe2mYzL9aRw7cHs5dNg1p/", 32)
    ground, *boxes = (tuple(map(int, box)) for box in re.findall(rb"^(\d+) (\d+) (\d+) (\d+) re$", operators, re.M))
    side = ground[2]
    scale = float(operators.split()[0])
    assert (ground, round(scale * side, 1)) == ((0, 0, side, side), round(32 * 72 / 25.4, 1))
    last = side - QUIET_ZONE
    assert (min(x for x, *_ in boxes), min(y for _, y, *_ in boxes)) == (QUIET_ZONE, QUIET_ZONE)
    assert (max(x + w for x, _, w, _ in boxes), max(y + h for _, y, _, h in boxes)) == (last, last)
    cells = [(a, b) for x, y, width, height in boxes for a in range(x, x + width) for b in range(y, y + height)]
    assert len(cells) == len(set(cells))


@pytest.mark.parametrize(
    ("kind", "name"), [*(("attendance", name) for name in HOSTILE), *(("certificate", name) for name in HOSTILE[:3])]
)
def test_hostile_name_is_printed_as_text_and_fetches_nothing(monkeypatch, kind, name):
    fetched, opened = [], URLFetcher.fetch

    def fetch(self, url, headers=None):
        fetched.append(url)
        return opened(self, url, headers)

    monkeypatch.setattr(URLFetcher, "fetch", fetch)
    content = render_paper(sample(kind=kind, holder=named(name, "Әсел")))
    assert [url for url in fetched if not url.startswith(("data:image/svg+xml,", "file:///"))] == []
    assert [url for url in fetched if "passwd" in url] == []
    for page in pages(content):
        # A break inside a word may be shown by a hyphen; it is not part of the name.
        assert tight(f"{name}Әсел").replace("-", "") in tight(page).replace("-", "")
    assert len(pages(content)) == (2 if kind == "certificate" else 1)


@pytest.mark.parametrize("mark", ["\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00ad"])
def test_marks_without_a_shape_are_not_printed(mark):
    assert unicodedata.category(mark) == "Cf"
    html = paper_html(sample(holder=named(f"Қасы{mark}мова", "Әсел")))
    assert mark not in html
    assert "Қасымова Әсел" in html


def test_texts_of_every_other_entry_are_escaped():
    evil = "<img src=http://127.0.0.1:9/>"
    html = paper_html(
        sample(
            topic=dict.fromkeys(("kk", "ru"), evil),
            number=evil,
            host=evil,
            cohort=evil,
            institute=dict.fromkeys(("kk", "ru"), evil),
            city=dict.fromkeys(("kk", "ru"), evil),
            signatory=ACTING | {"full_name": evil, "basis": evil, "position": dict.fromkeys(("kk", "ru"), evil)},
        )
    )
    assert "<img src=http" not in html


def test_acting_head_signs_as_such_with_the_basis(rendered):
    for page in pages(rendered["name of 90 characters"]):
        assert "Басшының м.а., Директордың орынбасары" in page
        assert "И.о. руководителя, Заместитель директора" in page
        assert "Негіз / Основание: № 14-к бұйрық, 01.09.2026" in page
    for page in pages(rendered["kk+ru"]):
        assert "м.а." not in page
        assert "Негіз" not in page


def test_acting_head_whose_position_says_so_is_not_called_acting_twice():
    position = {"kk": "Директордың м.а.", "ru": "И.о. директора", "en": "Acting director"}
    page = pages(render_paper(sample(signatory=ACTING | {"position": position})))[0]
    assert "Директордың м.а. И.о. директора" in page
    assert "Басшының" not in page


def test_specimen_is_marked_on_every_page_and_a_document_never(rendered):
    for kind, second, mark in (("certificate", "ru", "ҮЛГІ / ОБРАЗЕЦ"), ("attendance", "en", "ҮЛГІ / SPECIMEN")):
        marked = pages(render_paper(sample(kind=kind, second=second), specimen=True))
        assert [tight(mark) in tight(page).upper() for page in marked] == [True] * len(marked)
    assert [page for page in pages(rendered["kk+ru"]) if "ҮЛГІ" in page.upper()] == []


def test_paper_needs_no_database(rendered):
    with connection.execute_wrapper(lambda *_: pytest.fail("a paper asked the database")):
        assert len(render_paper(sample())) > 10_000


def test_paper_of_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="no paper of the kind 'diploma'"):
        render_paper(sample() | {"kind": "diploma"})


def test_two_line_topic_and_name_of_two_lines_keep_to_their_pages():
    topic = dict.fromkeys(("kk", "ru", "en"), ("Ұйымды басқарудағы өзгерістер " * 5).strip())
    certificate, appendix = pages(render_paper(sample(topic=topic, holder=LONG_NAME, signatory=ACTING)))
    for page in (certificate, appendix):
        assert tight(LONG_NAME["full"]) in tight(page)
        assert page.count(topic["kk"]) == 2


def test_longest_name_and_topic_that_can_be_stored_keep_the_certificate_on_one_page():
    topic = dict.fromkeys(("kk", "ru", "en"), ("Ұйымды басқарудағы өзгерістер " * 9)[:250].strip())
    holder = named("Ө" * 45 + " " + "Қ" * 44, "Ғ" * 45 + " " + "Ұ" * 44, "Ң" * 45 + " " + "Һ" * 44)
    certificate, *appendix = pages(render_paper(sample(topic=topic, holder=holder)))
    assert tight(holder["full"]) in tight(certificate)
    assert certificate.count(topic["kk"]) == 2
    assert "kurs.example.kz" in certificate
    assert appendix[0].startswith("«Оқу және Даму Институты» ЖШС / ")


def test_pictures_are_png_in_the_asked_size(rendered):
    first, second = page_pictures(rendered["kk+ru"], dpi=100)
    assert [Image.open(io.BytesIO(picture)).format for picture in (first, second)] == ["PNG", "PNG"]
    assert Image.open(io.BytesIO(first)).size == (1170, 827)


def test_longest_signature_still_fits_the_appendix():
    """An acting head with a long position signs on the second page, not on a third."""
    signatory = {
        "full_name": "Құдайбергенова Гүлбаршын Әбдірахманқызы",
        "position": {
            "kk": "Директордың оқу-әдістемелік жұмыс жөніндегі орынбасары",
            "ru": "Заместитель директора по учебно-методической работе",
            "en": "Deputy director for academic affairs",
        },
        "is_acting": True,
        "basis": "2026 жылғы 1 қазандағы № 12-ж бұйрық",
    }
    topic = dict.fromkeys(("kk", "ru", "en"), "Білім беру ұйымдарын басқарудың тәсілдері " * 3)
    content = render_paper(sample(holder=LONG_NAME, topic=topic, signatory=signatory))
    assert len(pypdfium2.PdfDocument(content)) == 2
