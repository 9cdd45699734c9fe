"""What a document says, taken from live rows once, when it is issued; afterwards nothing reads those rows for it."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Model

from assessment.models import Outcome
from enrollment.models import Signatory
from programs.models import Criterion, StudyFormat
from programs.study_formats import STUDY_FORMATS

# Raised when the papers' wording or layout changes; a snapshot keeps the version it was taken for.
TEMPLATE_VERSION = 1
LANGUAGES = ("kk", "ru", "en")
SECOND_LANGUAGES = ("ru", "en")


def _in_languages(row: Model, field: str) -> dict[str, str]:
    """A translated field in all three languages; one without a text of its own is in Kazakh."""
    kazakh = getattr(row, f"{field}_kk")
    return {language: getattr(row, f"{field}_{language}") or kazakh for language in LANGUAGES}


def take_snapshot(
    *,
    kind: str,
    outcome: Outcome,
    signatory: Signatory,
    issued_on: date,
    valid_until: date | None,
    number: str,
    verification_url: str,
    second_language: str = "ru",
) -> dict[str, Any]:
    """All that a paper prints, as one JSON-serialisable dict; dates are ISO texts, hours academic hours.

    Kazakh stands first on the paper, `second_language` (ru or en) beside it; ValueError for another one. Three
    queries, however many modules and criteria there are.
    """
    if second_language not in SECOND_LANGUAGES:
        raise ValueError(f"a paper's second language is one of {SECOND_LANGUAGES}, not {second_language!r}")
    outcome = Outcome.objects.select_related(
        "band", "attempt__enrolment__listener", "attempt__enrolment__cohort__edition"
    ).get(pk=outcome.pk)
    enrolment = outcome.attempt.enrolment
    cohort, listener = enrolment.cohort, enrolment.listener
    return {
        "template": TEMPLATE_VERSION,
        "kind": str(kind),
        "languages": ["kk", second_language],
        "number": number,
        "verification_url": verification_url,
        "host": settings.PUBLIC_HOST,
        "institute": dict(settings.INSTITUTE_NAME),
        "city": dict(settings.INSTITUTE_CITY),
        "holder": {
            "surname": listener.surname,
            "given_name": listener.given_name,
            "patronymic": listener.patronymic,
            "full": listener.full_name,
        },
        "topic": _in_languages(cohort.edition, "title"),
        "hours": cohort.edition.volume_hours,
        "course": {"from": cohort.starts_on.isoformat(), "to": cohort.ends_on.isoformat()},
        "study_format": dict(STUDY_FORMATS[StudyFormat(cohort.study_format)]),
        "cohort": cohort.code,
        "modules": [
            {
                "no": module.no,
                "is_final": module.is_final,
                "title": _in_languages(module, "title"),
                "lecture": module.lecture,
                "practice": module.practice,
                "self_study": module.self_study,
                "hours": module.hours,
            }
            for module in cohort.edition.modules.order_by("no")
        ],
        "criteria": [
            {
                "code": criterion.code,
                "title": _in_languages(criterion, "title"),
                "points": outcome.points.get(criterion.code),
                "max": criterion.max_points,
            }
            for criterion in Criterion.objects.filter(rubric=cohort.rubric_id).order_by("position")
        ],
        "total": outcome.total,
        "band": outcome.band and {"code": outcome.band.code, "title": _in_languages(outcome.band, "title")},
        "passed": outcome.passed,
        "signatory": _signed_by(signatory),
        "issued_on": issued_on.isoformat(),
        "valid_until": valid_until.isoformat() if valid_until else None,
    }


def duplicate_snapshot(
    first: dict[str, Any], *, signatory: Signatory, issued_on: date, number: str, verification_url: str
) -> dict[str, Any]:
    """What a duplicate prints: all that was issued first, with a number, date, address and signature of its own.

    `duplicate` names what was issued first, also in a duplicate of a duplicate.
    """
    return first | {
        "number": number,
        "verification_url": verification_url,
        "host": settings.PUBLIC_HOST,
        "signatory": _signed_by(signatory),
        "issued_on": issued_on.isoformat(),
        "duplicate": first.get("duplicate") or {"number": first["number"], "issued_on": first["issued_on"]},
    }


def _signed_by(signatory: Signatory) -> dict[str, Any]:
    return {
        "full_name": signatory.full_name,
        "position": _in_languages(signatory, "position"),
        "is_acting": signatory.is_acting,
        "basis": signatory.basis,
    }
