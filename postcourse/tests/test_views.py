"""Pages of consultations: who sees what, what happens, what is refused."""

import pytest
from django.urls import reverse
from icalendar import Calendar

from core.models import Message
from postcourse.consultations import cancel, confirm, mark_held, move
from postcourse.models import Consultation, ConsultationState
from postcourse.planning import plan_support
from postcourse.tests.conftest import STRONG, TWO_WEAK, at
from tests import factories

ON_ONE = [
    "consultation_confirm",
    "consultation_move",
    "consultation_held",
    "consultation_missed",
    "consultation_cancel",
]


@pytest.fixture
def desk(client, trainer):
    """The trainer's client, reading English."""
    client.force_login(trainer)
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def my_desk(client, listener):
    client.force_login(listener.user)
    client.cookies["language"] = "en"
    return client


def text(response) -> str:  # type: ignore[no-untyped-def]
    return " ".join(response.content.decode().split())


def test_consultation_list_shows_proposals_first_then_weeks(desk, planned, trainer):
    confirm(consultation=planned[0], by=trainer)
    seen = text(desk.get(reverse("consultation_list")))
    assert seen.index("Waiting for your word") < seen.index("project topic") < seen.index("Agreed, by weeks")
    assert seen.index("21.12 – 27.12.2026") < seen.index("theory topic")
    assert "Қасымова Әсел Серікқызы" in seen


@pytest.mark.parametrize(
    ("language", "topic"), [("kk", "theory тақырыбы"), ("ru", "тема theory"), ("en", "theory topic")]
)
def test_consultation_list_in_three_languages(desk, planned, language, topic):
    desk.cookies["language"] = language
    assert topic in text(desk.get(reverse("consultation_list")))


def test_consultation_list_of_nothing_says_when_there_will_be_something(desk):
    assert "Nothing is agreed yet." in text(desk.get(reverse("consultation_list")))


def test_consultation_list_marks_listeners_without_email(desk, consultation):
    listener = consultation.listener
    listener.user, listener.email = None, ""
    listener.save()
    assert "letters do not reach this listener" in text(desk.get(reverse("consultation_list")))


def test_consultation_list_asks_how_it_went_and_shows_what_lapsed(desk, planned, trainer, clock):
    confirm(consultation=planned[0], by=trainer)
    clock.move_to(planned[1].starts_at)
    desk.force_login(trainer)
    seen = text(desk.get(reverse("consultation_list")))
    assert seen.index("Not confirmed in time") < seen.index("project topic")
    assert seen.index("How did it go?") < seen.index("theory topic")


def test_consultation_list_of_a_trainer_who_is_administrator_too_is_their_own(client, planned, other_trainer):
    other_trainer.is_administrator = True
    other_trainer.save()
    client.force_login(other_trainer)
    assert "Қасымова" not in text(client.get(reverse("consultation_list")))


@pytest.mark.parametrize("name", ON_ONE)
@pytest.mark.parametrize("method", ["get", "post"])
def test_page_of_anothers_consultation_is_404(client, consultation, other_trainer, name, method):
    client.force_login(other_trainer)
    before = Consultation.objects.values().get(pk=consultation.pk)
    posting_only = method == "get" and name not in ("consultation_move", "consultation_cancel")
    expected = 405 if posting_only else 404
    assert getattr(client, method)(reverse(name, args=[consultation.pk]), {"reason": "x"}).status_code == expected
    assert Consultation.objects.values().get(pk=consultation.pk) == before


@pytest.mark.parametrize("pk", [999, 10**30])
@pytest.mark.parametrize("name", ON_ONE)
def test_page_of_no_consultation_is_404(desk, name, pk):
    assert desk.post(reverse(name, args=[pk])).status_code == 404


@pytest.mark.parametrize("name", ["consultation_list", "consultation_calendar", "my_consultations"])
def test_page_of_another_role_is_refused(client, planned, administrator, name):
    client.force_login(administrator)
    assert client.get(reverse(name)).status_code == 403


def test_consultation_confirm(desk, consultation):
    response = desk.post(reverse("consultation_confirm", args=[consultation.pk]), {"sequence": 0}, follow=True)
    assert response.redirect_chain == [(reverse("consultation_list"), 302)]
    assert "Confirmed: the consultation with Қасымова Әсел Серікқызы." in text(response)
    consultation.refresh_from_db()
    assert consultation.state == ConsultationState.SCHEDULED


def test_consultation_confirm_of_a_time_that_changed_shows_the_new_one(desk, consultation, administrator):
    move(consultation=consultation, starts_at=at("2026-10-15 10:00"), by=administrator)
    response = desk.post(reverse("consultation_confirm", args=[consultation.pk]), {"sequence": 0})
    assert response.status_code == 409
    assert "it is now Thursday, 15 October 2026, 10:00" in text(response)


@pytest.mark.parametrize("sequence", ["-1", "abc", "9" * 30])
def test_consultation_confirm_with_an_unreadable_form_is_refused(desk, consultation, sequence):
    response = desk.post(reverse("consultation_confirm", args=[consultation.pk]), {"sequence": sequence})
    assert response.status_code == 422
    consultation.refresh_from_db()
    assert consultation.state == ConsultationState.PROPOSED


def test_consultation_confirm_all(desk, planned):
    response = desk.post(reverse("consultation_confirm_all"), follow=True)
    assert "Consultations confirmed: 2." in text(response)
    assert set(Consultation.objects.values_list("state", flat=True)) == {"scheduled"}


@pytest.mark.parametrize("name", ["consultation_held", "consultation_missed"])
def test_consultation_noted_after_its_hour(desk, consultation, trainer, clock, name):
    confirm(consultation=consultation, by=trainer)
    early = desk.post(reverse(name, args=[consultation.pk]))
    assert (early.status_code, "has not begun yet" in text(early)) == (422, True)
    clock.move_to(consultation.starts_at)
    desk.force_login(trainer)
    assert desk.post(reverse(name, args=[consultation.pk])).status_code == 302
    consultation.refresh_from_db()
    assert consultation.state == name.removeprefix("consultation_")


def test_consultation_move_shows_free_and_taken_hours(desk, consultation, planned, trainer):
    move(consultation=planned[1], starts_at=at("2026-10-15 11:00"), by=trainer)
    seen = text(desk.get(reverse("consultation_move", args=[consultation.pk]), {"day": "2026-10-15"}))
    assert '<input class="form-check-input" type="radio" name="hour" value="10" >' in seen
    assert '<input class="form-check-input" type="radio" name="hour" value="11" disabled>' in seen
    assert "The consultant has another consultation at this hour." in seen
    assert 'href="?day=2026-10-09"' in seen
    assert 'href="?day=2026-10-19"' in seen


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2026-12-16", "16 December 2026 is a day off: Independence Day."),
        ("2026-10-17", "17 October 2026 is a weekend."),
    ],
)
def test_consultation_move_on_a_day_off_says_so(desk, consultation, day, sentence):
    response = desk.get(reverse("consultation_move", args=[consultation.pk]), {"day": day})
    assert (response.status_code, sentence in text(response)) == (200, True)


@pytest.mark.parametrize("day", ["2026-09-01", "9999-12-31", "0001-01-01", "2026-02-30", "x" * 5000, "\x00"])
def test_consultation_move_on_an_impossible_day_is_a_sentence(desk, consultation, day):
    response = desk.get(reverse("consultation_move", args=[consultation.pk]), {"day": day})
    assert (response.status_code, "alert-danger" in text(response)) == (422, True)


def test_consultation_move_to_a_free_hour(desk, consultation):
    values = {"sequence": 0, "day": "2026-10-15", "hour": "10", "reason": "кесте"}
    response = desk.post(reverse("consultation_move", args=[consultation.pk]), values, follow=True)
    assert "The consultation has a new time; the listener is told." in text(response)
    consultation.refresh_from_db()
    assert (consultation.starts_at, consultation.state) == (at("2026-10-15 10:00"), ConsultationState.SCHEDULED)
    assert Message.objects.get().kind == "consultation-moved"


@pytest.mark.parametrize(
    ("values", "status", "sentence"),
    [
        ({"hour": "10", "day": "2026-10-26"}, 422, "26 October 2026 is a day off: Republic Day."),
        ({"hour": "10", "day": "2027-10-26"}, 422, "26 October 2027 is outside it."),
        ({"hour": "10", "day": "2026-10-15", "sequence": "7"}, 409, "The time was changed meanwhile"),
        ({"day": "2026-10-15"}, 422, "Choose an hour."),
        ({"hour": "10:30", "day": "2026-10-15"}, 422, "alert-danger"),
        ({"hour": "10"}, 422, "alert-danger"),
        ({"hour": "10", "day": "жоқ"}, 422, "alert-danger"),
        ({"hour": "10", "day": "2026-10-15", "reason": "а" * 201}, 422, "alert-danger"),
        ({"hour": "10", "day": "2026-10-15", "reason": "\x00"}, 422, "alert-danger"),
        ({"hour": "1" * 400, "day": "9999-12-31"}, 422, "alert-danger"),
        ({}, 422, "alert-danger"),
    ],
)
def test_consultation_move_refused_says_why_and_writes_nothing(desk, consultation, values, status, sentence):
    before = Consultation.objects.values().get(pk=consultation.pk)
    response = desk.post(reverse("consultation_move", args=[consultation.pk]), values)
    assert (response.status_code, sentence in text(response)) == (status, True)
    assert (Consultation.objects.values().get(pk=consultation.pk), Message.objects.count()) == (before, 0)


def test_consultation_move_of_a_held_one_has_no_form(desk, consultation, trainer, clock):
    confirm(consultation=consultation, by=trainer)
    clock.move_to(consultation.starts_at)
    mark_held(consultation=consultation, by=trainer)
    desk.force_login(trainer)
    seen = text(desk.get(reverse("consultation_move", args=[consultation.pk])))
    assert ("no longer open" in seen, 'name="hour"' in seen) == (True, False)


def test_consultation_move_tells_its_history(desk, consultation, trainer):
    move(consultation=consultation, starts_at=at("2026-10-15 10:00"), by=trainer, reason="іссапар")
    seen = text(desk.get(reverse("consultation_move", args=[consultation.pk])))
    assert "25.12.2026 09:00 → 15.10.2026 10:00 · Тренеров Талғат · іссапар" in seen


def test_consultation_cancel_needs_a_reason(desk, consultation):
    address = reverse("consultation_cancel", args=[consultation.pk])
    assert desk.get(address).status_code == 200
    refused = desk.post(address, {"reason": " "})
    assert (refused.status_code, "Please say why" in text(refused)) == (422, True)
    assert desk.post(address, {"reason": "ауырып қалды"}).status_code == 302
    consultation.refresh_from_db()
    assert consultation.state == ConsultationState.CANCELLED


def test_my_consultations_shows_topic_time_consultant_and_state(my_desk, planned, trainer):
    confirm(consultation=planned[0], by=trainer)
    cancel(consultation=planned[1], by=trainer, reason="-")
    seen = text(my_desk.get(reverse("my_consultations")))
    assert "After the course K-2026-1 you are supported from 26.09.2026 to 25.09.2027." in seen
    assert (
        seen.index("To come")
        < seen.index("theory topic")
        < seen.index("Past and cancelled")
        < seen.index("project topic")
    )
    assert "25 December 2026" in seen
    assert "Тренеров Талғат" in seen


def test_my_consultations_before_the_protocol(my_desk):
    assert "You have no consultations yet." in text(my_desk.get(reverse("my_consultations")))


def test_my_consultations_are_nobody_elses(client, planned, other_listener):
    client.force_login(other_listener.user)
    assert "theory" not in text(client.get(reverse("my_consultations")))
    assert b"BEGIN:VEVENT" not in client.get(reverse("my_consultation_calendar")).content


@pytest.mark.parametrize(
    ("name", "who"), [("consultation_calendar", "trainer"), ("my_consultation_calendar", "listener")]
)
def test_calendar_file(client, planned, trainer, listener, name, who):
    client.force_login({"trainer": trainer, "listener": listener.user}[who])
    response = client.get(reverse(name))
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="consultations.ics"'
    found = Calendar.from_ical(response.content).walk("VEVENT")
    assert [event["DTSTART"].dt for event in found] == [c.starts_at for c in planned]


@pytest.mark.parametrize("people", [1, 50])
@pytest.mark.parametrize(
    ("name", "queries"),
    [("consultation_list", 4), ("consultation_calendar", 3), ("my_consultations", 5), ("my_consultation_calendar", 3)],
)
def test_list_costs_the_same_queries_for_any_number(
    client, clock, trainer, listener, decide, cohort, count_queries, name, queries, people
):
    """Of one listener or of fifty; the listener's own list grows by courses."""
    enrolments = [listener.enrolments.get()] + [factories.make_enrolment(cohort=cohort) for _ in range(people - 1)]
    decide(cohort, {enrolment: TWO_WEAK if n else STRONG for n, enrolment in enumerate(enrolments)})
    plan_support()
    client.force_login(listener.user if name.startswith("my") else trainer)
    with count_queries() as seen:
        assert client.get(reverse(name)).status_code == 200
    assert seen.count == queries


def test_consultation_move_costs_the_same_queries_however_full_the_week(desk, planned, trainer, count_queries):
    address = reverse("consultation_move", args=[planned[0].pk])
    with count_queries() as before:
        desk.get(address, {"day": "2026-10-15"})
    move(consultation=planned[1], starts_at=at("2026-10-15 11:00"), by=trainer)
    with count_queries() as after:
        desk.get(address, {"day": "2026-10-15"})
    assert before.count == after.count == 6


def test_consultation_list_folds_what_is_far_away(desk, clock, trainer, decide, cohort):
    decide(cohort, {factories.make_enrolment(cohort=cohort): TWO_WEAK for _ in range(12)})
    plan_support()
    seen = text(desk.get(reverse("consultation_list")))
    assert ("Later ones: 4" in seen, seen.count('name="sequence"')) == (True, 24)
