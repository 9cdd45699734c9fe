"""Points go along when a course is continued in another cohort, once and only while nothing is decided."""

from datetime import date

import pytest
import time_machine

from assessment.carrying import carry_over, origin_note
from assessment.invariants import broken
from assessment.models import Attempt, AttemptState, Outcome
from assessment.scoring import ScoreChanged, save_score
from assessment.sheet import read_sheet
from core.invariants import broken as broken_core
from core.states import move
from enrollment.models import CohortState, Enrolment, EnrolmentState, OrderKind, Way
from enrollment.ordering import Listed, cancel_order
from enrollment.tests.movements import another_cohort, ask, order
from programs.models import Criterion, Rubric, RubricState
from tests import factories
from tests.factories import close_protocol

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("signatory")]
TODAY = date(2026, 10, 5)


@pytest.fixture(autouse=True)
def _after_the_course():
    with time_machine.travel("2026-10-05T05:00:00+00:00", tick=False):
        yield


@pytest.fixture
def december(cohort, other_trainer):
    return another_cohort(cohort, "K-2026-9", date(2026, 12, 1), trainers=[other_trainer], state=CohortState.RUNNING)


def transfer(enrolment, to, *, by) -> Enrolment:
    asked = ask(enrolment, Way.TRANSFER, by=by, cohort=to)
    order(OrderKind.TRANSFER, Listed(enrolment, cohort=to, request=asked), by=by)
    return to.enrolments.get(listener=enrolment.listener)


def points(attempt: Attempt) -> list[int | None]:
    given = dict(attempt.scores.values_list("criterion__code", "points"))
    return [given.get(c.code) for c in attempt.enrolment.cohort.rubric.criteria.all()]


def sheet_row(enrolment):
    enrolment.cohort.refresh_from_db()
    return next(row for row in read_sheet(enrolment.cohort).rows if row.enrolment == enrolment)


def everything_holds() -> bool:
    return [*broken(), *broken_core()] == []


# --- In the middle of the course ------------------------------------------------------------------------


def test_points_go_along_with_who_entered_them_and_when(enrolment, december, trainer, administrator):
    before = factories.make_scores(enrolment, [18, None, 10, None, 8], by=trainer)
    new = transfer(enrolment, december, by=administrator)
    assert (carry_over(), carry_over()) == (1, 0)
    attempt = new.attempts.get()
    assert (attempt.kind, attempt.state, attempt.carried_from) == (Attempt.Kind.FIRST, AttemptState.OPEN, before)
    assert points(attempt) == [18, None, 10, None, 8]
    score, first = attempt.scores.first(), before.scores.first()
    assert (score.entered_by, score.entered_at, score.version) == (trainer, first.entered_at, 1)
    assert score.history.get().history_change_reason == "K-2026-1 → K-2026-9"
    assert attempt.audit_trail().get().by is None
    assert points(before) == [18, None, 10, None, 8]
    assert everything_holds()


def test_complete_points_make_a_complete_attempt_that_a_protocol_decides(enrolment, december, trainer, administrator):
    factories.make_scores(enrolment, [18, 20, 10, 25, 8], by=trainer)
    new = transfer(enrolment, december, by=administrator)
    carry_over()
    assert new.attempts.get().state == AttemptState.SUBMITTED
    assert read_sheet(enrolment.cohort).rows == []
    move(december, CohortState.ASSESSING, by=administrator)
    with time_machine.travel("2026-12-22T05:00:00+00:00", tick=False):
        close_protocol(cohort=december, held_on=date(2026, 12, 21), leave_out={}, by=administrator)
    new.refresh_from_db()
    assert (new.state, Outcome.objects.get().total) == (EnrolmentState.COMPLETED, 81)
    assert everything_holds()


def test_trainer_who_is_quicker_than_the_worker_finds_the_points(
    enrolment, december, trainer, other_trainer, administrator
):
    factories.make_scores(enrolment, [18, None, 10, None, 8], by=trainer)
    new = transfer(enrolment, december, by=administrator)
    theory, cases = Criterion.objects.filter(rubric=december.rubric)[:2]
    with pytest.raises(ScoreChanged) as changed:
        save_score(enrolment=new, criterion=theory, points=5, version=0, by=other_trainer)
    assert (changed.value.theirs.points, changed.value.theirs.by) == (18, trainer)
    save_score(enrolment=new, criterion=cases, points=20, version=0, by=other_trainer)
    assert points(new.attempts.get()) == [18, 20, 10, None, 8]
    assert (carry_over(), everything_holds()) == (0, True)


def test_who_moves_on_again_brings_the_first_points(enrolment, december, trainer, administrator):
    """Moved twice before the worker came: nothing is lost on the way."""
    factories.make_scores(enrolment, [18, None, 10, None, 8], by=trainer)
    november = another_cohort(december, "K-2026-8", date(2026, 11, 2))
    second = transfer(enrolment, november, by=administrator)
    third = transfer(second, december, by=administrator)
    assert (carry_over(), points(third.attempts.get())) == (1, [18, None, 10, None, 8])
    assert second.attempts.count() == 0


def test_nothing_to_take_along_makes_no_attempt(enrolment, december, administrator):
    new = transfer(enrolment, december, by=administrator)
    assert (carry_over(), new.attempts.count()) == (0, 0)
    assert sheet_row(new).note == "Comes from the cohort K-2026-1."


def test_other_rubric_takes_nothing_along_and_the_sheet_says_so(enrolment, edition, december, trainer, administrator):
    factories.make_scores(enrolment, [18, None, 10, None, 8], by=trainer)
    other = Rubric.objects.create(edition=edition, version=2, state=RubricState.PUBLISHED)
    type(december).objects.filter(pk=december.pk).update(rubric=other)
    december.refresh_from_db()
    new = transfer(enrolment, december, by=administrator)
    assert (carry_over(), new.attempts.count()) == (0, 0)
    assert origin_note(Enrolment.objects.get(pk=new.pk), None) == (
        "Comes from the cohort K-2026-1, judged by another rubric: its points do not go along."
    )


def test_enrolment_without_an_origin_is_left_alone(enrolment):
    assert (carry_over(), enrolment.attempts.count(), sheet_row(enrolment).note) == (0, 0, "")


def test_cancelled_transfer_leaves_the_first_attempt_as_it_was(enrolment, december, trainer, administrator, signatory):
    factories.make_scores(enrolment, [18, None, 10, None, 8], by=trainer)
    transfer(enrolment, december, by=administrator)
    carry_over()
    signed = enrolment.order_lines.get().order
    cancel_order(order=signed, number="99", date=TODAY, signatory=signatory, basis="Қате", by=administrator)
    enrolment.refresh_from_db()
    assert (enrolment.state, points(enrolment.attempts.get())) == (EnrolmentState.ENROLLED, [18, None, 10, None, 8])
    assert (carry_over(), everything_holds()) == (0, True)


# --- After a decision -----------------------------------------------------------------------------------


@pytest.fixture
def failed(enrolment, cohort, trainer, administrator):
    factories.make_scores(enrolment, [5, 10, 5, 12, 3], by=trainer)
    close_protocol(cohort=cohort, held_on=date(2026, 9, 28), leave_out={}, by=administrator)
    enrolment.refresh_from_db()
    return enrolment


def test_R7_gets_an_attempt_with_the_next_cohort(failed, december, administrator):
    order(OrderKind.RETAKE, Listed(failed, cohort=december), by=administrator)
    assert (carry_over(), carry_over()) == (1, 0)
    new = december.enrolments.get()
    attempt = new.attempts.get()
    assert (attempt.kind, attempt.state, points(attempt), attempt.carried_from) == (
        Attempt.Kind.NEXT_COHORT, AttemptState.OPEN, [None] * 5, None,
    )  # fmt: skip
    assert sheet_row(new).note == "Did not pass in the cohort K-2026-1; is assessed anew with this one."
    assert (failed.attempts.get().state, Outcome.objects.get().total) == (AttemptState.DECIDED, 35)


def test_R7_trainer_who_is_quicker_makes_the_same_attempt(failed, december, other_trainer, administrator):
    order(OrderKind.RETAKE, Listed(failed, cohort=december), by=administrator)
    new = december.enrolments.get()
    for criterion in december.rubric.criteria.all():
        save_score(enrolment=new, criterion=criterion, points=10, version=0, by=other_trainer)
    assert (new.attempts.get().kind, new.attempts.get().state) == (Attempt.Kind.NEXT_COHORT, AttemptState.SUBMITTED)
    assert (carry_over(), everything_holds()) == (0, True)


def test_R7_protocol_decides_in_the_next_cohort_and_leaves_the_first_decision(
    failed, december, other_trainer, administrator
):
    order(OrderKind.RETAKE, Listed(failed, cohort=december), by=administrator)
    new = december.enrolments.get()
    for criterion in december.rubric.criteria.all():
        save_score(enrolment=new, criterion=criterion, points=10, version=0, by=other_trainer)
    move(december, CohortState.ASSESSING, by=administrator)
    with time_machine.travel("2026-12-22T05:00:00+00:00", tick=False):
        close_protocol(cohort=december, held_on=date(2026, 12, 21), leave_out={}, by=administrator)
    new.refresh_from_db()
    failed.refresh_from_db()
    assert (failed.state, new.state) == (EnrolmentState.NOT_PASSED, EnrolmentState.COMPLETED)
    assert sorted(Outcome.objects.values_list("total", flat=True)) == [35, 50]
    assert everything_holds()


def test_R8_after_a_decision_begins_anew(failed, december, other_trainer, administrator):
    new = transfer(failed, december, by=administrator)
    assert (carry_over(), new.attempts.count()) == (0, 0)
    assert sheet_row(new).note == "Did not pass in the cohort K-2026-1; is assessed anew with this one."
    criterion = december.rubric.criteria.first()
    save_score(enrolment=new, criterion=criterion, points=1, version=0, by=other_trainer)
    assert points(new.attempts.get()) == [1, None, None, None, None]
    assert points(failed.attempts.get()) == [5, 10, 5, 12, 3]


@pytest.mark.parametrize("people", [1, 3])
def test_sheet_and_protocol_page_show_who_comes_from_elsewhere(
    sign_in, december, cohort, trainer, other_trainer, administrator, count_queries, people
):
    for number in range(people):
        enrolment = factories.make_enrolment(cohort=cohort, surname=f"Ғабитов{number}")
        factories.make_scores(enrolment, [18, None, 10, None, 8], by=trainer)
        transfer(enrolment, december, by=administrator)
    carry_over()
    december = type(december).objects.select_related("rubric").get(pk=december.pk)
    with count_queries() as seen:
        rows = read_sheet(december).rows
    assert (seen.count, len(rows)) == (6, people)
    note = "Comes from the cohort K-2026-1; the points entered there went along."
    assert {row.note for row in rows} == {note}
    page = sign_in(other_trainer, "en").get(f"/trainer/cohorts/{december.pk}/scores/").content.decode()
    assert page.count(note) == people
    page = sign_in(administrator, "en").get(f"/admin/assessment/protocol/cohort/{december.pk}/").content.decode()
    assert page.count(note) == people
