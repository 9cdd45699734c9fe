"""Whether an order can be signed as it is: the order itself and everybody of its list (R2, R6–R10).

Signing raises the first complaint, the page of a draft shows all of them; so the screen never disagrees with what
happens. Nothing here writes.
"""

from collections.abc import Callable
from datetime import date
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.errors import Refused
from core.workdays import month_later
from enrollment.admission import AT_WORK, refuse_elsewhere, refuse_overfull, refuse_unless_taking_people
from enrollment.admission import TAKING_PART as TAKING_A_PLACE
from enrollment.models import (
    Cohort,
    DecisionLine,
    Enrolment,
    EnrolmentState,
    Order,
    OrderKind,
    OrderLine,
    OrderState,
    RequestState,
    Signatory,
    SupportingPaper,
    Way,
)
from enrollment.order_complaints import Complaint, Complaints, asked, unfit
from enrollment.order_undoing import judge_cancellation
from enrollment.standings import limits, standings_of
from enrollment.ways import WayOut, follows, transfer_until, ways
from programs.models import ProgrammeEdition

# No order of this institute is older; catches a year typed with two digits.
EARLIEST_ORDER = date(2000, 1, 1)
WITH_REQUEST = {OrderKind.TRANSFER, OrderKind.DEFERRAL}  # R8, R9: a valid reason on file
WITH_PAPERS = {OrderKind.DEFERRAL}  # R9: and documents that support it


@transaction.atomic  # what is judged may be locked while it is read
def complaints_about(order: Order, lines: list[OrderLine], *, terms: bool = True) -> list[Complaint]:
    """All complaints, for a page; without `terms` those about the people only."""
    return list(judge(order, lines) if terms else judge_people(order, lines))


def judge(order: Order, lines: list[OrderLine]) -> Complaints:
    """Everything that keeps this order from being signed now; nothing when it can be."""
    yield from judge_terms(order)
    yield from judge_people(order, lines)


def judge_terms(order: Order) -> Complaints:
    """The date, the reason for an earlier one, and the signatory's power on it (R2)."""
    today = timezone.localdate()
    if order.date > today:
        yield Complaint(Refused(_("The order's date lies in the future.")))
    elif order.date < EARLIEST_ORDER:
        yield Complaint(Refused(_("The order's date cannot be before 2000.")))
    elif order.date < today and not order.backdating_reason:
        yield Complaint(Refused(_("The order bears an earlier date than today. Say why it is recorded only now.")))
    if not Signatory.objects.in_power_on(order.date).filter(pk=order.signatory_id).exists():
        yield Complaint(
            Refused(
                _("%(name)s has no power to sign on %(date)s.")
                % {"name": order.signatory.full_name, "date": date_format(order.date, "SHORT_DATE_FORMAT")}
            )
        )


def judge_people(order: Order, lines: list[OrderLine]) -> Complaints:
    """Everybody of the list, as the kind of order asks."""
    if not lines:
        yield Complaint(Refused(_("Choose at least one person.")))
        return
    yield from _requests(order, lines)
    yield from JUDGES[OrderKind(order.kind)](order, lines)


def _other_states(lines: list[OrderLine], *states: str) -> Complaints:
    wrong = [line for line in lines if line.enrolment.state not in states]
    yield from unfit(wrong, _("An order of this kind does not fit their present state: %(names)s."))


def way_of(kind: str, *, has_cohort: bool) -> Way | None:
    """The way that an order of this kind carries out; None for one that nobody asks for."""
    if kind == OrderKind.RETAKE:
        return Way.NEXT_COHORT if has_cohort else Way.RETAKE  # R7, R6
    return Way(kind) if kind in Way.values else None


def _requests(order: Order, lines: list[OrderLine]) -> Complaints:
    """Requests belong to their people and ask for this; R8 and R9 need one, R9 with papers."""
    asking = [(line, line.request) for line in lines if line.request]
    foreign = [line for line, request in asking if request.enrolment_id != line.enrolment_id]
    yield from unfit(foreign, _("A request belongs to somebody else: %(names)s."))
    done = [line for line, request in asking if request.state != RequestState.FILED]
    yield from unfit(done, _("Their request is decided already: %(names)s."))
    if order.kind in WITH_REQUEST:
        without = [line for line in lines if line.request is None]
        yield from unfit(without, _("There is no request with a valid reason on file: %(names)s."))
    other = [
        line for line, request in asking if request.way != way_of(order.kind, has_cohort=line.cohort_id is not None)
    ]
    yield from unfit(other, _("They asked for something else than this order gives: %(names)s."))
    if order.kind in WITH_PAPERS:
        papers = SupportingPaper.objects.filter(request__in=[request.pk for _line, request in asking])
        supported = set(papers.values_list("request", flat=True))
        bare = [line for line, request in asking if request.pk not in supported]
        yield from unfit(bare, _("No supporting paper is on file: %(names)s."))


def _verdicts(order: Order, lines: list[OrderLine]) -> dict[int, dict[Way, WayOut]]:
    """The ways of each person on the order's date, by enrolment."""
    standings = standings_of([line.enrolment for line in lines])
    return {pk: ways(standing, order.date, limits()) for pk, standing in standings.items()}


def _ways(order: Order, lines: list[OrderLine], way_of: Callable[[OrderLine], Way]) -> Complaints:
    """Each person's way is open on the order's date (R6–R9)."""
    verdicts = _verdicts(order, lines)
    for line in lines:
        out = verdicts[line.enrolment_id][way_of(line)]
        if not out.is_open:
            yield Complaint(Refused(f"{line.enrolment.listener}: {out.why_not}"), (line,))


def _over(order: Order, cohort: Cohort, coming: list[OrderLine]) -> Complaints:
    """An order is no later than the last day of the cohort into which it brings people."""
    if order.date > cohort.ends_on:
        late = _("The order's date cannot be later than the last day of the cohort %(code)s.")
        yield Complaint(Refused(late % {"code": cohort.code}), tuple(coming))


def _targets(order: Order, lines: list[OrderLine]) -> Complaints:
    """The cohorts where people go: of the edition, not theirs, taking people, with places, not twice."""
    going = [line for line in lines if line.cohort]
    same = [line for line in going if line.cohort_id == line.enrolment.cohort_id]
    yield from unfit(same, _("They are in this cohort already: %(names)s."))
    other = [line for line in going if line.cohort and line.cohort.edition_id != line.enrolment.cohort.edition_id]
    yield from unfit(other, _("The other cohort follows another edition of the programme: %(names)s."))
    for cohort in {line.cohort for line in going if line.cohort}:
        coming = [line for line in going if line.cohort_id == cohort.pk and line not in same]
        yield from asked(partial(refuse_unless_taking_people, cohort), coming)
        yield from _over(order, cohort, coming)
        there = set(cohort.enrolments.values_list("listener", flat=True))
        known = [line for line in coming if line.enrolment.listener_id in there]
        yield from unfit(known, _("They are or were in the other cohort already: %(names)s."))
        yield from asked(partial(refuse_overfull, cohort, len(coming)), coming)


def _elsewhere(lines: list[OrderLine]) -> Complaints:
    """Nobody takes part in two cohorts of one edition at work; the enrolment that an order ends does not count."""
    mine = {line.enrolment.listener_id: line for line in lines}
    # Held as `refuse_elsewhere` holds them, so that two orders do not take one person into two cohorts.
    editions = {line.enrolment.cohort.edition_id for line in lines}
    list(ProgrammeEdition.objects.select_for_update(no_key=True).filter(pk__in=editions).order_by("pk"))
    at_work = Enrolment.objects.filter(listener__in=mine, state__in=TAKING_A_PLACE, cohort__state__in=AT_WORK).exclude(
        pk__in=[line.enrolment_id for line in lines]
    )
    busy = {
        listener
        for listener, edition, cohort in at_work.values_list("listener", "cohort__edition", "cohort")
        if edition == mine[listener].enrolment.cohort.edition_id and cohort != mine[listener].cohort_id
    }
    yield from unfit(
        [line for line in lines if line.enrolment.listener_id in busy],
        _("They take part in another cohort of this programme already: %(names)s."),
    )


def _enrolment(order: Order, lines: list[OrderLine]) -> Complaints:
    """Admitted, with the agreement accepted or on file."""
    yield from _other_states(lines, EnrolmentState.ADMITTED)
    listed = [line.enrolment_id for line in lines]
    agreed = set(Enrolment.objects.filter(pk__in=listed, agreement__isnull=False).values_list("pk", flat=True))
    without = [line for line in lines if line.enrolment_id not in agreed]
    yield from unfit(without, _("The course agreement is neither accepted nor on file: %(names)s."))
    for cohort in {line.enrolment.cohort for line in lines}:
        coming = [line for line in lines if line.enrolment.cohort_id == cohort.pk]
        listeners = [line.enrolment.listener_id for line in coming]
        yield from asked(partial(refuse_unless_taking_people, cohort), coming)
        yield from _over(order, cohort, coming)
        yield from asked(partial(refuse_elsewhere, cohort, listeners), coming)


def _transfer(order: Order, lines: list[OrderLine]) -> Complaints:
    """R8: into another cohort of the edition that begins within the calendar year."""
    yield from unfit([line for line in lines if line.cohort is None], _("Say into which cohort they go: %(names)s."))
    yield from _ways(order, lines, lambda line: Way.TRANSFER)
    yield from _targets(order, lines)
    yield from _elsewhere(lines)
    standings = standings_of([line.enrolment for line in lines])
    late = [
        line for line in lines if line.cohort and line.cohort.starts_on > transfer_until(standings[line.enrolment_id])
    ]
    yield from unfit(late, _("The other cohort begins after this calendar year: %(names)s."))


def _deferral(order: Order, lines: list[OrderLine]) -> Complaints:
    """R9: until a set date, within what a deferral may last."""
    yield from _ways(order, lines, lambda line: Way.DEFERRAL)
    yield from unfit([line for line in lines if line.until is None], _("Say until when: %(names)s."))
    last = month_later(order.date, limits().deferral_months)
    outside = [line for line in lines if line.until and not order.date < line.until <= last]
    yield from unfit(outside, _("The date lies outside what a deferral may last: %(names)s."))


def _reinstatement(order: Order, lines: list[OrderLine]) -> Complaints:
    """Back into the own cohort, or into another one of the edition."""
    yield from _ways(order, lines, lambda line: Way.REINSTATEMENT)
    yield from _targets(order, lines)
    yield from _elsewhere(lines)
    staying = [line for line in lines if line.cohort is None]
    decided = [line for line in staying if line.enrolment.state == EnrolmentState.NOT_PASSED]
    yield from unfit(decided, _("Say into which cohort they go: %(names)s."))
    for cohort in {line.enrolment.cohort for line in staying}:
        back = [line for line in staying if line.enrolment.cohort_id == cohort.pk]
        yield from asked(partial(refuse_unless_taking_people, cohort), back)
        yield from asked(partial(refuse_overfull, cohort, len(back)), back)


def _expulsion(order: Order, lines: list[OrderLine]) -> Complaints:
    """R10: resting on a decision of the commission about each of them."""
    yield from _other_states(lines, EnrolmentState.ENROLLED, EnrolmentState.DEFERRED)
    decision = order.decision
    if decision is None:
        yield Complaint(Refused(_("Nobody is expelled without a decision of the commission. Choose it.")))
        return
    if decision.held_on > order.date:
        yield Complaint(Refused(_("The commission's decision is later than the order.")))
    meant = set(decision.lines.filter(resolution=DecisionLine.Resolution.EXPEL).values_list("enrolment", flat=True))
    yield from unfit(
        [line for line in lines if line.enrolment_id not in meant],
        _("The commission has not decided to expel them: %(names)s."),
    )


def _withdrawal(order: Order, lines: list[OrderLine]) -> Complaints:
    """Out at one's own wish; the application is the basis."""
    yield from _ways(order, lines, lambda line: Way.WITHDRAWAL)
    if not order.basis and any(line.request is None for line in lines):
        yield Complaint(Refused(_("Give the basis: the application and its date.")))


def _completion(order: Order, lines: list[OrderLine]) -> Complaints:
    """Who has completed the course, once."""
    yield from _other_states(lines, EnrolmentState.COMPLETED)
    before = OrderLine.objects.filter(
        enrolment__in=[line.enrolment_id for line in lines],
        order__kind=OrderKind.COMPLETION,
        order__state=OrderState.SIGNED,
    )
    already = set(before.values_list("enrolment", flat=True))
    yield from unfit(
        [line for line in lines if line.enrolment_id in already],
        _("They stand in an order of completion already: %(names)s."),
    )


def _retake(order: Order, lines: list[OrderLine]) -> Complaints:
    """R6: the one retake. R7, with a cohort given: assessment together with that following cohort."""
    yield from _ways(order, lines, lambda line: Way.NEXT_COHORT if line.cohort else Way.RETAKE)
    yield from _targets(order, lines)
    yield from _elsewhere([line for line in lines if line.cohort])
    early = [line for line in lines if line.cohort and not follows(line.enrolment.cohort.ends_on, line.cohort.ends_on)]
    yield from unfit(early, _("The other cohort does not follow theirs: %(names)s."))


JUDGES: dict[OrderKind, Callable[[Order, list[OrderLine]], Complaints]] = {
    OrderKind.ENROLMENT: _enrolment,
    OrderKind.TRANSFER: _transfer,
    OrderKind.DEFERRAL: _deferral,
    OrderKind.REINSTATEMENT: _reinstatement,
    OrderKind.EXPULSION: _expulsion,
    OrderKind.WITHDRAWAL: _withdrawal,
    OrderKind.COMPLETION: _completion,
    OrderKind.RETAKE: _retake,
    OrderKind.CANCELLATION: judge_cancellation,
}
