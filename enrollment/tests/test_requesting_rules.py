"""R6–R9 from the filed request to the signed order, each with its refusal beside it."""

from datetime import date

import pytest
import time_machine

from assessment import invariants as assessment_invariants
from core.errors import Refused
from core.invariants import broken as broken_core
from enrollment import invariants
from enrollment.admission import CohortFull
from enrollment.models import Enrolment, EnrolmentState, OrderKind, OrderState, RequestState, Way
from enrollment.ordering import Listed, cancel_order, draft_order, sign_order
from enrollment.tests.movements import DAY, PAPER, another_cohort, ask, fail, order
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("signatory")]
TODAY = date(2026, 10, 5)
BACK = "Қағаздағы бұйрық кейін енгізілді"


@pytest.fixture(autouse=True)
def _after_the_course():
    with time_machine.travel("2026-10-05T05:00:00+00:00", tick=False):
        yield


@pytest.fixture
def enrolment(listener):
    """Somebody who takes part."""
    return listener.enrolments.get()


@pytest.fixture
def failed(enrolment, administrator):
    """The same person, below the pass mark on 28 September."""
    return fail(enrolment, by=administrator, held_on=date(2026, 9, 28))


@pytest.fixture
def december(cohort):
    return another_cohort(cohort, "K-2026-9", date(2026, 12, 1))


@pytest.fixture(autouse=True)
def _everything_holds():
    """Whatever is signed or refused, nothing that must hold is broken."""
    yield
    assert [*invariants.broken(), *assessment_invariants.broken(), *broken_core()] == []


def nothing_moved(enrolment: Enrolment, state: str) -> bool:
    """The refused order left everything as it was."""
    enrolment.refresh_from_db()
    unsigned = not enrolment.order_lines.exclude(order__state=OrderState.DRAFT).exists()
    return (enrolment.state, unsigned, enrolment.continued_by.count()) == (state, True, 0)


# --- R6 -------------------------------------------------------------------------------------------------


def test_R6_retake_is_given_by_an_order(failed, administrator):
    asked = ask(failed, Way.RETAKE, by=failed.listener.user)
    order(OrderKind.RETAKE, Listed(failed, request=asked), by=administrator)
    asked.refresh_from_db()
    failed.refresh_from_db()
    assert (asked.state, failed.state) == (RequestState.ORDERED, EnrolmentState.NOT_PASSED)


def test_R6_second_retake_is_refused(failed, administrator):
    order(OrderKind.RETAKE, Listed(failed), by=administrator)
    with pytest.raises(Refused, match="The one retake within a year has been given already"):
        ask(failed, Way.RETAKE, by=failed.listener.user)
    with pytest.raises(Refused, match="Қасымова Әсел Серікқызы: The one retake within a year has been given already"):
        order(OrderKind.RETAKE, Listed(failed), by=administrator)


def test_R6_retake_after_its_year_is_refused(failed, administrator):
    asked = ask(failed, Way.RETAKE, by=failed.listener.user)
    with time_machine.travel("2027-01-01T05:00:00+00:00", tick=False):
        with pytest.raises(Refused, match="The time for a retake is over"):
            order(OrderKind.RETAKE, Listed(failed, request=asked), by=administrator)
        assert nothing_moved(failed, EnrolmentState.NOT_PASSED)
        last_day = {"date": date(2026, 12, 31), "backdating_reason": BACK}
        order(OrderKind.RETAKE, Listed(failed, request=asked), by=administrator, **last_day)


def test_R6_order_before_the_decision_is_refused(failed, administrator):
    with pytest.raises(Refused, match="cannot be earlier than the decision"):
        order(OrderKind.RETAKE, Listed(failed), by=administrator, date=date(2026, 9, 27), backdating_reason=BACK)


def test_R6_cancelled_retake_may_be_given_anew(failed, administrator, signatory):
    signed = order(OrderKind.RETAKE, Listed(failed), by=administrator)
    cancel_order(order=signed, number="99", date=TODAY, signatory=signatory, basis="Қате", by=administrator)
    assert order(OrderKind.RETAKE, Listed(failed), by=administrator).state == OrderState.SIGNED


# --- R7 -------------------------------------------------------------------------------------------------


def test_R7_assessment_with_a_following_cohort(failed, administrator, december):
    asked = ask(failed, Way.NEXT_COHORT, by=failed.listener.user, cohort=december)
    signed = order(OrderKind.RETAKE, Listed(failed, cohort=december, request=asked), by=administrator)
    failed.refresh_from_db()
    new = december.enrolments.get()
    assert (failed.state, new.state, new.origin, new.order) == (
        EnrolmentState.NOT_PASSED, EnrolmentState.ENROLLED, failed, signed,
    )  # fmt: skip


def test_R7_cohort_that_does_not_follow_is_refused(failed, administrator):
    beside = another_cohort(failed.cohort, "BESIDE", date(2026, 9, 7), ends_on=failed.cohort.ends_on)
    before = another_cohort(failed.cohort, "BEFORE", date(2026, 8, 1), ends_on=date(2026, 9, 24))
    on_that_day = {"date": date(2026, 9, 28), "backdating_reason": BACK}
    for cohort in (beside, before):
        with pytest.raises(Refused):
            order(OrderKind.RETAKE, Listed(failed, cohort=cohort), by=administrator, **on_that_day)
    assert nothing_moved(failed, EnrolmentState.NOT_PASSED)


def test_R7_is_not_for_who_takes_part(enrolment, administrator, december):
    with pytest.raises(Refused, match="Only who did not pass is assessed with a following cohort"):
        order(OrderKind.RETAKE, Listed(enrolment, cohort=december), by=administrator)
    assert nothing_moved(enrolment, EnrolmentState.ENROLLED)


def test_R7_second_cohort_while_the_first_runs_is_refused(failed, administrator, december):
    """Who did not pass stays so in the first cohort, and yet may not sit in two others."""
    order(OrderKind.RETAKE, Listed(failed, cohort=december), by=administrator)
    november = another_cohort(failed.cohort, "K-2026-8", date(2026, 11, 2))
    with pytest.raises(Refused, match="The course goes on in the cohort K-2026-9"):
        order(OrderKind.RETAKE, Listed(failed, cohort=november), by=administrator)
    with pytest.raises(Refused, match="The course goes on in the cohort K-2026-9"):
        ask(failed, Way.TRANSFER, by=failed.listener.user, cohort=november)
    assert november.enrolments.count() == 0


def test_R7_retake_before_it_counts_for_what_follows(failed, administrator, december):
    """One retake per course: it was given in the first cohort, so it is not given again in the next one."""
    order(OrderKind.RETAKE, Listed(failed), by=administrator)
    order(OrderKind.RETAKE, Listed(failed, cohort=december), by=administrator)
    new = december.enrolments.get()
    Enrolment.objects.filter(pk=new.pk).update(state=EnrolmentState.NOT_PASSED, decided_on=TODAY)
    new.refresh_from_db()
    with pytest.raises(Refused, match="The one retake within a year has been given already"):
        ask(new, Way.RETAKE, by=administrator)
    Enrolment.objects.filter(pk=new.pk).update(state=EnrolmentState.ENROLLED, decided_on=None)


# --- R8 -------------------------------------------------------------------------------------------------


def test_R8_transfer_within_the_year(enrolment, administrator, december):
    asked = ask(enrolment, Way.TRANSFER, by=enrolment.listener.user, cohort=december)
    order(OrderKind.TRANSFER, Listed(enrolment, cohort=december, request=asked), by=administrator)
    enrolment.refresh_from_db()
    asked.refresh_from_db()
    new = december.enrolments.get()
    assert (enrolment.state, new.state, new.origin, asked.state) == (
        EnrolmentState.TRANSFERRED, EnrolmentState.ENROLLED, enrolment, RequestState.ORDERED,
    )  # fmt: skip


def test_R8_transfer_of_who_did_not_pass_keeps_the_decision(failed, administrator, december):
    asked = ask(failed, Way.TRANSFER, by=failed.listener.user, cohort=december)
    order(OrderKind.TRANSFER, Listed(failed, cohort=december, request=asked), by=administrator)
    failed.refresh_from_db()
    assert (failed.state, december.enrolments.get().origin) == (EnrolmentState.NOT_PASSED, failed)


def test_R8_transfer_without_a_request_is_refused(enrolment, administrator, december):
    with pytest.raises(Refused, match="There is no request with a valid reason on file: Қасымова Әсел Серікқызы"):
        order(OrderKind.TRANSFER, Listed(enrolment, cohort=december), by=administrator)
    assert nothing_moved(enrolment, EnrolmentState.ENROLLED)


def test_R8_transfer_on_another_kind_of_request_is_refused(enrolment, administrator, december):
    asked = ask(enrolment, Way.WITHDRAWAL, by=enrolment.listener.user)
    with pytest.raises(Refused, match="They asked for something else than this order gives"):
        order(OrderKind.TRANSFER, Listed(enrolment, cohort=december, request=asked), by=administrator)
    asked.refresh_from_db()
    assert (nothing_moved(enrolment, EnrolmentState.ENROLLED), asked.state) == (True, RequestState.FILED)


@pytest.mark.parametrize("signed_on", ["2026-12-31", "2027-01-01"])
def test_R8_transfer_ends_with_the_calendar_year(enrolment, administrator, signed_on):
    at_year_end = another_cohort(enrolment.cohort, "YEAR-END", date(2026, 12, 31))
    asked = ask(enrolment, Way.TRANSFER, by=enrolment.listener.user, cohort=at_year_end)
    listed = Listed(enrolment, cohort=at_year_end, request=asked)
    with time_machine.travel(f"{signed_on}T05:00:00+00:00", tick=False):
        if signed_on == "2026-12-31":
            assert order(OrderKind.TRANSFER, listed, by=administrator).state == OrderState.SIGNED
            return
        with pytest.raises(Refused, match="A transfer is possible within the calendar year only"):
            order(OrderKind.TRANSFER, listed, by=administrator)
        assert nothing_moved(enrolment, EnrolmentState.ENROLLED)


def test_R8_cohort_of_the_next_year_is_refused(enrolment, administrator):
    january = another_cohort(enrolment.cohort, "JANUARY", date(2027, 1, 1))
    asked = ask(enrolment, Way.TRANSFER, by=enrolment.listener.user)
    with pytest.raises(Refused, match="The other cohort begins after this calendar year"):
        order(OrderKind.TRANSFER, Listed(enrolment, cohort=january, request=asked), by=administrator)
    assert nothing_moved(enrolment, EnrolmentState.ENROLLED)


def test_R8_full_or_finished_cohort_or_none_is_refused(enrolment, administrator):
    full = another_cohort(enrolment.cohort, "FULL", date(2026, 12, 1), capacity=1)
    factories.make_enrolment(cohort=full)
    over = another_cohort(enrolment.cohort, "OVER", date(2026, 9, 10), ends_on=date(2026, 10, 4))
    asked = ask(enrolment, Way.TRANSFER, by=enrolment.listener.user, cohort=full)
    for cohort, refusal, sentence in (
        (full, CohortFull, "1 places, 1 of them taken"),
        (over, Refused, "later than the last day of the cohort OVER"),
        (None, Refused, "Say into which cohort they go"),
        (enrolment.cohort, Refused, "They are in this cohort already"),
    ):
        with pytest.raises(refusal, match=sentence):
            order(OrderKind.TRANSFER, Listed(enrolment, cohort=cohort, request=asked), by=administrator)
    assert nothing_moved(enrolment, EnrolmentState.ENROLLED)


def test_R8_person_who_takes_part_elsewhere_is_not_transferred(enrolment, administrator, december):
    elsewhere = another_cohort(enrolment.cohort, "ELSEWHERE", date(2026, 11, 2))
    factories.make_enrolment(cohort=elsewhere, listener=enrolment.listener)
    asked = ask(enrolment, Way.TRANSFER, by=enrolment.listener.user, cohort=december)
    with pytest.raises(Refused, match="They take part in another cohort of this programme already"):
        order(OrderKind.TRANSFER, Listed(enrolment, cohort=december, request=asked), by=administrator)
    assert december.enrolments.count() == 0


def test_R8_order_with_somebody_elses_request_moves_nobody(enrolment, other_listener, cohort, administrator, december):
    second = factories.make_enrolment(cohort=cohort)
    asked = ask(enrolment, Way.TRANSFER, by=enrolment.listener.user, cohort=december)
    listed = [Listed(enrolment, cohort=december, request=asked), Listed(second, cohort=december, request=asked)]
    with pytest.raises(Refused, match="A request belongs to somebody else"):
        order(OrderKind.TRANSFER, *listed, by=administrator)
    assert nothing_moved(enrolment, EnrolmentState.ENROLLED)


# --- R9 -------------------------------------------------------------------------------------------------


def test_R9_deferral_until_a_set_day_and_back(enrolment, administrator):
    asked = ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user)
    order(OrderKind.DEFERRAL, Listed(enrolment, until=asked.until, request=asked), by=administrator)
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.deferred_until) == (EnrolmentState.DEFERRED, asked.until)
    january = another_cohort(enrolment.cohort, "JANUARY", date(2027, 1, 1))
    back = ask(enrolment, Way.REINSTATEMENT, by=enrolment.listener.user, cohort=january)
    order(OrderKind.REINSTATEMENT, Listed(enrolment, cohort=january, request=back), by=administrator)
    assert january.enrolments.get().origin == enrolment


def test_R9_deferral_without_a_paper_is_refused(enrolment, administrator):
    with pytest.raises(Refused, match="Add a paper that supports the request"):
        ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user, papers=[])
    asked = ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user)
    asked.papers.all().delete()
    with pytest.raises(Refused, match="No supporting paper is on file: Қасымова Әсел Серікқызы"):
        order(OrderKind.DEFERRAL, Listed(enrolment, until=asked.until, request=asked), by=administrator)
    assert nothing_moved(enrolment, EnrolmentState.ENROLLED)


@pytest.mark.parametrize("until", [TODAY, date(2027, 10, 6), None])
def test_R9_day_outside_the_term_is_refused(enrolment, administrator, until):
    asked = ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user)
    with pytest.raises(Refused):
        order(OrderKind.DEFERRAL, Listed(enrolment, until=until, request=asked), by=administrator)
    assert nothing_moved(enrolment, EnrolmentState.ENROLLED)


@pytest.mark.parametrize("until", [TODAY + DAY, date(2027, 10, 5)])
def test_R9_first_and_last_day_of_the_term_are_granted(enrolment, administrator, until):
    asked = ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user)
    order(OrderKind.DEFERRAL, Listed(enrolment, until=until, request=asked), by=administrator)
    enrolment.refresh_from_db()
    assert enrolment.deferred_until == until


def test_R9_return_after_the_deferral_is_refused(enrolment, administrator):
    asked = ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user, until=date(2026, 12, 1))
    order(OrderKind.DEFERRAL, Listed(enrolment, until=asked.until, request=asked), by=administrator)
    enrolment.refresh_from_db()
    december = another_cohort(enrolment.cohort, "K-2026-9", date(2026, 12, 1))
    with time_machine.travel("2026-12-02T05:00:00+00:00", tick=False):
        with pytest.raises(Refused, match="The deferral has run out"):
            order(OrderKind.REINSTATEMENT, Listed(enrolment, cohort=december), by=administrator)
        with pytest.raises(Refused, match="The deferral has run out"):
            ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user)
    order(OrderKind.REINSTATEMENT, Listed(enrolment, cohort=december), by=administrator)
    assert december.enrolments.count() == 1


def test_R9_who_was_transferred_out_of_a_deferral_is_not_reinstated(enrolment, administrator, december):
    """It used to be open, and would have put one person into two cohorts."""
    asked = ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user)
    order(OrderKind.DEFERRAL, Listed(enrolment, until=asked.until, request=asked), by=administrator)
    enrolment.refresh_from_db()
    moving = ask(enrolment, Way.TRANSFER, by=enrolment.listener.user, cohort=december)
    order(OrderKind.TRANSFER, Listed(enrolment, cohort=december, request=moving), by=administrator)
    enrolment.refresh_from_db()
    with pytest.raises(Refused, match="The course goes on in the cohort K-2026-9"):
        order(OrderKind.REINSTATEMENT, Listed(enrolment), by=administrator)


def test_R9_cancelled_reinstatement_gives_the_deferral_back_with_its_day(enrolment, cohort, administrator, signatory):
    """The day used to be lost, and with it the right to come back."""
    type(cohort).objects.filter(pk=cohort.pk).update(state="running")
    asked = ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user)
    order(OrderKind.DEFERRAL, Listed(enrolment, until=asked.until, request=asked), by=administrator)
    enrolment.refresh_from_db()
    signed = order(OrderKind.REINSTATEMENT, Listed(enrolment), by=administrator)
    cancel_order(order=signed, number="99", date=TODAY, signatory=signatory, basis="Қате", by=administrator)
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.deferred_until) == (EnrolmentState.DEFERRED, asked.until)
    type(cohort).objects.filter(pk=cohort.pk).update(state="assessing")


def test_R9_cancelled_deferral_puts_back_and_takes_its_day_away(enrolment, administrator, signatory):
    asked = ask(enrolment, Way.DEFERRAL, by=enrolment.listener.user)
    signed = order(OrderKind.DEFERRAL, Listed(enrolment, until=asked.until, request=asked), by=administrator)
    cancel_order(order=signed, number="99", date=TODAY, signatory=signatory, basis="Қате", by=administrator)
    enrolment.refresh_from_db()
    assert (enrolment.state, enrolment.deferred_until) == (EnrolmentState.ENROLLED, None)


# --- Out ------------------------------------------------------------------------------------------------


def test_withdrawal_on_a_request(enrolment, administrator):
    asked = ask(enrolment, Way.WITHDRAWAL, by=enrolment.listener.user)
    order(OrderKind.WITHDRAWAL, Listed(enrolment, request=asked), by=administrator)
    enrolment.refresh_from_db()
    assert enrolment.state == EnrolmentState.WITHDRAWN


def test_withdrawal_of_who_did_not_pass_is_refused(failed, administrator):
    with pytest.raises(Refused, match="Only who takes part can leave"):
        order(OrderKind.WITHDRAWAL, Listed(failed), by=administrator, basis="Өтініш")
    with pytest.raises(Refused, match="Only who takes part can leave"):
        ask(failed, Way.WITHDRAWAL, by=failed.listener.user)


def test_draft_with_a_request_moves_nothing(enrolment, administrator, signatory, december):
    asked = ask(enrolment, Way.TRANSFER, by=enrolment.listener.user, cohort=december, papers=[PAPER])
    draft = draft_order(
        kind=OrderKind.TRANSFER,
        number="5",
        date=TODAY,
        signatory=signatory,
        people=[Listed(enrolment, cohort=december, request=asked)],
        by=administrator,
    )
    asked.refresh_from_db()
    assert (asked.state, nothing_moved(enrolment, EnrolmentState.ENROLLED)) == (RequestState.FILED, True)
    assert sign_order(order=draft, by=administrator).state == OrderState.SIGNED
