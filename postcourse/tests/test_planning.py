"""R12: plans follow from outcomes, one for each, however often and by however many workers."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection
from django.utils import translation

from assessment.models import Outcome
from core.models import AuditEntry
from enrollment.models import Cohort
from postcourse import diary
from postcourse.invariants import broken
from postcourse.models import Consultation, ConsultationState, SupportPlan
from postcourse.planning import plan_support, waiting
from postcourse.tests.conftest import STRONG, TWO_WEAK, at
from tests import factories

FAILED = [5, 5, 5, 5, 5]


def test_plan_support_r12_a_consultation_for_each_criterion_below_seventy_per_cent(outcome):
    assert plan_support() == 1
    plan = SupportPlan.objects.get(outcome=outcome)
    assert (plan.starts_on, plan.ends_on, plan.weak_share) == (date(2026, 9, 26), date(2027, 9, 25), 70)
    found = [(c.criterion.code, c.state, diary.local(c.starts_at)) for c in plan.consultations.all()]
    assert found == [
        ("theory", ConsultationState.PROPOSED, at("2026-12-25 09:00")),
        ("project", ConsultationState.PROPOSED, at("2027-06-25 09:00")),
    ]


def test_plan_support_r12_somebody_strong_has_one_general_consultation(decide, cohort, listener):
    decide(cohort, {listener.enrolments.get(): STRONG})
    assert plan_support() == 1
    consultation = Consultation.objects.get()
    assert (consultation.criterion, diary.local(consultation.starts_at)) == (None, at("2027-03-26 09:00"))


def test_plan_support_r12_somebody_who_has_not_passed_has_none(decide, cohort, listener):
    passed = factories.make_enrolment(cohort=cohort)
    decide(cohort, {listener.enrolments.get(): FAILED, passed: STRONG})
    assert plan_support() == 1
    assert SupportPlan.objects.get().outcome.attempt.enrolment == passed


def test_plan_support_before_the_protocol_is_closed_plans_nothing(clock, cohort, listener, trainer):
    factories.make_scores(listener.enrolments.get(), TWO_WEAK, by=trainer)
    assert (plan_support(), SupportPlan.objects.count()) == (0, 0)


def test_plan_support_again_changes_nothing(planned):
    before = list(Consultation.objects.order_by("pk").values())
    assert plan_support() == 0
    assert list(Consultation.objects.order_by("pk").values()) == before


def test_plan_support_writes_one_audit_row_of_the_system_for_each_consultation(planned):
    for consultation in planned:
        entry = AuditEntry.objects.get(model="postcourse.Consultation", object_id=consultation.pk)
        assert (entry.from_state, entry.to_state, entry.by) == ("", "proposed", None)


def test_plan_support_writes_nothing_when_it_breaks_half_way(outcome, settings, monkeypatch):
    def fail(*args, **kwargs):  # type: ignore[no-untyped-def]
        raise RuntimeError

    with monkeypatch.context() as broken_audit:
        broken_audit.setattr("core.states.born", fail)
        with pytest.raises(RuntimeError):
            plan_support()
    assert (SupportPlan.objects.count(), Consultation.objects.count()) == (0, 0)
    assert plan_support() == 1


def test_plan_support_of_a_cohort_keeps_days_hours_and_load(decide, cohort, other_trainer, settings):
    cohort.trainers.add(other_trainer)
    people = [factories.make_enrolment(cohort=cohort) for _ in range(24)]
    decide(cohort, dict.fromkeys(people, STRONG))
    assert plan_support() == 24
    load = Counter(Consultation.objects.values_list("consultant__email", flat=True))
    assert load == {"trainer@example.kz": 12, "other.trainer@example.kz": 12}
    days = Counter((c.consultant_id, diary.local(c.starts_at).date()) for c in Consultation.objects.all())
    assert max(days.values()) == settings.CONSULTATIONS_PER_DAY == 4
    assert list(broken()) == []


def test_plan_support_uses_what_is_left_of_a_period_that_has_begun(outcome, clock):
    clock.move_to(at("2027-09-20 12:00"))  # a Monday, with five days left
    assert plan_support() == 1
    days = [diary.local(c.starts_at).date() for c in Consultation.objects.order_by("starts_at")]
    assert days == [date(2027, 9, 21), date(2027, 9, 24)]
    assert SupportPlan.objects.get().starts_on == date(2026, 9, 26)


def test_plan_support_by_the_setting_of_months_and_share(outcome, settings):
    settings.SUPPORT_MONTHS, settings.SUPPORT_WEAK_SHARE = 6, 66
    assert plan_support() == 1
    plan = SupportPlan.objects.get()
    assert (plan.ends_on, plan.weak_share) == (date(2027, 3, 25), 66)
    assert [c.criterion.code for c in plan.consultations.all()] == ["theory"]


def test_plan_support_does_not_let_a_trainer_consult_themselves(decide, cohort, trainer, other_trainer):
    cohort.trainers.add(other_trainer)
    enrolment = factories.make_enrolment(cohort=cohort, user=trainer)
    decide(cohort, {enrolment: STRONG})
    assert plan_support() == 1
    assert Consultation.objects.get().consultant == other_trainer


def test_waiting_says_why_there_is_no_plan_and_the_sweep_comes_back(outcome, clock, cohort, trainer):
    cohort.trainers.clear()
    assert (plan_support(), waiting()) == (0, [])
    clock.shift(121)
    with translation.override("en"):
        assert [row.reason for row in waiting()] == ["The cohort has no active trainer who could give consultations."]
    assert list(broken()) == []
    cohort.trainers.add(trainer)
    assert plan_support() == 1
    assert waiting() == []


def test_waiting_for_a_trainer_whose_account_is_closed(outcome, clock, trainer):
    trainer.is_active = False
    trainer.save()
    clock.shift(121)
    assert (plan_support(), len(waiting())) == (0, 1)


def test_waiting_when_every_hour_is_taken(outcome, clock, settings):
    settings.CONSULTATIONS_PER_DAY = 0
    clock.shift(121)
    with translation.override("en"):
        assert [row.reason for row in waiting()] == ["The consultants have no free hour left in the support period."]
    assert plan_support() == 0


def test_waiting_after_the_support_period(outcome, clock):
    clock.move_to(at("2027-09-25 12:00"))
    assert plan_support() == 0
    with translation.override("en"):
        assert str(waiting()[0]) == (
            "No support plan for Қасымова Әсел Серікқызы (K-2026-1): The support period is over."
        )


def test_waiting_without_a_reason_is_a_broken_invariant(outcome, clock):
    clock.shift(119)
    assert (waiting(), list(broken())) == ([], [])
    clock.shift(2)
    assert [row.reason for row in waiting()] == [""]
    assert list(broken()) == [f"R12 outcome {outcome.pk}: no support plan, and nothing stands in its way"]


@pytest.mark.parametrize("people", [1, 3])
def test_waiting_costs_the_same_queries_for_any_number(decide, cohort, clock, count_queries, people):
    decide(cohort, {factories.make_enrolment(cohort=cohort): TWO_WEAK for _ in range(people)})
    clock.shift(121)
    with count_queries() as seen:
        assert len(waiting()) == people
    assert seen.count == 5


@pytest.mark.django_db(transaction=True)
def test_plan_support_by_many_workers_at_once_makes_one_plan_each(decide, edition, trainer, other_trainer):
    cohorts = [
        factories.make_cohort(edition=edition, trainers=[trainer, other_trainer], state="assessing", code=f"P-{n}")
        for n in range(2)
    ]
    for cohort in cohorts:
        decide(cohort, {factories.make_enrolment(cohort=cohort): TWO_WEAK for _ in range(6)})

    def sweep(_: int) -> int:
        try:
            return plan_support()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        counts = list(pool.map(sweep, range(4)))
    assert sum(counts) == SupportPlan.objects.count() == Outcome.objects.count() == 12
    assert Consultation.objects.count() == AuditEntry.objects.filter(model="postcourse.Consultation").count() == 24
    load = Counter(Consultation.objects.values_list("consultant", flat=True))
    assert set(load.values()) == {12}
    assert list(broken()) == []
    assert Cohort.objects.count() == 2
