"""Closing a protocol: what it decides, what it refuses, and that it is all or nothing."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.db import connections

from assessment.invariants import broken
from assessment.models import Attempt, AttemptState, Outcome, Protocol, ProtocolState, Score
from assessment.protocol_rules import Incomplete, NothingToDecide, ScoresMoved
from assessment.scoring import save_score
from assessment.sheet import read_sheet
from assessment.tests.conftest import AFTER_THE_COURSE
from core import invariants as ground
from core.errors import Conflict, Refused
from core.models import AuditEntry
from enrollment.models import CohortState, Enrolment, EnrolmentState
from tests import factories
from tests.factories import close_protocol

pytestmark = pytest.mark.usefixtures("after_the_course")


@pytest.fixture
def close(cohort, administrator):  # type: ignore[no-untyped-def]
    """`close()` closes the cohort's protocol on its last day, leaving nobody out."""

    def do(**changes):  # type: ignore[no-untyped-def]
        return close_protocol(
            **{"cohort": cohort, "held_on": cohort.ends_on, "leave_out": {}, "by": administrator} | changes
        )

    return do


def nothing_happened() -> bool:
    return (Protocol.objects.count(), Outcome.objects.count(), Attempt.objects.filter(state="decided").count()) == (
        0,
        0,
        0,
    )


def test_close_protocol_makes_outcomes_and_moves_attempts_and_enrolments(close, cohort, scored, administrator):
    good, failed = scored("Әлімов", "good"), scored("Бекенов", "failed")
    protocol = close()
    assert (protocol.no, protocol.state, protocol.held_on) == (1, ProtocolState.CLOSED, cohort.ends_on)
    assert (protocol.closed_by, protocol.closed_at, protocol.left_out) == (administrator, AFTER_THE_COURSE, {})
    outcomes = {o.attempt.enrolment_id: o for o in protocol.outcomes.select_related("attempt", "band")}
    assert (outcomes[good.pk].total, outcomes[good.pk].band.code, outcomes[good.pk].passed) == (81, "good", True)
    assert outcomes[good.pk].points == {"theory": 18, "cases": 20, "analysis": 10, "project": 25, "reflection": 8}
    assert (outcomes[failed.pk].total, outcomes[failed.pk].band.code, outcomes[failed.pk].passed) == (
        35,
        "failed",
        False,
    )
    assert set(Attempt.objects.values_list("state", flat=True)) == {AttemptState.DECIDED}
    states = dict(Enrolment.objects.values_list("pk", "state"))
    assert states == {good.pk: EnrolmentState.COMPLETED, failed.pk: EnrolmentState.NOT_PASSED}
    assert [*broken(), *ground.broken()] == []


def test_close_protocol_writes_one_audit_row_per_change(close, scored, administrator):
    enrolment = scored("Әлімов")
    before = AuditEntry.objects.latest("id").pk
    protocol = close()
    entries = AuditEntry.objects.filter(pk__gt=before).order_by("id")
    basis = "K-2026-1 · № 1"
    assert [(e.model, e.object_id, e.from_state, e.to_state, e.basis, e.by) for e in entries] == [
        ("assessment.Protocol", protocol.pk, "", "draft", "", administrator),
        ("assessment.Attempt", enrolment.attempts.get().pk, "submitted", "decided", basis, administrator),
        ("enrollment.Enrolment", enrolment.pk, "enrolled", "completed", basis, administrator),
        ("assessment.Protocol", protocol.pk, "draft", "closed", "", administrator),
    ]


def test_close_protocol_with_incomplete_people_names_them_and_does_nothing(close, scored):
    scored("Әлімов", "good")
    scored("Бекенов", "incomplete")
    scored("Ғабитов", None)
    with pytest.raises(Incomplete) as refusal:
        close()
    assert refusal.value.people == ("Бекенов Айбек", "Ғабитов Айбек")
    assert "Бекенов Айбек, Ғабитов Айбек" in refusal.value.sentence
    assert nothing_happened()


def test_close_protocol_leaves_out_with_reasons_and_a_later_one_decides_on_them(close, cohort, scored, trainer):
    scored("Әлімов", "good")
    ill = scored("Бекенов", None)
    first = close(leave_out={ill.pk: "  ауырып   қалды "})
    assert first.left_out == {str(ill.pk): "ауырып қалды"}
    assert Enrolment.objects.get(pk=ill.pk).state == EnrolmentState.ENROLLED
    factories.make_scores(ill, [10, 10, 10, 10, 10], by=trainer)
    second = close()
    assert (second.no, [o.attempt.enrolment_id for o in second.outcomes.all()]) == (2, [ill.pk])
    assert [*broken(), *ground.broken()] == []


def test_close_protocol_may_leave_out_somebody_complete(close, scored):
    scored("Әлімов", "good")
    away = scored("Бекенов", "good")
    assert close(leave_out={away.pk: "келмеді"}).outcomes.count() == 1
    assert Attempt.objects.get(enrolment=away).state == AttemptState.SUBMITTED


@pytest.mark.parametrize(
    ("reason", "sentence"), [("", "say why"), (" \n", "say why"), ("а" * 301, "longer than 300 characters")]
)
def test_close_protocol_with_an_empty_or_endless_reason_is_refused(close, scored, reason, sentence):
    scored("Әлімов", "good")
    ill = scored("Бекенов", None)
    with pytest.raises(Refused, match=f"Бекенов Айбек: .*{sentence}"):
        close(leave_out={ill.pk: reason})
    assert nothing_happened()


def test_close_protocol_leaving_out_somebody_of_another_cohort_is_refused(close, scored, other_listener):
    scored("Әлімов", "good")
    with pytest.raises(Refused, match="not waiting for a decision"):
        close(leave_out={other_listener.enrolments.get().pk: "себеп"})
    assert nothing_happened()


def test_close_protocol_by_a_trainer_is_refused(close, scored, trainer):
    scored("Әлімов", "good")
    with pytest.raises(Refused, match="by an administrator"):
        close(by=trainer)
    assert nothing_happened()


@pytest.mark.parametrize("state", [s for s in CohortState.values if s != CohortState.ASSESSING])
def test_close_protocol_outside_the_final_assessment_is_refused(close, cohort, scored, state):
    scored("Әлімов", "good")
    type(cohort).objects.update(state=state)
    with pytest.raises(Refused, match="in its final assessment"):
        close()
    assert nothing_happened()


@pytest.mark.parametrize(
    ("held_on", "sentence"),
    [(date(2026, 9, 29), "in the future"), (date(2026, 9, 6), "before the cohort's first day, 07.09.2026")],
)
def test_close_protocol_on_an_impossible_date_is_refused(close, scored, held_on, sentence):
    scored("Әлімов", "good")
    with pytest.raises(Refused, match=sentence):
        close(held_on=held_on)
    assert nothing_happened()


def test_close_protocol_today_is_the_local_day(close, scored):
    scored("Әлімов", "good")
    with time_machine.travel(AFTER_THE_COURSE.replace(hour=20), tick=False):  # the 29th has begun in Almaty
        assert close(held_on=date(2026, 9, 29)).no == 1


def test_close_protocol_of_nobody_is_refused(close, cohort, scored):
    with pytest.raises(NothingToDecide, match="nobody to decide on yet"):
        close()
    ill = scored("Бекенов", None)
    with pytest.raises(NothingToDecide):
        close(leave_out={ill.pk: "ауырды"})
    assert nothing_happened()


def test_close_protocol_again_is_refused_with_the_number(close, scored):
    scored("Әлімов", "good")
    close()
    with pytest.raises(NothingToDecide, match="Protocol No 1 is closed already"):
        close()
    assert Protocol.objects.count() == 1


def test_close_protocol_as_seen_closes_and_as_no_longer_seen_is_refused(close, cohort, scored):
    enrolment = scored("Әлімов", "good")
    seen = read_sheet(cohort).fingerprint
    Score.objects.filter(attempt__enrolment=enrolment, criterion__code="theory").update(points=17, version=2)
    with pytest.raises(ScoresMoved, match="Points were changed"):
        close(seen=seen)
    assert (nothing_happened(), issubclass(ScoresMoved, Conflict)) == (True, True)
    assert close(seen=read_sheet(cohort).fingerprint).outcomes.get().total == 80


def test_close_protocol_that_fails_half_way_leaves_nothing(close, cohort, scored):
    scored("Әлімов", "good")
    second = scored("Бекенов", "good")
    # An attempt that is not submitted although its scores are complete: the second move is refused.
    Attempt.objects.filter(enrolment=second).update(state=AttemptState.OPEN)
    with pytest.raises(Conflict):
        close()
    assert nothing_happened()
    assert set(Enrolment.objects.values_list("state", flat=True)) == {EnrolmentState.ENROLLED}


def test_close_protocol_ignores_people_who_left(close, cohort, scored):
    scored("Әлімов", "good")
    for state in (EnrolmentState.WITHDRAWN, EnrolmentState.EXPELLED, EnrolmentState.ADMITTED):
        factories.make_enrolment(cohort=cohort, state=state)
    assert close().outcomes.count() == 1


@pytest.mark.django_db(transaction=True)
def test_close_protocol_two_administrators_at_once_make_one(cohort, scored, administrator):
    scored("Әлімов", "good")
    ill = scored("Бекенов", None)
    start, results = Barrier(2), []

    def close():  # type: ignore[no-untyped-def]
        start.wait(timeout=10)
        try:
            leave_out = {ill.pk: "ауырды"}
            results.append(
                close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out=leave_out, by=administrator).no
            )
        except NothingToDecide:
            results.append(0)
        finally:
            connections.close_all()

    threads = [Thread(target=close) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert (sorted(results), Protocol.objects.count(), Outcome.objects.count()) == ([0, 1], 1, 1)
    assert list(broken()) == []


@pytest.mark.django_db(transaction=True)
def test_close_protocol_while_a_trainer_saves_decides_on_what_is_stored(cohort, scored, administrator, trainer):
    enrolment = scored("Әлімов", "good")
    theory = cohort.rubric.criteria.get(code="theory")
    start, results = Barrier(2), []

    def run(act):  # type: ignore[no-untyped-def]
        start.wait(timeout=10)
        try:
            act()
        except Refused:
            results.append("refused")
        finally:
            connections.close_all()

    acts = [
        lambda: save_score(enrolment=enrolment, criterion=theory, points=5, version=1, by=trainer),
        lambda: close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out={}, by=administrator),
    ]
    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert Outcome.objects.get().total == (81 if results else 68)
    assert [*broken(), *ground.broken()] == []


def test_close_protocol_on_the_first_day_is_possible(close, cohort, scored):
    scored("Әлімов", "good")
    assert close(held_on=cohort.starts_on).held_on == cohort.ends_on - timedelta(days=18)
