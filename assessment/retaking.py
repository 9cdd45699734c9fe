"""The one retake within a year (R6): an attempt of its own, opened because a signed order admits to it.

The worker pulls the lines of such orders; whoever is quicker (a trainer with points, an administrator with a defence)
finds the same attempt. When the order is cancelled, or the course goes on elsewhere, an undecided retake is void.
"""

from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from assessment.models import Attempt, AttemptState, Defence, DefenceState
from core.states import born, move
from enrollment.models import Enrolment, EnrolmentState, OrderKind, OrderLine, OrderState
from enrollment.ways import retake_until
from programs.models import Criterion

UNDECIDED = (AttemptState.OPEN, AttemptState.SUBMITTED)
IN_FORCE = Q(order__kind=OrderKind.RETAKE, order__state=OrderState.SIGNED, cohort=None)


def _goes_on_elsewhere() -> Exists:
    """Whether the course of a row's enrolment is continued in another cohort."""
    return Exists(Enrolment.objects.filter(origin=OuterRef("enrolment")).exclude(state=EnrolmentState.WITHDRAWN))


def _admitted() -> QuerySet[OrderLine]:
    """Lines in force that admit to a retake which nobody has opened yet."""
    return (
        OrderLine.objects.filter(IN_FORCE, retake=None, enrolment__state=EnrolmentState.NOT_PASSED)
        .exclude(enrolment__attempts__state__in=UNDECIDED)
        .exclude(_goes_on_elsewhere())
        .order_by("pk")
    )


def open_retakes() -> int:
    """Open every retake that is due; returns how many. Safe to run twice, at once, and to lose."""
    return sum(_open_one(pk) for pk in _admitted().values_list("enrolment", flat=True))


@transaction.atomic
def _open_one(pk: int) -> bool:
    return open_retake(Enrolment.objects.select_for_update(of=("self",)).get(pk=pk)) is not None


def open_retake(enrolment: Enrolment) -> Attempt | None:
    """The retake that an order in force admits to, without points; None when there is none to open.

    Call it with the enrolment's row locked. What was decided before stays as it is.
    """
    line = _admitted().filter(enrolment=enrolment).first()
    if line is None:
        return None
    attempt = Attempt(enrolment=enrolment, kind=Attempt.Kind.RETAKE, admitted_by=line)
    attempt.save()
    born([attempt], by=None, basis=str(line.order))
    return attempt


def void_retakes() -> int:
    """End every undecided retake whose order was cancelled or whose course goes on elsewhere; returns how many."""
    cancelled = ~Q(admitted_by__order__state=OrderState.SIGNED)
    lost = Attempt.objects.filter(kind=Attempt.Kind.RETAKE, state__in=UNDECIDED).filter(
        cancelled | Q(_goes_on_elsewhere())
    )
    return sum(_void_one(pk) for pk in lost.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _void_one(pk: int) -> bool:
    attempt = Attempt.objects.select_related("admitted_by__order").get(pk=pk)
    Enrolment.objects.select_for_update(of=("self",)).get(pk=attempt.enrolment_id)
    attempt.refresh_from_db(fields=["state"])
    if attempt.state not in UNDECIDED:
        return False
    with translation.override("kk"):
        reason = _("The ground of the retake is gone.")
    for defence in Defence.objects.filter(attempt=attempt, state=DefenceState.SCHEDULED):
        move(defence, DefenceState.CANCELLED, by=None, reason=reason, grounds=reason)
    move(attempt, AttemptState.VOID, by=None, reason=reason)
    return True


def too_late(attempts: Iterable[Attempt], held_on: date) -> list[Attempt]:
    """Those retakes whose time is over on that day (R6): it counts from the day of the first decision."""
    return [
        attempt
        for attempt in attempts
        if attempt.kind == Attempt.Kind.RETAKE
        and attempt.enrolment.decided_on is not None
        and held_on > retake_until(attempt.enrolment.decided_on, settings.RETAKE_WINDOW)
    ]


def retake_note(attempts: list[Attempt], criteria: Iterable[Criterion]) -> str:
    """What the sheet says about somebody who retakes: the points that stand from before, in the order of `criteria`.

    Empty for others. `attempts` are the enrolment's, the oldest first, with outcomes.
    """
    if not attempts or attempts[-1].kind != Attempt.Kind.RETAKE:
        return ""
    before = next((one for one in reversed(attempts[:-1]) if one.state == AttemptState.DECIDED), None)
    outcome = getattr(before, "outcome", None) if before else None
    if outcome is None or outcome.total is None:
        return _("Retake.")
    points = " + ".join(str(outcome.points[c.code]) for c in criteria if c.code in outcome.points)
    return _("Retake. Before: %(points)s = %(total)s") % {"points": points, "total": outcome.total}
