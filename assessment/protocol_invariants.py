"""What must always hold of closed protocols and decided appeals: quorum, the chair, a paper of what was decided."""

from collections.abc import Iterator

from assessment.models import Appeal, AppealState, Protocol, ProtocolKind, ProtocolState
from enrollment.deciding import QUORUM


def broken() -> Iterator[str]:
    """One line per broken invariant."""
    closed = Protocol.objects.filter(state=ProtocolState.CLOSED).prefetch_related("members__member", "outcomes")
    for protocol in closed.order_by("pk").iterator(chunk_size=200):
        yield from _protocol(protocol)
    decided = Appeal.objects.filter(state__in=(AppealState.UPHELD, AppealState.REJECTED)).select_related("correction")
    for appeal in decided.prefetch_related("members").order_by("pk"):
        yield from _appeal(appeal)


def _protocol(protocol: Protocol) -> Iterator[str]:
    where, seats = f"protocol {protocol.pk}", list(protocol.members.all())
    if len(seats) < QUORUM:
        yield f"{where}: it was closed by {len(seats)} members"
    if [seat.member.user_id for seat in seats if seat.is_chair] != [protocol.closed_by_id]:
        yield f"{where}: its chair did not close it"
    decided = sorted((str(one.total), one.ending, one.passed) for one in protocol.outcomes.all())
    people = (protocol.snapshot or {}).get("people", [])
    if decided != sorted((str(one["total"]), one["ending"], one["passed"]) for one in people):
        yield f"{where}: its paper does not say what was decided"


def _appeal(appeal: Appeal) -> Iterator[str]:
    where, members = f"appeal {appeal.pk}", list(appeal.members.all())
    if len(members) < QUORUM:
        yield f"{where}: {len(members)} members decided"
    if not any(one.is_chair and one.user_id == appeal.decided_by_id for one in members):
        yield f"{where}: its decision is not the chair's"
    done = appeal.correction
    if done is not None and (
        appeal.state != AppealState.UPHELD
        or done.kind != ProtocolKind.CORRECTION
        or not done.corrections.filter(outcome=appeal.outcome_id).exists()
    ):
        yield f"{where}: its correction is of something else"
