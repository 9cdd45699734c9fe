"""What people do with a consultation, and what is refused."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from core.errors import Conflict, DomainError, MoveRefused, Refused
from core.models import Message
from postcourse import diary
from postcourse.consultations import cancel, confirm, confirm_all, mark_held, mark_missed, move
from postcourse.invariants import broken
from postcourse.models import Consultation, ConsultationState, Reschedule
from postcourse.planning import plan_support
from postcourse.tests.conftest import STRONG, at
from tests import factories

FREE = at("2026-10-15 10:00")  # a Thursday


@pytest.fixture
def another(planned, decide, cohort):
    """A consultation of another listener with the same consultant."""
    enrolment = factories.make_enrolment(cohort=cohort)
    cohort.refresh_from_db()
    decide(cohort, {enrolment: STRONG})
    plan_support()
    return Consultation.objects.with_people().get(criterion=None)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def fresh(consultation):  # type: ignore[no-untyped-def]
    return Consultation.objects.with_people().get(pk=consultation.pk)


def refusal(verb, **kwargs):  # type: ignore[no-untyped-def]
    """The sentence with which a verb refuses; nothing may have changed."""
    before = list(Consultation.objects.order_by("pk").values()), Reschedule.objects.count(), Message.objects.count()
    with pytest.raises(DomainError) as caught:
        verb(**kwargs)
    now = list(Consultation.objects.order_by("pk").values()), Reschedule.objects.count(), Message.objects.count()
    assert now == before
    return caught.value.sentence


def test_confirm_makes_a_proposed_one_scheduled_and_tells_the_listener(consultation, trainer):
    assert confirm(consultation=consultation, by=trainer).state == ConsultationState.SCHEDULED
    entry = fresh(consultation).audit_trail().first()
    assert (entry.from_state, entry.to_state, entry.by) == ("proposed", "scheduled", trainer)
    message = Message.objects.get()
    assert (message.kind, message.thing) == ("consultation-scheduled", f"consultation {consultation.pk} sequence 0")
    assert message.recipient == "listener@example.kz"
    assert "BEGIN:VCALENDAR" in message.calendar


def test_confirm_again_changes_nothing_and_tells_once(consultation, trainer):
    confirm(consultation=consultation, by=trainer)
    assert confirm(consultation=consultation, by=trainer).pk == consultation.pk
    assert (fresh(consultation).audit_trail().count(), Message.objects.count()) == (2, 1)


@pytest.mark.parametrize("verb", [confirm, mark_held, mark_missed])
def test_verb_by_another_trainer_is_refused(consultation, other_trainer, listener, verb):
    for somebody in (other_trainer, listener.user):
        said = refusal(verb, consultation=consultation, by=somebody)
        assert said == "Only its consultant or an administrator may do this."


def test_confirm_by_an_administrator_tells_the_consultant_too(consultation, administrator, trainer):
    confirm(consultation=consultation, by=administrator)
    assert set(Message.objects.values_list("recipient", flat=True)) == {"listener@example.kz", trainer.email}


def test_confirm_after_its_hour_is_refused(consultation, trainer, clock):
    clock.move_to(consultation.starts_at)
    assert refusal(confirm, consultation=consultation, by=trainer) == (
        "The proposed time has passed. Move the consultation to another hour."
    )


def test_confirm_of_another_time_than_was_seen_is_a_conflict(consultation, trainer, administrator):
    move(consultation=consultation, starts_at=FREE, by=administrator)
    with pytest.raises(Conflict) as caught:
        confirm(consultation=consultation, by=trainer, sequence=0)
    assert caught.value.sentence == (
        "The time was changed meanwhile: it is now Thursday, 15 October 2026, 10:00. Please look again."
    )


def test_confirm_of_a_cancelled_one_is_refused(consultation, trainer):
    cancel(consultation=consultation, by=trainer, reason="ауырып қалды")
    with pytest.raises(MoveRefused):
        confirm(consultation=consultation, by=trainer)


def test_confirm_all_takes_the_proposed_ones_to_come(planned, trainer, other_trainer, clock):
    assert confirm_all(consultant=other_trainer, by=other_trainer) == 0
    clock.move_to(planned[0].starts_at)
    assert confirm_all(consultant=trainer, by=trainer) == 1
    assert [fresh(c).state for c in planned] == ["proposed", "scheduled"]


def test_move_keeps_the_former_time_and_tells_the_listener(consultation, trainer):
    confirm(consultation=consultation, by=trainer)
    moved = move(consultation=consultation, starts_at=FREE, by=trainer, reason="  сабақ  кестесі ")
    assert (moved.starts_at, moved.sequence, moved.state) == (FREE, 1, ConsultationState.SCHEDULED)
    change = Reschedule.objects.get()
    assert (change.from_starts_at, change.to_starts_at) == (consultation.starts_at, FREE)
    assert (change.by, change.reason) == (trainer, "сабақ кестесі")
    message = Message.objects.get(kind="consultation-moved")
    assert message.thing == f"consultation {consultation.pk} sequence 1"
    assert "SEQUENCE:1" in message.calendar
    assert fresh(consultation).audit_trail().count() == 2


def test_move_of_a_proposed_one_schedules_it(consultation, trainer):
    moved = move(consultation=consultation, starts_at=FREE, by=trainer)
    assert (moved.state, moved.sequence, moved.starts_at) == (ConsultationState.SCHEDULED, 1, FREE)
    assert fresh(consultation).audit_trail().first().to_state == "scheduled"
    assert list(broken()) == []


def test_move_to_the_hour_it_has_confirms_it(consultation, trainer):
    same = move(consultation=consultation, starts_at=consultation.starts_at, by=trainer)
    assert (same.state, same.sequence, Reschedule.objects.count()) == (ConsultationState.SCHEDULED, 0, 0)
    again = move(consultation=consultation, starts_at=consultation.starts_at, by=trainer)
    assert (again.sequence, Message.objects.count()) == (0, 1)


@pytest.mark.parametrize(
    ("starts_at", "sentence"),
    [
        ("2026-10-15 10:30", "A consultation begins at a whole hour."),
        ("2026-10-15 08:00", "Consultations begin between 9:00 and 17:00."),
        ("2026-10-15 18:00", "Consultations begin between 9:00 and 17:00."),
        ("2026-10-17 10:00", "17 October 2026 is a weekend."),
        ("2026-10-26 10:00", "26 October 2026 is a day off: Republic Day."),
        ("2026-12-16 10:00", "16 December 2026 is a day off: Independence Day."),
        ("2026-09-25 10:00", "The support period is 26.09.2026 – 25.09.2027; 25 September 2026 is outside it."),
        ("2027-09-27 10:00", "The support period is 26.09.2026 – 25.09.2027; 27 September 2027 is outside it."),
    ],
)
def test_move_to_an_impossible_hour_is_refused_in_words(consultation, trainer, starts_at, sentence):
    assert refusal(move, consultation=consultation, starts_at=at(starts_at), by=trainer) == sentence


def test_move_into_the_past_is_refused(consultation, trainer, clock):
    clock.move_to(at("2026-10-15 10:00"))
    said = refusal(move, consultation=consultation, starts_at=at("2026-10-15 10:00"), by=trainer)
    assert said == "This hour has passed. Choose one in the future."
    assert move(consultation=consultation, starts_at=at("2026-10-15 11:00"), by=trainer).sequence == 1


def test_move_to_an_hour_of_the_consultant_is_refused(consultation, another, trainer):
    assert refusal(move, consultation=consultation, starts_at=another.starts_at, by=trainer) == (
        "The consultant has another consultation at this hour."
    )


def test_move_to_an_hour_of_a_cancelled_one_is_possible(consultation, another, trainer):
    cancel(consultation=another, by=trainer, reason="-")
    assert move(consultation=consultation, starts_at=another.starts_at, by=trainer).sequence == 1
    assert list(broken()) == []


def test_move_to_an_hour_of_the_listener_is_refused(planned, trainer, other_trainer):
    first, second = planned
    Consultation.objects.filter(pk=second.pk).update(consultant=other_trainer)
    assert refusal(move, consultation=first, starts_at=second.starts_at, by=trainer) == (
        "The listener has another consultation at this hour."
    )


def test_move_to_a_full_day_is_refused(consultation, another, trainer, settings):
    settings.CONSULTATIONS_PER_DAY = 1
    later = another.starts_at.replace(hour=9)
    assert refusal(move, consultation=consultation, starts_at=later, by=trainer) == (
        "The consultant’s day is full: the limit is 1 in a day."
    )


def test_move_within_its_own_full_day_is_possible(consultation, trainer, settings):
    settings.CONSULTATIONS_PER_DAY = 1
    move(consultation=consultation, starts_at=FREE, by=trainer)
    assert move(consultation=consultation, starts_at=at("2026-10-15 13:00"), by=trainer).sequence == 2


def test_move_with_too_long_a_reason_is_refused(consultation, trainer):
    said = refusal(move, consultation=consultation, starts_at=FREE, by=trainer, reason="а" * 201)
    assert said == "The reason is longer than 200 characters."


def test_move_of_a_held_one_is_refused(consultation, trainer, clock):
    confirm(consultation=consultation, by=trainer)
    clock.move_to(consultation.starts_at)
    mark_held(consultation=consultation, by=trainer)
    assert refusal(move, consultation=consultation, starts_at=at("2027-01-15 10:00"), by=trainer) == (
        "This consultation is no longer open; its time cannot change."
    )


def test_move_by_an_administrator_tells_the_consultant(consultation, administrator, trainer):
    move(consultation=consultation, starts_at=FREE, by=administrator)
    message = Message.objects.get(recipient=trainer.email)
    assert message.thing == f"consultation {consultation.pk} sequence 1 consultant"


@pytest.mark.parametrize(("verb", "state"), [(mark_held, "held"), (mark_missed, "missed")])
def test_mark_after_its_hour_and_again(consultation, trainer, clock, verb, state):
    confirm(consultation=consultation, by=trainer)
    assert refusal(verb, consultation=consultation, by=trainer) == "The consultation has not begun yet."
    clock.move_to(consultation.starts_at)
    assert verb(consultation=consultation, by=trainer).state == state
    assert verb(consultation=consultation, by=trainer).state == state
    assert fresh(consultation).audit_trail().count() == 3


def test_mark_held_of_one_never_confirmed_is_refused(consultation, trainer, clock):
    clock.move_to(consultation.starts_at)
    with pytest.raises(MoveRefused):
        mark_held(consultation=consultation, by=trainer)


def test_cancel_needs_a_reason_and_tells_the_listener(consultation, trainer):
    assert refusal(cancel, consultation=consultation, by=trainer, reason="  ") == (
        "Please say why the consultation is cancelled."
    )
    off = cancel(consultation=consultation, by=trainer, reason="іссапар")
    assert (off.state, off.sequence, off.audit_trail().first().reason) == ("cancelled", 1, "іссапар")
    message = Message.objects.get()
    assert message.kind == "consultation-cancelled"
    assert "STATUS:CANCELLED" in message.calendar
    assert cancel(consultation=consultation, by=trainer, reason="басқа").audit_trail().first().reason == "іссапар"
    assert list(broken()) == []


@pytest.mark.parametrize("sql", ["UPDATE postcourse_reschedule SET reason = 'x'", "DELETE FROM postcourse_reschedule"])
def test_history_of_moves_refuses_to_change_in_the_database(consultation, trainer, sql):
    move(consultation=consultation, starts_at=FREE, by=trainer)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "change",
    [
        lambda c: Consultation.objects.filter(pk=c.pk).update(criterion=None),
        lambda c: Consultation.objects.filter(pk=c.pk)._raw_delete("default"),
        lambda c: type(c.plan).objects.update(weak_share=10),
    ],
)
def test_plan_and_its_needs_refuse_to_change_in_the_database(consultation, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        change(consultation)


@pytest.mark.django_db(transaction=True)
def test_move_of_two_to_one_hour_at_once_gives_it_to_one(consultation, another, trainer, administrator):
    def take(one) -> str:  # type: ignore[no-untyped-def]
        try:
            with translation.override("en"):
                return move(consultation=one[0], starts_at=FREE, by=one[1]).state
        except Refused as refused:
            return refused.sentence
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(take, [(consultation, trainer), (another, administrator)]))
    assert answers == ["The consultant has another consultation at this hour.", "scheduled"]
    assert Consultation.objects.filter(starts_at=FREE).count() == 1
    assert list(broken()) == []


def test_moments_are_the_institutes_whatever_zone_is_active(consultation, trainer):
    from django.utils import timezone

    with timezone.override("America/New_York"):
        moved = move(consultation=consultation, starts_at=FREE, by=trainer)
    assert f"{diary.local(moved.starts_at):%H:%M}" == "10:00"
