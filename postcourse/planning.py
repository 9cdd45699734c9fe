"""Support plans, pulled from the outcomes of closed protocols (R12). The worker proposes, people decide."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from assessment.models import Outcome, ProtocolState
from core import states
from core.errors import Refused
from core.workdays import Period, month_later, support_period
from enrollment.models import Listener
from postcourse import diary
from postcourse.models import Consultation, SupportPlan
from postcourse.needs import needs
from postcourse.slots import Slot, choose
from programs.models import Criterion

log = logging.getLogger(__name__)
PATIENCE = timedelta(minutes=2)  # how long the sweep may take before an outcome without a plan is worth a look


@dataclass(frozen=True)
class Proposal:
    """What would be planned for an outcome: the period, and for each need its criterion and hour."""

    period: Period
    appointments: list[tuple[Criterion | None, Slot]]


@dataclass(frozen=True)
class Waiting:
    """A passed outcome that has no plan yet, and why; `reason` is empty when nothing stands in the way."""

    outcome: Outcome
    reason: str

    def __str__(self) -> str:
        enrolment = self.outcome.attempt.enrolment
        return _("No support plan for %(listener)s (%(cohort)s): %(reason)s") % {
            "listener": enrolment.listener,
            "cohort": enrolment.cohort,
            "reason": self.reason or _("the worker has not come to it yet."),
        }


def unplanned() -> QuerySet[Outcome]:
    """Passed outcomes of closed protocols without a support plan, the oldest first, with what planning reads."""
    return (
        Outcome.objects.in_force()
        .filter(passed=True, protocol__state=ProtocolState.CLOSED, support_plan=None)
        # A correction of somebody who had passed keeps the plan that is there.
        .exclude(attempt__corrects__outcome__support_plan__isnull=False)
        .select_related("protocol", "attempt__enrolment__listener", "attempt__enrolment__cohort__rubric")
        .prefetch_related("attempt__enrolment__cohort__trainers", "attempt__enrolment__cohort__rubric__criteria")
        .order_by("pk")
    )


def plan_support() -> int:
    """Plan for every passed outcome that has no plan; returns how many were planned now.

    Each outcome is a transaction of its own, so whatever stops the sweep loses nothing, and running it twice or in
    several workers at once makes one plan each. Who cannot be planned for is in `waiting`.
    """
    # Whose support would be over already is not looked at again and again.
    recent = unplanned().filter(protocol__held_on__gt=month_later(_today(), -settings.SUPPORT_MONTHS))
    return sum(_plan(outcome) for outcome in recent)


def waiting() -> list[Waiting]:
    """Outcomes that have had no plan for two minutes since their protocol was closed, each with the reason in words.

    A constant number of queries.
    """
    old = list(unplanned().exclude(protocol__closed_at__gte=timezone.now() - PATIENCE))
    diaries = Diaries.read(old)
    return [Waiting(outcome, _why(outcome, diaries)) for outcome in old]


def propose(outcome: Outcome, diaries: "Diaries") -> Proposal:
    """What the plan of `outcome` would be now, by what stands in `diaries`; writes nothing.

    The period runs SUPPORT_MONTHS from the day after the protocol; what of it has passed is not used. The load is
    even over the active trainers of the cohort. Raises `Refused` in words when there is none, when the period is
    over, and when no hour is free.
    """
    enrolment, ahead = outcome.attempt.enrolment, _ahead(outcome)
    if ahead.starts_on > ahead.ends_on:
        raise Refused(_("The support period is over."))
    if not (consultants := _consultants(outcome)):
        raise Refused(_("The cohort has no active trainer who could give consultations."))
    criteria = {criterion.code: criterion for criterion in enrolment.cohort.rubric.criteria.all()}
    maxima = {code: criterion.max_points for code, criterion in criteria.items()}
    codes = needs(outcome.points, maxima, settings.SUPPORT_WEAK_SHARE)
    taken = {slot for slot in diaries.taken if slot.consultant in consultants and slot.day in ahead}
    days = {day for day, _hour in diaries.listeners[enrolment.listener_id]}
    chosen = choose(codes, ahead, consultants, taken, diary.rules(), days)
    appointments = [(criteria[code] if code else None, slot) for code, slot in zip(codes, chosen, strict=True)]
    return Proposal(_period(outcome), appointments)


@dataclass(frozen=True)
class Diaries:
    """What consultants and listeners have before them already."""

    taken: set[Slot]
    listeners: dict[int, set[tuple[date, int]]]

    @classmethod
    def read(cls, outcomes: Sequence[Outcome]) -> "Diaries":
        """The diaries of everybody whom plans for `outcomes` would concern; two queries."""
        last = max((_period(outcome).ends_on for outcome in outcomes), default=_today())
        period = Period(_today(), max(last, _today()))
        consultants = {consultant for outcome in outcomes for consultant in _consultants(outcome)}
        listeners = {outcome.attempt.enrolment.listener_id for outcome in outcomes}
        return cls(diary.taken_hours(consultants, period), diary.listener_hours(listeners, period))


def _plan(outcome: Outcome) -> bool:
    """Plan for one outcome; False when it has a plan already or cannot have one now."""
    try:
        with transaction.atomic():
            _lock(outcome)
            if SupportPlan.objects.filter(outcome=outcome).exists():
                return False
            _write(outcome, propose(outcome, Diaries.read([outcome])))
    except IntegrityError:
        return False  # another worker planned it in this moment
    except Refused as reason:
        log.info("outcome %s has no support plan: %s", outcome.pk, reason)
        return False
    return True


def _lock(outcome: Outcome) -> None:
    """Hold the listener and the consultants, in the order in which everybody on this floor does."""
    Listener.objects.select_for_update(of=("self",)).get(pk=outcome.attempt.enrolment.listener_id)
    list(User.objects.select_for_update(of=("self",)).filter(pk__in=_consultants(outcome)).order_by("pk"))


def _today() -> date:
    return diary.local(timezone.now()).date()


def _period(outcome: Outcome) -> Period:
    return support_period(outcome.protocol.held_on, settings.SUPPORT_MONTHS)


def _ahead(outcome: Outcome) -> Period:
    """What is left of the period, from tomorrow on."""
    period = _period(outcome)
    return Period(max(period.starts_on, _today() + timedelta(days=1)), period.ends_on)


def _consultants(outcome: Outcome) -> list[int]:
    """The active trainers of the cohort, except the listener if they are one."""
    enrolment = outcome.attempt.enrolment
    able = (t.pk for t in enrolment.cohort.trainers.all() if t.is_active and t.is_trainer)
    return sorted(pk for pk in able if pk != enrolment.listener.user_id)


def _write(outcome: Outcome, proposal: Proposal) -> None:
    plan = SupportPlan.objects.create(
        outcome=outcome,
        starts_on=proposal.period.starts_on,
        ends_on=proposal.period.ends_on,
        weak_share=settings.SUPPORT_WEAK_SHARE,
    )
    consultations = Consultation.objects.bulk_create(
        Consultation(
            plan=plan, criterion=criterion, consultant_id=slot.consultant, starts_at=diary.moment(slot.day, slot.hour)
        )
        for criterion, slot in proposal.appointments
    )
    states.born(consultations, by=None)


def _why(outcome: Outcome, diaries: Diaries) -> str:
    try:
        propose(outcome, diaries)
    except Refused as reason:
        return reason.sentence
    return ""
