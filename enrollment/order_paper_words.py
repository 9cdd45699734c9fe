"""The wording of orders in Kazakh and Russian: fixed with the template version, apart from the pages' translations.

Names never stand in a sentence, because they would have to be declined: people stand in a table, in the nominative.
Each sentence has a form for one person and one for several.
"""

from typing import NamedTuple

LANGUAGES = ("kk", "ru")


class Said(NamedTuple):
    """A sentence about one person, and about several."""

    one: str
    many: str

    def about(self, count: int) -> str:
        """The form that fits so many people."""
        return self.one if count == 1 else self.many


def both(text: str) -> Said:
    """A sentence that is the same for one and for several."""
    return Said(text, text)


class Wording(NamedTuple):
    """What an order of one kind says in one language: on what subject, why, and what is ordered."""

    subject: Said
    preamble: Said
    points: tuple[Said, ...]


LABELS = {
    "kk": {
        "order": "Бұйрық",
        "commands": "бұйырамын",
        "basis": "Негіз",
        "list": "Тізім",
        "name": "Тегі, аты, әкесінің аты",
        "work": "Лауазымы, жұмыс орны",
        "cohort": "Ағын",
        "to_cohort": "Қай ағынға",
        "until": "Қай күнге дейін",
        "note": "Негізі",
        "course": "Курс",
        "hours": "көлемі\N{NO-BREAK SPACE}– {hours}\N{NO-BREAK SPACE}академиялық сағат",
        "acquainted": "Бұйрықпен таныстым",
        "signature": "қолы",
        "full_name": "тегі, аты",
        "day": "күні",
        "city": "{city} қ.",
        "acting": "м.а.",
        "acting_head": "Басшының м.а.",
        "draft": "Жоба",
    },
    "ru": {
        "order": "Приказ",
        "commands": "приказываю",
        "basis": "Основание",
        "list": "Список",
        "name": "Фамилия, имя, отчество",
        "work": "Должность, место работы",
        "cohort": "Поток",
        "to_cohort": "В какой поток",
        "until": "До какой даты",
        "note": "Основание",
        "course": "Курс",
        "hours": "объём в академических часах\N{NO-BREAK SPACE}– {hours}",
        "acquainted": "С приказом ознакомлен(а)",
        "signature": "подпись",
        "full_name": "фамилия, имя",
        "day": "дата",
        "city": "г. {city}",
        "acting": "и.о.",
        "acting_head": "И.о. руководителя",
        "draft": "Проект",
    },
}
CLOSING = {
    "kk": (
        "Осы бұйрықтың орындалуын бақылауды өзіме қалдырамын.",
        "Осы бұйрық қол қойылған күнінен бастап күшіне енеді.",
    ),
    "ru": (
        "Контроль за исполнением настоящего приказа оставляю за собой.",
        "Настоящий приказ вступает в силу со дня подписания.",
    ),
}
# A retake says one of these or both: at a date of one's own (R6), together with a following cohort (R7).
WITH_COHORT = {
    "kk": Said(
        "Тізімде басқа ағын көрсетілген тыңдаушы қорытынды аттестациядан сол ағынмен бірге өтсін.",
        "Тізімде басқа ағын көрсетілген тыңдаушылар қорытынды аттестациядан сол ағынмен бірге өтсін.",
    ),
    "ru": Said(
        "Слушателю, для которого в списке указан другой поток, пройти итоговую аттестацию вместе с этим потоком.",
        "Слушателям, для которых в списке указан другой поток, пройти итоговую аттестацию вместе с этим потоком.",
    ),
}
DECISION = {
    "kk": "комиссияның {date} №\N{NO-BREAK SPACE}{number} шешімі",
    "ru": "решение комиссии от {date} №\N{NO-BREAK SPACE}{number}",
}
