"""The waiting list moves up by itself: who has waited longest gets the place that became free, and is told once."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from core.states import move
from enrollment import application_letters as letters
from enrollment.admission import taking_part_elsewhere
from enrollment.cohorts import locked
from enrollment.models import TAKES_PEOPLE, Cohort, Enrolment, EnrolmentState


def advance_waiting() -> int:
    """Give every free place of every cohort to who waits for it; returns how many got one. Safe to repeat."""
    return sum(len(advance(cohort=cohort)) for cohort in Cohort.objects.with_people_waiting())


@transaction.atomic
def advance(*, cohort: Cohort) -> list[Enrolment]:
    """Give the free places of one cohort to those who have waited longest, never more than there are.

    The cohort's row is locked, so a repeat, or another worker at the same moment, finds nothing left to do. Whoever
    has got a place in another cohort of the edition meanwhile is passed over and keeps waiting.
    """
    held = locked(cohort)
    free = held.capacity - held.enrolments.seated().count()
    if held.state not in TAKES_PEOPLE or free <= 0:
        return []
    waiting = list(queue_of(held))
    elsewhere = {other.listener_id for other in taking_part_elsewhere(held, [one.listener_id for one in waiting])}
    coming = [one for one in waiting if one.listener_id not in elsewhere][:free]
    with translation.override(settings.LANGUAGE_CODE):
        reason = _("A place became free")
    for enrolment in coming:
        move(enrolment, EnrolmentState.ADMITTED, by=None, reason=reason)
    letters.tell(coming, letters.ADMITTED)
    return coming


def queue_of(cohort: Cohort):  # type: ignore[no-untyped-def]
    """Those who wait for a place in this cohort, the first of them first."""
    waiting = cohort.enrolments.filter(state=EnrolmentState.WAITING).select_related("listener")
    return waiting.order_by("waiting_since", "pk")


def place_in_queue(enrolment: Enrolment) -> int:
    """The person's place on the waiting list, from 1; 0 for whoever does not wait."""
    waiting = list(queue_of(enrolment.cohort).values_list("pk", flat=True))
    return waiting.index(enrolment.pk) + 1 if enrolment.pk in waiting else 0


def put_behind(enrolment: Enrolment, *, by: User) -> None:
    """To the end of the waiting list. Call it with the cohort's row locked."""
    move(enrolment, EnrolmentState.WAITING, by=by, waiting_since=timezone.now())
