"""The cohorts into which a request may lead today, by the rules by which an order is signed (R7, R8)."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from enrollment.admission import TAKES_PEOPLE
from enrollment.models import Cohort, Enrolment, Way
from enrollment.standings import standing_of
from enrollment.ways import Standing, follows, transfer_until

WITH_COHORT = (Way.TRANSFER, Way.NEXT_COHORT, Way.REINSTATEMENT)


def _unfit(cohort: Cohort, standing: Standing, way: Way, own_ends_on: date, day: date) -> str:
    """Why the rule of the way keeps the cohort out, as a sentence; empty when it does not."""
    if cohort.state not in TAKES_PEOPLE or cohort.ends_on < day:
        return _("The cohort %(code)s takes no people now.") % {"code": cohort.code}
    if way == Way.TRANSFER and cohort.starts_on > transfer_until(standing):
        return _("The cohort %(code)s begins after this calendar year.") % {"code": cohort.code}
    if way == Way.NEXT_COHORT and not follows(own_ends_on, cohort.ends_on):
        return _("The cohort %(code)s does not follow the listener's own.") % {"code": cohort.code}
    return ""


def why_not_into(cohort: Cohort, enrolment: Enrolment, way: Way, day: date) -> str:
    """Why the person cannot go into this cohort on that day, as a sentence; empty when nothing stands against it.

    A cohort that is full may be asked for: a place may become free before the order.
    """
    if cohort.pk == enrolment.cohort_id or cohort.enrolments.filter(listener=enrolment.listener_id).exists():
        return _("This listener is or was in the cohort %(code)s already.") % {"code": cohort.code}
    if cohort.edition_id != enrolment.cohort.edition_id:
        return _("The cohort %(code)s follows another edition of the programme.") % {"code": cohort.code}
    return _unfit(cohort, standing_of(enrolment), way, enrolment.cohort.ends_on, day)


def targets(enrolment: Enrolment, way: Way, day: date) -> list[Any]:
    """The cohorts that fit the way on that day, the soonest first, each with `seats_free`.

    By the rules of `why_not_into`, in four queries for any number of cohorts.
    """
    if way not in WITH_COHORT:
        return []
    taking: Any = Cohort.objects.with_seats().filter(
        edition=enrolment.cohort.edition_id, state__in=TAKES_PEOPLE, ends_on__gte=day
    )
    known = set(Enrolment.objects.filter(listener=enrolment.listener_id).values_list("cohort", flat=True))
    standing, own_ends_on = standing_of(enrolment), enrolment.cohort.ends_on
    fitting = [
        cohort
        for cohort in taking.order_by("starts_on", "code")
        if cohort.pk not in known and not _unfit(cohort, standing, way, own_ends_on, day)
    ]
    for cohort in fitting:
        cohort.seats_free = max(0, cohort.capacity - cohort.seats_taken)
    return fitting
