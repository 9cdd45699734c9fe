"""What an order prints, taken once at the signing; the PDF is made from it alone."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db.models import Model

from enrollment.models import Cohort, Order, OrderLine

TEMPLATE_VERSION = 1
LANGUAGES = ("kk", "ru", "en")


def in_languages(row: Model, field: str, codes: Iterable[str] = LANGUAGES) -> dict[str, str]:
    """A translated field in each language; where one is missing, the Kazakh text."""
    return {code: getattr(row, f"{field}_{code}") or getattr(row, f"{field}_{LANGUAGES[0]}") for code in codes}


def _cohort(cohort: Cohort) -> dict[str, Any]:
    return {
        "code": cohort.code,
        "from": cohort.starts_on.isoformat(),
        "to": cohort.ends_on.isoformat(),
        "topic": in_languages(cohort.edition, "title"),
        "hours": cohort.edition.volume_hours,
    }


def _person(line: OrderLine) -> dict[str, Any]:
    listener = line.enrolment.listener
    return {
        "name": listener.full_name,
        "position": listener.position,
        "employer": listener.employer.name if listener.employer else "",
        "cohort": line.enrolment.cohort.code,
        "to_cohort": _cohort(line.cohort) if line.cohort else None,
        "until": line.until.isoformat() if line.until else None,
        "note": line.note,
        "reason": line.request.reason if line.request else "",
    }


def take_snapshot(order: Order, lines: list[OrderLine]) -> dict[str, Any]:
    """All that the paper says, as plain values; people in the order of the list."""
    signatory, decision, cancels = order.signatory, order.decision, order.cancels
    cohorts = {line.enrolment.cohort_id: line.enrolment.cohort for line in lines}
    return {
        "template": TEMPLATE_VERSION,
        "kind": order.kind,
        "book": order.book,
        "number": order.number,
        "date": order.date.isoformat(),
        "institute": settings.INSTITUTE_NAME,
        "city": settings.INSTITUTE_CITY,
        "basis": {"kk": order.basis, "ru": order.basis_ru or order.basis},
        "backdating_reason": order.backdating_reason,
        "decision": {"number": decision.number, "date": decision.held_on.isoformat()} if decision else None,
        "cancels": {"kind": cancels.kind, "number": cancels.number, "date": cancels.date.isoformat()}
        if cancels
        else None,
        "cohorts": [_cohort(cohort) for _pk, cohort in sorted(cohorts.items())],
        "people": [_person(line) for line in lines],
        "signatory": {
            "name": signatory.full_name,
            "position": in_languages(signatory, "position"),
            "is_acting": signatory.is_acting,
            "basis": signatory.basis,
        },
    }
