"""People who want to be moved, the cohorts they may go to, and the orders that move them."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from core.private_files import Upload
from core.tests.papers import pdf
from enrollment.models import CohortState, Enrolment, MovementRequest, Order, Signatory, Way
from enrollment.ordering import Listed, draft_order, sign_order
from enrollment.requesting import file_request
from tests import factories
from tests.factories import close_protocol

PAPER = Upload("анықтама.pdf", pdf())
FAILING = [5, 10, 5, 12, 3]
DAY = timedelta(days=1)


def another_cohort(like, code, starts_on, **fields):  # type: ignore[no-untyped-def]
    """A cohort of the same edition that takes people."""
    values = {"state": CohortState.OPEN, "starts_on": starts_on, "ends_on": starts_on + 18 * DAY} | fields
    return factories.make_cohort(edition=like.edition, code=code, **values)


def fail(enrolment: Enrolment, *, by: User, held_on: date | None = None) -> Enrolment:
    """Below the pass mark, by a closed protocol."""
    factories.make_scores(enrolment, FAILING, by=by)
    cohort = enrolment.cohort
    close_protocol(cohort=cohort, held_on=held_on or timezone.localdate(), leave_out={}, by=by)
    enrolment.refresh_from_db()
    return enrolment


def ask(enrolment: Enrolment, way: str, *, by: User, **more: Any) -> MovementRequest:
    """A request with what its way needs."""
    values: dict[str, Any] = {}
    if way in (Way.TRANSFER, Way.DEFERRAL):
        values = {"reason": "illness", "words": "Ауруханада жатырмын."}
    if way == Way.DEFERRAL:
        values |= {"until": timezone.localdate() + 90 * DAY, "papers": [PAPER]}
    return file_request(enrolment=enrolment, way=way, by=by, **values | more)


def order(kind: str, *listed: Listed, by: User, number: str = "", **fields: Any) -> Order:
    """An order of today, signed at once; `fields` change it."""
    made = draft_order(
        kind=kind,
        number=number or f"{Order.objects.count() + 1}-қ",
        people=listed,
        by=by,
        **{"date": timezone.localdate(), "signatory": Signatory.objects.first()} | fields,
    )
    return sign_order(order=made, by=by)
