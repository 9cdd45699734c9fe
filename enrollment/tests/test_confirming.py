"""A listener confirms the name as it will be printed; a changed name is to be confirmed anew."""

from functools import partial

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from core.errors import Conflict, Refused
from core.models import Message
from enrollment.confirming import Standing, confirm_name, standings
from enrollment.correcting import Name, file_correction, make_correction, refuse_correction
from enrollment.models import CohortState, EnrolmentState, NameConfirmation
from enrollment.name_letters import ask
from enrollment.tests.lists import text
from enrollment.tests.test_capacity_race import all_at_once
from tests import factories

pytestmark = pytest.mark.django_db
NAME = "Қасымова Әсел Серікқызы"


@pytest.fixture(autouse=True)
def _in_english():  # type: ignore[no-untyped-def]
    with translation.override("en"):
        yield


@pytest.fixture
def filed(listener):  # type: ignore[no-untyped-def]
    return file_correction(listener=listener, name=Name("Қасымбекова", "Әсел", "Серікқызы"), words="", by=listener.user)


def standing(listener) -> str:  # type: ignore[no-untyped-def]
    return standings([listener])[listener.pk]


def test_confirmed_name_is_confirmed_once(listener):
    assert standing(listener) == Standing.OPEN
    first = confirm_name(listener=listener, shown=NAME, by=listener.user)
    assert confirm_name(listener=listener, shown=NAME, by=listener.user) == first
    assert (standing(listener), NameConfirmation.objects.count()) == (Standing.CONFIRMED, 1)


def test_changed_name_is_to_be_confirmed_anew(listener, filed, administrator):
    assert standing(listener) == Standing.ASKED
    with pytest.raises(Refused, match="wait until it is decided"):
        confirm_name(listener=listener, shown=NAME, by=listener.user)
    make_correction(correction=filed, by=administrator)
    listener.refresh_from_db()
    assert standing(listener) == Standing.OPEN
    with pytest.raises(Conflict, match="changed meanwhile"):
        confirm_name(listener=listener, shown=NAME, by=listener.user)
    confirm_name(listener=listener, shown="Қасымбекова Әсел Серікқызы", by=listener.user)
    assert standing(listener) == Standing.CONFIRMED


def test_name_that_is_not_corrected_can_be_confirmed(listener, filed, administrator):
    refuse_correction(correction=filed, answer="Куәлікте басқаша", by=administrator)
    confirm_name(listener=listener, shown=NAME, by=listener.user)
    assert standing(listener) == Standing.CONFIRMED


def test_only_the_bearer_confirms(listener, other_listener, administrator):
    for by in (other_listener.user, administrator):
        with pytest.raises(Refused, match="by its bearer"):
            confirm_name(listener=listener, shown=NAME, by=by)


def test_standings_cost_two_queries_for_any_number(listener, other_listener, count_queries):
    with count_queries() as seen:
        assert len(standings([listener, other_listener])) == 2
    assert seen.count == 2


@pytest.mark.django_db(transaction=True)
def test_pressed_twice_at_once_is_one(listener):
    all_at_once([partial(confirm_name, listener=listener, shown=NAME, by=listener.user)] * 3)
    assert NameConfirmation.objects.count() == 1


def test_listener_is_led_to_the_page_and_confirms_there(sign_in, listener):
    client, page = sign_in(listener.user, "en"), reverse("my_name")
    assert "Check your name" in text(client.get(reverse("my_course")))
    assert NAME in text(client.get(page))
    assert client.get(reverse("my_name_confirm")).status_code == 405
    assert "changed meanwhile" in text(client.post(reverse("my_name_confirm"), {"shown": "Басқа"}, follow=True))
    assert "the name is confirmed" in text(client.post(reverse("my_name_confirm"), {"shown": NAME}, follow=True))
    again = text(client.get(page))
    assert ("You have confirmed it" in again, "The name is right" in again) == (True, False)
    assert "Check your name" not in text(client.get(reverse("my_course")))


def test_listener_without_a_document_to_come_is_not_asked(sign_in, listener):
    listener.enrolments.update(state=EnrolmentState.WITHDRAWN)
    assert "Check your name" not in text(sign_in(listener.user, "en").get(reverse("my_course")))


@time_machine.travel("2026-09-24 10:00+05:00", tick=False)
def test_who_has_not_confirmed_is_asked_once(listener, cohort, other_listener, other_cohort):
    confirm_name(listener=other_listener, shown=other_listener.full_name, by=other_listener.user)
    factories.make_enrolment(cohort=cohort)  # without an account
    assert (ask(), ask()) == (1, 0)
    message = Message.objects.get(kind="name-check")
    assert (message.recipient, NAME in message.body, "/my/name/" in message.body) == (listener.user.email, True, True)


@pytest.mark.parametrize("change", ["night", "running", "withdrawn"])
def test_nobody_is_asked_too_early_or_at_night(listener, cohort, change):
    if change == "running":
        type(cohort).objects.update(state=CohortState.RUNNING)
    if change == "withdrawn":
        listener.enrolments.update(state=EnrolmentState.WITHDRAWN)
    hour = "23" if change == "night" else "10"
    with time_machine.travel(f"2026-09-24 {hour}:00+05:00", tick=False):
        assert ask() == 0
