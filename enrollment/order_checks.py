"""What an order is refused for: people whose state, request, way or target does not fit. Nothing here moves anybody."""

from collections.abc import Callable, Iterable
from datetime import date

from django.utils.translation import gettext as _

from core.errors import Refused
from enrollment.admission import refuse_elsewhere, refuse_overfull, refuse_unless_taking_people
from enrollment.cohorts import names_of
from enrollment.models import (
    Cohort,
    MovementRequest,
    Order,
    OrderKind,
    OrderLine,
    RequestState,
    SupportingPaper,
    Way,
)
from enrollment.standings import limits, standings_of
from enrollment.ways import ways

WITH_REQUEST = {OrderKind.TRANSFER, OrderKind.DEFERRAL}  # R8, R9: a valid reason on file
WITH_PAPERS = {OrderKind.DEFERRAL}  # R9: and documents that support it


def refuse_for(lines: Iterable[OrderLine], sentence: str) -> None:
    """Raise `Refused` with the sentence, whose %(names)s are those of the lines, if there are any."""
    if unfit := list(lines):
        raise Refused(sentence % {"names": names_of(line.enrolment for line in unfit)})


def refuse_other_states(lines: list[OrderLine], *states: str) -> None:
    wrong = [line for line in lines if line.enrolment.state not in states]
    refuse_for(wrong, _("An order of this kind does not fit their present state: %(names)s."))


def way_of(kind: str, *, has_cohort: bool) -> Way | None:
    """The way that an order of this kind carries out; None for one that nobody asks for."""
    if kind == OrderKind.RETAKE:
        return Way.NEXT_COHORT if has_cohort else Way.RETAKE  # R7, R6
    return Way(kind) if kind in Way.values else None


def check_requests(order: Order, lines: list[OrderLine]) -> None:
    """Requests belong to their people and ask for this; R8 and R9 need one, R9 with papers."""
    asked = [(line, line.request) for line in lines if line.request]
    foreign = [line for line, request in asked if request.enrolment_id != line.enrolment_id]
    refuse_for(foreign, _("A request belongs to somebody else: %(names)s."))
    done = [line for line, request in asked if request.state != RequestState.FILED]
    refuse_for(done, _("Their request is decided already: %(names)s."))
    if order.kind in WITH_REQUEST:
        without = [line for line in lines if line.request is None]
        refuse_for(without, _("There is no request with a valid reason on file: %(names)s."))
    unfit = [
        line for line, request in asked if request.way != way_of(order.kind, has_cohort=line.cohort_id is not None)
    ]
    refuse_for(unfit, _("They asked for something else than this order gives: %(names)s."))
    if order.kind in WITH_PAPERS:
        papers = set(
            SupportingPaper.objects.filter(request__in=[r.pk for _line, r in asked]).values_list("request", flat=True)
        )
        bare = [line for line, request in asked if request.pk not in papers]
        refuse_for(bare, _("No supporting paper is on file: %(names)s."))


def check_ways(lines: list[OrderLine], day: date, taken: Callable[[OrderLine], Way]) -> None:
    """Each person's way is open on `day`, the order's date (R6–R9)."""
    standings = standings_of([line.enrolment for line in lines])
    for line in lines:
        out = ways(standings[line.enrolment_id], day, limits())[taken(line)]
        if not out.is_open:
            raise Refused(f"{line.enrolment.listener}: {out.why_not}")


def refuse_over(cohort: Cohort, day: date) -> None:
    """Raises `Refused` for an order that is later than the cohort's last day."""
    if day > cohort.ends_on:
        raise Refused(
            _("The order's date cannot be later than the last day of the cohort %(code)s.") % {"code": cohort.code}
        )


def check_targets(lines: list[OrderLine], day: date) -> None:
    """The cohorts where people go: of the edition, not theirs, taking people on `day`, with places, not twice."""
    going = [line for line in lines if line.cohort]
    same = [line for line in going if line.cohort_id == line.enrolment.cohort_id]
    refuse_for(same, _("They are in this cohort already: %(names)s."))
    other = [line for line in going if line.cohort and line.cohort.edition_id != line.enrolment.cohort.edition_id]
    refuse_for(other, _("The other cohort follows another edition of the programme: %(names)s."))
    leaving = [line.enrolment_id for line in going]
    for cohort in {line.cohort for line in going if line.cohort}:
        coming = [line for line in going if line.cohort_id == cohort.pk]
        refuse_unless_taking_people(cohort)
        refuse_over(cohort, day)
        refuse_elsewhere(cohort, [line.enrolment.listener_id for line in coming], leaving=leaving)
        there = set(cohort.enrolments.values_list("listener", flat=True))
        known = [line for line in coming if line.enrolment.listener_id in there]
        refuse_for(known, _("They are or were in the other cohort already: %(names)s."))
        refuse_overfull(cohort, len(coming))


def check_reopening(undone: list[OrderLine]) -> None:
    """Requests that become open again; a person has one open request at a time."""
    reopened = [line for line in undone if line.request and line.request.state == RequestState.ORDERED]
    filed = MovementRequest.objects.filter(
        enrolment__in=[line.enrolment_id for line in reopened], state=RequestState.FILED
    )
    busy = set(filed.values_list("enrolment", flat=True))
    refuse_for(
        [line for line in reopened if line.enrolment_id in busy],
        _("They have another open request; decide it first: %(names)s."),
    )
