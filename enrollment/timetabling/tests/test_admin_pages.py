"""Administrators' pages: the week, one session, its live check, the generator, rooms."""

from datetime import date

import pytest
from django.urls import reverse

from core.states import move
from enrollment.models import Cohort, CohortState, Room, Session, SessionState
from enrollment.timetabling.booking import add_session
from enrollment.timetabling.overview import clashes_of, overview
from enrollment.timetabling.tests.conftest import at
from tests import factories

pytestmark = pytest.mark.django_db


def url(name, cohort, *more):  # type: ignore[no-untyped-def]
    return reverse(f"admin:enrollment_cohort_{name}", args=[cohort.pk, *more])


def text(response):  # type: ignore[no-untyped-def]
    return " ".join(response.content.decode().split())


@pytest.fixture
def values(course, trainer, room):  # type: ignore[no-untyped-def]
    """What a person types for Tuesday, 11:00."""

    def do(**changed):  # type: ignore[no-untyped-def]
        module = course.edition.modules.get(no=1)
        return {
            "day": "2026-09-08", "begins": "11:00", "hours": "2", "module": module.pk, "kind": "practice",
            "trainer": trainer.pk, "room": room.pk, "link": "", "topic": "", "sequence": "",
        } | changed  # fmt: skip

    return do


def test_week_shows_sessions_hours_and_ways_on(admin, session, course):
    response = admin.get(url("timetable", course))
    page = text(response)
    assert "07.09 – 13.09.2026" in page
    assert "week 1 of 3" in page
    assert "missing: <b>74</b>" in page
    assert url("session", course, session.pk) in page
    assert (response.context["earlier"], response.context["later"]) == (None, date(2026, 9, 14))


@pytest.mark.parametrize("week", ["x", "2026-99-99", "0001-01-01", "9999-12-31"])
def test_senseless_week_is_the_first(admin, session, course, week):
    assert "07.09 – 13.09.2026" in text(admin.get(url("timetable", course), {"week": week}))


def test_week_costs_the_same_for_one_and_three_sessions(admin, session, course, details, administrator, count_queries):
    def cost():  # type: ignore[no-untyped-def]
        with count_queries() as seen:
            assert admin.get(url("timetable", course)).status_code == 200
        return seen.count

    before = cost()
    for hour in (11, 14):
        add_session(cohort=course, details=details(f"2026-09-07 {hour}:00", no=2), by=administrator)
    assert cost() == before


def test_week_shows_what_has_become_wrong(admin, session, course):
    Cohort.objects.filter(pk=course.pk).update(starts_on=date(2026, 9, 8))
    page = text(admin.get(url("timetable", course), {"week": "2026-09-07"}))
    assert "The day lies outside the cohort’s dates" in page
    assert "with a clash: <b>1</b>" in page


def test_what_is_held_is_not_judged_any_more(session, course, clock, administrator):
    clock.move_to(at("2026-09-07 11:00"))
    move(session, SessionState.HELD, by=None)
    course.trainers.clear()
    assert overview(course).cards[0].remarks == []
    assert clashes_of(overview(course)) == 0


def test_session_is_added(admin, course, values):
    assert admin.get(url("session_add", course), {"day": "2026-09-08"}).context["form"]["day"].value() == date(
        2026, 9, 8
    )
    response = admin.post(url("session_add", course), values())
    assert response.url == f"{url('timetable', course)}?week=2026-09-07"
    stored = Session.objects.get()
    assert (stored.starts_at, stored.ends_at) == (at("2026-09-08 11:00"), at("2026-09-08 12:40"))


def test_clash_is_refused_at_the_form(admin, session, course, values):
    response = admin.post(url("session_add", course), values(day="2026-09-07", begins="09:30"))
    assert response.status_code == 422
    assert "The cohort already has a session then: RUN-1, № 1, lecture, 09:00–10:40." in text(response)
    assert Session.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "x"}, {"day": ""}, {"begins": "25:00"}, {"hours": "0"}, {"hours": "11"}, {"hours": "9" * 40},
        {"module": "9" * 40}, {"module": ""}, {"kind": "sleep"}, {"trainer": "٣"}, {"trainer": "1\x00"},
        {"room": "-1"}, {"link": "javascript:alert(1)"}, {"topic": "x" * 251}, {"day": "2027-01-01"},
        {"begins": "23:30"},
    ],
)  # fmt: skip
def test_senseless_input_is_refused_in_words(admin, course, values, wrong):
    response = admin.post(url("session_add", course), values(**wrong))
    assert response.status_code == 422
    assert response.context["form"].errors
    assert Session.objects.count() == 0


def test_check_without_saving_says_what_would_come_of_it(admin, session, course, values):
    response = admin.post(url("session_add", course), values(begins="09:00", check="1"))
    page = text(response)
    assert "Nothing stands in the way." in page
    assert "09:00–10:40" in page
    assert "missing: <b>72</b>" in page
    assert Session.objects.count() == 1


def test_live_check_says_clashes_and_hours_and_stores_nothing(
    admin, session, course, other_course, values, details, administrator
):
    for day in (9, 10):  # of the same trainer in the same room
        add_session(cohort=other_course, details=details(f"2026-09-{day:02} 09:00"), by=administrator)
    clash = text(admin.post(url("session_check_new", course), values(day="2026-09-07", begins="10:00")))
    assert "The cohort already has a session then" in clash
    moved = text(admin.post(url("session_check", course, session.pk), values(hours="5", kind="lecture")))
    assert "over: <b>1</b>" in moved
    assert "<html" not in moved
    empty = text(admin.post(url("session_check_new", course), {}))
    assert "Fill in day, beginning" in empty
    assert Session.objects.count() == 3


def test_session_is_moved_and_keeps_its_past(admin, session, course, values):
    page = url("session", course, session.pk)
    assert admin.get(page).status_code == 200
    response = admin.post(page, values(kind="lecture", sequence=str(session.sequence)))
    assert response.status_code == 302
    session.refresh_from_db()
    assert session.starts_at == at("2026-09-08 11:00")
    history = text(admin.get(page))
    assert "How it was before" in history
    assert "07.09.2026 09:00" in history


def test_change_over_somebody_elses_change_is_refused(admin, session, course, values):
    page = url("session", course, session.pk)
    admin.post(page, values(kind="lecture", sequence=str(session.sequence)))
    response = admin.post(page, values(kind="lecture", begins="15:00", sequence=str(session.sequence)))
    assert response.status_code == 409
    assert "Somebody has changed this session in between" in text(response)


def test_session_of_another_cohort_is_not_found(admin, session, other_course):
    assert admin.get(url("session", other_course, session.pk)).status_code == 404
    assert admin.post(url("session_check", other_course, session.pk), {}).status_code == 404


def test_cancelling_needs_a_reason_where_people_follow(admin, session, course):
    page = url("session_cancel", course, session.pk)
    assert admin.post(page, {"reason": " "}).status_code == 422
    assert admin.post(page, {"reason": "Illness"}).status_code == 302
    session.refresh_from_db()
    assert session.state == SessionState.CANCELLED
    assert admin.post(page, {"reason": "again"}).status_code == 302


def test_draft_session_is_removed_without_a_reason(admin, plan_course, details, administrator):
    session = add_session(cohort=plan_course, details=details(), by=administrator)
    page = url("session_cancel", plan_course, session.pk)
    assert "still a draft" in text(admin.get(page))
    assert admin.post(page).status_code == 302
    assert Session.objects.count() == 0


def test_calendar_address_is_renewed(admin, session, course):
    before = admin.get(url("timetable", course)).context["calendar"]
    assert admin.get(url("calendar_renew", course)).status_code == 405
    admin.post(url("calendar_renew", course))
    assert admin.get(url("timetable", course)).context["calendar"] != before


# --- The generator --------------------------------------------------------------------------------


@pytest.fixture
def asked(plan_course, trainer, room, other_room):  # type: ignore[no-untyped-def]
    """The generator's form as it stands when the page opens."""
    return {
        "weekdays": ["0", "1", "2", "3", "4"], "from_day": "2026-09-07", "begins": "09:00", "hours": "6",
        "lunch_after": "4", "lunch_minutes": "60", "rooms": [room.pk, other_room.pk], "link": "",
        f"takes-{trainer.pk}": [str(no) for no in range(1, 8)],
    }  # fmt: skip


def test_generator_offers_hours_that_fit_the_cohorts_days(admin, plan_course, trainer):
    form = admin.get(url("timetable_make", plan_course)).context["form"]
    assert (form.initial["from_day"], form.initial["hours"]) == (date(2026, 9, 7), 6)
    assert form.takes() == {trainer.pk: [1, 2, 3, 4, 5, 6, 7]}


def test_generator_shows_and_then_stores(admin, plan_course, asked):
    shown = admin.post(url("timetable_make", plan_course), asked | {"preview": "1"})
    assert Session.objects.count() == 0
    assert shown.context["parts"][0]["hours"] == 76
    assert len(shown.context["parts"][0]["weeks"]) == 3
    stamp = shown.context["draft"].fingerprint
    done = admin.post(url("timetable_make", plan_course), asked | {"accept": "1", "fingerprint": stamp}, follow=True)
    assert "The timetable is stored." in text(done)
    assert overview(plan_course).total.is_exact


def test_generator_refuses_another_proposal_and_shows_it(admin, plan_course, asked):
    response = admin.post(url("timetable_make", plan_course), asked | {"accept": "1", "fingerprint": "old"})
    assert response.status_code == 409
    assert "Something has changed in between" in text(response)
    assert response.context["draft"].proposal.meetings
    assert Session.objects.count() == 0


def test_generator_says_what_does_not_fit(admin, plan_course, asked):
    response = admin.post(url("timetable_make", plan_course), asked | {"weekdays": ["0"]})
    assert response.status_code == 422
    page = text(response)
    assert "The plan does not fit, so nothing is proposed." in page
    assert "Teaching hours from 07.09.2026 to 25.09.2026: 18. To be held: 76. Too few by: 58." in page
    assert "fingerprint" not in page


def test_generator_plans_several_cohorts_together(admin, plan_course, edition, asked):
    five = [factories.UserFactory(is_trainer=True) for _n in range(5)]
    halls = [factories.make_cohort(edition=edition, code=f"H-{n}", trainers=five) for n in range(3)]
    wish = asked | {f"takes-{t.pk}": [str(no) for no in range(1, 8)] for t in five}
    wish["together"] = [hall.pk for hall in halls[1:]]
    shown = admin.post(url("timetable_make", halls[0]), wish)
    assert [(part["cohort"], part["hours"]) for part in shown.context["parts"]] == [(hall, 76) for hall in halls]
    accepted = wish | {"accept": "1", "fingerprint": shown.context["draft"].fingerprint}
    assert admin.post(url("timetable_make", halls[0]), accepted).status_code == 302
    assert Session.objects.values("cohort").distinct().count() == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekdays": []}, {"weekdays": ["9"]}, {"hours": "0"}, {"hours": "11"}, {"begins": "x"}, {"from_day": ""},
        {"rooms": ["9" * 40]}, {"together": ["x"]}, {"online": ["lecture"]}, {"begins": "20:00"},
        {"lunch_minutes": "999"},
    ],
)  # fmt: skip
def test_generator_refuses_senseless_wishes(admin, plan_course, asked, wrong):
    response = admin.post(url("timetable_make", plan_course), asked | wrong)
    assert response.status_code == 422
    assert response.context["form"].errors
    assert Session.objects.count() == 0


def test_generator_refuses_a_cohort_that_is_over(admin, plan_course, asked):
    Cohort.objects.filter(pk=plan_course.pk).update(state=CohortState.CANCELLED)
    shown = admin.post(url("timetable_make", plan_course), asked)
    stamp = shown.context["draft"].fingerprint
    response = admin.post(url("timetable_make", plan_course), asked | {"accept": "1", "fingerprint": stamp})
    assert response.status_code == 422
    assert "The cohort is over" in text(response)


# --- Rooms and all cohorts ------------------------------------------------------------------------


def test_room_is_added_once(admin):
    fields = {"name": "204", "address": "", "seats": "30", "is_active": "on"}
    assert admin.post(reverse("admin:enrollment_room_add"), fields).status_code == 302
    assert admin.post(reverse("admin:enrollment_room_add"), fields).status_code == 422
    assert Room.objects.count() == 1


def test_room_with_sessions_is_not_deleted(admin, session, room, other_room):
    assert admin.post(reverse("admin:enrollment_room_delete", args=[room.pk]), {"post": "yes"}).status_code == 403
    assert admin.post(reverse("admin:enrollment_room_delete", args=[other_room.pk]), {"post": "yes"}).status_code == 302


def test_week_of_all_cohorts_is_filtered(
    admin, session, other_course, details, other_trainer, other_room, administrator
):
    add_session(
        cohort=other_course,
        details=details("2026-09-07 09:00", trainer=other_trainer, room=other_room),
        by=administrator,
    )
    page = reverse("admin:enrollment_session_week")
    both = text(admin.get(page, {"week": "2026-09-07"}))
    assert ("RUN-1</span>" in both, "RUN-2</span>" in both) == (True, True)
    one = text(admin.get(page, {"week": "2026-09-07", "room": other_room.pk}))
    assert ("RUN-1</span>" in one, "RUN-2</span>" in one) == (False, True)
    assert f"?room={other_room.pk}&amp;week=2026-09-14" in one
    assert admin.get(page, {"week": "x", "room": "9" * 40, "trainer": "\x00"}).status_code == 422


def test_list_of_sessions_tells_local_time_and_leads_to_the_page(admin, session, course):
    page = text(admin.get(reverse("admin:enrollment_session_changelist")))
    assert "07.09.2026 09:00–10:40" in page
    assert url("session", course, session.pk) in page
