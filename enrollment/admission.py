"""Into a cohort and out of it before any order: admission to a place, and leaving it."""

from collections.abc import Collection, Iterable

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, Refused
from core.nudge import nudge
from core.states import born, move
from enrollment import application_letters as letters
from enrollment.cohorts import ADVANCE, NAMED, locked, names_of
from enrollment.models import (
    SEATED,
    TAKES_PEOPLE,
    Application,
    Cohort,
    CohortState,
    Enrolment,
    EnrolmentState,
    Listener,
)
from programs.models import ProgrammeEdition

# Cohorts in which somebody may take part only once at a time, and how.
AT_WORK = (CohortState.OPEN, CohortState.RUNNING, CohortState.ASSESSING)
TAKING_PART = (EnrolmentState.ADMITTED, EnrolmentState.ENROLLED)
ASKING = (EnrolmentState.APPLIED, EnrolmentState.WAITING)
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


def refuse_elsewhere(cohort: Cohort, listeners: Collection[int]) -> None:
    """Raises `Refused`, naming people, when somebody takes part in another cohort of the same edition at work now.

    Call it with the cohort's row locked; the edition's row is held too, so that two cohorts do not take one person.
    """
    if twice := taking_part_elsewhere(cohort, listeners):
        raise Refused(
            _("They take part in another cohort of this programme already: %(names)s.")
            % {"names": ", ".join(str(enrolment) for enrolment in twice[:NAMED]) + (" …" if twice[NAMED:] else "")}
        )


def taking_part_elsewhere(cohort: Cohort, listeners: Collection[int]) -> list[Enrolment]:
    """Where else in the same edition these listeners take part; holds the edition, see `refuse_elsewhere`."""
    ProgrammeEdition.objects.select_for_update(no_key=True).get(pk=cohort.edition_id)
    other = (
        Enrolment.objects.filter(state__in=TAKING_PART, cohort__edition=cohort.edition_id, cohort__state__in=AT_WORK)
        .exclude(cohort=cohort.pk)
        .select_related("listener", "cohort")
    )
    if len(listeners) <= FEW:
        other = other.filter(listener__in=listeners)
    wanted = set(listeners)
    return [enrolment for enrolment in other if enrolment.listener_id in wanted]


def refuse_other_names(enrolments: Collection[Enrolment]) -> None:
    """Raises `Refused`, naming people, while the register has another name under an applicant's IIN."""
    if not enrolments:
        return
    newest = Application.objects.newest_of(list(enrolments))
    if unclear := [one.enrolment for one in newest if one.name_differs and one.enrolment]:
        raise Refused(
            _("The register has another name under their IIN: %(names)s. Open the application and settle that first.")
            % {"names": names_of(unclear)}
        )


def refuse_unusable(listeners: Collection[Listener]) -> None:
    """Raises `Refused` for entries that were merged into another one or whose personal data are erased."""
    if gone := [listener for listener in listeners if listener.merged_into_id or listener.pseudonymised_at]:
        names = ", ".join(map(str, gone[:NAMED])) + (" …" if gone[NAMED:] else "")
        raise Refused(_("These entries of the register are not used any more: %(names)s.") % {"names": names})


@transaction.atomic
def admit(*, cohort: Cohort, listeners: Iterable[Listener], by: User | None, reason: str = "") -> list[Enrolment]:
    """Give each listener a place in the cohort, all or nobody; returns their enrolments in the same order.

    The cohort's row is locked first, so its capacity holds even when two act at once. Who already has a place keeps
    it; an application becomes an admission and the applicant is told. Raises `CohortFull`, and `Refused` for a cohort
    that takes nobody, for people who left this cohort for good and for applicants whose name is unclear.
    """
    held = locked(cohort)
    refuse_unless_taking_people(held)
    wanted = list(dict.fromkeys(listeners))
    refuse_unusable(wanted)
    known = _enrolments_of(held, wanted)
    gone = [e for e in known.values() if e.state not in (*SEATED, *ASKING)]
    if gone:
        raise Refused(
            _("They have left this cohort and cannot be admitted to it again: %(names)s.") % {"names": names_of(gone)}
        )
    refuse_elsewhere(held, [listener.pk for listener in wanted])
    applied = [e for e in known.values() if e.state in ASKING]
    new = [
        Enrolment(cohort=held, listener=listener, state=EnrolmentState.ADMITTED)
        for listener in wanted
        if listener.pk not in known
    ]
    refuse_other_names(applied)
    refuse_overfull(held, len(applied) + len(new))
    for enrolment in applied:
        move(enrolment, EnrolmentState.ADMITTED, by=by, reason=reason)
    try:
        with transaction.atomic():
            Enrolment.objects.bulk_create(new)
    except IntegrityError as error:  # merged or erased since `listeners` were read
        raise Conflict(_("Somebody has just changed the entry of one of these people. Please try again.")) from error
    letters.tell(applied, letters.ADMITTED)
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
def withdraw(*, enrolment: Enrolment, reason: str, by: User | None) -> Enrolment:
    """Take somebody out whom no order has enrolled yet; the place becomes free, and an applicant is told the reason.

    Raises `Refused` without a reason, for somebody enrolled (an order lets them go) and in a cohort that is over,
    `MoveRefused` when an outcome stands.
    """
    held = locked(enrolment.cohort)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why the person leaves."))
    if held.state in (CohortState.CLOSED, CohortState.CANCELLED):
        raise Refused(_("The cohort is closed; nobody can leave it any more."))
    stored = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if stored.state in (EnrolmentState.ENROLLED, EnrolmentState.DEFERRED):
        raise Refused(_("Who was enrolled by an order leaves by an order: write one of withdrawal or expulsion."))
    move(enrolment, EnrolmentState.WITHDRAWN, by=by, reason=reason)
    letters.tell([enrolment], letters.LEFT, reason=reason)
    nudge(ADVANCE)
    return enrolment
