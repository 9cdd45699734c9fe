"""The agreement as it is put before one listener: the newest text, filled from the register, and its fingerprint."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext as _

from core.errors import Refused
from core.kazakh import date_in
from enrollment.agreement_gaps import fill
from enrollment.models import AgreementText, Cohort, Enrolment, Listener
from programs.grading import pass_mark
from programs.study_formats import STUDY_FORMATS

LANGUAGES = ("kk", "ru", "en")


def digest(value: Any) -> str:
    """SHA-256, in hexadecimal, of a plain value written as JSON in one way only (sorted keys, UTF-8)."""
    written = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


@dataclass(frozen=True)
class Offer:
    """What a listener would accept now: the version, and the filled text in every language."""

    text: AgreementText
    filled: dict[str, str]

    @property
    def fingerprint(self) -> str:
        """Changes with the version and with everything that was filled in; what was read is known by it."""
        return digest({"version": self.text.version, "text": self.filled})


def current_text() -> AgreementText:
    """The newest version of the agreement. Raises `Refused` when there is none."""
    newest = AgreementText.objects.first()
    if newest is None:
        raise Refused(_("There is no agreement text yet. The institute has to add one first."))
    return newest


def offer_to(enrolment: Enrolment) -> Offer:
    """The agreement for this enrolment as of now. Raises `Refused` when there is no text yet."""
    return offer_of(current_text(), enrolment.cohort, enrolment.listener)


def offer_of(text: AgreementText, cohort: Cohort, listener: Listener) -> Offer:
    """The text filled with a listener and a cohort, in every language."""
    lowest = str(pass_mark(cohort.rubric.bands.all()))
    return Offer(
        text,
        {
            language: fill(_in(text, "text", language), _values(cohort, listener, lowest, language))
            for language in LANGUAGES
        },
    )


def _in(row: Model, field: str, language: str) -> str:
    """A translated field; one without a text of its own is in Kazakh."""
    text: str = getattr(row, f"{field}_{language}") or getattr(row, f"{field}_{settings.LANGUAGE_CODE}")
    return text


def _values(cohort: Cohort, listener: Listener, lowest: str, language: str) -> dict[str, str]:
    edition = cohort.edition
    return {
        "name": listener.full_name,
        "position": listener.position,
        "employer": listener.employer.name if listener.employer else "",
        "topic": _in(edition, "title", language),
        "hours": str(edition.volume_hours),
        "cohort": cohort.code,
        "from": date_in(cohort.starts_on, language),
        "to": date_in(cohort.ends_on, language),
        "format": STUDY_FORMATS[cohort.study_format][language],
        "pass_mark": lowest,
        "institute": settings.INSTITUTE_NAME[language],
        "city": settings.INSTITUTE_CITY[language],
        "contact": settings.INSTITUTE_CONTACT,
    }
