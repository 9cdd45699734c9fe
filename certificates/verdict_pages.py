"""The verification page, made quickly: words are rendered once per language and kind of answer, facts are filled in.

The template sees marks where the facts will stand, so that one template and its escaping serve every answer.
"""

import re
from datetime import date, datetime
from functools import lru_cache
from html import escape

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, override

from certificates.verification import Facts, Status, Verdict
from core.context import institute

# Characters of the private use area: in no name, and left alone by escaping.
_OPEN, _SHUT = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}([a-z_0-9]+){_SHUT}")
NAMES = ["holder", "number", "topic", "hours", "course_from", "course_to", "issued_on", "valid_until", "revoked_on"]
NAMES += ["ended_on", "replaced_by", "duplicate_of", "organisation", "checked_at", "sha256"]


def verdict_page(verdict: Verdict) -> str:
    """The whole page in the active language."""
    language = get_language() or settings.LANGUAGE_CODE
    facts = verdict.facts
    shapes = {
        "dated": bool(facts and facts.valid_until),
        "duplicate": bool(facts and facts.duplicate_of),
        "filed": bool(facts and verdict.sha256),
    }
    frame = _frame(language, verdict.status, facts.kind if facts else "", **shapes)
    words = _words(facts, language) if facts else {}
    words["sha256"] = verdict.sha256
    words["checked_at"] = _day(verdict.checked_at.replace(second=0, microsecond=0), "DATETIME_FORMAT", language)
    return "".join(escape(words[part]) if place % 2 else part for place, part in enumerate(frame))


@lru_cache(maxsize=4096)
def _day(day: date, form: str, language: str) -> str:
    """A date, or a moment in local time to the minute, as the language writes it; few days are asked for often."""
    return date_format(localtime(day) if isinstance(day, datetime) else day, form)


@lru_cache(maxsize=128)
def _frame(language: str, status: Status, kind: str, *, dated: bool, duplicate: bool, filed: bool) -> tuple[str, ...]:
    """The page in pieces: text, name of a fact, text, name of a fact …, text."""
    with override(language):
        marks = {name: f"{_OPEN}{name}{_SHUT}" for name in NAMES}
        context = {"status": status, "kind": kind, "dated": dated, "duplicate": duplicate, "filed": filed}
        context |= {"facts": marks if kind else None}
        page = render_to_string(
            "certificates/verify_document.html", institute() | context | {"checked_at": marks["checked_at"]}
        )
    return tuple(_MARK.split(page))


def _words(facts: Facts, language: str) -> dict[str, str]:
    """Each fact as the page shows it."""
    return {
        "holder": facts.holder,
        "number": facts.number,
        "topic": facts.topic.get(language) or facts.topic["kk"],
        "hours": str(facts.hours),
        "course_from": _day(facts.course_from, "SHORT_DATE_FORMAT", language),
        "course_to": _day(facts.course_to, "SHORT_DATE_FORMAT", language),
        "issued_on": _day(facts.issued_on, "DATE_FORMAT", language),
        "valid_until": _day(facts.valid_until, "DATE_FORMAT", language) if facts.valid_until else "",
        "ended_on": _day(facts.valid_until, "SHORT_DATE_FORMAT", language) if facts.valid_until else "",
        "revoked_on": _day(facts.revoked_on, "SHORT_DATE_FORMAT", language) if facts.revoked_on else "",
        "replaced_by": facts.replaced_by or "",
        "duplicate_of": facts.duplicate_of or "",
        "organisation": facts.organisation.get(language) or facts.organisation["kk"],
    }
