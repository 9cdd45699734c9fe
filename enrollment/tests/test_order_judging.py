"""What keeps an order from being signed or undone: all of it at once for a page, the first of it for the signing."""

from datetime import date

import pytest

from core.errors import Refused
from enrollment import cohorts
from enrollment.models import Enrolment, EnrolmentState, Order, OrderKind, OrderState, Way
from enrollment.order_judging import complaints_about
from enrollment.ordering import Listed, cancel_order, discard_draft, draft_order, sign_order
from enrollment.tests.test_order_effects import (
    DAY,
    _on_the_day,
    ask,
    autumn,
    decide,
    enrolled,
    failed,
    running,
    sign,
    state_of,
)
from tests import factories

__all__ = ["_on_the_day", "ask", "autumn", "decide", "enrolled", "failed", "running", "sign"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def cancel(signatory, administrator):  # type: ignore[no-untyped-def]
    """`cancel(order)`: undone by another order of today."""
    numbers = iter(range(900, 999))

    def do(order):  # type: ignore[no-untyped-def]
        return cancel_order(
            order=order, number=str(next(numbers)), date=DAY, signatory=signatory, basis="Қате", by=administrator
        )

    return do


def test_complaints_name_everything_at_once_and_signing_the_first(enrolled, running, decide, signatory, administrator):
    gone = factories.make_enrolment(cohort=running, state=EnrolmentState.WITHDRAWN, surname="Ұлықбек")
    order = draft_order(
        kind=OrderKind.EXPULSION, number="5", date=date(2026, 9, 17), signatory=signatory,
        people=[Listed(enrolled), Listed(gone)], decision=decide(gone), by=administrator,
    )  # fmt: skip
    lines = list(order.lines.select_related("enrolment__listener", "enrolment__cohort", "request"))
    found = complaints_about(order, lines)
    assert [(c.refusal.sentence, [line.enrolment for line in c.lines]) for c in found] == [
        ("The order bears an earlier date than today. Say why it is recorded only now.", []),
        (f"An order of this kind does not fit their present state: {gone.listener}.", [gone]),
        ("The commission's decision is later than the order.", []),
        (f"The commission has not decided to expel them: {enrolled.listener}.", [enrolled]),
    ]
    with pytest.raises(Refused, match="earlier date than today"):
        sign_order(order=order, by=administrator)


def test_complaint_about_one_person_names_only_that_one(running, signatory, administrator):
    two = [factories.make_enrolment(cohort=running, surname=name) for name in ("Өтеген", "Ізбасар")]
    order = draft_order(
        kind=OrderKind.COMPLETION, number="5", date=DAY, signatory=signatory, people=[Listed(one) for one in two],
        by=administrator,
    )  # fmt: skip
    lines = list(order.lines.select_related("enrolment__listener", "enrolment__cohort"))
    (complaint,) = complaints_about(order, lines)
    assert complaint.about(lines[0]) == (f"An order of this kind does not fit their present state: {two[0].listener}.")


def test_nobody_is_taken_into_two_cohorts_of_one_edition(failed, autumn, edition, ask, sign):
    factories.make_enrolment(cohort=autumn, listener=failed.listener)
    third = factories.make_cohort(
        edition=edition, code="THIRD-1", starts_on=date(2026, 11, 9), ends_on=date(2026, 11, 27)
    )
    with pytest.raises(Refused, match=f"another cohort of this programme already: {failed.listener}"):
        sign(OrderKind.TRANSFER, Listed(failed, cohort=third, request=ask(failed, Way.TRANSFER)))
    with pytest.raises(Refused, match="another cohort of this programme already"):
        sign(OrderKind.RETAKE, Listed(failed, cohort=third))
    assert Enrolment.objects.filter(listener=failed.listener).count() == 2


def test_expelled_person_who_studies_elsewhere_is_not_reinstated(enrolled, autumn, decide, sign):
    sign(OrderKind.EXPULSION, Listed(enrolled), decision=decide(enrolled))
    factories.make_enrolment(cohort=autumn, listener=enrolled.listener)
    with pytest.raises(Refused, match="another cohort of this programme already"):
        sign(OrderKind.REINSTATEMENT, Listed(enrolled))
    assert state_of(enrolled) == "expelled"


def test_order_is_not_undone_past_a_later_one_that_led_back_to_the_same_state(enrolled, running, ask, sign, cancel):
    admitted = factories.make_enrolment(cohort=running, state=EnrolmentState.ADMITTED)
    first = sign(OrderKind.ENROLMENT, Listed(admitted))
    until = date(2027, 3, 1)
    request = ask(admitted, Way.DEFERRAL, until=until)
    deferral = sign(OrderKind.DEFERRAL, Listed(admitted, until=until, request=request))
    back = sign(OrderKind.REINSTATEMENT, Listed(admitted))
    assert state_of(admitted) == "enrolled"
    for order in (first, deferral):
        with pytest.raises(Refused, match=f"Something came after the order.*{admitted.listener}"):
            cancel(order)
    for order, state in ((back, "deferred"), (deferral, "enrolled"), (first, "admitted")):
        cancel(order)
        assert state_of(admitted) == state


def test_undone_reinstatement_gives_the_deferral_its_date_back(enrolled, ask, sign, cancel):
    until = date(2027, 3, 1)
    sign(OrderKind.DEFERRAL, Listed(enrolled, until=until, request=ask(enrolled, Way.DEFERRAL, until=until)))
    back = sign(OrderKind.REINSTATEMENT, Listed(enrolled))
    cancel(back)
    enrolled.refresh_from_db()
    assert (enrolled.state, enrolled.deferred_until) == (EnrolmentState.DEFERRED, until)
    sign(OrderKind.REINSTATEMENT, Listed(enrolled))
    assert state_of(enrolled) == "enrolled"


def test_nobody_comes_back_into_a_cohort_that_is_over(enrolled, running, decide, sign, cancel, administrator):
    order = sign(OrderKind.EXPULSION, Listed(enrolled), decision=decide(enrolled))
    other = factories.make_enrolment(cohort=running, state=EnrolmentState.COMPLETED)
    assert other.state == EnrolmentState.COMPLETED
    factories.make_enrolment(cohort=running)
    cohorts.begin_assessment(cohort=running, by=administrator)
    Enrolment.objects.filter(cohort=running, state=EnrolmentState.ENROLLED).update(state=EnrolmentState.COMPLETED)
    cohorts.close(cohort=running, by=administrator)
    with pytest.raises(Refused, match=f"Their cohort is over.*{enrolled.listener}"):
        cancel(order)
    assert (state_of(enrolled), Order.objects.get(pk=order.pk).state) == ("expelled", OrderState.SIGNED)


def test_discarded_draft_is_gone_for_good_and_its_number_free(enrolled, signatory, administrator, decide):
    terms = {"kind": OrderKind.EXPULSION, "number": "7", "date": DAY, "signatory": signatory, "by": administrator}
    decision = decide(enrolled)
    order = draft_order(people=[Listed(enrolled)], decision=decision, **terms)
    for _twice in range(2):
        assert discard_draft(order=order, by=administrator).state == OrderState.DISCARDED
    assert order.audit_trail().count() == 2
    assert decision.is_used is False
    again = draft_order(people=[Listed(enrolled)], decision=decision, **terms)
    sign_order(order=again, by=administrator)
    with pytest.raises(Refused, match="never changes"):
        discard_draft(order=again, by=administrator)
    with pytest.raises(Refused):
        sign_order(order=draft_order(people=[Listed(enrolled)], **terms | {"number": "8"}), by=administrator)
