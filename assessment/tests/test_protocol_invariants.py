"""Closed protocols and decided appeals that break what must hold are told, line by line."""

from datetime import date

import pytest

from assessment import protocol_invariants
from assessment.appealing import decide_appeal, file_appeal
from assessment.models import Appeal, ProtocolMember
from enrollment.models import Body, CommissionMember
from tests import factories
from tests.factories import close_protocol

pytestmark = pytest.mark.usefixtures("after_the_course")


@pytest.fixture
def outcome(cohort, enrolment, administrator, trainer):  # type: ignore[no-untyped-def]
    factories.make_scores(enrolment, [18, 20, 10, 25, 8], by=trainer)
    return close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out={}, by=administrator).outcomes.get()


@pytest.fixture
def appeal(outcome, listener, administrator):  # type: ignore[no-untyped-def]
    filed = file_appeal(outcome=outcome, words="Келіспеймін", papers=[], by=listener.user)
    return decide_appeal(
        appeal=filed, state="upheld", decision="Ұпай қосылсын", held_on=date(2026, 9, 28),
        members=list(CommissionMember.objects.filter(body=Body.ATTESTATION)), by=administrator,
    )  # fmt: skip


def found() -> list[str]:
    return [line.partition(": ")[2] for line in protocol_invariants.broken()]


def test_after_a_protocol_and_an_appeal_nothing_is_broken(appeal):
    assert found() == []


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        ("UPDATE assessment_outcome SET total = 82", "its paper does not say what was decided"),
        ("UPDATE assessment_protocol SET snapshot = '{}'", "its paper does not say what was decided"),
        ("UPDATE assessment_protocolmember SET is_chair = (1 = 0)", "its chair did not close it"),
        ("DELETE FROM assessment_protocolmember WHERE NOT is_chair", "it was closed by 1 members"),
    ],
)
def test_broken_protocol_is_told(outcome, tamper, sql, line):
    assert ProtocolMember.objects.count() == 3
    tamper(sql)
    assert found() == [line]


@pytest.mark.parametrize(
    ("sql", "line"),
    [
        ("DELETE FROM assessment_appeal_members", ["0 members decided", "its decision is not the chair's"]),
        ("UPDATE assessment_appeal SET decided_by_id = filed_by_id", ["its decision is not the chair's"]),
        ("UPDATE assessment_appeal SET correction_id = {protocol}", ["its correction is of something else"]),
    ],
)
def test_broken_appeal_is_told(appeal, tamper, sql, line):
    tamper(sql.format(protocol=appeal.outcome.protocol_id))
    assert found() == line
    assert Appeal.objects.count() == 1
