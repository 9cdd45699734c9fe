"""Protocols as PDF, in Kazakh with Russian, made from a snapshot and nothing else: no request, no user, no database."""

from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from core import pdf
from core.kazakh import date_in

FOLDER = settings.BASE_DIR / "static"
LANGUAGES = ("kk", "ru")
WORDS: dict[str, dict[str, Any]] = {
    "kk": {
        "protocol": "Хаттама",
        "subject": "Қорытынды аттестация (жобаны қорғау) жөніндегі аттестаттау комиссиясының отырысы",
        "correction": "Аттестаттау комиссиясының бұрын қабылдаған шешімін түзету",
        "city": "{city} қаласы",
        "course": "Курс: «{topic}», {hours} академиялық сағат; {cohort} ағыны, {dates}.",
        "present": "Қатысқандар",
        "chair": "Комиссия төрағасы",
        "member": "Комиссия мүшесі",
        "decided": "Комиссия шешті",
        "name": "Тыңдаушының тегі, аты, әкесінің аты (бар болса)",
        "total": "Барлығы",
        "result": "Нәтиже",
        "criteria": "Критерийлер",
        "of": "{short}: {title}, {max} ұпайға дейін",
        "summary": "Аттестаттау нәтижесі шығарылғандар: {all}; өткендері: {passed}; өтпегендері: {failed}.",
        "left_out": "Осы хаттамаға енгізілмегендер",
        "opinions": "Ерекше пікірлер",
        "no_opinions": "Ерекше пікір білдірілген жоқ.",
        "reason": "Түзету себебі",
        "basis": "Негіздеме",
        "corrects": "{date} № {no} хаттаманың жолын ауыстырады ({before})",
        "endings": {"no_show": "қорғауға келмеді", "breach": "академиялық адалдықты бұзды"},
        "kinds": {"retake": "қайта тапсыру", "next_cohort": "келесі топпен бірге", "correction": "түзету"},
        "signature": "қолы",
    },
    "ru": {
        "protocol": "Протокол",
        "subject": "Заседание аттестационной комиссии по итоговой аттестации (защите проекта)",
        "correction": "Исправление ранее принятого решения аттестационной комиссии",
        "city": "г. {city}",
        "course": "Курс: «{topic}», {hours} академических часов; поток {cohort}, {dates}.",
        "present": "Присутствовали",
        "chair": "Председатель комиссии",
        "member": "Член комиссии",
        "decided": "Комиссия решила",
        "name": "Фамилия, имя, отчество (при наличии) слушателя",
        "total": "Итого",
        "result": "Результат",
        "criteria": "Критерии",
        "of": "{short}: {title}, до {max} баллов",
        "summary": "Вынесено решений: {all}; прошли аттестацию: {passed}; не прошли: {failed}.",
        "left_out": "Не включены в этот протокол",
        "opinions": "Особые мнения",
        "no_opinions": "Особых мнений не высказано.",
        "reason": "Причина исправления",
        "basis": "Основание",
        "corrects": "заменяет строку протокола № {no} от {date} ({before})",
        "endings": {"no_show": "не явился на защиту", "breach": "нарушил академическую честность"},
        "kinds": {"retake": "пересдача", "next_cohort": "вместе со следующей группой", "correction": "исправление"},
        "signature": "подпись",
    },
}


def _figures(day: str) -> str:
    return f"{date.fromisoformat(day):%d.%m.%Y}"


def _result(person: dict[str, Any], language: str) -> str:
    words = WORDS[language]
    if person["band"]:
        return str(person["band"][language])
    ending = words["endings"][person["ending"]]
    return f"{ending}: {person['reason']}" if person["reason"] else str(ending)


def _note(person: dict[str, Any], language: str) -> str:
    """What kind of attempt it was, and which line it takes the place of."""
    words = WORDS[language]
    said = [words["kinds"][person["kind"]]] if person["kind"] in words["kinds"] else []
    if before := person["corrects"]:
        told = before["total"] if before["total"] is not None else words["endings"][before["ending"]]
        said.append(words["corrects"].format(no=before["no"], date=_figures(before["date"]), before=told))
    return "; ".join(said)


def _in_language(shown: dict[str, Any], language: str) -> dict[str, Any]:
    words = WORDS[language]
    people = shown["people"]
    passed = sum(person["passed"] for person in people)
    dates = " – ".join(_figures(shown["course"][end]) for end in ("from", "to"))
    return words | {
        "language": language,
        "institute": shown["institute"][language],
        "city": words["city"].format(city=shown["city"][language]),
        "date": date_in(date.fromisoformat(shown["date"]), language),
        "subject": words["correction" if shown["kind"] == "correction" else "subject"],
        "course": words["course"].format(
            topic=shown["topic"][language], hours=shown["hours"], cohort=shown["cohort"], dates=dates
        ),
        "summary": words["summary"].format(all=len(people), passed=passed, failed=len(people) - passed),
        "criteria_text": [
            words["of"].format(short=c["short"][language], title=c["title"][language], max=c["max"])
            for c in shown["criteria"]
        ],
        "members_text": [
            f"{words['chair' if member['is_chair'] else 'member']}: {member['name']}, {member['position'][language]}"
            for member in shown["members"]
        ],
    }


def _row(person: dict[str, Any], shown: dict[str, Any]) -> dict[str, Any]:
    return person | {
        "cells": [person["points"].get(criterion["code"]) for criterion in shown["criteria"]],
        "results": [_result(person, language) for language in LANGUAGES],
        "notes": [note for language in LANGUAGES if (note := _note(person, language))],
    }


def protocol_html(snapshot: dict[str, Any]) -> str:
    """The body of the paper as HTML; every value of the snapshot is escaped."""
    shown = pdf.printable(snapshot)
    kazakh, russian = (_in_language(shown, language) for language in LANGUAGES)
    heads = [(c["short"]["kk"], c["short"]["ru"], c["max"]) for c in shown["criteria"]]
    return render_to_string(
        "assessment/papers/protocol.html",
        {
            "shown": shown,
            "kk": kazakh,
            "ru": russian,
            "languages": [kazakh, russian],
            "heads": heads,
            "rows": [_row(person, shown) for person in shown["people"]],
            "opinions": [member for member in shown["members"] if member["special_opinion"]],
        },
    )


def render_protocol(snapshot: dict[str, Any]) -> bytes:
    """The protocol as PDF, A4, as many pages as its list needs. Errors: those of `core.pdf.render`."""
    sheets = [FOLDER / "enrollment" / "papers" / "paper.css", FOLDER / "assessment" / "papers" / "protocol.css"]
    title = f"{WORDS['kk']['protocol']} № {snapshot['no']}, {snapshot['cohort']}"
    return pdf.render(protocol_html(snapshot), stylesheets=sheets, language="kk", title=pdf.printable(title))
