"""What a protocol prints, taken once at its closing; the PDF is made from it alone."""

from typing import Any

from django.conf import settings

from assessment.models import Outcome, Protocol, ProtocolKind
from enrollment.models import Enrolment
from enrollment.order_snapshots import in_languages

TEMPLATE_VERSION = 1


def _person(outcome: Outcome) -> dict[str, Any]:
    attempt = outcome.attempt
    return {
        "name": attempt.enrolment.listener.full_name,
        "employer": attempt.enrolment.listener.employer.name if attempt.enrolment.listener.employer else "",
        "kind": attempt.kind,
        "points": outcome.points,
        "total": outcome.total,
        "band": in_languages(outcome.band, "title") if outcome.band else None,
        "passed": outcome.passed,
        "ending": outcome.ending,
        "reason": outcome.reason,
        "corrects": _corrected(outcome) if attempt.corrects_id else None,
    }


def _corrected(outcome: Outcome) -> dict[str, Any]:
    """The line of the earlier protocol in whose place this one stands."""
    before = outcome.attempt.corrects.outcome  # type: ignore[union-attr]
    return {
        "no": before.protocol.no,
        "date": before.protocol.held_on.isoformat(),
        "total": before.total,
        "ending": before.ending,
    }


def _left_out(protocol: Protocol) -> list[dict[str, str]]:
    people = Enrolment.objects.filter(pk__in=[int(pk) for pk in protocol.left_out]).by_name()
    return [{"name": e.listener.full_name, "reason": protocol.left_out[str(e.pk)]} for e in people]


def take_snapshot(protocol: Protocol) -> dict[str, Any]:
    """All that the paper says, as plain values; listeners in the order of the Kazakh alphabet."""
    cohort = protocol.cohort
    outcomes = protocol.outcomes.select_related(
        "band", "attempt__enrolment__listener__employer", "attempt__corrects__outcome__protocol"
    )
    members = protocol.members.select_related("member")
    return {
        "template": TEMPLATE_VERSION,
        "kind": str(protocol.kind),
        "no": protocol.no,
        "date": protocol.held_on.isoformat(),
        "institute": dict(settings.INSTITUTE_NAME),
        "city": dict(settings.INSTITUTE_CITY),
        "cohort": cohort.code,
        "course": {"from": cohort.starts_on.isoformat(), "to": cohort.ends_on.isoformat()},
        "topic": in_languages(cohort.edition, "title"),
        "hours": cohort.edition.volume_hours,
        "members": [
            {
                "name": seat.member.full_name,
                "position": in_languages(seat.member, "position"),
                "is_chair": seat.is_chair,
                "special_opinion": seat.special_opinion,
            }
            for seat in members
        ],
        "criteria": [
            {"code": c.code, "short": in_languages(c, "short"), "title": in_languages(c, "title"), "max": c.max_points}
            for c in cohort.rubric.criteria.all()
        ],
        "people": [_person(o) for o in outcomes.order_by("attempt__enrolment__listener__sort_key", "pk")],
        "left_out": _left_out(protocol),
        "reason": protocol.reason if protocol.kind == ProtocolKind.CORRECTION else "",
        "basis": protocol.basis if protocol.kind == ProtocolKind.CORRECTION else "",
    }
