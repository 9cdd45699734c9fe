"""Pages of those who follow a timetable."""

import pytest
from django.urls import reverse

from enrollment.timetabling.booking import add_session, cancel_session, change_session, details_of
from enrollment.timetabling.tests.conftest import at
from tests import factories

pytestmark = pytest.mark.django_db
LINK = "https://teams.example/secret"


@pytest.fixture
def attending(course):  # type: ignore[no-untyped-def]
    user = factories.UserFactory(email="attending@example.kz", is_listener=True)
    factories.make_enrolment(cohort=course, user=user)
    return user


@pytest.fixture
def online(session, administrator):  # type: ignore[no-untyped-def]
    fields = vars(details_of(session)) | {"room": None, "link": LINK}
    return change_session(session=session, details=type(details_of(session))(**fields), by=administrator)


def text(response):  # type: ignore[no-untyped-def]
    return " ".join(response.content.decode().split())


def test_listener_sees_the_week_of_the_next_session(sign_in, session, attending):
    page = text(sign_in(attending, "en").get(reverse("my_timetable")))
    assert "07.09 – 13.09.2026" in page
    assert "09:00–10:40" in page
    assert "204" in page
    assert "Тренеров Талғат" in page


def test_listener_turns_the_weeks(sign_in, session, attending):
    client = sign_in(attending, "en")
    page = client.get(reverse("my_timetable"), {"week": "2026-09-16"})
    assert "14.09 – 20.09.2026" in text(page)
    assert [card for day in page.context["week"].days for card in day.cards] == []


@pytest.mark.parametrize("week", ["x", "2026-02-31", "0001-01-01", "9999-12-31", "\x00"])
def test_senseless_week_is_the_usual_one(sign_in, session, attending, week):
    page = sign_in(attending, "en").get(reverse("my_timetable"), {"week": week})
    assert page.status_code == 200
    assert "07.09 – 13.09.2026" in text(page)


def test_link_is_shown_only_after_the_agreement(sign_in, online, attending, newcomer):
    assert LINK in text(sign_in(attending, "en").get(reverse("my_timetable")))
    page = text(sign_in(newcomer, "en").get(reverse("my_timetable")))
    assert LINK not in page
    assert "once you have accepted the course agreement" in page


def test_listener_sees_no_other_cohort(sign_in, session, other_listener):
    assert "09:00–10:40" not in text(sign_in(other_listener.user, "en").get(reverse("my_timetable")))


def test_cancelled_session_is_shown_as_cancelled(sign_in, session, attending, administrator):
    cancel_session(session=session, reason="-", by=administrator)
    page = text(sign_in(attending, "en").get(reverse("my_timetable"), {"week": "2026-09-07"}))
    assert "called off" in page
    assert "Nothing is timetabled for you" in page


def test_trainer_sees_own_sessions_of_all_cohorts(
    sign_in, session, other_course, details, trainer, other_trainer, administrator
):
    add_session(cohort=other_course, details=details("2026-09-07 11:00"), by=administrator)
    add_session(cohort=other_course, details=details("2026-09-07 14:00", trainer=other_trainer), by=administrator)
    page = text(sign_in(trainer, "en").get(reverse("trainer_timetable")))
    assert ("RUN-1" in page, "RUN-2" in page) == (True, True)
    assert ("11:00–12:40" in page, "14:00–15:40" in page) == (True, False)


def test_trainer_sees_a_cohort_with_its_hours_and_cannot_change_it(sign_in, session, course, trainer):
    client = sign_in(trainer, "en")
    response = client.get(reverse("cohort_timetable", args=[course.pk]))
    page = text(response)
    assert "missing: <b>74</b>" in page
    assert "/admin/" not in page
    assert client.post(reverse("cohort_timetable", args=[course.pk])).status_code == 405


def test_stranger_trainer_sees_no_cohort(sign_in, session, course):
    stranger = factories.UserFactory(is_trainer=True)
    client = sign_in(stranger, "en")
    assert client.get(reverse("cohort_timetable", args=[course.pk])).status_code == 404
    assert client.get(reverse("cohort_timetable_file", args=[course.pk, "xlsx"])).status_code == 404


def test_calendar_file_and_new_address(sign_in, session, trainer):
    client = sign_in(trainer, "en")
    assert b"BEGIN:VEVENT" in client.get(reverse("trainer_calendar")).content
    before = client.get(reverse("trainer_timetable")).context["calendar"]
    page = client.post(reverse("trainer_calendar_renew"), follow=True)
    assert page.context["calendar"] != before
    assert "new address" in text(page)


def test_listener_renews_only_the_own_address(sign_in, session, attending, trainer):
    client = sign_in(attending, "en")
    before = client.get(reverse("my_timetable")).context["calendar"]
    assert client.post(reverse("my_calendar_renew"), follow=True).context["calendar"] != before
    assert b"BEGIN:VEVENT" in client.get(reverse("my_calendar")).content
    assert client.post(reverse("trainer_calendar_renew")).status_code == 403


@pytest.mark.parametrize("name", ["my_timetable", "trainer_timetable", "cohort_timetable"])
def test_queries_do_not_grow_with_sessions(
    sign_in, session, course, details, attending, trainer, administrator, count_queries, name
):
    client = sign_in(attending if name == "my_timetable" else trainer, "en")
    address = reverse(name, args=[course.pk] if name == "cohort_timetable" else [])

    def cost():  # type: ignore[no-untyped-def]
        with count_queries() as seen:
            assert client.get(address).status_code == 200
        return seen.count

    before = cost()
    for hour in (11, 14):
        add_session(cohort=course, details=details(f"2026-09-07 {hour}:00"), by=administrator)
    assert cost() == before


def test_week_goes_by_the_institutes_clocks(sign_in, course, details, attending, administrator):
    """Sunday evening in UTC is Monday in Almaty."""
    add_session(cohort=course, details=details("2026-09-14 01:00", room=None), by=administrator)
    page = sign_in(attending, "en").get(reverse("my_timetable"), {"week": "2026-09-14"})
    (monday, *_rest) = page.context["week"].days
    assert [card.session.starts_at for card in monday.cards] == [at("2026-09-14 01:00")]
