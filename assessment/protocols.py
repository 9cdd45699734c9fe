"""Protocols: drafted by an administrator, closed by the chair; what is complete becomes decisions, all or none."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Role, User
from assessment.models import AttemptState, Outcome, Protocol, ProtocolKind, ProtocolMember, ProtocolState
from assessment.protocol_letters import tell_chair
from assessment.protocol_rules import (
    REASON_LENGTH,
    Incomplete,
    NoQuorum,
    NothingToDecide,
    ScoresMoved,
    refuse_absent,
    refuse_late,
    why_not_now,
)
from assessment.protocol_snapshots import take_snapshot
from assessment.sheet import Row, Sheet, read_sheet
from core import states
from core.errors import MoveRefused, Refused
from enrollment.deciding import QUORUM
from enrollment.models import Body, Cohort, CommissionMember, Enrolment, EnrolmentState


def _check_date(held_on: date, cohort: Cohort) -> None:
    if held_on > timezone.localdate():
        raise Refused(_("The date of the session lies in the future."))
    if held_on < cohort.starts_on:
        raise Refused(
            _("The date of the session lies before the cohort's first day, %(day)s.")
            % {"day": date_format(cohort.starts_on, "SHORT_DATE_FORMAT")}
        )


def _check_reasons(leave_out: Mapping[int, str], sheet: Sheet) -> dict[int, str]:
    """Reasons by enrolment, spaces trimmed; each belongs to a person who still waits for a decision."""
    names = {row.enrolment.pk: row.enrolment.listener.full_name for row in sheet.pending}
    reasons = {pk: " ".join(reason.split()) for pk, reason in leave_out.items()}
    if reasons.keys() - names.keys():
        raise Refused(
            _("A person to leave out is not waiting for a decision in this cohort. Please open the page again.")
        )
    for pk, reason in reasons.items():
        if not reason:
            raise Refused(_("%(name)s: say why this person is left out.") % {"name": names[pk]})
        if len(reason) > REASON_LENGTH:
            raise Refused(
                _("%(name)s: the reason is longer than %(length)s characters.")
                % {"name": names[pk], "length": REASON_LENGTH}
            )
    return reasons


def _decided(sheet: Sheet, reasons: Mapping[int, str]) -> list[Row]:
    """The rows to decide on; raises `Incomplete` or `NothingToDecide`."""
    rows = [row for row in sheet.pending if row.enrolment.pk not in reasons]
    if lacking := [row.enrolment.listener.full_name for row in rows if not row.is_decidable]:
        raise Incomplete(lacking)
    if rows:
        return rows
    last = sheet.cohort.protocols.filter(state=ProtocolState.CLOSED).order_by("no").last()
    if last is None:
        raise NothingToDecide(_("There is nobody to decide on yet: no listener has points for every criterion."))
    raise NothingToDecide(
        _("There is nobody left to decide on. Protocol No %(no)s is closed already.") % {"no": last.no}
    )


def _decide(protocol: Protocol, rows: Sequence[Row], by: User) -> None:
    if any(row.is_scored and (row.attempt is None or row.attempt.state != AttemptState.SUBMITTED) for row in rows):
        raise MoveRefused()  # complete points whose attempt is not: something else is under way
    Outcome.objects.bulk_create(
        Outcome(
            attempt=row.attempt,
            protocol=protocol,
            ending=row.ending,
            band=row.mark.band if row.is_scored else None,
            points=row.points,
            total=row.mark.total if row.is_scored else None,
            passed=row.is_scored and row.mark.passed,
            reason=row.defence.grounds[:500] if row.defence and not row.is_scored else "",
        )
        for row in rows
    )
    for row in rows:
        end = EnrolmentState.COMPLETED if row.is_scored and row.mark.passed else EnrolmentState.NOT_PASSED
        states.move(row.attempt, AttemptState.DECIDED, by=by, basis=str(protocol))  # type: ignore[type-var]
        end_enrolment(row.enrolment, end, protocol, by)


def end_enrolment(enrolment: Enrolment, end: str, protocol: Protocol, by: User) -> None:
    """Where the enrolment stands after the decision; a retake and a correction keep the day of the first one.

    The window of R6 counts from that day. An enrolment that stays where it is has no move and no audit row.
    """
    day = {"decided_on" if enrolment.decided_on is None else "retaken_on": protocol.held_on}
    if protocol.kind == ProtocolKind.CORRECTION:
        day = {}
    if enrolment.state != end:
        states.move(enrolment, end, by=by, basis=str(protocol), **day)  # type: ignore[arg-type]
        return
    for name, value in day.items():
        setattr(enrolment, name, value)
    if day:
        enrolment.save(update_fields=list(day))


def check_session(held_on: date, members: Sequence[CommissionMember], chair: CommissionMember, cohort: Cohort) -> None:
    """Raise `NoQuorum` or `Refused` unless these members may hold a session of this cohort on that day."""
    _check_date(held_on, cohort)
    serving = set(CommissionMember.objects.serving_on(held_on, Body.ATTESTATION).values_list("pk", flat=True))
    if strangers := [member.full_name for member in members if member.pk not in serving]:
        raise NoQuorum(
            _("They were no members of the attestation commission on %(date)s: %(names)s.")
            % {"date": date_format(held_on, "SHORT_DATE_FORMAT"), "names": ", ".join(strangers)}
        )
    if len({member.pk for member in members}) < QUORUM:
        raise NoQuorum(_("The commission decides when at least this many members are present: %(n)s.") % {"n": QUORUM})
    if chair.pk not in {member.pk for member in members}:
        raise NoQuorum(_("The chair must be present at the session."))
    if chair.user_id is None:
        raise NoQuorum(
            _("%(name)s has no account and so cannot close the protocol. Please add the account to the member.")
            % {"name": chair.full_name}
        )


def seat(protocol: Protocol, members: Sequence[CommissionMember], chair: CommissionMember) -> None:
    """The members present; who sat already keeps a special opinion."""
    protocol.members.exclude(member__in=members).delete()
    protocol.members.update(is_chair=False)
    seated = set(protocol.members.values_list("member_id", flat=True))
    ProtocolMember.objects.bulk_create(
        ProtocolMember(protocol=protocol, member=member) for member in members if member.pk not in seated
    )
    protocol.members.filter(member=chair).update(is_chair=True)


@transaction.atomic
def draft_protocol(
    *,
    cohort: Cohort,
    held_on: date,
    members: Sequence[CommissionMember],
    chair: CommissionMember,
    leave_out: Mapping[int, str],
    by: User,
) -> Protocol:
    """Prepare the cohort's next protocol, or change the draft that is there, and tell its chair by a letter.

    `leave_out` gives a reason by enrolment id. Decides nothing. Raises `NoQuorum`, and `Refused` for another role,
    cohort state, date or reason, and while a correction is being drafted.
    """
    if Role.ADMINISTRATOR not in by.roles:
        raise Refused(_("A protocol is prepared by an administrator."))
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("rubric").get(pk=cohort.pk)
    if reason := why_not_now(cohort):
        raise Refused(reason)
    check_session(held_on, members, chair, cohort)
    reasons = _check_reasons(leave_out, read_sheet(cohort))
    protocol = cohort.protocols.filter(state=ProtocolState.DRAFT).first()
    if protocol is None:
        protocol = Protocol.objects.create(cohort=cohort, held_on=held_on, drafted_by=by)
        states.born([protocol], by=by)
    elif protocol.kind != ProtocolKind.ATTESTATION:
        raise Refused(_("A correction is being drafted for this cohort. Please close or discard it first."))
    protocol.held_on = held_on
    protocol.left_out = {str(pk): reason for pk, reason in sorted(reasons.items())}
    protocol.save()
    seat(protocol, members, chair)
    tell_chair(protocol, chair, by)
    return protocol


@transaction.atomic
def discard_protocol(*, protocol: Protocol, reason: str, by: User) -> Protocol:
    """Put a draft away; it takes no number. Raises `MoveRefused` for a closed one."""
    if Role.ADMINISTRATOR not in by.roles:
        raise Refused(_("A protocol is prepared by an administrator."))
    return states.move(protocol, ProtocolState.DISCARDED, by=by, reason=reason)


def check_chair(protocol: Protocol, by: User) -> None:
    """Raise `Refused` unless this person chairs the session."""
    if not protocol.members.filter(is_chair=True, member__user=by).exists():
        raise Refused(_("A protocol is closed by the chair of the session."))


@transaction.atomic
def close_protocol(*, protocol: Protocol, by: User, seen: str | None = None) -> Protocol:
    """Close a draft and give it the cohort's next number: decide on everybody who waits and is not left out.

    Who is left out stays enrolled for a later protocol. `seen` is the `Sheet.fingerprint` that was confirmed.
    Guarantees: an outcome per decided attempt, by `marking.mark` from the stored scores, or without a total for who did
    not appear or broke academic integrity; attempts decided; enrolments completed or not passed; one audit row each;
    all or nothing. Raises `Refused` for anybody but the session's chair, `NoQuorum`; `Incomplete` naming who lacks
    points; `BelowAttendance` naming who attended too little, only where ATTENDANCE_RULE is `refuse` (with `warn` the
    page says so and the commission decides); `NothingToDecide`; `ScoresMoved` when the points are not those of `seen`.
    Locks the cohort, then its people, so that two clicks make one protocol and no score slips in between.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("rubric").get(pk=protocol.cohort_id)
    protocol = Protocol.objects.select_for_update(of=("self",)).get(pk=protocol.pk)
    if protocol.state == ProtocolState.CLOSED:
        raise NothingToDecide(
            _("There is nobody left to decide on. Protocol No %(no)s is closed already.") % {"no": protocol.no}
        )
    check_chair(protocol, by)
    if reason := why_not_now(cohort):
        raise Refused(reason)
    seated = list(protocol.members.select_related("member"))
    check_session(
        protocol.held_on, [one.member for one in seated], next(o.member for o in seated if o.is_chair), cohort
    )
    waiting = cohort.enrolments.filter(state__in=(EnrolmentState.ENROLLED, EnrolmentState.NOT_PASSED))
    list(waiting.select_for_update().order_by("pk").values_list("pk", flat=True))
    sheet = read_sheet(cohort)
    rows = _decided(sheet, _check_reasons({int(pk): why for pk, why in protocol.left_out.items()}, sheet))
    refuse_absent(rows, sheet)
    refuse_late(rows, protocol.held_on)
    if seen is not None and seen != sheet.fingerprint:
        raise ScoresMoved(_("Points were changed after this page was opened. Please look at the table again."))
    protocol.no, protocol.closed_at = next_number(cohort), timezone.now()
    _decide(protocol, rows, by)
    return seal(protocol, by)


def seal(protocol: Protocol, by: User) -> Protocol:
    """Close a protocol whose outcomes are written, with all that it prints; `no` and `closed_at` are set."""
    return states.move(
        protocol,
        ProtocolState.CLOSED,
        by=by,
        no=protocol.no,
        closed_by=by,
        closed_at=protocol.closed_at,
        snapshot=take_snapshot(protocol),
    )


@transaction.atomic
def give_opinion(*, protocol: Protocol, member: ProtocolMember, opinion: str, by: User) -> ProtocolMember:
    """A member's special opinion, while the protocol is a draft; empty takes it back.

    Members write their own; for one without an account an administrator writes it down. Raises `Refused`.
    """
    held = Protocol.objects.select_for_update().get(pk=protocol.pk)
    if held.state != ProtocolState.DRAFT:
        raise Refused(_("The protocol is closed: a special opinion can no longer be added."))
    seat = held.members.select_related("member").get(pk=member.pk)
    own = seat.member.user_id == by.pk
    if not own and (seat.member.user_id is not None or Role.ADMINISTRATOR not in by.roles):
        raise Refused(
            _("A special opinion is written by the member, or by an administrator for one without an account.")
        )
    seat.special_opinion = opinion.strip()
    seat.opinion_at = timezone.now() if seat.special_opinion else None
    seat.save(update_fields=["special_opinion", "opinion_at"])
    return seat


def next_number(cohort: Cohort) -> int:
    """The number that the cohort's next protocol gets; call it with the cohort's row locked."""
    return (cohort.protocols.aggregate(last=Max("no"))["last"] or 0) + 1
