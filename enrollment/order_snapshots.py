"""What an order prints, taken once at the signing; the PDF is made from it alone."""

from typing import Any

from django.conf import settings

from enrollment.models import Cohort, Order, OrderLine

TEMPLATE_VERSION = 1
LANGUAGES = ("kk", "ru", "en")


def _cohort(cohort: Cohort) -> dict[str, Any]:
    return {
        "code": cohort.code,
        "from": cohort.starts_on.isoformat(),
        "to": cohort.ends_on.isoformat(),
        "topic": {code: getattr(cohort.edition, f"title_{code}") or cohort.edition.title_kk for code in LANGUAGES},
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
        "basis": order.basis,
        "backdating_reason": order.backdating_reason,
        "decision": {"number": decision.number, "date": decision.held_on.isoformat()} if decision else None,
        "cancels": {"number": cancels.number, "date": cancels.date.isoformat()} if cancels else None,
        "cohorts": [_cohort(cohort) for _pk, cohort in sorted(cohorts.items())],
        "people": [_person(line) for line in lines],
        "signatory": {
            "name": signatory.full_name,
            "position": {code: getattr(signatory, f"position_{code}") or signatory.position_kk for code in LANGUAGES},
            "is_acting": signatory.is_acting,
            "basis": signatory.basis,
        },
    }
