"""The schedule of defences: consecutive slots, who may judge, moves and cancellations with a letter each."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessment.examining import give_points
from assessment.models import Defence, Sitting
from assessment.sittings import call_off_defence, call_off_sitting, free_slots, move_defence, place, plan_sitting
from assessment.tests.defending import make_examiners, make_sitting
from core.errors import Conflict, Refused
from core.models import Message
from enrollment.models import Body, CommissionMember, Room
from enrollment.tests.factories_timetable import make_session
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_the_course")]


@pytest.fixture
def examiners():  # type: ignore[no-untyped-def]
    return make_examiners(2)


@pytest.fixture
def sitting(cohort, administrator, examiners):  # type: ignore[no-untyped-def]
    return make_sitting(cohort, by=administrator, users=examiners)


@pytest.fixture
def plan(cohort, administrator, examiners):  # type: ignore[no-untyped-def]
    """`plan()` plans a sitting; other terms replace these."""

    def do(**changes):  # type: ignore[no-untyped-def]
        members = list(CommissionMember.objects.filter(body=Body.ATTESTATION).order_by("pk"))
        asked = {
            "cohort": cohort, "starts_at": timezone.now(), "slot_minutes": 20, "members": members, "chair": members[0],
            "room": None, "link": "https://meet.example.kz", "by": administrator,
        }  # fmt: skip
        return plan_sitting(**asked | changes)

    return do


def test_listeners_get_consecutive_slots_and_a_letter_each(sitting, scored, administrator):
    people = [scored(name, None) for name in ("Әлімов", "Бекенов", "Ғабитов")]
    defences = place(sitting=sitting, enrolments=people, by=administrator)
    assert [one.starts_at - sitting.starts_at for one in defences] == [timedelta(minutes=20 * n) for n in range(3)]
    assert Message.objects.filter(kind="defence").count() == 3
    assert "BEGIN:VEVENT" in Message.objects.filter(kind="defence").first().calendar
    assert place(sitting=sitting, enrolments=people, by=administrator) == []


def test_freed_slot_is_given_again(sitting, scored, administrator):
    first, second, third = (scored(name, None) for name in ("Әлімов", "Бекенов", "Ғабитов"))
    place(sitting=sitting, enrolments=[first, second], by=administrator)
    gone = Defence.objects.get(attempt__enrolment=first)
    call_off_defence(defence=gone, reason="ауырды", by=administrator)
    (late,) = place(sitting=sitting, enrolments=[third], by=administrator)
    assert late.starts_at == sitting.starts_at
    assert place(sitting=sitting, enrolments=[first], by=administrator)[0].starts_at == free_slots(sitting, 0 + 1)[
        0
    ] - timedelta(minutes=20)


def test_moved_defence_is_told_and_a_taken_slot_refused(sitting, scored, administrator):
    place(sitting=sitting, enrolments=[scored("Әлімов", None), scored("Бекенов", None)], by=administrator)
    first, second = Defence.objects.order_by("starts_at")
    with pytest.raises(Conflict, match="Another listener"):
        move_defence(defence=first, starts_at=second.starts_at, by=administrator)
    move_defence(defence=first, starts_at=free_slots(sitting, 1)[0], by=administrator)
    assert Message.objects.filter(kind="defence").count() == 3


def test_sitting_is_called_off_with_its_defences_but_not_once_one_is_judged(sitting, scored, administrator, examiners):
    place(sitting=sitting, enrolments=[scored("Әлімов", None)], by=administrator)
    give_points(defence=Defence.objects.get(), points={"project": 20}, by=examiners[0])
    with pytest.raises(Refused):
        call_off_sitting(sitting=sitting, reason="ауырды", by=administrator)
    other = make_sitting(sitting.cohort, by=administrator, users=examiners)
    place(sitting=other, enrolments=[scored("Бекенов", None)], by=administrator)
    assert call_off_sitting(sitting=other, reason="ауырды", by=administrator).state == "cancelled"
    with pytest.raises(Refused, match="called off"):
        place(sitting=other, enrolments=[scored("Ғабитов", None)], by=administrator)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [({"link": ""}, "a room or a link"), ({"members": []}, "At least two members")],
)
def test_sitting_that_cannot_be_is_refused(plan, changes, sentence):
    with pytest.raises(Refused, match=sentence):
        plan(**changes)
    assert Sitting.objects.count() == 0


def test_sitting_of_one_member_without_account_or_by_a_trainer_is_refused(plan, trainer):
    members = list(CommissionMember.objects.filter(body=Body.ATTESTATION).order_by("pk"))
    bare = factories.make_members(1, body=Body.ATTESTATION, is_chair=False)[0]
    with pytest.raises(Refused, match="At least two members"):
        plan(members=members[:1])
    with pytest.raises(Refused, match="Without an account"):
        plan(members=[*members, bare])
    with pytest.raises(Refused, match="must be one of the members"):
        plan(members=members, chair=bare)
    with pytest.raises(Refused, match="by an administrator"):
        plan(by=trainer)
    with pytest.raises(Refused, match="They were no members"):
        plan(members=members, starts_at=timezone.now() - timedelta(days=365 * 10))


def test_room_that_the_timetable_takes_is_refused(plan, cohort):
    room = Room.objects.create(name="101")
    make_session(cohort, timezone.now() - timedelta(minutes=10), room=room)
    with pytest.raises(Refused, match="is taken at that time"):
        plan(room=room, link="")


def test_listener_of_another_cohort_or_in_the_commission_is_refused(sitting, other_listener, administrator, scored):
    with pytest.raises(Refused, match="is in another cohort"):
        place(sitting=sitting, enrolments=[other_listener.enrolments.get()], by=administrator)
    mine = scored("Әлімов", None)
    mine.listener.user = sitting.examiners.first().member.user
    mine.listener.save()
    with pytest.raises(Refused, match="sits in the commission"):
        place(sitting=sitting, enrolments=[mine], by=administrator)
    assert Defence.objects.count() == 0


def test_trainers_of_the_cohort_read_the_schedule_without_points(
    sign_in, cohort, trainer, other_trainer, administrator, enrolment, after_the_course, count_queries
):
    address = f"/trainer/cohorts/{cohort.pk}/defences/"
    assert "No defences are planned" in sign_in(trainer, "en").get(address).content.decode()
    users = make_examiners(2)
    sitting = make_sitting(cohort, by=administrator, users=users)
    counted = []
    for people in (1, 3):
        placed = [factories.make_enrolment(cohort=cohort) for _ in range(people)]
        for defence in place(sitting=sitting, enrolments=placed, by=administrator):
            give_points(defence=defence, points={"project": 27}, by=users[0])
        client = sign_in(trainer)
        with count_queries() as seen:
            page = client.get(address).content.decode()
        counted.append(seen.count)
        assert placed[0].listener.full_name in page
        assert "/ 30" not in page
    assert counted[0] == counted[1]
    assert sign_in(other_trainer).get(address).status_code == 404
