"""Into a cohort and out of it: admission to a place, enrolment by an order, withdrawal."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Refused
from core.kazakh import date_attributive
from core.states import born, move
from enrollment.cohorts import locked, names_of
from enrollment.models import SEATED, Cohort, CohortState, Enrolment, EnrolmentState, Listener

TAKES_PEOPLE = (CohortState.OPEN, CohortState.RUNNING)
# No order of this institute is older; catches a year typed with two digits.
EARLIEST_ORDER = date(2000, 1, 1)
FEW = 500  # more people than this are looked up through the whole cohort, not one by one


class CohortFull(Refused):
    """The cohort has fewer free places than were asked for."""


def refuse_unless_taking_people(cohort: Cohort) -> None:
    """Raises `Refused` unless the cohort is open or running."""
    if cohort.state not in TAKES_PEOPLE:
        raise Refused(
            _("The cohort %(code)s is in the state “%(state)s”; people are admitted while it is open or running.")
            % {"code": cohort.code, "state": cohort.get_state_display()}
        )


def refuse_overfull(cohort: Cohort, wanted: int) -> None:
    """Raises `CohortFull` when `wanted` more places are not free. Call it with the cohort's row locked."""
    taken = cohort.enrolments.seated().count()
    if wanted and taken + wanted > cohort.capacity:
        raise CohortFull(
            _("The cohort %(code)s has %(capacity)s places, %(taken)s of them taken; %(wanted)s more do not fit.")
            % {"code": cohort.code, "capacity": cohort.capacity, "taken": taken, "wanted": wanted}
        )


@transaction.atomic
def admit(*, cohort: Cohort, listeners: Iterable[Listener], by: User | None, reason: str = "") -> list[Enrolment]:
    """Give each listener a place in the cohort, all or nobody; returns their enrolments in the same order.

    The cohort's row is locked first, so its capacity holds even when two act at once. Who already has a place keeps
    it; an application becomes an admission. Raises `CohortFull`, and `Refused` for a cohort that takes nobody and
    for people who left this cohort for good.
    """
    held = locked(cohort)
    refuse_unless_taking_people(held)
    wanted = list(dict.fromkeys(listeners))
    known = _enrolments_of(held, wanted)
    gone = [e for e in known.values() if e.state not in SEATED and e.state != EnrolmentState.APPLIED]
    if gone:
        raise Refused(
            _("They have left this cohort and cannot be admitted to it again: %(names)s.") % {"names": names_of(gone)}
        )
    applied = [e for e in known.values() if e.state == EnrolmentState.APPLIED]
    new = [
        Enrolment(cohort=held, listener=listener, state=EnrolmentState.ADMITTED)
        for listener in wanted
        if listener.pk not in known
    ]
    refuse_overfull(held, len(applied) + len(new))
    for enrolment in applied:
        move(enrolment, EnrolmentState.ADMITTED, by=by, reason=reason)
    Enrolment.objects.bulk_create(new)
    born(new, by=by, reason=reason)
    known |= {enrolment.listener_id: enrolment for enrolment in new}
    return [known[listener.pk] for listener in wanted]


def _enrolments_of(cohort: Cohort, listeners: list[Listener]) -> dict[int, Enrolment]:
    """The listeners' enrolments in this cohort, by listener; one query however many they are."""
    enrolments = cohort.enrolments.select_related("listener")
    if len(listeners) <= FEW:
        enrolments = enrolments.filter(listener__in=listeners)
    wanted = {listener.pk for listener in listeners}
    return {enrolment.listener_id: enrolment for enrolment in enrolments if enrolment.listener_id in wanted}


@transaction.atomic
def enrol(*, enrolments: Sequence[Enrolment], order_no: str, order_date: date, by: User | None) -> Sequence[Enrolment]:
    """Admitted → enrolled by an order, all or nobody; number and date are kept with each and as audit basis.

    Repeating the same order changes nothing. Raises `Refused` without people, number or a sensible date, for a cohort
    that is not open or running, and for anybody who is not admitted.
    """
    order_no = " ".join(order_no.split())
    if not enrolments:
        raise Refused(_("Choose at least one person."))
    if not order_no:
        raise Refused(_("Give the number of the order."))
    for cohort in Cohort.objects.select_for_update().filter(pk__in={e.cohort_id for e in enrolments}).order_by("pk"):
        refuse_unless_taking_people(cohort)
        _refuse_order_date(cohort, order_date)
    stored = list(Enrolment.objects.filter(pk__in=[e.pk for e in enrolments]).by_name())
    done = [
        e for e in stored if e.state == EnrolmentState.ENROLLED and (e.order_no, e.order_date) == (order_no, order_date)
    ]
    unfit = [e for e in stored if e.state != EnrolmentState.ADMITTED and e not in done]
    if unfit:
        raise Refused(
            _("They are not in the state “admitted”, so no order enrols them: %(names)s.") % {"names": names_of(unfit)}
        )
    finished = {e.pk for e in done}
    basis = basis_of(order_no, order_date)
    for enrolment in enrolments:
        if enrolment.pk not in finished:
            move(enrolment, EnrolmentState.ENROLLED, by=by, basis=basis, order_no=order_no, order_date=order_date)
    return enrolments


def basis_of(order_no: str, order_date: date) -> str:
    """How the audit trail names an order: official Kazakh, «2026 жылғы 4 қыркүйектегі № 12-к бұйрық»."""
    return f"{date_attributive(order_date)} №\N{NO-BREAK SPACE}{order_no} бұйрық"


def _refuse_order_date(cohort: Cohort, order_date: date) -> None:
    if not EARLIEST_ORDER <= order_date <= cohort.ends_on:
        raise Refused(
            _("The order's date cannot be later than the last day of the cohort %(code)s, nor before 2000.")
            % {"code": cohort.code}
        )


@transaction.atomic
def withdraw(*, enrolment: Enrolment, reason: str, by: User | None) -> Enrolment:
    """Take somebody out who has no outcome yet; the place becomes free.

    Raises `Refused` without a reason and in a closed or cancelled cohort, `MoveRefused` when an outcome stands.
    """
    held = locked(enrolment.cohort)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why the person leaves."))
    if held.state in (CohortState.CLOSED, CohortState.CANCELLED):
        raise Refused(_("The cohort is closed; nobody can leave it any more."))
    return move(enrolment, EnrolmentState.WITHDRAWN, by=by, reason=reason)
