"""The life of a cohort: planned, opened, started, assessed, closed or cancelled."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Refused
from core.nudge import nudge
from core.states import born, move
from enrollment import application_letters as letters
from enrollment.models import Cohort, CohortState, Enrolment, EnrolmentState
from enrollment.registers import keep
from enrollment.timetabling.booking import cancel_all
from programs import publishing
from programs.models import EditionState, ProgrammeEdition

BEFORE_AN_ORDER = (EnrolmentState.APPLIED, EnrolmentState.WAITING, EnrolmentState.ADMITTED)
UNDECIDED = (*BEFORE_AN_ORDER, EnrolmentState.ENROLLED)
DECIDED = (EnrolmentState.COMPLETED, EnrolmentState.NOT_PASSED)
DETAILS = ("code", "edition", "rubric", "study_format", "language", "starts_on", "ends_on", "capacity")
# What may no longer be edited in each state; the people who came rely on it, later the outcomes do.
FROZEN: dict[str, tuple[str, ...]] = {
    CohortState.PLANNED: (),
    CohortState.OPEN: ("edition", "rubric"),
    CohortState.RUNNING: ("edition", "rubric"),
    CohortState.ASSESSING: tuple(name for name in DETAILS if name != "capacity"),
    CohortState.CLOSED: DETAILS,
    CohortState.CANCELLED: DETAILS,
}
ADVANCE = "enrollment.advance_waiting"  # the task that gives free places to those who wait
NAMED = 5  # people whom a refusal names before it says "and others"


def locked(cohort: Cohort) -> Cohort:
    """The stored row, held until the transaction ends; everything that fills or empties a cohort holds it first."""
    return Cohort.objects.select_for_update().get(pk=cohort.pk)


def names_of(enrolments: Iterable[Enrolment]) -> str:
    """The first few names, for a sentence."""
    names = [str(enrolment.listener) for enrolment in enrolments]
    return ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")


@transaction.atomic
def plan(*, cohort: Cohort, by: User | None) -> Cohort:
    """Store a new cohort, its rubric pinned to the newest version of the edition's.

    Raises `Refused` when the edition is not approved, has no rubric or is not held in the cohort's format.
    """
    _pin(cohort)
    cohort.state = CohortState.PLANNED
    keep(cohort)
    born([cohort], by=by)
    return cohort


@transaction.atomic
def change(*, cohort: Cohort, by: User | None) -> Cohort:
    """Store edited details of a cohort, judged by its stored state.

    Raises `Refused` for a detail that the state has frozen, for fewer places than are taken, and as `plan` does.
    `by` reaches the row's history by way of the request.
    """
    held = locked(cohort)
    if cohort.edition_id != held.edition_id:
        _pin(cohort)
    for field in held._meta.concrete_fields:
        if field.name in FROZEN[held.state] and field.value_from_object(cohort) != field.value_from_object(held):
            raise Refused(
                _("In the state “%(state)s” this cannot be changed any more: %(field)s.")
                % {"state": held.get_state_display(), "field": field.verbose_name}
            )
    refuse_too_few_places(held, cohort.capacity)
    if cohort.study_format != held.study_format:
        _refuse_format(cohort)
    cohort.state = cohort._stored_state = held.state
    keep(cohort, DETAILS)
    if cohort.capacity > held.capacity:
        nudge(ADVANCE)
    return cohort


def refuse_too_few_places(cohort: Cohort, capacity: int) -> None:
    """Raises `Refused` when `capacity` is below the number of places that are taken."""
    taken = cohort.enrolments.seated().count()
    if capacity < taken:
        raise Refused(_("Places that are already taken: %(taken)s. There cannot be fewer.") % {"taken": taken})


def _pin(cohort: Cohort) -> None:
    _refuse_unapproved(cohort.edition)
    rubric = cohort.edition.current_rubric()
    if rubric is None:
        raise Refused(_("The programme edition has no rubric yet."))
    cohort.rubric = rubric
    _refuse_format(cohort)


def _refuse_unapproved(edition: ProgrammeEdition) -> None:
    if not edition.is_in_force:
        raise Refused(_("The programme edition is not approved, so no cohort can run on it."))


def _refuse_format(cohort: Cohort) -> None:
    if cohort.study_format not in cohort.edition.formats:
        raise Refused(_("The programme edition is not held in this format."))


@transaction.atomic
def open_cohort(*, cohort: Cohort, by: User | None) -> Cohort:
    """Planned → open: people may be admitted. An approved edition comes into use with its first cohort.

    Raises `Refused` when the edition is neither approved nor in use, `MoveRefused` from another state.
    """
    held = locked(cohort)
    edition = held.edition
    _refuse_unapproved(edition)
    move(cohort, CohortState.OPEN, by=by)
    if edition.state == EditionState.APPROVED:
        publishing.put_in_use(edition=edition, by=by)
    return cohort


@transaction.atomic
def start(*, cohort: Cohort, by: User | None) -> Cohort:
    """Open → running. Raises `Refused` while nobody is enrolled by an order."""
    _refuse_empty(locked(cohort))
    return move(cohort, CohortState.RUNNING, by=by)


@transaction.atomic
def begin_assessment(*, cohort: Cohort, by: User | None) -> Cohort:
    """Running → final assessment; edition, rubric and dates are frozen, and nobody is admitted any more.

    Who is still on the waiting list is refused and told that no place became free. Raises `Refused` when the cohort is
    empty, and, naming people, while an application is not decided.
    """
    held = locked(cohort)
    _refuse_empty(held)
    _refuse_undecided_applications(held)
    reason = _("No place became free.")
    waiting = list(held.enrolments.filter(state=EnrolmentState.WAITING).order_by("pk"))
    for enrolment in waiting:
        move(enrolment, EnrolmentState.REFUSED, by=by, reason=reason)
    letters.tell(waiting, letters.NO_PLACE)
    return move(cohort, CohortState.ASSESSING, by=by)


def _refuse_undecided_applications(cohort: Cohort) -> None:
    undecided = cohort.enrolments.filter(state=EnrolmentState.APPLIED).by_name()[: NAMED + 1]
    if undecided:
        raise Refused(
            _("These people have applied and nobody has decided: %(names)s. Admit or refuse them first.")
            % {"names": names_of(undecided)}
        )
    if cohort.applications.held().exists():
        raise Refused(_("An application to this cohort is still to be looked at. Open the applications first."))


@transaction.atomic
def close(*, cohort: Cohort, by: User | None) -> Cohort:
    """Final assessment → closed. Raises `Refused`, naming people, while somebody has neither outcome nor exit."""
    held = locked(cohort)
    _refuse_undecided_applications(held)
    undecided = held.enrolments.filter(state__in=UNDECIDED).by_name()[: NAMED + 1]
    if undecided:
        raise Refused(
            _("These people have no outcome yet: %(names)s. Close the protocol over them or withdraw them first.")
            % {"names": names_of(undecided)}
        )
    return move(cohort, CohortState.CLOSED, by=by)


@transaction.atomic
def cancel(*, cohort: Cohort, reason: str, by: User | None) -> Cohort:
    """From any state but closed → cancelled; whoever applied or was admitted leaves with the same reason, and is told;
    what is timetabled is called off.

    Raises `Refused` without a reason, when somebody already has an outcome (documents may rest on it), and while
    somebody is enrolled: an order transfers them or lets them go first.
    """
    held = locked(cohort)
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why the cohort is cancelled."))
    decided = held.enrolments.filter(state__in=DECIDED).by_name()[: NAMED + 1]
    if decided:
        raise Refused(
            _("These people already have an outcome: %(names)s. The cohort can be closed, not cancelled.")
            % {"names": names_of(decided)}
        )
    enrolled = held.enrolments.filter(state=EnrolmentState.ENROLLED).by_name()[: NAMED + 1]
    if enrolled:
        raise Refused(
            _("These people are enrolled by an order: %(names)s. Transfer them or let them go by an order first.")
            % {"names": names_of(enrolled)}
        )
    move(cohort, CohortState.CANCELLED, by=by, reason=reason)
    leaving = list(held.enrolments.filter(state__in=BEFORE_AN_ORDER).order_by("pk"))
    for enrolment in leaving:
        move(enrolment, EnrolmentState.WITHDRAWN, by=by, reason=reason)
    letters.tell(leaving, letters.CANCELLED, reason=reason)
    for application in held.applications.held().order_by("pk"):
        application.set_aside_at, application.set_aside_by, application.set_aside_reason = timezone.now(), by, reason
        application.save(update_fields=["set_aside_at", "set_aside_by", "set_aside_reason"])
        letters.write(application, letters.CANCELLED, reason=reason)
    cancel_all(cohort=held, reason=reason, by=by)
    return cohort


def _refuse_empty(cohort: Cohort) -> None:
    if not cohort.enrolments.filter(state=EnrolmentState.ENROLLED).exists():
        raise Refused(_("Nobody is enrolled by an order yet."))
