"""The extract from the minutes of the commission's session as PDF, in Kazakh with Russian."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from core import pdf
from enrollment.models import CommissionDecision
from enrollment.order_paper_words import LABELS, LANGUAGES
from enrollment.order_papers import FOLDER, in_words
from enrollment.order_snapshots import in_languages

WORDS = {
    "kk": {
        "title": "Комиссия отырысының хаттамасынан үзінді",
        "present": "Қатысқандар",
        "chair": "төраға",
        "question": "Қаралған мәселе",
        "decision": "Шешім",
        "resolution": "Қаулы",
        "reason": "Негізі",
        "signs_chair": "Комиссия төрағасы",
        "signs_member": "Комиссия мүшесі",
        "true": "Үзінді дұрыс",
    },
    "ru": {
        "title": "Выписка из протокола заседания комиссии",
        "present": "Присутствовали",
        "chair": "председатель",
        "question": "Рассмотренный вопрос",
        "decision": "Решение",
        "resolution": "Постановление",
        "reason": "Основание",
        "signs_chair": "Председатель комиссии",
        "signs_member": "Член комиссии",
        "true": "Выписка верна",
    },
}
RESOLUTIONS = {
    "expel": {"kk": "оқудан шығарылсын", "ru": "отчислить"},
    "keep": {"kk": "оқудан шығарылмасын", "ru": "не отчислять"},
    "transfer": {"kk": "басқа ағынға ауыстырылсын", "ru": "перевести в другой поток"},
    "defer": {"kk": "оқуы кейінге қалдырылсын", "ru": "предоставить отсрочку"},
    "reinstate": {"kk": "қайта қабылдансын", "ru": "восстановить"},
    "admit": {"kk": "қабылдансын", "ru": "принять"},
    "refuse": {"kk": "өтініші қанағаттандырылмасын", "ru": "отказать"},
}


def extract_of(decision: CommissionDecision) -> dict[str, Any]:
    """All that the extract says, as plain values; four queries."""
    lines = decision.lines.select_related("enrolment__listener__employer", "enrolment__cohort")
    return {
        "number": decision.number,
        "date": decision.held_on.isoformat(),
        "institute": settings.INSTITUTE_NAME,
        "city": settings.INSTITUTE_CITY,
        "question": decision.question.splitlines(),
        "decision": decision.decision.splitlines(),
        "members": [
            {
                "name": member.full_name,
                "position": in_languages(member, "position", LANGUAGES),
                "is_chair": member.is_chair,
            }
            for member in decision.members.order_by("-is_chair", "full_name")
        ],
        "people": [
            {
                "name": line.enrolment.listener.full_name,
                "position": line.enrolment.listener.position,
                "employer": line.enrolment.listener.employer.name if line.enrolment.listener.employer else "",
                "cohort": line.enrolment.cohort.code,
                "resolution": line.resolution,
                "reason": line.reason,
            }
            for line in lines
        ],
    }


def _in_language(shown: dict[str, Any], language: str) -> dict[str, Any]:
    words = LABELS[language] | WORDS[language]
    return words | {
        "institute": shown["institute"][language],
        "city": words["city"].format(city=shown["city"][language]),
        "date": in_words(shown["date"], language),
    }


def extract_html(extract: dict[str, Any]) -> str:
    """The body of the extract as HTML; every value is escaped."""
    shown = pdf.printable(extract)
    chairs = [member for member in shown["members"] if member["is_chair"]]
    rows = [
        person
        | {
            "work": ", ".join(filter(None, (person["position"], person["employer"]))),
            "resolved": RESOLUTIONS[person["resolution"]],
        }
        for person in shown["people"]
    ]
    context = {
        "shown": shown,
        "kk": _in_language(shown, "kk"),
        "ru": _in_language(shown, "ru"),
        "rows": rows,
        "has_reasons": any(row["reason"] for row in rows),
        "signing": chairs or shown["members"],
        "by_chair": bool(chairs),
    }
    return render_to_string("enrollment/papers/extract.html", context)


def render_extract(extract: dict[str, Any]) -> bytes:
    """The extract as PDF, A4. Errors: those of `core.pdf.render`; KeyError for an extract that lacks something."""
    return pdf.render(
        extract_html(extract),
        stylesheets=[FOLDER / "paper.css"],
        language="kk",
        title=f"{WORDS['kk']['title']} № {pdf.printable(extract['number'])}",
    )
