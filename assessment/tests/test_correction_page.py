"""The page on which a correction is prepared, special opinions of members without an account, the chair's letter."""

from datetime import date

import pytest
from django.urls import reverse

from assessment.appealing import decide_appeal, file_appeal
from assessment.correcting import close_correction
from assessment.models import Outcome, Protocol
from assessment.protocols import draft_protocol
from core.models import Message
from enrollment.models import Body, CommissionMember
from tests import factories
from tests.factories import close_protocol

pytestmark = pytest.mark.usefixtures("after_the_course")


@pytest.fixture
def outcome(cohort, enrolment, administrator, trainer):  # type: ignore[no-untyped-def]
    """81 points, decided before a commission that the trainer chairs from now on."""
    factories.make_scores(enrolment, [18, 20, 10, 25, 8], by=trainer)
    protocol = close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out={}, by=administrator)
    factories.make_members(1, body=Body.ATTESTATION, user=trainer, is_chair=False)
    return protocol.outcomes.get()


@pytest.fixture
def send(sign_in, administrator, outcome, trainer):  # type: ignore[no-untyped-def]
    """`send(theory=5)` posts the page with these points changed; `draft="1"` stores it."""

    def do(tail="", **changed):  # type: ignore[no-untyped-def]
        members = list(CommissionMember.objects.filter(body=Body.ATTESTATION))
        chair = next(one for one in members if one.user_id == trainer.pk)
        fields = {
            "held_on": "2026-09-28",
            "members": [one.pk for one in members],
            "chair": chair.pk,
            "reason": "Есептеу қатесі",
            "basis": "Апелляция",
            f"ending-{outcome.pk}": changed.pop("ending", outcome.ending),
        }
        for code, points in outcome.points.items():
            fields[f"points-{outcome.pk}-{code}"] = changed.pop(code, points)
        address = reverse("admin:assessment_protocol_correct", args=[outcome.protocol_id]) + tail
        return sign_in(administrator, "en").post(address, fields | changed)

    return do


def test_changes_are_looked_at_before_anything_is_stored(send, outcome):
    page = send(theory=5).content.decode()
    assert "18 + 20 + 10 + 25 + 8 = 81" in page
    assert "5 + 20 + 10 + 25 + 8 = <b>68</b>" in page
    assert Protocol.objects.count() == 1


def test_draft_waits_for_its_chair_who_is_told_once(send, outcome, trainer):
    for points in (5, 6):
        assert send(theory=points, draft="1").status_code == 302
    draft = Protocol.objects.get(state="draft")
    assert (draft.kind, draft.corrections.get().points["theory"]) == ("correction", 6)
    assert [one.recipient for one in Message.objects.filter(kind="protocol-drafted")] == [trainer.email]
    close_correction(protocol=draft, by=trainer)
    assert Outcome.objects.in_force().get().total == 69


def test_nothing_changed_is_refused_and_said(send):
    assert "Nothing is changed yet" in send().content.decode()
    response = send(draft="1")
    assert (response.status_code, Protocol.objects.count()) == (409, 1) or response.status_code in (400, 422)
    assert Protocol.objects.count() == 1


@pytest.mark.parametrize("points", [21, -1, "x"])
def test_impossible_points_are_marked(send, points):
    assert send(theory=points, draft="1").status_code == 422
    assert Protocol.objects.count() == 1


def test_another_ending_takes_the_total_away(send, outcome, trainer):
    send(ending="breach", draft="1")
    close_correction(protocol=Protocol.objects.get(state="draft"), by=trainer)
    now = Outcome.objects.in_force().get()
    assert (now.ending, now.total, now.passed) == ("breach", None, False)


def test_upheld_appeal_leads_to_its_correction_and_is_carried_out(
    send, sign_in, outcome, listener, administrator, trainer
):
    appeal = file_appeal(outcome=outcome, words="Келіспеймін", papers=[], by=listener.user)
    members = list(CommissionMember.objects.filter(body=Body.ATTESTATION).exclude(user=trainer))
    appeal = decide_appeal(
        appeal=appeal, state="upheld", decision="Ұпай қосылсын", held_on=date(2026, 9, 28), members=members,
        by=administrator,
    )  # fmt: skip
    address = reverse("admin:assessment_protocol_correct", args=[outcome.protocol_id]) + f"?appeal={appeal.pk}"
    assert address in sign_in(administrator).get(reverse("appeal_show", args=[appeal.pk])).content.decode()
    page = sign_in(administrator, "en").get(address).content.decode()
    assert "Ұпай қосылсын" in page
    assert "Decision on the appeal of" in page
    assert send(tail=f"?appeal={appeal.pk}", theory=20, draft="1").status_code == 302
    closed = close_correction(protocol=Protocol.objects.get(state="draft"), by=trainer)
    appeal.refresh_from_db()
    assert appeal.correction == closed


@pytest.mark.parametrize("appeal", ["x", "0", "999999999999999999"])
def test_address_with_an_appeal_that_is_not_there_shows_the_whole_protocol(sign_in, administrator, outcome, appeal):
    address = reverse("admin:assessment_protocol_correct", args=[outcome.protocol_id]) + f"?appeal={appeal}"
    assert f'name="points-{outcome.pk}-theory"' in sign_in(administrator).get(address).content.decode()


def test_draft_has_no_page_of_corrections_and_trainers_have_none(sign_in, administrator, outcome, trainer, cohort):
    address = reverse("admin:assessment_protocol_correct", args=[outcome.protocol_id])
    assert sign_in(trainer).get(address).status_code in (302, 403)
    assert sign_in(administrator).get(address.replace(str(outcome.protocol_id), "999")).status_code == 404


@pytest.mark.parametrize("people", [1, 3])
def test_page_asks_the_same_number_of_queries_for_any_number(
    sign_in, administrator, cohort, trainer, count_queries, people
):
    for _ in range(people):
        factories.make_scores(factories.make_enrolment(cohort=cohort), [18, 20, 10, 25, 8], by=trainer)
    leave = {e.pk: "ауырып қалды" for e in cohort.enrolments.filter(attempts=None)}
    protocol = close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out=leave, by=administrator)
    client = sign_in(administrator)
    with count_queries() as seen:
        client.get(reverse("admin:assessment_protocol_correct", args=[protocol.pk]))
    assert seen.count == 10


def test_administrator_writes_down_the_opinion_of_a_member_without_an_account(
    cohort, enrolment, trainer, administrator, sign_in
):
    factories.make_scores(enrolment, [18, 20, 10, 25, 8], by=trainer)
    members = factories.make_commission(trainer)
    draft = draft_protocol(
        cohort=cohort, held_on=cohort.ends_on, members=members, chair=members[0], leave_out={}, by=administrator
    )
    absent = draft.members.filter(member__user=None).first()
    chairs = draft.members.get(is_chair=True)
    address = reverse("protocol_opinion", args=[draft.pk])
    client = sign_in(administrator)
    assert "opinion-" in client.get(reverse("protocol_show", args=[draft.pk])).content.decode()
    client.post(address, {"seat": absent.pk, "opinion": "Жобасы толық емес"})
    absent.refresh_from_db()
    assert absent.special_opinion == "Жобасы толық емес"
    assert client.post(address, {"seat": chairs.pk, "opinion": "Бөтен сөз"}).status_code == 404
    assert sign_in(trainer).post(address, {"seat": absent.pk, "opinion": "Бөтен сөз"}).status_code == 404
    absent.refresh_from_db()
    assert absent.special_opinion == "Жобасы толық емес"
