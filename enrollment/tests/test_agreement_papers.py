"""The agreement's paper: its text is the snapshot's, word by word, for the longest names too; a draft says so."""

import json
import re

import pypdfium2
import pytest
from django.core.management import call_command

from core.pdf import MissingLettersError
from enrollment.agreement_gaps import GAPS, fill
from enrollment.agreement_offers import digest
from enrollment.agreement_papers import render_agreement
from enrollment.tests.test_agreement_gaps import TEXTS

LONGEST = "Әбдіғаппарұлы-Қожахметов " + "Мұхаммедғалиасқар " * 2 + "Нұрмұхаммедқалиұлы-Өтеғұлұлы"
LONGEST = (LONGEST + "ғ" * 90)[:90]
VALUES = {
    "name": LONGEST,
    "position": "директордың оқу ісі жөніндегі орынбасары",
    "employer": "Қарағанды облысы білім басқармасының Қарағанды қаласы білім бөлімінің "
    "«№ 101 жалпы білім беретін мектебі» коммуналдық мемлекеттік мекемесі",
    "topic": "Білім берудегі менеджмент: басқарудағы инновациялық тәсілдер",
    "hours": "80",
    "cohort": "KRG-06",
    "from": "2026 жылғы 7 қыркүйек",
    "to": "2026 жылғы 25 қыркүйек",
    "format": "күндізгі-қашықтан (аралас)",
    "pass_mark": "50",
    "institute": "«Оқу және Даму Институты» ЖШС",
    "city": "Қарағанды",
    "contact": "+7 7212 00 00 00",
}


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    call_command("build_assets")


def snapshot(**changes):
    texts = {code: (TEXTS / f"version_1.{code}.txt").read_text(encoding="utf-8") for code in ("kk", "ru", "en")}
    return {
        "template": 1,
        "number": "KL-2026-000012",
        "version": 1,
        "accepted_at": "2026-09-01T10:15:30+05:00",
        "read_in": "ru",
        "institute": {"kk": "«Оқу және Даму Институты» ЖШС", "ru": "ТОО «Оқу және Даму Институты»", "en": "LLP"},
        "city": {"kk": "Қарағанды", "ru": "Караганда", "en": "Karaganda"},
        "host": "kurs.example.kz",
        "holder": LONGEST,
        "cohort": "KRG-06",
        "text": {code: fill(text, VALUES) for code, text in texts.items()},
    } | changes


def tight(text):
    """Text without the spaces, line breaks and joints that the layout puts in."""
    return re.sub(r"[\s\ufffe\x02-]", "", text)


def pages(content):
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content)]


@pytest.fixture(scope="module")
def printed():
    return pages(render_agreement(snapshot()))


def test_paper_is_few_pages_with_number_and_page_on_each(printed):
    assert len(printed) in (4, 5, 6)
    for no, page in enumerate(printed, start=1):
        assert f"{no} / {len(printed)}" in page
        assert "KL-2026-000012" in page


def test_paper_prints_every_word_of_both_texts(printed):
    running = re.compile(rf"KL-2026-000012\s*\d / {len(printed)}\s*$")
    body = tight("".join(running.sub("", page.strip()) for page in printed))
    for language in ("kk", "ru"):
        assert tight(snapshot()["text"][language]) in body
    assert tight(snapshot()["text"]["en"][:60]) not in body


def test_paper_says_when_how_and_what_was_accepted(printed):
    text = tight("".join(printed))
    for said in (
        "Электрондық түрде қабылданды",
        "2026 жылғы 1 қыркүйек, 10:15:30 (UTC+05:00)",
        "Принят в электронном виде",
        "1 сентября 2026 года, 10:15:30 (UTC+05:00)",
        "Оқылған тілі орыс тілі",
        "Мәтін нұсқасы № 1",
        f"Тыңдаушы {LONGEST}",
        f"SHA-256 {digest(snapshot())}",
    ):
        assert tight(said) in text
    assert "Жоба" not in text


def test_paper_is_the_same_from_a_snapshot_that_a_database_kept():
    kept = json.loads(json.dumps(snapshot(), sort_keys=True))
    assert digest(kept) == digest(snapshot())
    assert pages(render_agreement(kept)) == pages(render_agreement(snapshot()))


def test_draft_says_so_and_bears_no_number():
    draft = snapshot(number="", accepted_at="", read_in="", holder="")
    text = "".join(pages(render_agreement(draft)))
    assert text.lower().count("жоба / проект") >= 1
    assert "Келісім әлі қабылданған жоқ." in text
    assert ("KL-2026" in text, "SHA-256" in text) == (False, False)


@pytest.mark.parametrize(
    "name", ["<b>Әсел</b>", '<img src="http://127.0.0.1:9/x.png">', "{{ shown.number }}", "&lt;Әсел&gt;"]
)
def test_paper_prints_hostile_names_as_they_are(name):
    filled = {code: fill("Келісім\n\nТыңдаушы: {name}", VALUES | {"name": name}) for code in ("kk", "ru", "en")}
    assert tight(name) in tight("".join(pages(render_agreement(snapshot(text=filled)))))


def test_paper_without_glyphs_is_refused():
    with pytest.raises(MissingLettersError):
        render_agreement(snapshot(holder="中"))


def test_every_gap_has_a_value_here():
    assert set(VALUES) == set(GAPS)
    assert len(LONGEST) == 90
