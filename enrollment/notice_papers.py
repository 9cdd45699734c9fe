"""Letters to employers as PDF, in Kazakh with Russian, made from a snapshot and nothing else (R11)."""

from typing import Any

from django.template.loader import render_to_string

from core import pdf
from enrollment.order_paper_words import LABELS, LANGUAGES
from enrollment.order_papers import FOLDER, dated, in_figures, in_words, position_of

WORDS = {
    "kk": {
        "title": "Оқудан шығару туралы хабарлама",
        "says": (
            "Төменде көрсетілген қызметкеріңіз «{topic}» тақырыбы бойынша біліктілікті арттыру курсының тыңдаушылары "
            "қатарынан шығарылғанын хабарлаймыз."
        ),
        "listener": "Тыңдаушы",
        "position": "Лауазымы",
        "cohort": "Ағын, оқу мерзімі",
        "order": "Оқудан шығару туралы бұйрық",
        "decision": "Комиссия шешімі",
        "order_text": "{date} №\N{NO-BREAK SPACE}{number} бұйрық",
        "decision_text": "{date} №\N{NO-BREAK SPACE}{number} шешім",
        "contact": "Байланыс",
        "nobody": "Жұмыс беруші көрсетілмеген",
    },
    "ru": {
        "title": "Уведомление об отчислении",
        "says": (
            "Уведомляем, что указанный ниже Ваш работник отчислен из числа слушателей курса повышения квалификации "
            "по теме «{topic}»."
        ),
        "listener": "Слушатель",
        "position": "Должность",
        "cohort": "Поток, сроки обучения",
        "order": "Приказ об отчислении",
        "decision": "Решение комиссии",
        "order_text": "приказ от {date} №\N{NO-BREAK SPACE}{number}",
        "decision_text": "решение от {date} №\N{NO-BREAK SPACE}{number}",
        "contact": "Контакты",
        "nobody": "Работодатель не указан",
    },
}


def _in_language(shown: dict[str, Any], language: str) -> dict[str, Any]:
    words = LABELS[language] | WORDS[language]
    decision = shown["decision"]
    return words | {
        "language": language,
        "institute": shown["institute"][language],
        "city": words["city"].format(city=shown["city"][language]),
        "date": in_words(shown["date"], language),
        "says": words["says"].format(topic=shown["cohort"]["topic"][language]),
        "order_text": _named(words["order_text"], shown["order"], language),
        "decision_text": _named(words["decision_text"], decision, language) if decision else "",
        "position": position_of(shown["signatory"], language),
        "position_label": WORDS[language]["position"],
    }


def _named(template: str, paper: dict[str, str], language: str) -> str:
    return template.format(date=dated(paper["date"], language), number=paper["number"])


def letter_words(snapshot: dict[str, Any]) -> tuple[str, str]:
    """Subject and text of the mail that brings the letter, in Kazakh and Russian."""
    shown = pdf.printable(snapshot)
    kazakh, russian = (_in_language(shown, language) for language in LANGUAGES)
    subject = f"{kazakh['title']} / {russian['title']} №\N{NO-BREAK SPACE}{shown['number']}"
    paragraphs = (
        "Сәлеметсіз бе! Хат қоса берілген PDF файлында.",
        "Здравствуйте! Письмо – в приложенном файле PDF.",
        "\n".join(filter(None, (kazakh["institute"], russian["institute"], shown["contact"]))),
    )
    return subject, "\n\n".join(paragraphs) + "\n"


def letter_html(snapshot: dict[str, Any]) -> str:
    """The body of the letter as HTML; every value of the snapshot is escaped."""
    shown = pdf.printable(snapshot)
    kazakh, russian = (_in_language(shown, language) for language in LANGUAGES)
    course = " – ".join(in_figures(shown["cohort"][end]) for end in ("from", "to"))
    context = {"shown": shown, "kk": kazakh, "ru": russian, "languages": [kazakh, russian], "course": course}
    return render_to_string("enrollment/papers/letter.html", context)


def render_letter(snapshot: dict[str, Any]) -> bytes:
    """The letter as PDF, one page of A4.

    Errors: those of `core.pdf.render`; KeyError for a snapshot that lacks something.
    """
    return pdf.render(
        letter_html(snapshot),
        stylesheets=[FOLDER / "paper.css"],
        language="kk",
        title=f"{WORDS['kk']['title']} № {pdf.printable(snapshot['number'])}",
    )
