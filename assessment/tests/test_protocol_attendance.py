"""Attendance at the closing of a protocol: a warning, or a refusal where the rule says so."""

import pytest
from django.urls import reverse

from assessment.models import Protocol
from assessment.protocol_rules import BelowAttendance
from assessment.protocols import close_protocol as close_draft
from enrollment.models import Body, CommissionMember, SessionState
from enrollment.tests.factories_timetable import make_attendance, make_session
from enrollment.tests.lists import text
from tests import factories
from tests.factories import close_protocol

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_the_course")]


@pytest.fixture
def people(scored, cohort):  # type: ignore[no-untyped-def]
    """Scored completely; the first was at the whole of the one held session, the second at 79 per cent of it."""
    first, second = scored("Әлімов"), scored("Бекенов")
    session = make_session(cohort, state=SessionState.HELD, hours=10)
    make_attendance(session, first)
    make_attendance(session, second, minutes=359)  # of 450
    return first, second


@pytest.fixture
def refuse(settings):  # type: ignore[no-untyped-def]
    settings.ATTENDANCE_RULE = "refuse"


@pytest.fixture
def address(cohort):  # type: ignore[no-untyped-def]
    return reverse("admin:assessment_cohort_protocol", args=[cohort.pk])


def close(cohort, administrator, **leave_out):  # type: ignore[no-untyped-def]
    return close_protocol(
        cohort=cohort, held_on=cohort.ends_on, leave_out=leave_out.get("leave_out", {}), by=administrator
    )


def session(cohort):  # type: ignore[no-untyped-def]
    members = list(CommissionMember.objects.filter(body=Body.ATTESTATION).values_list("pk", flat=True))
    chair = CommissionMember.objects.get(body=Body.ATTESTATION, is_chair=True).pk
    return {"held_on": cohort.ends_on.isoformat(), "members": members, "chair": chair}


def test_protocol_is_closed_over_everybody_while_the_rule_warns(cohort, people, administrator):
    assert close(cohort, administrator).outcomes.count() == 2


def test_protocol_refuses_who_attended_too_little_by_name(cohort, people, administrator, refuse):
    with pytest.raises(BelowAttendance) as refusal:
        close(cohort, administrator)
    assert refusal.value.people == ("Бекенов Айбек",)
    assert refusal.value.sentence == (
        "Attendance below the minimum, 80\N{NO-BREAK SPACE}%: Бекенов Айбек, 79\N{NO-BREAK SPACE}%. "
        "Leave these people out with a reason."
    )
    assert Protocol.objects.count() == 0


def test_protocol_leaves_out_who_attended_too_little(cohort, people, administrator, refuse):
    protocol = close(cohort, administrator, leave_out={people[1].pk: "қатысуы аз"})
    assert [o.attempt.enrolment for o in protocol.outcomes.all()] == [people[0]]


def test_protocol_admits_at_the_minimum_exactly(cohort, people, administrator, refuse, settings):
    settings.ATTENDANCE_MINIMUM = 79
    assert close(cohort, administrator).outcomes.count() == 2


def test_protocol_refuses_everybody_while_nothing_is_held(cohort, scored, administrator, refuse):
    scored("Әлімов")
    with pytest.raises(BelowAttendance, match="Әлімов Айбек, –"):
        close(cohort, administrator)


def test_page_warns_and_lets_the_commission_leave_somebody_out(
    sign_in, cohort, people, administrator, trainer, address
):
    factories.make_commission(trainer)
    client = sign_in(administrator, "en")
    page = text(client.get(address))
    assert "Attendance below the minimum: 1" in page
    assert "The commission decides" in page
    assert "To decide on: 2" in page
    sent = session(cohort) | {
        f"reason_{people[1].pk}": "комиссия жібермеді",
    }
    assert client.post(address, sent).status_code == 302
    assert Protocol.objects.get().left_out == {str(people[1].pk): "комиссия жібермеді"}


def test_page_asks_for_the_reason_of_whom_the_rule_refuses(
    sign_in, cohort, people, administrator, trainer, address, refuse
):
    factories.make_commission(trainer)
    client = sign_in(administrator, "en")
    page = text(client.get(address))
    assert "These people are not admitted to the final attestation" in page
    assert "To decide on: 1" in page
    assert f'name="reason_{people[1].pk}"' in page
    sent = session(cohort)
    assert client.post(address, sent).status_code == 302
    draft = Protocol.objects.get()
    with pytest.raises(BelowAttendance):
        close_draft(protocol=draft, by=trainer)
    assert client.post(address, sent | {f"reason_{people[1].pk}": "қатысуы аз"}).status_code == 302
    assert close_draft(protocol=draft, by=trainer).no == 1


def test_page_says_when_nothing_is_held(sign_in, scored, administrator, address):
    scored("Әлімов")
    page = text(sign_in(administrator, "en").get(address))
    assert "No session of this cohort is recorded as held" in page
