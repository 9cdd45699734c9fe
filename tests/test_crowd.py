"""Many at once: places are never exceeded, no order is half carried out, nobody gets two places."""

import random
from collections import Counter
from datetime import date
from functools import partial

import pytest
import time_machine

from core.errors import DomainError
from course_admin.management.commands.check_invariants import broken
from enrollment.admission import admit
from enrollment.agreeing import record_paper_agreements
from enrollment.models import CohortState, Enrolment, EnrolmentState, Order, OrderState
from enrollment.ordering import enrol, sign_order
from enrollment.tests.test_capacity_race import all_at_once
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 9, 4)


@pytest.fixture(autouse=True)
def _on_the_day():  # type: ignore[no-untyped-def]
    with time_machine.travel("2026-09-04 10:00+05:00", tick=False):
        yield


@pytest.fixture
def halls(edition):  # type: ignore[no-untyped-def]
    """Two cohorts of seven places."""
    return [factories.make_cohort(edition=edition, code=f"C-{n}", capacity=7, state=CohortState.OPEN) for n in range(2)]


def test_a_crowd_admits_and_signs_overlapping_orders(halls, administrator, signatory, threads):
    draw = random.Random(7)
    people = [factories.ListenerFactory() for _ in range(20)]
    waiting = admit(cohort=halls[0], listeners=people[:5], by=administrator)
    record_paper_agreements(enrolments=waiting, dated_on=DAY, by=administrator)
    deeds = []
    for n in range(threads):
        if n % 2:
            chosen = draw.sample(waiting, 3)
            deeds.append(partial(enrol, enrolments=chosen, number=f"{n}", date=DAY, by=administrator))
        else:
            deeds.append(partial(admit, cohort=halls[n // 2 % 2], listeners=draw.sample(people, 2), by=administrator))
    results = all_at_once(deeds)

    assert {type(result).__name__ for result in results if isinstance(result, Exception)} <= {
        "Refused", "CohortFull", "Conflict", "MoveRefused",
    }  # fmt: skip
    assert None not in results
    for hall in halls:
        assert hall.enrolments.seated().count() <= hall.capacity
    places = Counter(Enrolment.objects.seated().values_list("listener", flat=True))
    assert set(places.values()) == {1}
    signed = Order.objects.filter(state=OrderState.SIGNED)
    assert signed.count() == sum(isinstance(result, Order) for result in results)
    assert signed.count() >= 1
    assert Order.objects.exclude(state=OrderState.SIGNED).count() == 0  # a refused order leaves no draft behind
    for order in signed:
        assert set(order.lines.values_list("enrolment__order", "to_state")) == {(order.pk, "enrolled")}
    assert Enrolment.objects.filter(state=EnrolmentState.ENROLLED).count() == sum(o.lines.count() for o in signed)
    assert list(broken()) == []


def test_one_order_is_signed_by_a_crowd_once(halls, administrator, signatory, threads):
    enrolments = admit(cohort=halls[0], listeners=[factories.ListenerFactory() for _ in range(5)], by=administrator)
    record_paper_agreements(enrolments=enrolments, dated_on=DAY, by=administrator)
    enrol(enrolments=enrolments[:1], number="0", date=DAY, by=administrator)
    from enrollment.ordering import Listed, draft_order

    order = draft_order(
        kind="enrolment", number="1", date=DAY, signatory=signatory, people=[Listed(e) for e in enrolments[1:]],
        by=administrator,
    )  # fmt: skip
    results = all_at_once([partial(sign_order, order=order, by=administrator)] * threads)
    assert results == [order] * threads
    assert {enrolment.audit_trail().count() for enrolment in enrolments} == {2}
    assert not any(isinstance(result, DomainError) for result in results)
