"""Correcting a decision: a new protocol with its reason and basis, whose lines take the place of earlier ones.

What was decided stays as it was. The correction is an attempt of its own with an outcome of its own; the latest is in
force. A decision on which a document in force rests is not corrected before that document is revoked: a trigger of the
floor below says so, and this verb says it in words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Role, User
from assessment.appealing import link_correction
from assessment.marking import Mark, mark
from assessment.models import (
    Appeal,
    AppealState,
    Attempt,
    AttemptState,
    CorrectionLine,
    Ending,
    Outcome,
    Protocol,
    ProtocolKind,
    ProtocolState,
    Score,
)
from assessment.protocol_letters import tell_chair
from assessment.protocols import check_chair, check_session, end_enrolment, next_number, seal, seat
from core import states
from core.errors import Refused
from core.triggers import MESSAGE
from enrollment.models import Cohort, CommissionMember, Enrolment, EnrolmentState
from programs.models import Criterion


@dataclass(frozen=True)
class Corrected:
    """What one outcome shall be: another ending, or points by criterion code."""

    outcome: Outcome
    points: Mapping[str, int | None]
    ending: str = Ending.SCORED


class DocumentInForce(Refused):
    """A document rests on the decision; it must be revoked first."""


@dataclass(frozen=True)
class Change:
    """One line of a correction beside what it corrects: points in the rubric's order, None where there are none."""

    outcome: Outcome
    ending: str
    before: Sequence[int | None]
    after: Sequence[int | None]

    @property
    def total(self) -> int:
        """The sum of the new points."""
        return sum(points for points in self.after if points is not None)

    @property
    def ending_words(self) -> str:
        """The new ending in words."""
        return str(Ending(self.ending).label)


def changes(lines: Iterable[Corrected | CorrectionLine], criteria: Sequence[Criterion]) -> list[Change]:
    """The lines as a page shows them."""
    return [
        Change(
            one.outcome,
            one.ending,
            [one.outcome.points.get(c.code) for c in criteria],
            [one.points.get(c.code) for c in criteria],
        )
        for one in lines
    ]


def _marked(line: Corrected | CorrectionLine, cohort: Cohort) -> Mark[Any] | None:
    """The mark of the new points; None for an ending without a total. Raises `Refused` in words."""
    name = line.outcome.attempt.enrolment.listener.full_name
    bands: list[Any] = list(cohort.rubric.bands.all())
    try:
        made = mark(line.points, cohort.rubric.criteria.all(), bands)
    except ValueError as error:
        raise Refused(_("%(name)s: the points are not those of the rubric.") % {"name": name}) from error
    if line.ending != Ending.SCORED:
        return None
    if not made.is_complete:
        raise Refused(_("%(name)s: points are missing.") % {"name": name})
    return made


def _check(lines: Sequence[Corrected], cohort: Cohort, held_on: date) -> None:
    if not lines:
        raise Refused(_("Say whose decision is to be corrected."))
    for line in lines:
        name = line.outcome.attempt.enrolment.listener.full_name
        if line.outcome.protocol.cohort_id != cohort.pk:
            raise Refused(_("%(name)s was decided on in another cohort.") % {"name": name})
        if Attempt.objects.filter(corrects=line.outcome.attempt_id).exists():
            raise Refused(_("%(name)s: a later protocol has corrected this decision already.") % {"name": name})
        if held_on < line.outcome.protocol.held_on:
            raise Refused(
                _("The date of the session lies before the protocol that is corrected, %(day)s.")
                % {"day": date_format(line.outcome.protocol.held_on, "SHORT_DATE_FORMAT")}
            )
        _marked(line, cohort)
        if line.ending == line.outcome.ending and dict(line.points) == line.outcome.points:
            raise Refused(_("%(name)s: nothing is changed.") % {"name": name})


@transaction.atomic
def draft_correction(
    *,
    cohort: Cohort,
    held_on: date,
    members: Sequence[CommissionMember],
    chair: CommissionMember,
    reason: str,
    basis: str,
    lines: Sequence[Corrected],
    by: User,
) -> Protocol:
    """Prepare a correction for its chair, in place of the draft of one that is there. Decides nothing.

    Raises `NoQuorum`, and `Refused` for another role, no reason or basis, a date before the protocol that is corrected,
    an outcome that is not in force, points out of range, nothing changed, and while another protocol is being drafted.
    """
    if Role.ADMINISTRATOR not in by.roles:
        raise Refused(_("A protocol is prepared by an administrator."))
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("rubric").get(pk=cohort.pk)
    reason, basis = " ".join(reason.split()), " ".join(basis.split())
    if not (reason and basis):
        raise Refused(_("Give the reason and the basis of the correction."))
    check_session(held_on, members, chair, cohort)
    _check(lines, cohort, held_on)
    protocol = cohort.protocols.filter(state=ProtocolState.DRAFT).first()
    if protocol is None:
        protocol = Protocol(cohort=cohort, kind=ProtocolKind.CORRECTION, held_on=held_on, drafted_by=by)
        protocol.reason, protocol.basis = reason, basis
        protocol.save()
        states.born([protocol], by=by)
    elif protocol.kind != ProtocolKind.CORRECTION:
        raise Refused(_("A protocol of this cohort is being drafted. Please close or discard it first."))
    protocol.held_on, protocol.reason, protocol.basis = held_on, reason, basis
    protocol.save()
    seat(protocol, members, chair)
    protocol.corrections.all().delete()
    CorrectionLine.objects.bulk_create(
        CorrectionLine(protocol=protocol, outcome=one.outcome, ending=one.ending, points=dict(one.points))
        for one in lines
    )
    tell_chair(protocol, chair, by)
    return protocol


@transaction.atomic
def close_correction(*, protocol: Protocol, by: User) -> Protocol:
    """Close a drafted correction by its chair: for each line an attempt, its scores and its outcome, all or none.

    Appeals that were upheld against these decisions are thereby carried out. The enrolment is moved when the result is
    another one. Raises what `draft_correction` raises, and `DocumentInForce` naming whose document must be revoked
    first. Locks the cohort, then the people, as issuing does.
    """
    cohort = Cohort.objects.select_for_update(of=("self",)).select_related("rubric").get(pk=protocol.cohort_id)
    protocol = Protocol.objects.select_for_update(of=("self",)).get(pk=protocol.pk)
    check_chair(protocol, by)
    if protocol.state != ProtocolState.DRAFT:
        raise Refused(_("This protocol is closed already."))
    seated = list(protocol.members.select_related("member"))
    chair = next(one.member for one in seated if one.is_chair)
    check_session(protocol.held_on, [one.member for one in seated], chair, cohort)
    lines = list(
        protocol.corrections.select_related("outcome__attempt__enrolment__listener", "outcome__protocol").order_by("pk")
    )
    people = [line.outcome.attempt.enrolment_id for line in lines]
    list(Enrolment.objects.select_for_update().filter(pk__in=people).order_by("pk").values_list("pk", flat=True))
    _check([Corrected(one.outcome, one.points, one.ending) for one in lines], cohort, protocol.held_on)
    protocol.no, protocol.closed_at = next_number(cohort), timezone.now()
    for line in lines:
        _correct(protocol, line, cohort, by)
    sealed = seal(protocol, by)
    for appeal in Appeal.objects.filter(outcome__in=[one.outcome_id for one in lines], state=AppealState.UPHELD):
        link_correction(appeal=appeal, protocol=sealed)
    return sealed


def _correct(protocol: Protocol, line: CorrectionLine, cohort: Cohort, by: User) -> None:
    before, made = line.outcome.attempt, _marked(line, cohort)
    attempt = Attempt(enrolment=before.enrolment, kind=Attempt.Kind.CORRECTION, corrects=before)
    attempt.state = AttemptState.SUBMITTED if made else AttemptState.OPEN
    try:
        with transaction.atomic():
            attempt.save()
    except IntegrityError as error:
        if MESSAGE not in str(error):
            raise
        raise DocumentInForce(
            _("%(name)s: a document has been issued on this decision. Revoke it first.")
            % {"name": before.enrolment.listener.full_name}
        ) from error
    states.born([attempt], by=by, reason=protocol.reason, basis=str(protocol))
    _copy_scores(before, attempt, line, protocol, by)
    Outcome.objects.create(
        attempt=attempt,
        protocol=protocol,
        ending=line.ending,
        band=made.band if made else None,
        points=line.points,
        total=made.total if made else None,
        passed=made is not None and made.passed,
        reason="" if made else protocol.reason[:500],
    )
    states.move(attempt, AttemptState.DECIDED, by=by, basis=str(protocol))
    end = EnrolmentState.COMPLETED if made and made.passed else EnrolmentState.NOT_PASSED
    end_enrolment(before.enrolment, end, protocol, by)


def _copy_scores(before: Attempt, attempt: Attempt, line: CorrectionLine, protocol: Protocol, by: User) -> None:
    """What was changed is the chair's, with the reason in its history; the rest keeps who entered it and when."""
    earlier = {score.criterion_id: score for score in before.scores.all()}
    for criterion in protocol.cohort.rubric.criteria.all():
        points, old = line.points.get(criterion.code), earlier.get(criterion.pk)
        if points is None:
            continue
        kept = old is not None and old.points == points
        copy = Score(attempt=attempt, criterion=criterion, points=points, max_points=criterion.max_points)
        copy.entered_by = old.entered_by if kept and old else by
        copy.entered_at = old.entered_at if kept and old else timezone.now()
        copy._history_user = None if kept else by  # type: ignore[attr-defined]
        copy._change_reason = str(protocol) if kept else protocol.reason[:100]  # type: ignore[attr-defined]
        copy.save()
