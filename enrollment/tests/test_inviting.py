"""Accounts for listeners."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from core.models import Message
from enrollment.inviting import invite_listeners
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrolment(open_cohort):  # type: ignore[no-untyped-def]
    return factories.make_enrolment(
        cohort=open_cohort, surname="Қасымова", given_name="Әсел", patronymic="Серікқызы", email="Assel@Example.kz"
    )


def test_invite_opens_an_account_in_the_cohorts_language(enrolment, open_cohort, administrator):
    open_cohort.language = "ru"
    open_cohort.save()
    result = invite_listeners(enrolments=[enrolment], by=administrator)
    user = User.objects.get(email="assel@example.kz")
    enrolment.listener.refresh_from_db()
    assert result.invited == [enrolment.listener]
    assert enrolment.listener.user == user
    assert (user.full_name, user.language, user.roles) == ("Қасымова Әсел Серікқызы", "ru", {"listener"})
    assert not user.has_usable_password()
    assert Message.objects.get(kind="invitation").recipient == "assel@example.kz"


def test_invite_again_at_once_sends_one_letter(enrolment, administrator):
    invite_listeners(enrolments=[enrolment], by=administrator)
    assert invite_listeners(enrolments=[enrolment], by=administrator).ready == [enrolment.listener]
    assert Message.objects.count() == 1


def test_invite_again_later_sends_a_new_letter(enrolment, administrator):
    invite_listeners(enrolments=[enrolment], by=administrator)
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert invite_listeners(enrolments=[enrolment], by=administrator).invited == [enrolment.listener]
    assert Message.objects.count() == 2


def test_invite_leaves_alone_who_has_a_password(listener, administrator):
    assert invite_listeners(enrolments=[listener.enrolments.get()], by=administrator).ready == [listener]
    assert Message.objects.count() == 0


def test_invite_lists_who_has_no_email(open_cohort, administrator):
    without = factories.make_enrolment(cohort=open_cohort, email="")
    result = invite_listeners(enrolments=[without], by=administrator)
    assert (result.without_email, result.invited, User.objects.filter(is_listener=True).count()) == (
        [without.listener], [], 0,
    )  # fmt: skip


def test_invite_gives_a_trainer_of_the_same_name_the_listeners_role(enrolment, administrator):
    trainer = factories.UserFactory(email="assel@example.kz", full_name="Касымова Асел", is_trainer=True)
    result = invite_listeners(enrolments=[enrolment], by=administrator)
    trainer.refresh_from_db()
    assert (result.linked, trainer.listener, trainer.roles) == (
        [enrolment.listener], enrolment.listener, {"trainer", "listener"},
    )  # fmt: skip
    assert Message.objects.count() == 0


def test_invite_refuses_an_account_of_another_name(enrolment, trainer, administrator):
    trainer.email = "assel@example.kz"
    trainer.save()
    result = invite_listeners(enrolments=[enrolment], by=administrator)
    trainer.refresh_from_db()
    assert result.refused == [
        "Қасымова Әсел Серікқызы: the e-mail assel@example.kz belongs to the account of Тренеров Талғат. If this is "
        "one person, give both the same name; otherwise correct the e-mail."
    ]
    assert not trainer.is_listener


def test_invite_refuses_two_with_one_email_and_names_both(enrolment, open_cohort, administrator):
    other = factories.make_enrolment(
        cohort=open_cohort, surname="Өтеген", given_name="Ерлан", patronymic="", email="assel@example.kz"
    )
    third = factories.make_enrolment(cohort=open_cohort, email="third@example.kz")
    result = invite_listeners(enrolments=[enrolment, other, third], by=administrator)
    assert result.invited == [third.listener]
    assert result.refused == [
        "Қасымова Әсел Серікқызы and Өтеген Ерлан have the same e-mail, Assel@Example.kz. "
        "Each needs an address of their own.",
        "Өтеген Ерлан and Қасымова Әсел Серікқызы have the same e-mail, assel@example.kz. "
        "Each needs an address of their own.",
    ]
    assert not User.objects.filter(email="assel@example.kz").exists()


def test_invite_refuses_a_closed_account(enrolment, administrator):
    factories.UserFactory(email="assel@example.kz", full_name="Қасымова Әсел", is_active=False)
    result = invite_listeners(enrolments=[enrolment], by=administrator)
    assert result.refused == ["Қасымова Әсел Серікқызы: the account of assel@example.kz is closed."]
