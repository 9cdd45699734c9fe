"""Closing a cohort's protocol: complete attempts become stored decisions, all of them or none."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Role, User
from assessment.models import AttemptState, Outcome, Protocol, ProtocolState
from assessment.sheet import Row, Sheet, read_sheet
from core import states
from core.errors import Conflict, Refused
from enrollment.attendance import shares
from enrollment.attendance_rules import Share
from enrollment.models import Cohort, CohortState, EnrolmentState

REASON_LENGTH = 300


class Incomplete(Refused):
    """Some people have criteria without points and are not left out; `people` are their full names."""

    def __init__(self, people: Sequence[str]) -> None:
        super().__init__(
            _("Points are missing for: %(names)s. Enter them, or leave these people out with a reason.")
            % {"names": ", ".join(people)}
        )
        self.people = tuple(people)


class BelowAttendance(Refused):
    """Some people have not attended enough for the final attestation; `people` are their full names."""

    def __init__(self, people: Sequence[tuple[str, Share]]) -> None:
        names = "; ".join(f"{name}, {shown(share)}" for name, share in people)
        super().__init__(
            _("Attendance below the minimum, %(minimum)s: %(names)s. Leave these people out with a reason.")
            % {"minimum": f"{settings.ATTENDANCE_MINIMUM}\N{NO-BREAK SPACE}%", "names": names}
        )
        self.people = tuple(name for name, _share in people)


class NothingToDecide(Refused):
    """Nobody is left for a protocol: everybody has an outcome or is left out."""


class ScoresMoved(Conflict):
    """The points are no longer those that the administrator confirmed."""


def why_not_now(cohort: Cohort) -> str:
    """Why no protocol of this cohort can be closed in its present state, as a sentence; empty when it can."""
    if cohort.state == CohortState.ASSESSING:
        return ""
    return _("A protocol is closed while the cohort is in its final assessment; this one is: %(state)s.") % {
        "state": cohort.get_state_display()
    }


def shown(share: Share) -> str:
    """The share of attendance in a sentence: «75 %», or a dash while nothing is held."""
    return "–" if share.percent is None else f"{share.percent}\N{NO-BREAK SPACE}%"


def attendance_of(sheet: Sheet) -> dict[int, Share]:
    """The share of attendance of everybody who waits for a decision, by enrolment; a constant number of queries."""
    return shares(row.enrolment for row in sheet.pending)


def barred(sheet: Sheet, attended: Mapping[int, Share]) -> set[int]:
    """The enrolments that may not be decided on for their attendance: nobody, unless ATTENDANCE_RULE is `refuse`.

    Then it is whoever has not shown the minimum; without a single held session that is everybody.
    """
    if settings.ATTENDANCE_RULE != "refuse":
        return set()
    minimum = settings.ATTENDANCE_MINIMUM
    return {row.enrolment.pk for row in sheet.pending if not attended[row.enrolment.pk].reaches(minimum)}


def _refuse_absent(rows: Sequence[Row], sheet: Sheet) -> None:
    """Raises `BelowAttendance`, naming people with their share."""
    attended = attendance_of(sheet)
    kept_out = barred(sheet, attended)
    if absent := [row for row in rows if row.enrolment.pk in kept_out]:
        raise BelowAttendance([(r.enrolment.listener.full_name, attended[r.enrolment.pk]) for r in absent])


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
    if lacking := [row.enrolment.listener.full_name for row in rows if not row.mark.is_complete]:
        raise Incomplete(lacking)
    if rows:
        return rows
    last = sheet.cohort.protocols.order_by("no").last()
    if last is None:
        raise NothingToDecide(_("There is nobody to decide on yet: no listener has points for every criterion."))
    raise NothingToDecide(
        _("There is nobody left to decide on. Protocol No %(no)s is closed already.") % {"no": last.no}
    )


def _decide(protocol: Protocol, rows: Sequence[Row], by: User) -> None:
    Outcome.objects.bulk_create(
        Outcome(
            attempt=row.attempt,
            protocol=protocol,
            band=row.mark.band,
            points=row.points,
            total=row.mark.total,  # type: ignore[misc]  # `_decided` lets complete rows through only
            passed=row.mark.passed,
        )
        for row in rows
    )
    for row in rows:
        end = EnrolmentState.COMPLETED if row.mark.passed else EnrolmentState.NOT_PASSED
        states.move(row.attempt, AttemptState.DECIDED, by=by, basis=str(protocol))  # type: ignore[type-var]
        states.move(row.enrolment, end, by=by, basis=str(protocol), decided_on=protocol.held_on)


@transaction.atomic
def close_protocol(
    *, cohort: Cohort, held_on: date, leave_out: Mapping[int, str], by: User, seen: str | None = None
) -> Protocol:
    """Close the cohort's next protocol (1, 2, …): decide on everybody who is enrolled and not left out.

    `leave_out` gives a reason by enrolment id; who is left out stays enrolled for a later protocol. `seen` is the
    `Sheet.fingerprint` that was confirmed. Guarantees: an outcome per decided attempt, by `marking.mark` from the
    stored scores; attempts decided; enrolments completed or not passed; one audit row each; all or nothing. Raises
    `Incomplete` naming who lacks points; `BelowAttendance` naming who attended too little, only where ATTENDANCE_RULE
    is `refuse` (with `warn` the page says so and the commission decides); `NothingToDecide`; `ScoresMoved` when the
    points are not those of `seen`; `Refused` for another role, cohort state, date or reason. Locks the cohort, then its
    enrolled people, so that two administrators make one protocol and no score slips in between.
    """
    if Role.ADMINISTRATOR not in by.roles:
        raise Refused(_("A protocol is closed by an administrator."))
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("rubric").get(pk=cohort.pk)
    if reason := why_not_now(cohort):
        raise Refused(reason)
    _check_date(held_on, cohort)
    enrolled = cohort.enrolments.filter(state=EnrolmentState.ENROLLED)
    list(enrolled.select_for_update().order_by("pk").values_list("pk", flat=True))
    sheet = read_sheet(cohort)
    rows = _decided(sheet, reasons := _check_reasons(leave_out, sheet))
    _refuse_absent(rows, sheet)
    if seen is not None and seen != sheet.fingerprint:
        raise ScoresMoved(_("Points were changed after this page was opened. Please look at the table again."))
    last = cohort.protocols.aggregate(last=Max("no"))["last"] or 0
    protocol = Protocol.objects.create(cohort=cohort, no=last + 1, held_on=held_on)
    states.born([protocol], by=by)
    _decide(protocol, rows, by)
    return states.move(
        protocol,
        ProtocolState.CLOSED,
        by=by,
        closed_by=by,
        closed_at=timezone.now(),
        left_out={str(pk): reason for pk, reason in sorted(reasons.items())},
    )
