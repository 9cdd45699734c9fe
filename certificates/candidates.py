"""Who may get which paper from a protocol, and in words why somebody may not."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessment.models import Outcome, Protocol, ProtocolState
from certificates.models import Document, Kind, Wish
from enrollment.confirming import Standing, standings
from enrollment.models import EnrolmentState


@dataclass(frozen=True)
class Candidate:
    """One outcome of a protocol, the kind of paper it earns, why it cannot be issued now (empty: it can), and whether
    the listener has confirmed the name.
    """

    outcome: Outcome
    kind: Kind
    reason: str
    name: Standing = Standing.OPEN


def kind_of(outcome: Outcome) -> Kind:
    """Passed: a certificate (R1); below the pass mark: a statement of attendance (R5)."""
    return Kind.CERTIFICATE if outcome.passed else Kind.ATTENDANCE


def candidates(protocol: Protocol) -> list[Candidate]:
    """Everybody whom the protocol decided about, in the order of the alphabet; a constant number of queries."""
    outcomes = list(
        protocol.outcomes.select_related("attempt__enrolment__listener", "band", "protocol").order_by(
            "attempt__enrolment__listener__sort_key", "pk"
        )
    )
    enrolments = [outcome.attempt.enrolment_id for outcome in outcomes]
    live = {(d.enrolment_id, d.kind): d for d in Document.objects.live().filter(enrolment__in=enrolments)}
    open_wishes = Wish.objects.filter(state=Wish.State.WISHED, outcome__protocol=protocol)
    wished = set(open_wishes.values_list("outcome_id", flat=True))
    latest = latest_outcomes(enrolments)
    names = standings([outcome.attempt.enrolment.listener for outcome in outcomes])
    found = []
    for outcome in outcomes:
        name = names[outcome.attempt.enrolment.listener_id]
        reason = objection(outcome, live, wished, latest)
        if not reason and name == Standing.ASKED:
            reason = _("The listener asks for another spelling of the name: decide about that first.")
        found.append(Candidate(outcome, kind_of(outcome), reason, name))
    return found


def latest_outcomes(enrolments: Sequence[int]) -> dict[int, int]:
    """The last outcome of each of these enrolments."""
    rows = Outcome.objects.filter(attempt__enrolment__in=enrolments).order_by("pk")
    return dict(rows.values_list("attempt__enrolment_id", "pk"))


def objection(outcome: Outcome, live: dict[tuple[int, str], Document], wished: set[int], latest: dict[int, int]) -> str:
    """Why no document can be issued on this outcome, as a sentence."""
    enrolment = outcome.attempt.enrolment
    if enrolment.pk in latest and latest[enrolment.pk] != outcome.pk:
        return _("A later protocol has decided about this person anew.")
    if document := live.get((enrolment.pk, kind_of(outcome))):
        return _("Has No %(number)s of %(date)s already.") % {
            "number": document.number,
            "date": date_format(document.issued_on, "SHORT_DATE_FORMAT"),
        }
    if outcome.pk in wished:
        return _("Is being issued at this moment.")
    if enrolment.state != (EnrolmentState.COMPLETED if outcome.passed else EnrolmentState.NOT_PASSED):
        return _("The enrolment is in the state “%(state)s”.") % {"state": enrolment.get_state_display()}
    if outcome.protocol.state != ProtocolState.CLOSED:
        return _("The protocol is not closed.")
    return ""
