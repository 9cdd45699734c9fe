"""What the commission decided: who may decide, what needs a reason, and when it is frozen."""

from datetime import date

import pytest
import time_machine
from django.db import IntegrityError, transaction

from core.errors import Conflict, Refused
from enrollment.deciding import QUORUM, Resolved, change_decision, record_decision, suggested_decision_number
from enrollment.models import CommissionDecision, CommissionMember, DecisionLine, OrderKind
from enrollment.ordering import Listed, draft_order, sign_order
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 4)


@pytest.fixture(autouse=True)
def _on_the_day():  # type: ignore[no-untyped-def]
    with time_machine.travel("2026-09-04 10:00+05:00", tick=False):
        yield


@pytest.fixture
def members(db):  # type: ignore[no-untyped-def]
    return factories.make_members()


@pytest.fixture
def enrolment(open_cohort):  # type: ignore[no-untyped-def]
    return factories.make_enrolment(cohort=open_cohort)


@pytest.fixture
def session(members, enrolment, administrator):  # type: ignore[no-untyped-def]
    """What `record_decision` is given."""
    return {
        "number": " 3 ",
        "held_on": DAY,
        "members": members,
        "question": "Сабаққа қатыспау",
        "decision": "Оқудан шығарылсын",
        "people": [Resolved(enrolment, "expel", "Қатыспаған")],
        "by": administrator,
    }


@pytest.fixture
def used(session, enrolment, signatory, administrator):  # type: ignore[no-untyped-def]
    """A decision that a signed order of expulsion rests on."""
    decision = record_decision(**session)
    order = draft_order(
        kind=OrderKind.EXPULSION, number="1", date=DAY, signatory=signatory, people=[Listed(enrolment)],
        decision=decision, by=administrator,
    )  # fmt: skip
    sign_order(order=order, by=administrator)
    return decision


def test_decision_is_recorded_with_members_and_people(session, enrolment, members):
    decision = record_decision(**session)
    assert (decision.number, decision.year, set(decision.members.all())) == ("3", 2026, set(members))
    assert list(decision.lines.values_list("enrolment", "resolution", "reason")) == [
        (enrolment.pk, "expel", "Қатыспаған")
    ]
    assert suggested_decision_number(2026) == "4"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"number": " "}, "Give the number, the question and the decision."),
        ({"question": " "}, "Give the number, the question and the decision."),
        ({"decision": ""}, "Give the number, the question and the decision."),
        ({"held_on": date(2026, 9, 5)}, "lies in the future"),
        ({"held_on": date(2019, 9, 4)}, "They were no members of the commission on 04.09.2019: Әлімов Айбек"),
        ({"people": []}, "Say about whom the commission decided"),
    ],
)
def test_decision_is_refused_in_words(session, fields, sentence):
    with pytest.raises(Refused, match=sentence):
        record_decision(**session | fields)
    assert CommissionDecision.objects.count() == 0


def test_decision_needs_a_quorum(session, members):
    assert QUORUM == 3
    for present in (members[:2], [members[0]] * 3):
        with pytest.raises(Refused, match="at least this many members are present: 3"):
            record_decision(**session | {"members": present})


@pytest.mark.parametrize(("resolution", "needed"), [("expel", True), ("refuse", True), ("keep", False)])
def test_expulsion_and_refusal_need_a_reason(session, enrolment, resolution, needed):
    people = {"people": [Resolved(enrolment, resolution, " ")]}
    if needed:
        with pytest.raises(Refused, match=f"Give the reason .*{enrolment.listener}"):
            record_decision(**session | people)
    else:
        assert record_decision(**session | people).lines.get().resolution == resolution


def test_number_is_once_a_year_and_nobody_stands_twice(session, enrolment):
    record_decision(**session)
    with pytest.raises(Conflict, match="There is a decision No 3 in 2026 already"):
        record_decision(**session)
    with pytest.raises(Conflict, match="stands in it twice"):
        record_decision(**session | {"number": "4", "people": [Resolved(enrolment, "keep")] * 2})
    assert CommissionDecision.objects.count() == 1


def test_decision_is_corrected_until_an_order_rests_on_it(session, enrolment):
    decision = record_decision(**session)
    changed = change_decision(of=decision, **session | {"people": [Resolved(enrolment, "keep")], "question": "Басқа"})
    assert (changed.question, changed.lines.get().resolution) == ("Басқа", "keep")


def test_used_decision_refuses_to_change(used, session):
    with pytest.raises(Refused, match="A signed order rests on this decision"):
        change_decision(of=used, **session | {"question": "Басқа"})
    used.refresh_from_db()
    assert used.question == "Сабаққа қатыспау"


def test_used_decision_is_frozen_in_the_database_I10(used, members, enrolment):
    stranger = CommissionMember.objects.create(full_name="Бөтен", position_kk="әдіскер", valid_from=date(2020, 1, 1))
    changes = (
        lambda: CommissionDecision.objects.filter(pk=used.pk).update(question="?"),
        lambda: DecisionLine.objects.filter(decision=used).update(resolution="keep"),
        lambda: DecisionLine.objects.filter(decision=used)._raw_delete("default"),
        lambda: used.members.add(stranger),
        lambda: used.members.remove(members[0]),
        lambda: CommissionMember.objects.filter(pk=members[0].pk).update(full_name="Басқа"),
    )
    for change in changes:
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            change()
    assert CommissionMember.objects.filter(pk=members[0].pk).update(valid_to=date(2026, 12, 31)) == 1
    assert CommissionMember.objects.filter(pk=stranger.pk).update(full_name="Басқа") == 1
