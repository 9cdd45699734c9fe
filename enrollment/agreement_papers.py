"""The paper of a course agreement, Kazakh and then Russian, from its snapshot and nothing else."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from core import pdf
from core.kazakh import date_in
from enrollment.agreement_gaps import laid_out
from enrollment.agreement_offers import Offer, digest
from enrollment.models import Cohort

LANGUAGES = ("kk", "ru")
STYLESHEET = Path(settings.BASE_DIR) / "static" / "enrollment" / "papers" / "agreement.css"
# The paper's own wording, apart from the pages' translations: fixed with the template version.
WORDS: dict[str, dict[str, str]] = {
    "kk": {
        "agreement": "Келісім",
        "city": "{city} қ.",
        "accepted": "Электрондық түрде қабылданды",
        "holder": "Тыңдаушы",
        "at": "Қабылданған уақыты",
        "version": "Мәтін нұсқасы",
        "read_in": "Оқылған тілі",
        "sum": "Бақылау сомасы, SHA-256",
        "draft": "Жоба",
        "draft_note": "Келісім әлі қабылданған жоқ. Ол жеке кабинетте қабылданғаннан кейін ғана күшіне енеді.",
    },
    "ru": {
        "agreement": "Договор",
        "city": "г. {city}",
        "accepted": "Принят в электронном виде",
        "holder": "Слушатель",
        "at": "Время принятия",
        "version": "Версия текста",
        "read_in": "Язык, на котором прочитан",
        "sum": "Контрольная сумма, SHA-256",
        "draft": "Проект",
        "draft_note": "Договор ещё не принят. Он вступает в силу только после принятия в личном кабинете.",
    },
}
TONGUES = {
    "kk": {"kk": "қазақ тілі", "ru": "казахский"},
    "ru": {"kk": "орыс тілі", "ru": "русский"},
    "en": {"kk": "ағылшын тілі", "ru": "английский"},
}


def draft_of(offer: Offer, cohort: Cohort) -> dict[str, Any]:
    """What the paper prints before anybody has accepted: no number, no time."""
    return {
        "number": "",
        "version": offer.text.version,
        "accepted_at": "",
        "read_in": "",
        "institute": dict(settings.INSTITUTE_NAME),
        "city": dict(settings.INSTITUTE_CITY),
        "cohort": cohort.code,
        "holder": "",
        "text": dict(offer.filled),
    }


def render_agreement(snapshot: dict[str, Any]) -> bytes:
    """The agreement as PDF; one that is not accepted yet says so across every page.

    Errors: those of `core.pdf.render`, KeyError for a snapshot that lacks something.
    """
    shown = pdf.printable({name: value for name, value in snapshot.items() if name != "text"})
    accepted_at = (
        timezone.localtime(datetime.fromisoformat(snapshot["accepted_at"])) if snapshot["accepted_at"] else None
    )
    context = {
        "shown": shown,
        "parts": [_part(snapshot, shown, accepted_at, language) for language in LANGUAGES],
        "sha256": digest(snapshot),
        "accepted_at": accepted_at,
        "draft": " / ".join(WORDS[language]["draft"] for language in LANGUAGES),
    }
    title = f"{WORDS['kk']['agreement']} № {shown['number']}" if shown["number"] else WORDS["kk"]["agreement"]
    body = render_to_string("enrollment/papers/agreement.html", context)
    return pdf.render(body, stylesheets=[STYLESHEET], language="kk", title=title)


def _part(
    snapshot: dict[str, Any], shown: dict[str, Any], accepted_at: datetime | None, language: str
) -> dict[str, Any]:
    """One language of the paper."""
    words = WORDS[language]
    part: dict[str, Any] = words | {
        "language": language,
        "institute": shown["institute"][language],
        "city": words["city"].format(city=shown["city"][language]),
        "blocks": laid_out(snapshot["text"][language]),
    }
    if accepted_at:
        part["day"] = date_in(accepted_at.date(), language)
        offset = f"{accepted_at:%z}"
        part["at_shown"] = f"{part['day']}, {accepted_at:%H:%M:%S} (UTC{offset[:3]}:{offset[3:]})"
        part["tongue"] = TONGUES[snapshot["read_in"]][language]
    return part
