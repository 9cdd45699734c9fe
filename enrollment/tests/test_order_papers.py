"""Papers of orders, letters and extracts: their text is the data, for every kind and the longest names."""

import re

import pypdfium2
import pytest
from django.core.management import call_command
from django.db import connection

from core.tests import archival
from enrollment.decision_papers import RESOLUTIONS, extract_html, render_extract
from enrollment.models import OrderKind
from enrollment.notice_papers import letter_html, letter_words, render_letter
from enrollment.order_papers import WORDINGS, order_html, render_order

LONG = "Құдайбергенова-Мұхамедиярова Гүлбаршын-Ақмарал Әбдірахманқызы Жақсылықова-Сейітқалиева-Бек"
HOSTILE = ['<img src="http://127.0.0.1:9/x.png">', "{{ shown.number }}", "&lt;Әсел&gt;", "{name} %s"]
ACTING = {
    "name": "Төлегенова Жанар Ерланқызы",
    "position": {"kk": "Директордың орынбасары", "ru": "Заместитель директора", "en": "Deputy director"},
    "is_acting": True,
    "basis": "№ 14-к бұйрық",
}


@pytest.fixture(scope="module", autouse=True)
def _fonts():  # type: ignore[no-untyped-def]
    call_command("build_assets")


def tight(text: str) -> str:
    """Text without white space and the hyphens that a layout puts in."""
    return re.sub(r"[\s\ufffe\x02\-‐]", "", text)


def words(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\ufffe", "-").replace("\x02", "-")).strip()


def pages(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    try:
        return [words(page.get_textpage().get_text_bounded()) for page in document]
    finally:
        document.close()


def cohort(code: str, begins: str, ends: str) -> dict:  # type: ignore[type-arg]
    return {
        "code": code,
        "from": begins,
        "to": ends,
        "topic": {
            "kk": "Білім берудегі менеджмент: басқарудағы инновациялық тәсілдер",
            "ru": "Менеджмент в образовании: инновационные подходы в управлении",
        },
        "hours": 80,
    }


def person(number: int, **fields) -> dict:  # type: ignore[no-untyped-def,type-arg]
    return {
        "name": f"Әбдірахманова Гүлбаршын{number} Серікбайқызы",
        "position": "директордың оқу ісі жөніндегі орынбасары",
        "employer": f"Қарағанды қаласының № {number} жалпы білім беретін мектебі",
        "cohort": "KRG-05",
        "to_cohort": None,
        "until": None,
        "note": "",
        "reason": "",
    } | fields


def sample(kind: str, people: int = 2, **fields) -> dict:  # type: ignore[no-untyped-def,type-arg]
    """The snapshot of an order of this kind with everything that the kind says."""
    target = cohort("KRG-06", "2026-10-05", "2026-10-23")
    each = {
        "transfer": {"to_cohort": target, "note": "02.09.2026 өтініші"},
        "deferral": {"until": "2027-03-01"},
        "reinstatement": {"to_cohort": target},
        "withdrawal": {"note": "03.09.2026 өтініші"},
    }.get(kind, {})
    return {
        "template": 1,
        "kind": kind,
        "book": "listeners",
        "number": "41-к",
        "date": "2026-09-04",
        "institute": {"kk": "«Оқу және Даму Институты» ЖШС", "ru": "ТОО «Оқу және Даму Институты»"},
        "city": {"kk": "Қарағанды", "ru": "Караганда"},
        "basis": {"kk": "тыңдаушылардың өтініштері", "ru": "заявления слушателей"},
        "backdating_reason": "",
        "decision": {"number": "3", "date": "2026-09-02"} if kind in ("expulsion", "transfer") else None,
        "cancels": {"kind": "enrolment", "number": "40-к", "date": "2026-09-01"} if kind == "cancellation" else None,
        "cohorts": [cohort("KRG-05", "2026-09-07", "2026-09-25")],
        "people": [person(n, **each) for n in range(1, people + 1)],
        "signatory": {
            "name": "Сейітқали Бауыржан Мұратұлы",
            "position": {"kk": "Директор", "ru": "Директор", "en": "Director"},
            "is_acting": False,
            "basis": "Жарғы",
        },
    } | fields


@pytest.mark.parametrize("kind", OrderKind.values)
def test_order_of_each_kind_says_what_its_snapshot_says(kind):
    snapshot = sample(kind)
    text = " ".join(pages(render_order(snapshot)))
    expected = [
        *snapshot["institute"].values(),
        "БҰЙРЫҚ ПРИКАЗ",
        "№ 41-к",
        "2026 жылғы 4 қыркүйек",
        "4 сентября 2026 года",
        "Қарағанды қ.",
        "г. Караганда",
        *(WORDINGS[language][kind].subject.many for language in ("kk", "ru")),
        "БҰЙЫРАМЫН:",
        "ПРИКАЗЫВАЮ:",
        "Негіз: тыңдаушылардың өтініштері",
        "Основание: заявления слушателей",
        "Сейітқали Бауыржан Мұратұлы",
        "Бұйрықпен таныстым / С приказом ознакомлен(а):",
        *(one[field] for one in snapshot["people"] for field in ("name", "position", "employer", "note")),
    ]
    assert [words(piece) for piece in expected if tight(piece) not in tight(text)] == []
    assert "ЖОБА" not in text
    assert "{" not in text


@pytest.mark.parametrize("kind", OrderKind.values)
def test_order_is_worded_for_one_and_for_several(kind):
    one, several = (" ".join(pages(render_order(sample(kind, people)))) for people in (1, 2))
    for language in ("kk", "ru"):
        wording = WORDINGS[language][kind]
        for said in (wording.subject, *wording.points[-1:]):
            assert tight(said.one) in tight(one)
            assert tight(said.many) in tight(several)


def test_order_names_its_decision_by_the_attributive_date():
    expulsion = " ".join(pages(render_order(sample("expulsion"))))
    assert "Комиссияның 2026 жылғы 2 қыркүйектегі № 3 шешімі негізінде БҰЙЫРАМЫН:" in expulsion
    assert "На основании решения комиссии от 2 сентября 2026 года № 3 ПРИКАЗЫВАЮ:" in expulsion
    transfer = " ".join(pages(render_order(sample("transfer"))))
    assert "тыңдаушылардың өтініштері; комиссияның 2026 жылғы 2 қыркүйектегі № 3 шешімі" in transfer
    assert "заявления слушателей; решение комиссии от 2 сентября 2026 года № 3" in transfer


def test_order_says_where_to_and_until_when():
    transfer = " ".join(pages(render_order(sample("transfer"))))
    assert "Қай ағынға В какой поток" in transfer
    assert transfer.count("KRG-06, 05.10.2026") == 2
    deferral = " ".join(pages(render_order(sample("deferral"))))
    assert deferral.count("01.03.2027") == 2
    assert "Қай ағынға" not in deferral


def test_cohort_has_a_column_only_where_people_are_of_several():
    one, several = (
        order_html(sample("enrolment") | {"people": [person(1), person(2, cohort=code)]}) for code in ("KRG-05", "B-1")
    )
    assert (one.count("<td>KRG-05</td>"), several.count("<td>B-1</td>")) == (0, 1)


def test_reinstatement_into_the_own_cohort_names_it():
    text = order_html(sample("reinstatement") | {"people": [person(1)]})
    assert text.count("<td>KRG-05</td>") == 2


def test_retake_tells_a_date_of_ones_own_from_a_following_cohort():
    target = cohort("KRG-06", "2026-10-05", "2026-10-23")
    both = " ".join(pages(render_order(sample("retake") | {"people": [person(1), person(2, to_cohort=target)]})))
    assert "1. Допустить слушателя, указанного в списке, к пересдаче итоговой аттестации." in both
    assert "2. Слушателю, для которого в списке указан другой поток" in both
    only = " ".join(pages(render_order(sample("retake") | {"people": [person(2, to_cohort=target)]})))
    assert "1. Слушателю, для которого в списке указан другой поток" in only
    assert "Допустить" not in only


def test_cancellation_names_the_order_by_number_date_and_subject():
    text = " ".join(pages(render_order(sample("cancellation"))))
    assert (
        "«Тыңдаушыларды біліктілікті арттыру курсына қабылдау туралы» 2026 жылғы 1 қыркүйектегі № 40-к бұйрықтың "
        "күші жойылсын."
    ) in text
    assert "Отменить приказ от 1 сентября 2026 года № 40-к «О зачислении слушателей" in text


def test_forty_long_names_take_their_pages_with_the_heading_on_each():
    people = [person(n, name=f"{LONG[:87]} {n:02d}") for n in range(1, 41)]
    assert {len(one["name"]) for one in people} == {90}
    found = pages(render_order(sample("enrolment") | {"people": people}))
    assert [page.count("Тегі, аты, әкесінің аты Фамилия, имя, отчество") for page in found[:3]] == [1] * 3
    whole = tight(" ".join(found))
    assert [one["name"] for one in people if tight(one["name"]) not in whole] == []
    feet = [f"№ 41-к · 2026 жылғы 4 қыркүйек {n} / {len(found)}" in page for n, page in enumerate(found, start=1)]
    assert feet == [True] * 4


def test_forty_people_of_ordinary_schools_take_two_pages():
    people = [person(n, name=f"Қасымова Әсел{n} Серікқызы", position="директор") for n in range(1, 41)]
    found = pages(render_order(sample("enrolment") | {"people": people}))
    assert len(found) == 2
    assert [one["name"] for one in people if tight(one["name"]) not in tight(" ".join(found))] == []


def test_draft_says_so_on_every_page_and_does_without_a_decision():
    found = pages(render_order(sample("expulsion", people=40, decision=None), draft=True))
    assert len(found) > 1
    assert ["ЖОБА/ПРОЕКТ" in tight(page).upper() for page in found] == [True] * len(found)


def test_acting_head_signs_as_such():
    text = " ".join(pages(render_order(sample("enrolment", signatory=ACTING))))
    assert "Басшының м.а., Директордың орынбасары" in text
    assert "И.о. руководителя, Заместитель директора" in text


@pytest.mark.parametrize("evil", HOSTILE)
def test_hostile_texts_are_printed_as_text(evil):
    order = sample("enrolment", number=evil, basis={"kk": evil, "ru": evil}) | {
        "people": [person(1, name=evil, position=evil, employer=evil, note=evil)]
    }
    text = tight(" ".join(pages(render_order(order))))
    assert text.count(tight(evil)) >= 5


def test_reason_of_a_request_is_not_printed():
    html = order_html(sample("deferral") | {"people": [person(1, until="2027-03-01", reason="illness")]})
    assert ("illness" in html, "ауру" in html) == (False, False)


def test_papers_need_no_database():
    with connection.execute_wrapper(lambda *_: pytest.fail("a paper asked the database")):
        assert len(render_order(sample("enrolment"))) > 10_000


def test_order_of_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="no order of the kind 'party'"):
        render_order(sample("enrolment") | {"kind": "party"})


LETTER = {
    "date": "2026-09-04",
    "number": "7-2026",
    "institute": sample("expulsion")["institute"],
    "city": sample("expulsion")["city"],
    "contact": "+7 7212 00 00 00",
    "employer": {"name": "№ 15 жалпы білім беретін мектеп", "address": "Қарағанды қ., Бұқар жырау даңғылы, 15"},
    "listener": {"name": LONG, "position": "директор"},
    "cohort": cohort("KRG-05", "2026-09-07", "2026-09-25"),
    "order": {"number": "41-к", "date": "2026-09-04"},
    "decision": {"number": "3", "date": "2026-09-02"},
    "signatory": ACTING,
}


def test_order_and_letter_are_archival_files():
    assert archival.faults(render_order(sample("enrolment", people=40))) == []
    assert archival.faults(render_letter(LETTER)) == []


def test_R11_letter_says_to_whom_about_whom_and_by_which_order():
    (page,) = pages(render_letter(LETTER))
    for said in (
        "№ 7-2026",
        "№ 15 жалпы білім беретін мектеп",
        "Қарағанды қ., Бұқар жырау даңғылы, 15",
        "Оқудан шығару туралы хабарлама",
        "Уведомление об отчислении",
        LETTER["cohort"]["topic"]["kk"],
        LETTER["cohort"]["topic"]["ru"],
        LONG,
        "2026 жылғы 4 қыркүйектегі № 41-к бұйрық",
        "приказ от 4 сентября 2026 года № 41-к",
        "2026 жылғы 2 қыркүйектегі № 3 шешім",
        "Басшының м.а., Директордың орынбасары",
        "+7 7212 00 00 00",
    ):
        assert tight(said) in tight(page), said


def test_letter_without_an_employer_says_so():
    assert "Жұмыс беруші көрсетілмеген / Работодатель не указан" in letter_html(LETTER | {"employer": None})


def test_mail_of_a_letter_names_nobody():
    subject, body = letter_words(LETTER)
    assert subject == "Оқудан шығару туралы хабарлама / Уведомление об отчислении №\N{NO-BREAK SPACE}7-2026"
    assert LONG not in subject + body
    assert "«Оқу және Даму Институты» ЖШС" in body


EXTRACT = {
    "number": "3",
    "date": "2026-09-02",
    "institute": LETTER["institute"],
    "city": LETTER["city"],
    "question": ["Сабақтарға қатыспаған тыңдаушылар туралы"],
    "decision": ["Тізімдегі тыңдаушылар оқудан шығарылсын.", "Жұмыс берушілер хабардар етілсін."],
    "members": [
        {"name": "Сәтбекова Айман", "position": {"kk": "төрайым", "ru": "зам. директора"}, "is_chair": True},
        {"name": "Ким Елена", "position": {"kk": "әдіскер", "ru": "методист"}, "is_chair": False},
        {"name": "Нұрпейіс Қайсар", "position": {"kk": "тренер", "ru": "тренер"}, "is_chair": False},
    ],
    "people": [
        person(n, name=f"{LONG[:87]} {n:02d}", resolution=resolution, reason="себебі")
        for n, resolution in enumerate(RESOLUTIONS, start=1)
    ],
}  # fmt: skip


def test_extract_says_who_was_present_and_what_was_decided_about_whom():
    text = tight(" ".join(pages(render_extract(EXTRACT))))
    said = [
        "Комиссия отырысының хаттамасынан үзінді",
        "Выписка из протокола заседания комиссии",
        "Сәтбекова Айман, төрайым / зам. директора (төраға / председатель)",
        "Нұрпейіс Қайсар, тренер",
        *EXTRACT["question"],
        *EXTRACT["decision"],
        *(f"{both['kk']} / {both['ru']}" for both in RESOLUTIONS.values()),
        *(one["name"] for one in EXTRACT["people"]),
        "Комиссия төрағасы",
        "Үзінді дұрыс / Выписка верна:",
    ]
    assert [piece for piece in said if tight(piece) not in text] == []


def test_extract_without_a_chair_is_signed_by_the_members():
    members = [member | {"is_chair": False} for member in EXTRACT["members"]]
    html = extract_html(EXTRACT | {"members": members})
    assert (html.count("Комиссия мүшесі"), "Комиссия төрағасы" in html) == (3, False)
