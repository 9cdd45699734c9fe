"""Whom an order of each kind can take: read from states, filed requests and the commission's decisions."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from core.kazakh import sort_key
from enrollment.admission import TAKES_PEOPLE
from enrollment.models import (
    Cohort,
    DecisionLine,
    Enrolment,
    EnrolmentState,
    MovementRequest,
    Order,
    OrderKind,
    OrderLine,
    OrderState,
    RequestState,
    Way,
)

MOST = 300  # people whom a page lists; a cohort is chosen to see others
TAKING_PART = (EnrolmentState.ENROLLED, EnrolmentState.DEFERRED)
REQUESTED: dict[str, tuple[str, ...]] = {
    OrderKind.TRANSFER: (Way.TRANSFER,),
    OrderKind.DEFERRAL: (Way.DEFERRAL,),
    OrderKind.REINSTATEMENT: (Way.REINSTATEMENT,),
    OrderKind.WITHDRAWAL: (Way.WITHDRAWAL,),
    OrderKind.RETAKE: (Way.RETAKE, Way.NEXT_COHORT),
}
ONLY_BY_REQUEST = (OrderKind.TRANSFER, OrderKind.DEFERRAL)  # R8, R9
WITH_COHORT = (OrderKind.TRANSFER, OrderKind.REINSTATEMENT, OrderKind.RETAKE)
WITH_DATE = (OrderKind.DEFERRAL,)
WITH_DECISION = (OrderKind.EXPULSION, OrderKind.TRANSFER, OrderKind.DEFERRAL, OrderKind.REINSTATEMENT)
DRAFTED = tuple(kind for kind in OrderKind if kind != OrderKind.CANCELLATION)


@dataclass(frozen=True)
class Candidate:
    """Somebody whom the order can take, or takes already, with what is known of where to and until when."""

    enrolment: Enrolment
    request: MovementRequest | None = None
    cohort: int | None = None
    until: date | None = None
    note: str = ""
    listed: bool = False


def _fitting(kind: str) -> Q:
    """The enrolments that an order of this kind fits, requests apart."""
    completed_before = OrderLine.objects.filter(
        enrolment=OuterRef("pk"), order__kind=OrderKind.COMPLETION, order__state=OrderState.SIGNED
    )
    to_expel = DecisionLine.objects.filter(enrolment=OuterRef("pk"), resolution=DecisionLine.Resolution.EXPEL)
    by_kind: dict[OrderKind, Q] = {
        OrderKind.ENROLMENT: Q(state=EnrolmentState.ADMITTED, cohort__state__in=TAKES_PEOPLE),
        OrderKind.REINSTATEMENT: Q(state__in=[EnrolmentState.EXPELLED, EnrolmentState.DEFERRED])
        | Q(state=EnrolmentState.NOT_PASSED, deferred_until__isnull=False),
        OrderKind.EXPULSION: Q(state__in=TAKING_PART) & Q(Exists(to_expel)),
        OrderKind.WITHDRAWAL: Q(state__in=TAKING_PART),
        OrderKind.COMPLETION: Q(state=EnrolmentState.COMPLETED) & ~Q(Exists(completed_before)),
        OrderKind.RETAKE: Q(state=EnrolmentState.NOT_PASSED),
    }
    return by_kind[OrderKind(kind)]


def candidates(kind: str, *, cohort: Cohort | None = None, draft: Order | None = None) -> list[Candidate]:
    """Whom the order can take, in the order of the Kazakh alphabet, at most MOST; those of the `draft` always.

    Where requests may be filed and no cohort is chosen, only who has filed one. A constant number of queries.
    """
    lines = {line.enrolment_id: line for line in draft.lines.select_related("request")} if draft else {}
    requests = {
        request.enrolment_id: request
        for request in MovementRequest.objects.filter(state=RequestState.FILED, way__in=REQUESTED.get(kind, ()))
    }
    if kind in ONLY_BY_REQUEST or (kind in REQUESTED and cohort is None):
        wanted = Q(pk__in=requests)
    else:
        wanted = _fitting(kind) | Q(pk__in=requests)
    if cohort is not None:
        wanted &= Q(cohort=cohort)
    shown = Enrolment.objects.select_related("cohort", "listener__employer").order_by("listener__sort_key", "pk")
    people = list(shown.filter(wanted).exclude(pk__in=lines)[:MOST]) + list(shown.filter(pk__in=lines))
    people.sort(key=lambda enrolment: (enrolment.listener.sort_key, enrolment.pk))
    return [_candidate(one, requests.get(one.pk), lines.get(one.pk)) for one in people]


def _candidate(enrolment: Enrolment, request: MovementRequest | None, line: OrderLine | None) -> Candidate:
    if line is not None:
        request = line.request or request
        return Candidate(enrolment, request, line.cohort_id, line.until, line.note, listed=True)
    if request is not None:
        return Candidate(enrolment, request, request.cohort_id, request.until)
    return Candidate(enrolment)


def targets(people: list[Candidate]) -> list[Cohort]:
    """The cohorts of these people's editions that take people now, soonest first; one query."""
    editions = {one.enrolment.cohort.edition_id for one in people}
    return list(Cohort.objects.filter(edition__in=editions, state__in=TAKES_PEOPLE).order_by("starts_on", "code"))


def cohorts_to_choose(kind: str) -> list[Cohort]:
    """The cohorts in which there is somebody whom such an order can take; one query."""
    way = Q(requests__state=RequestState.FILED, requests__way__in=REQUESTED.get(kind, ()))
    wanted = way if kind in ONLY_BY_REQUEST else way | _fitting(kind)
    people = Enrolment.objects.filter(wanted).order_by().values("cohort")
    return sorted(Cohort.objects.filter(pk__in=people), key=lambda cohort: sort_key(cohort.code))
