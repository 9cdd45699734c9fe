"""Judging a defence: blind, final, by the mean or by the chair; endings that are no points."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connections, transaction
from django.utils import timezone

from assessment.blindness import visible_points
from assessment.defence_invariants import broken
from assessment.examining import decide_dispute, end_without_points, excuse, give_points, name_topic, take_back
from assessment.models import Attempt, Defence, DefenceScore, DefenceState, Score
from assessment.protocol_rules import Incomplete
from assessment.scoring import save_score
from assessment.sheet import read_sheet
from assessment.sittings import place
from assessment.tests.defending import make_defence, make_examiners, make_sitting
from core.errors import MoveRefused, Refused
from core.models import AuditEntry
from enrollment.models import EnrolmentState
from tests.factories import close_protocol

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_the_course")]


@pytest.fixture
def examiners():  # type: ignore[no-untyped-def]
    return make_examiners(3)


@pytest.fixture
def defence(scored, administrator, examiners):  # type: ignore[no-untyped-def]
    """Of somebody who lacks the points for cases and the project, before two examiners."""
    return make_defence(scored("Әлімов", "incomplete"), by=administrator, users=examiners[:2])


def give(defence, user, points):  # type: ignore[no-untyped-def]
    return give_points(defence=defence, points={"project": points}, by=user)


def project(defence):  # type: ignore[no-untyped-def]
    return Score.objects.filter(attempt=defence.attempt_id, criterion__code="project").first()


def test_points_of_two_settle_by_their_mean_and_go_into_the_scores(defence, examiners):
    assert give(defence, examiners[0], 24).state == DefenceState.SCHEDULED
    assert project(defence) is None
    settled = give(defence, examiners[1], 25)
    assert (settled.state, settled.points, settled.settled_by) == (
        DefenceState.SETTLED, {"project": 25}, examiners[1],
    )  # fmt: skip
    score = project(defence)
    assert (score.points, score.history.get().history_change_reason) == (25, "mean of the commission")
    assert list(broken()) == []


def test_points_too_far_apart_wait_for_the_chair_whose_reason_counts(defence, examiners):
    give(defence, examiners[0], 30)
    assert give(defence, examiners[1], 23).state == DefenceState.DISPUTED
    assert project(defence) is None
    with pytest.raises(Refused, match="by the chair"):
        decide_dispute(defence=defence, points={"project": 26}, reason="Дәлелді", by=examiners[1])
    with pytest.raises(Refused, match="Give the reason"):
        decide_dispute(defence=defence, points={"project": 26}, reason=" ", by=examiners[0])
    decided = decide_dispute(defence=defence, points={"project": 26}, reason="Енгізу жоспары бар", by=examiners[0])
    assert (decided.state, decided.grounds, project(defence).points) == ("settled", "Енгізу жоспары бар", 26)
    assert list(broken()) == []


def test_spread_is_a_setting(defence, examiners, settings):
    settings.DEFENCE_SPREAD = 50
    give(defence, examiners[0], 30)
    assert give(defence, examiners[1], 15).points == {"project": 23}


def test_given_points_are_final_and_a_repeat_changes_nothing(defence, examiners):
    give(defence, examiners[0], 24)
    give(defence, examiners[0], 24)
    with pytest.raises(Refused, match="given points are final"):
        give(defence, examiners[0], 25)
    assert DefenceScore.objects.count() == 1
    for change in (DefenceScore.objects.all().delete, lambda: DefenceScore.objects.update(points=1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    "points", [{"project": 31}, {"project": -1}, {"project": True}, {}, {"project": 5, "theory": 5}]
)
def test_points_that_are_not_whole_in_range_or_not_all_are_refused(defence, examiners, points):
    with pytest.raises(Refused):
        give_points(defence=defence, points=points, by=examiners[0])
    assert DefenceScore.objects.count() == 0


def test_points_by_a_stranger_or_for_oneself_are_refused(defence, examiners, administrator, trainer):
    for stranger in (administrator, trainer, examiners[2]):
        with pytest.raises(Refused, match="by the members of this commission"):
            give(defence, stranger, 20)


def test_points_before_the_day_are_refused(scored, administrator, examiners, cohort):
    sitting = make_sitting(cohort, by=administrator, users=examiners[:2], starts_at=timezone.now() + timedelta(days=1))
    (defence,) = place(sitting=sitting, enrolments=[scored("Әлімов", None)], by=administrator)
    with pytest.raises(Refused, match="on the day of the defence"):
        give(defence, examiners[0], 20)


def test_others_points_are_seen_only_after_giving_ones_own(defence, examiners, administrator, trainer):
    def seen(user):  # type: ignore[no-untyped-def]
        return [one.points for one in visible_points(Defence.objects.get(pk=defence.pk), user)]

    give(defence, examiners[0], 24)
    assert (seen(examiners[0]), seen(examiners[1]), seen(administrator), seen(trainer)) == ([24], [], [], [])
    give(defence, examiners[1], 26)
    assert (seen(examiners[0]), seen(examiners[1]), seen(administrator)) == ([24, 26], [24, 26], [24, 26])
    assert (seen(trainer), seen(defence.attempt.enrolment.listener.user or trainer)) == ([], [])


def test_trainer_does_not_enter_what_the_commission_judges(defence, trainer, cohort):
    criterion = cohort.rubric.criteria.get(code="project")
    with pytest.raises(Refused, match="judged by the commission at the defence"):
        save_score(enrolment=defence.attempt.enrolment, criterion=criterion, points=30, version=0, by=trainer)


def test_absent_examiner_is_excused_by_the_chair_and_two_settle(scored, administrator, examiners):
    defence = make_defence(scored("Әлімов", None), by=administrator, users=examiners)
    give(defence, examiners[0], 20)
    give(defence, examiners[1], 22)
    absent = defence.sitting.examiners.get(member__user=examiners[2])
    with pytest.raises(Refused, match="by the chair"):
        excuse(defence=defence, examiner=absent, reason="ауырды", by=examiners[1])
    assert excuse(defence=defence, examiner=absent, reason="ауырды", by=examiners[0]).points == {"project": 21}
    with pytest.raises(Refused):
        give(defence, examiners[2], 21)


def test_nobody_is_excused_when_one_would_be_left(defence, examiners):
    other = defence.sitting.examiners.get(member__user=examiners[1])
    with pytest.raises(Refused, match="At least two members"):
        excuse(defence=defence, examiner=other, reason="ауырды", by=examiners[0])


@pytest.mark.parametrize("ending", ["no_show", "breach"])
def test_ending_without_points_is_decided_without_a_total(defence, examiners, cohort, administrator, ending):
    end_without_points(defence=defence, ending=ending, reason="Хабарламай келмеді", by=examiners[0])
    row = read_sheet(cohort).pending[0]
    assert (row.ending, row.is_decidable, row.mark.is_complete) == (ending, True, False)
    protocol = close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out={}, by=administrator)
    outcome = protocol.outcomes.get()
    assert (outcome.ending, outcome.total, outcome.band, outcome.passed, outcome.reason) == (
        ending, None, None, False, "Хабарламай келмеді",
    )  # fmt: skip
    defence.attempt.enrolment.refresh_from_db()
    assert defence.attempt.enrolment.state == EnrolmentState.NOT_PASSED
    with pytest.raises(Refused, match="The protocol is closed"):
        take_back(defence=defence, reason="қате", by=examiners[0])


def test_mistaken_absence_is_taken_back_and_judged(defence, examiners):
    end_without_points(defence=defence, ending="no_show", reason="келмеді", by=examiners[0])
    with pytest.raises(Refused):
        give(defence, examiners[0], 20)
    take_back(defence=defence, reason="кешікті", by=examiners[0])
    give(defence, examiners[0], 20)
    assert give(defence, examiners[1], 20).state == DefenceState.SETTLED
    trail = AuditEntry.objects.filter(model="assessment.Defence", object_id=defence.pk).order_by("id")
    assert [entry.to_state for entry in trail] == ["scheduled", "no_show", "scheduled", "settled"]


def test_breach_found_after_the_points_counts_and_when_it_falls_the_points_do(defence, examiners):
    give(defence, examiners[0], 20)
    give(defence, examiners[1], 20)
    end_without_points(defence=defence, ending="breach", reason="Көшірілген", by=examiners[0])
    back = take_back(defence=defence, reason="Дәлелденбеді", by=examiners[0])
    assert (back.state, back.points) == (DefenceState.SETTLED, {"project": 20})


def test_no_show_of_who_has_points_is_refused(defence, examiners):
    give(defence, examiners[1], 20)
    with pytest.raises(Refused, match="did appear"):
        end_without_points(defence=defence, ending="no_show", reason="келмеді", by=examiners[0])
    with pytest.raises(MoveRefused):
        take_back(defence=defence, reason="қате", by=examiners[0])


def test_protocol_waits_for_the_defence(scored, administrator, examiners, cohort):
    enrolment = scored("Әлімов", "good")
    defence = make_defence(enrolment, by=administrator, users=examiners[:2])
    with pytest.raises(Incomplete):
        close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out={}, by=administrator)
    give(defence, examiners[0], 20)
    give(defence, examiners[1], 20)
    outcome = close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out={}, by=administrator).outcomes.get()
    assert outcome.points["project"] == 20
    with pytest.raises(IntegrityError), transaction.atomic():
        Defence.objects.filter(pk=defence.pk).update(grounds="басқа")


def test_topic_is_named_until_the_defence_is_over(defence, examiners, trainer):
    assert name_topic(defence=defence, topic="  Мектепті   дамыту ", by=examiners[1]).topic == "Мектепті дамыту"
    with pytest.raises(Refused):
        name_topic(defence=defence, topic="Басқа", by=trainer)


@pytest.mark.django_db(transaction=True)
def test_two_examiners_at_once_make_one_settlement(scored, administrator):
    users = make_examiners(2)
    defence = make_defence(scored("Әлімов", None), by=administrator, users=users)
    start, faults = Barrier(2), []

    def run(user, points):  # type: ignore[no-untyped-def]
        start.wait(timeout=10)
        try:
            give(defence, user, points)
        except Exception as error:  # noqa: BLE001
            faults.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=pair) for pair in zip(users, (20, 23), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    defence.refresh_from_db()
    assert (faults, defence.state, defence.points, project(defence).version) == ([], "settled", {"project": 22}, 1)
    assert Attempt.objects.count() == 1
    assert list(broken()) == []
