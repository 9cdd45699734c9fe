"""R5–R9 by their codes, from the outcome below the mark to the paper in the end."""

from datetime import date

import pytest
import time_machine

from assessment.carrying import carry_over
from assessment.invariants import broken
from assessment.models import Attempt, AttemptState, Outcome
from assessment.retaking import open_retakes, void_retakes
from assessment.scoring import save_score
from assessment.sheet import read_sheet
from assessment.sittings import place
from assessment.tests.defending import make_examiners, make_sitting
from certificates.issuing import issue
from certificates.models import DocumentState, Kind
from certificates.verification import Status, check
from core import invariants as ground
from core.errors import Refused
from enrollment.models import CohortState, EnrolmentState, OrderKind, Way
from enrollment.ordering import Listed, cancel_order
from enrollment.tests.movements import another_cohort, ask, fail, order
from tests.factories import close_protocol, make_scores, make_signatory
from tests.world import give_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_the_course")]
PASSING = [16, 20, 9, 24, 8]


@pytest.fixture
def signatory():  # type: ignore[no-untyped-def]
    return make_signatory()


@pytest.fixture
def failed(scored, administrator, signatory):  # type: ignore[no-untyped-def]
    """35 points, decided today, 28 September 2026."""
    return fail(scored("Әлімов", None), by=administrator)


@pytest.fixture
def admitted(failed, administrator):  # type: ignore[no-untyped-def]
    """With a signed order that admits to a retake."""
    failed.order_of_retake = order(OrderKind.RETAKE, Listed(failed), by=administrator)
    return failed


def score(enrolment, points, by):  # type: ignore[no-untyped-def]
    for criterion, value in zip(enrolment.cohort.rubric.criteria.all(), points, strict=True):
        save_score(enrolment=enrolment, criterion=criterion, points=value, version=0, by=by)


def decide(cohort, held_on, by):  # type: ignore[no-untyped-def]
    return close_protocol(cohort=cohort, held_on=held_on, leave_out={}, by=by)


def paper(enrolment, signatory, by):  # type: ignore[no-untyped-def]
    outcome = Outcome.objects.filter(attempt__enrolment=enrolment).latest("pk")
    return give_file(issue(outcome=outcome, signatory=signatory, issued_on=outcome.protocol.held_on, by=by))


def test_R5_below_fifty_is_given_a_statement_and_no_certificate(failed, signatory, administrator):
    document = paper(failed, signatory, administrator)
    assert (document.kind, document.valid_until, failed.state) == (Kind.ATTENDANCE, None, EnrolmentState.NOT_PASSED)


def test_R6_retake_is_an_attempt_of_its_own_and_passing_it_earns_the_certificate(
    admitted, trainer, signatory, administrator
):
    statement = paper(admitted, signatory, administrator)
    assert (open_retakes(), open_retakes()) == (1, 0)
    retake = admitted.attempts.get(kind=Attempt.Kind.RETAKE)
    assert (retake.state, retake.scores.count(), retake.admitted_by.order) == ("open", 0, admitted.order_of_retake)
    assert read_sheet(admitted.cohort).rows[0].note == "Retake. Before: 5 + 10 + 5 + 12 + 3 = 35"
    score(admitted, PASSING, trainer)
    with time_machine.travel("2026-10-20 10:00+05:00", tick=False):
        decide(admitted.cohort, date(2026, 10, 20), administrator)
        admitted.refresh_from_db()
        assert (admitted.state, admitted.decided_on, admitted.retaken_on) == (
            EnrolmentState.COMPLETED, date(2026, 9, 28), date(2026, 10, 20),
        )  # fmt: skip
        certificate = paper(admitted, signatory, administrator)
    statement.refresh_from_db()
    assert (certificate.kind, certificate.replaces, statement.state) == (
        Kind.CERTIFICATE, statement, DocumentState.REPLACED,
    )  # fmt: skip
    verdict = check(statement.token)
    assert (verdict.status, verdict.facts.replaced_by) == (Status.REPLACED, certificate.number)
    first = admitted.attempts.get(kind=Attempt.Kind.FIRST)
    assert (first.outcome.total, first.state) == (35, AttemptState.DECIDED)
    assert [*broken(), *ground.broken()] == []


def test_R6_failed_retake_stays_not_passed_and_there_is_no_second(admitted, trainer, administrator):
    score(admitted, [1, 1, 1, 1, 1], trainer)
    decide(admitted.cohort, date(2026, 9, 28), administrator)
    admitted.refresh_from_db()
    assert (admitted.state, admitted.retaken_on, admitted.attempts.count()) == ("not_passed", date(2026, 9, 28), 2)
    assert open_retakes() == 0
    with pytest.raises(Refused, match="one retake within a year has been given"):
        order(OrderKind.RETAKE, Listed(admitted), by=administrator)
    with pytest.raises(Refused, match="has been decided on, so the order stays"):
        cancel_order(
            order=admitted.order_of_retake, number="99-қ", date=date(2026, 9, 28), basis="қате", by=administrator,
            signatory=admitted.order_of_retake.signatory,
        )  # fmt: skip
    assert [*broken(), *ground.broken()] == []


@pytest.mark.parametrize(
    ("window", "held_on", "is_late"),
    [
        ("stricter", date(2026, 12, 31), False),
        ("stricter", date(2027, 1, 1), True),
        ("calendar", date(2026, 12, 31), False),
        ("months", date(2027, 9, 28), False),
        ("months", date(2027, 9, 29), True),
    ],
)
def test_R6_retake_is_decided_within_its_time_only(
    admitted, trainer, administrator, settings, window, held_on, is_late
):
    settings.RETAKE_WINDOW = window
    score(admitted, PASSING, trainer)
    with time_machine.travel(f"{held_on} 10:00+05:00", tick=False):
        if is_late:
            with pytest.raises(Refused, match="time for a retake is over on that day for: Әлімов"):
                decide(admitted.cohort, held_on, administrator)
            return
        decide(admitted.cohort, held_on, administrator)
    admitted.refresh_from_db()
    assert admitted.state == EnrolmentState.COMPLETED


def test_R6_retake_in_a_closed_cohort_is_scored_and_decided(admitted, trainer, administrator):
    cohort = admitted.cohort
    type(cohort).objects.filter(pk=cohort.pk).update(state=CohortState.CLOSED)
    cohort.refresh_from_db()
    with pytest.raises(Refused, match="in its final assessment"):
        decide(cohort, date(2026, 9, 28), administrator)
    admitted.refresh_from_db()
    admitted = type(admitted).objects.get(pk=admitted.pk)
    score(admitted, PASSING, trainer)
    assert decide(cohort, date(2026, 9, 28), administrator).no == 2


def test_R6_retake_is_void_when_its_order_is_cancelled(admitted, administrator):
    open_retakes()
    cancel_order(
        order=admitted.order_of_retake, number="99-қ", date=date(2026, 9, 28), basis="қате", by=administrator,
        signatory=admitted.order_of_retake.signatory,
    )  # fmt: skip
    assert (void_retakes(), void_retakes(), open_retakes()) == (1, 0, 0)
    assert admitted.attempts.get(kind=Attempt.Kind.RETAKE).state == AttemptState.VOID
    assert read_sheet(admitted.cohort).pending == []
    order(OrderKind.RETAKE, Listed(admitted), by=administrator)
    assert open_retakes() == 1
    assert [*broken(), *ground.broken()] == []


def test_R6_retake_is_defended_before_the_commission(admitted, administrator, trainer):
    sitting = make_sitting(admitted.cohort, by=administrator, users=make_examiners(2))
    (defence,) = place(sitting=sitting, enrolments=[admitted], by=administrator)
    assert defence.attempt.kind == Attempt.Kind.RETAKE


def test_R6_without_an_order_there_is_no_retake(failed, trainer, cohort):
    assert open_retakes() == 0
    criterion = cohort.rubric.criteria.first()
    with pytest.raises(Refused, match="The protocol is closed"):
        save_score(enrolment=failed, criterion=criterion, points=1, version=1, by=trainer)


def test_R7_with_a_following_cohort_is_a_new_enrolment_whose_certificate_replaces_the_statement(
    failed, cohort, trainer, signatory, administrator
):
    statement = paper(failed, signatory, administrator)
    autumn = another_cohort(cohort, "AUTUMN", date(2026, 10, 12), trainers=[trainer])
    order(OrderKind.RETAKE, Listed(failed, cohort=autumn), by=administrator)
    assert carry_over() == 1
    again = autumn.enrolments.get()
    assert again.attempts.get().kind == Attempt.Kind.NEXT_COHORT
    type(autumn).objects.filter(pk=autumn.pk).update(state=CohortState.ASSESSING)
    again = type(again).objects.get(pk=again.pk)
    score(again, PASSING, trainer)
    with time_machine.travel("2026-11-02 10:00+05:00", tick=False):
        decide(again.cohort, date(2026, 11, 2), administrator)
        certificate = paper(again, signatory, administrator)
    statement.refresh_from_db()
    failed.refresh_from_db()
    assert (failed.state, certificate.replaces, statement.state) == ("not_passed", statement, "replaced")
    assert list(broken()) == []


def test_R7_ends_a_retake_that_was_open(admitted, cohort, administrator):
    open_retakes()
    autumn = another_cohort(cohort, "AUTUMN", date(2026, 10, 12))
    order(OrderKind.RETAKE, Listed(admitted, cohort=autumn), by=administrator)
    assert (void_retakes(), open_retakes()) == (1, 0)


def test_R8_transfer_brings_undecided_points_along(scored, cohort, trainer, administrator, signatory):
    type(cohort).objects.filter(pk=cohort.pk).update(state=CohortState.RUNNING)
    enrolment = scored("Бекенов", "incomplete")
    autumn = another_cohort(cohort, "AUTUMN", date(2026, 10, 12), trainers=[trainer])
    asked = ask(enrolment, Way.TRANSFER, by=administrator)
    order(OrderKind.TRANSFER, Listed(enrolment, cohort=autumn, request=asked), by=administrator)
    assert carry_over() == 1
    assert autumn.enrolments.get().attempts.get().scores.count() == 3


def test_R9_completed_later_is_judged_there(failed, cohort, trainer, administrator):
    asked = ask(failed, Way.DEFERRAL, by=administrator)
    order(OrderKind.DEFERRAL, Listed(failed, until=date(2027, 3, 1), request=asked), by=administrator)
    autumn = another_cohort(cohort, "AUTUMN", date(2026, 10, 12), trainers=[trainer], state=CohortState.ASSESSING)
    type(autumn).objects.filter(pk=autumn.pk).update(state=CohortState.OPEN)
    failed.refresh_from_db()
    order(OrderKind.REINSTATEMENT, Listed(failed, cohort=autumn), by=administrator)
    again = autumn.enrolments.get()
    make_scores(again, PASSING, by=trainer)
    type(autumn).objects.filter(pk=autumn.pk).update(state=CohortState.ASSESSING)
    again.refresh_from_db()
    with time_machine.travel("2026-11-02 10:00+05:00", tick=False):
        decide(type(autumn).objects.get(pk=autumn.pk), date(2026, 11, 2), administrator)
    again.refresh_from_db()
    assert (again.state, again.origin) == (EnrolmentState.COMPLETED, failed)
