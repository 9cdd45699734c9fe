"""Pages of attendance: the sheet without script and as JSON, the code, the cohort's table, the check-in."""

import json

import pytest
import time_machine
from django.urls import reverse

from enrollment.checking_in import shown_now
from enrollment.models import Attendance, Session, SessionState
from enrollment.tests.factories_timetable import at, make_attendance, make_session
from enrollment.tests.lists import text
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _during_the_session():  # type: ignore[no-untyped-def]
    with time_machine.travel(at("2026-09-07 09:20"), tick=False):
        yield


@pytest.fixture
def session(cohort):  # type: ignore[no-untyped-def]
    return make_session(cohort)


@pytest.fixture
def enrolment(listener):  # type: ignore[no-untyped-def]
    return listener.enrolments.get()


@pytest.fixture
def address(session):  # type: ignore[no-untyped-def]
    return lambda name="attendance_sheet": reverse(name, args=[session.pk])


@pytest.fixture
def desk(sign_in, trainer):  # type: ignore[no-untyped-def]
    return sign_in(trainer, "en")


def fields(enrolment, mark, version=0, **more):  # type: ignore[no-untyped-def]
    sent = {"mark": mark, "version": version} | more
    return {f"{name}_{enrolment.pk}": value for name, value in sent.items()}


def post(client, address, entries):  # type: ignore[no-untyped-def]
    return client.post(address("attendance_save"), json.dumps({"entries": entries}), content_type="application/json")


def entry(enrolment, mark="present", **more):  # type: ignore[no-untyped-def]
    return {"enrolment": enrolment.pk, "mark": mark, "minutes": None, "reason": "", "version": 0} | more


def marks():  # type: ignore[no-untyped-def]
    return list(Attendance.objects.order_by("pk").values_list("mark", "minutes", "version"))


# --- the sheet as a form ----------------------------------------------------------------------------


def test_sheet_shows_everybody_of_the_time_with_what_is_recorded(desk, address, session, cohort, enrolment):
    other = factories.make_enrolment(cohort=cohort, surname="Әлімов")
    make_attendance(session, other, minutes=30)
    page = text(desk.get(address()))
    assert page.index("Әлімов") < page.index("Қасымова")
    assert "Recorded: 1 of 2" in page
    assert f'name="minutes_{other.pk}" value="30"' in page
    assert f'id="present-{other.pk}" name="mark_{other.pk}" value="present" checked' in page
    assert "Show the code" in page


def test_sheet_saved_as_a_form_without_script(desk, address, cohort, enrolment):
    other = factories.make_enrolment(cohort=cohort)
    sent = fields(enrolment, "present", minutes="30") | fields(other, "excused", reason="ауырды")
    response = desk.post(address(), sent, follow=True)
    assert response.redirect_chain == [(address(), 302)]
    assert "Attendance is saved." in text(response)
    assert sorted(marks()) == [("excused", None, 1), ("present", 30, 1)]


def test_sheet_all_present_leaves_exceptions_as_they_are(desk, address, cohort, enrolment):
    other = factories.make_enrolment(cohort=cohort)
    sent = {"all": "present"} | fields(enrolment, "absent") | {f"version_{other.pk}": 0}
    assert desk.post(address(), sent).status_code == 302
    assert {a.enrolment: a.mark for a in Attendance.objects.all()} == {enrolment: "absent", other: "present"}


def test_sheet_saves_and_closes_in_one(desk, address, session, enrolment):
    response = desk.post(address(), {"hold": "held"} | fields(enrolment, "present"), follow=True)
    page = text(response)
    session.refresh_from_db()
    assert (session.state, "The attendance of the session is taken." in page) == (SessionState.HELD, True)
    assert "Reason for the correction" in page


def test_sheet_keeps_what_was_typed_and_refused(desk, address, cohort, enrolment):
    other = factories.make_enrolment(cohort=cohort)
    sent = fields(enrolment, "present", minutes="95") | fields(other, "absent")
    response = desk.post(address(), sent)
    page = text(response)
    assert (response.status_code, "minutes are a whole number from 1 to 90" in page) == (422, True)
    assert f'name="minutes_{enrolment.pk}" value="95"' in page
    assert marks() == [("absent", None, 1)]


@pytest.mark.parametrize("minutes", ["x", "٣٠", "-1", "99999", "1.5", "\x00"])
def test_sheet_with_unreadable_minutes_is_refused(desk, address, enrolment, minutes):
    assert desk.post(address(), fields(enrolment, "present", minutes=minutes)).status_code == 422
    assert marks() == []


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40])
def test_sheet_with_an_unreadable_version_is_refused(desk, address, enrolment, version):
    assert desk.post(address(), fields(enrolment, "present", version=version)).status_code == 422


def test_sheet_shows_what_another_trainer_recorded_and_the_second_decides(
    desk, address, session, cohort, other_trainer, enrolment
):
    make_attendance(session, enrolment, "absent", by=other_trainer)
    response = desk.post(address(), fields(enrolment, "present"))
    page = text(response)
    assert response.status_code == 409
    assert "Recorded in the meantime by Басқаев Берік: absent. (09:10)" in page
    assert f'name="version_{enrolment.pk}" value="1"' in page
    assert f'value="present" checked><label for="present-{enrolment.pk}"' in page
    assert marks() == [("absent", None, 1)]
    assert desk.post(address(), fields(enrolment, "present", version=1)).status_code == 302
    assert marks() == [("present", None, 2)]


def test_sheet_of_a_closed_session_asks_for_the_reason_of_a_correction(desk, address, session, trainer, enrolment):
    make_attendance(session, enrolment)
    Session.objects.update(state=SessionState.HELD)
    refused = desk.post(address(), fields(enrolment, "absent", version=1))
    assert (refused.status_code, "Say why the record is corrected" in text(refused)) == (422, True)
    sent = fields(enrolment, "absent", version=1) | {"correction": "қате басылды"}
    assert desk.post(address(), sent).status_code == 302
    latest = Attendance.objects.get().history.first()
    assert (latest.mark, latest.history_change_reason, latest.history_user) == ("absent", "қате басылды", trainer)


def test_sheet_before_its_time_is_read_only_and_says_why(desk, cohort, enrolment):
    later = make_session(cohort, at("2026-09-08 09:00"))
    page = text(desk.get(reverse("attendance_sheet", args=[later.pk])))
    assert "Attendance can be recorded from 15 minutes before the session begins." in page
    assert "<fieldset disabled>" in page
    assert "attendance_sheet.js" not in page
    response = desk.post(reverse("attendance_sheet", args=[later.pk]), fields(enrolment, "present"))
    assert (response.status_code, marks()) == (422, [])


def test_sheet_without_anybody_says_so(desk, address):
    assert "Nobody belonged to the cohort" in text(desk.get(address()))


def test_sheet_is_open_to_administrators_and_to_a_substitute(sign_in, administrator, other_trainer, address, enrolment):
    assert sign_in(administrator).get(address()).status_code == 200
    assert sign_in(other_trainer).get(address()).status_code == 404
    Session.objects.update(trainer=other_trainer)
    assert sign_in(other_trainer).post(address(), fields(enrolment, "present")).status_code == 302


@pytest.mark.parametrize("name", ["attendance_sheet", "attendance_changes", "attendance_code"])
def test_pages_of_a_course_the_trainer_only_attends_are_not_found(sign_in, listener, address, name):
    listener.user.is_trainer = True
    listener.user.save()
    assert sign_in(listener.user).get(address(name)).status_code == 404


@pytest.mark.parametrize("many", [1, 3])
def test_sheet_costs_the_same_for_any_number_of_people(desk, address, session, cohort, many, count_queries):
    for _ in range(many):
        make_attendance(session, factories.make_enrolment(cohort=cohort))
    with count_queries() as seen:
        assert desk.get(address()).status_code == 200
    assert seen.count == 6


# --- the sheet's JSON -------------------------------------------------------------------------------


def test_save_answers_with_what_stands(desk, address, enrolment):
    response = post(desk, address, [entry(enrolment, minutes=45)])
    row = {
        "enrolment": enrolment.pk,
        "mark": "present",
        "minutes": 45,
        "reason": "",
        "version": 1,
        "by_code": False,
        "by": "Тренеров Талғат",
        "when": "09:20",
    }
    assert (response.status_code, response.json()) == (200, {"rows": [row]})
    changes = desk.get(address("attendance_changes")).json()
    assert changes == {"rows": [row], "people": [enrolment.pk], "state": "planned"}


def test_save_answers_a_conflict_with_theirs(desk, address, session, other_trainer, enrolment):
    make_attendance(session, enrolment, "absent", by=other_trainer)
    response = post(desk, address, [entry(enrolment)])
    (row,) = response.json()["rows"]
    assert (response.status_code, row["theirs"]["mark"], row["theirs"]["by"]) == (409, "absent", "Басқаев Берік")


def test_save_of_a_closed_session_is_refused(desk, address, session, enrolment):
    make_attendance(session, enrolment)
    Session.objects.update(state=SessionState.HELD)
    response = post(desk, address, [entry(enrolment, "absent", version=1)])
    assert response.status_code == 422
    assert "Say why" in response.json()["rows"][0]["error"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"entries": 5}',
        b'{"entries": [5]}',
        b'{"entries": [{"enrolment": "1", "mark": "present", "minutes": null, "reason": "", "version": 0}]}',
        b'{"entries": [{"enrolment": 1, "mark": [], "minutes": null, "reason": "", "version": 0}]}',
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_save_of_what_is_no_entry_is_refused(desk, address, body):
    response = desk.post(address("attendance_save"), body, content_type="application/json")
    assert (response.status_code, "could not be read" in response.json()["error"]) == (400, True)


def test_save_before_the_session_is_refused_for_everybody(desk, cohort, enrolment):
    later = make_session(cohort, at("2026-09-08 09:00"))
    response = post(desk, lambda name: reverse(name, args=[later.pk]), [entry(enrolment)])
    assert (response.status_code, "15 minutes before" in response.json()["error"]) == (422, True)


# --- the code ---------------------------------------------------------------------------------------


def test_code_is_shown_large_and_renews_itself(desk, address, session):
    page = text(desk.get(address("attendance_code")))
    code = " ".join(shown_now(session).grouped.split())
    assert code in page
    assert 'hx-trigger="every 5s"' in page
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in page
    part = desk.get(address("attendance_code"), headers={"HX-Request": "true"})
    assert (part.status_code, code in text(part), "<html" in text(part)) == (200, True, False)


def test_code_of_a_session_that_is_over_is_a_sentence_and_stops_asking(desk, address):
    with time_machine.travel(at("2026-09-07 11:00"), tick=False):
        assert desk.get(address("attendance_code")).status_code == 422
        part = desk.get(address("attendance_code"), headers={"HX-Request": "true"})
    assert (part.status_code, "only while the session runs" in text(part)) == (286, True)


def test_check_in_by_the_code(sign_in, listener, session):
    client = sign_in(listener.user, "en")
    page = text(client.get(reverse("check_in")))
    assert ("not recorded yet" in page, 'inputmode="numeric"' in page) == (True, True)
    response = client.post(reverse("check_in"), {"code": shown_now(session).grouped}, follow=True)
    page = text(response)
    assert ("You are checked in." in page, "recorded at 09:20" in page) == (True, True)
    assert Attendance.objects.get().source == "code"


def test_check_in_refusals_are_sentences_at_the_field(sign_in, listener, session):
    client = sign_in(listener.user, "en")
    statuses = [client.post(reverse("check_in"), {"code": "000001"}).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]
    page = text(client.post(reverse("check_in"), {"code": "000001"}))
    assert "Too many attempts. Wait a minute, then enter the code that is shown." in page
    assert 'value="000001"' in page


@pytest.mark.parametrize("sent", [{}, {"code": ""}, {"code": "1" * 500}])
def test_check_in_without_a_code_is_refused(sign_in, listener, session, sent):
    assert sign_in(listener.user).post(reverse("check_in"), sent).status_code == 422


def test_check_in_while_nothing_runs_says_so(sign_in, listener):
    page = text(sign_in(listener.user, "en").get(reverse("check_in")))
    assert ("No session of your course is running now." in page, "<form method" in page.split("<main")[1]) == (
        True,
        False,
    )


# --- the cohort -------------------------------------------------------------------------------------


@pytest.mark.parametrize("many", [1, 3])
def test_cohort_attendance_costs_the_same_for_any_number(desk, cohort, many, count_queries):
    for day in range(many):
        session = make_session(cohort, at(f"2026-09-0{day + 1} 09:00"), state=SessionState.HELD)
        make_attendance(session, factories.make_enrolment(cohort=cohort))
    with count_queries() as seen:
        page = text(desk.get(reverse("cohort_attendance", args=[cohort.pk])))
    assert (seen.count, page.count('<th scope="row"')) == (9, many)


def test_cohort_attendance_warns_below_the_minimum(desk, cohort, session, enrolment, settings):
    make_attendance(session, enrolment, minutes=70)
    Session.objects.update(state=SessionState.HELD)
    page = text(desk.get(reverse("cohort_attendance", args=[cohort.pk])))
    assert ("Below the minimum: 1" in page, '<span class="tag tag-bad">77 %</span>' in page) == (True, True)
    settings.ATTENDANCE_MINIMUM = 77
    page = text(desk.get(reverse("cohort_attendance", args=[cohort.pk])))
    assert ("Below the minimum" in page, '<span class="tag tag-good">77 %</span>' in page) == (False, True)


@pytest.mark.parametrize("name", ["cohort_attendance", "journal_pdf", "journal_xlsx"])
def test_cohort_pages_of_another_trainer_are_not_found(sign_in, other_trainer, administrator, cohort, name):
    address = reverse(name, args=[cohort.pk])
    assert sign_in(other_trainer).get(address).status_code == 404
    assert sign_in(administrator).get(address).status_code == 200


def test_trainer_home_lists_sessions_to_take(desk, session, cohort, address):
    page = text(desk.get(reverse("trainer_home")))
    assert (
        "Attendance to take" in page,
        address() in page,
        reverse("cohort_attendance", args=[cohort.pk]) in page,
    ) == (
        True,
        True,
        True,
    )


@pytest.mark.parametrize("many", [1, 3])
def test_trainer_home_costs_the_same_for_any_number_of_sessions(desk, cohort, many, count_queries):
    for hour in range(many):
        make_session(cohort, at(f"2026-09-07 1{hour}:00"))
    with count_queries() as seen:
        desk.get(reverse("trainer_home"))
    assert seen.count == 6


def test_my_course_shows_the_share_with_what_it_means(sign_in, listener, session, enrolment):
    client = sign_in(listener.user, "en")
    assert "No session has been recorded as held yet." in text(client.get(reverse("my_course")))
    make_attendance(session, enrolment, minutes=60)
    Session.objects.update(state=SessionState.HELD)
    page = text(client.get(reverse("my_course")))
    assert "66 %" in page
    assert (
        "Attended of all academic hours held so far: 1.3 of 2. For the final attestation at least 80 % is needed"
        in page
    )
    assert "below the minimum" in page


def test_hub_links_to_attendance_and_journal(sign_in, administrator, cohort):
    page = text(sign_in(administrator, "en").get(reverse("admin:enrollment_cohort_change", args=[cohort.pk])))
    for name in ("cohort_attendance", "journal_pdf", "journal_xlsx"):
        assert reverse(name, args=[cohort.pk]) in page


def test_history_of_a_record_is_read_in_the_register(sign_in, administrator, session, enrolment):
    row = make_attendance(session, enrolment)
    client = sign_in(administrator, "en")
    assert "Қасымова" in text(client.get(reverse("admin:enrollment_attendance_changelist")))
    assert "Тренеров Талғат" in text(client.get(reverse("admin:enrollment_attendance_history", args=[row.pk])))
