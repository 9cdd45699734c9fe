"""What the commission decided: recorded, corrected until an order rests on it, then frozen (R10, I10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, Refused
from core.triggers import MESSAGE
from enrollment.cohorts import names_of
from enrollment.models import CommissionDecision, CommissionMember, DecisionLine, Enrolment
from enrollment.ordering import after_highest

# The chair and two more: the fewest among whom one voice can be outvoted. The institute may ask for more.
QUORUM = 3
GROUNDED = (DecisionLine.Resolution.EXPEL, DecisionLine.Resolution.REFUSE)


@dataclass(frozen=True)
class Resolved:
    """What is decided about one person, and on what ground."""

    enrolment: Enrolment
    resolution: str
    reason: str = ""


def suggested_decision_number(year: int) -> str:
    """The number after the highest of the year."""
    return after_highest(CommissionDecision.objects.filter(year=year).order_by("pk").values_list("number", flat=True))


@transaction.atomic
def record_decision(
    *,
    number: str,
    held_on: date,
    members: Sequence[CommissionMember],
    question: str,
    decision: str,
    people: Sequence[Resolved],
    by: User | None,
) -> CommissionDecision:
    """Write down a session of the commission and what it decided about whom.

    Raises `Refused` for a session in the future, fewer than `QUORUM` members, members who did not serve on that day,
    nobody decided about, and an expulsion or refusal without its reason; `Conflict` when the year has the number.
    """
    row = CommissionDecision(recorded_by=by)
    return _store(row, number, held_on, members, question, decision, people)


@transaction.atomic
def change_decision(
    *,
    of: CommissionDecision,
    number: str,
    held_on: date,
    members: Sequence[CommissionMember],
    question: str,
    decision: str,
    people: Sequence[Resolved],
    by: User | None,
) -> CommissionDecision:
    """Correct a decision that no signed order rests on. Raises as `record_decision` does, and `Refused` later (I10)."""
    held = CommissionDecision.objects.select_for_update().get(pk=of.pk)
    if held.is_used:
        raise Refused(_frozen())
    return _store(held, number, held_on, members, question, decision, people)


def _frozen() -> str:
    """Why a used decision stays as it is."""
    return _("A signed order rests on this decision, so it never changes.")


def _store(
    row: CommissionDecision,
    number: str,
    held_on: date,
    members: Sequence[CommissionMember],
    question: str,
    decision: str,
    people: Sequence[Resolved],
) -> CommissionDecision:
    row.number, row.held_on = " ".join(number.split()), held_on
    row.question, row.decision = question.strip(), decision.strip()
    if not (row.number and row.question and row.decision):
        raise Refused(_("Give the number, the question and the decision."))
    if held_on > timezone.localdate():
        raise Refused(_("The session of the commission lies in the future."))
    _check_members(held_on, members)
    _check_people(people)
    try:
        with transaction.atomic():
            row.save()
            row.members.set(members)
            row.lines.all().delete()
            DecisionLine.objects.bulk_create(
                DecisionLine(
                    decision=row, enrolment=one.enrolment, resolution=one.resolution, reason=one.reason.strip()
                )
                for one in people
            )
    except IntegrityError as error:
        if MESSAGE in str(error):
            raise Refused(_frozen()) from error
        raise Conflict(
            _("There is a decision No %(number)s in %(year)s already, or somebody stands in it twice.")
            % {"number": row.number, "year": held_on.year}
        ) from error
    return row


def _check_members(held_on: date, members: Sequence[CommissionMember]) -> None:
    serving = set(CommissionMember.objects.serving_on(held_on).values_list("pk", flat=True))
    strangers = [member.full_name for member in members if member.pk not in serving]
    if strangers:
        raise Refused(
            _("They were no members of the commission on %(date)s: %(names)s.")
            % {"date": date_format(held_on, "SHORT_DATE_FORMAT"), "names": ", ".join(strangers)}
        )
    if len({member.pk for member in members}) < QUORUM:
        raise Refused(_("The commission decides when at least this many members are present: %(n)s.") % {"n": QUORUM})


def _check_people(people: Sequence[Resolved]) -> None:
    if not people:
        raise Refused(_("Say about whom the commission decided, and what."))
    bare = [one.enrolment for one in people if one.resolution in GROUNDED and not one.reason.strip()]
    if bare:
        raise Refused(_("Give the reason for the expulsion or refusal: %(names)s.") % {"names": names_of(bare)})
