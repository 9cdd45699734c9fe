"""The commission in the admin panel: members, decisions, their extract; used ones are only read."""

from datetime import date

import pypdfium2
import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from enrollment.deciding import Resolved, record_decision
from enrollment.models import CommissionDecision, CommissionMember, OrderKind
from enrollment.ordering import Listed, draft_order, sign_order
from enrollment.tests.lists import text
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 4)
ADD = "admin:enrollment_commissiondecision_add"


@pytest.fixture(scope="module", autouse=True)
def _fonts():  # type: ignore[no-untyped-def]
    call_command("build_assets")


@pytest.fixture(autouse=True)
def _on_the_day():  # type: ignore[no-untyped-def]
    with time_machine.travel("2026-09-04 10:00+05:00", tick=False):
        yield


@pytest.fixture
def members(db):  # type: ignore[no-untyped-def]
    return factories.make_members()


@pytest.fixture
def enrolment(open_cohort):  # type: ignore[no-untyped-def]
    return factories.make_enrolment(cohort=open_cohort, surname="Өтеген", patronymic="")


@pytest.fixture
def decision(members, enrolment, administrator):  # type: ignore[no-untyped-def]
    return record_decision(
        number="3", held_on=DAY, members=members, question="Қатыспау", decision="Шығарылсын",
        people=[Resolved(enrolment, "expel", "Себепсіз")], by=administrator,
    )  # fmt: skip


@pytest.fixture
def used(decision, enrolment, signatory, administrator):  # type: ignore[no-untyped-def]
    order = draft_order(
        kind=OrderKind.EXPULSION, number="1", date=DAY, signatory=signatory, people=[Listed(enrolment)],
        decision=decision, by=administrator,
    )  # fmt: skip
    sign_order(order=order, by=administrator)
    return decision


def at(name, row):  # type: ignore[no-untyped-def]
    return reverse(f"admin:enrollment_commissiondecision_{name}", args=[getattr(row, "pk", row)])


def member_at(row):  # type: ignore[no-untyped-def]
    return reverse("admin:enrollment_commissionmember_change", args=[row.pk])


def session(present, *resolved, **fields):  # type: ignore[no-untyped-def]
    """What the form of a decision posts."""
    values = {
        "number": "7", "held_on": "2026-09-04", "members": [m.pk for m in present], "question": "Сұрақ",
        "decision": "Шешім",
    } | {f"{name}-{one.pk}": value for one, what in resolved for name, value in what.items()}  # fmt: skip
    return values | fields


def test_decision_is_recorded_by_its_page(admin, members, enrolment, open_cohort):
    address = f"{reverse(ADD)}?cohort={open_cohort.pk}"
    form = admin.get(address).context["form"]
    assert (form["number"].value(), list(form.people.values())) == ("1", [enrolment])
    response = admin.post(address, session(members, (enrolment, {"resolution": "expel", "reason": "Себепсіз"})))
    decision = CommissionDecision.objects.get()
    assert response.url == at("change", decision)
    assert (decision.number, decision.lines.get().enrolment) == ("7", enrolment)
    page = text(admin.get(at("change", decision)))
    assert "Correct the decision" in page
    assert "To expel" in page


def test_decision_page_asks_for_a_cohort_and_for_members_first(admin, open_cohort):
    assert "The commission has no members on record yet." in text(admin.get(reverse(ADD)))
    factories.make_members()
    assert "Choose a cohort to see its people." in text(admin.get(reverse(ADD)))
    assert admin.get(f"{reverse(ADD)}?cohort=x").status_code == 200


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"number": ""}, "required"),
        ({"number": "3"}, "There is a decision No 3 in 2026 already"),
        ({"held_on": "2026-09-05"}, "lies in the future"),
        ({"held_on": "2019-01-01"}, "They were no members of the commission"),
        ({"members": []}, "required"),
        ({"members": ["9" * 40]}, "valid choice"),
        ({"question": "x" * 1001}, "at most 1000"),
        ({"decision": "\x00"}, "Null characters"),
    ],
)
def test_decision_page_refuses_in_words(admin, decision, members, open_cohort, fields, sentence):
    one = factories.make_enrolment(cohort=open_cohort)
    address = f"{reverse(ADD)}?cohort={open_cohort.pk}"
    response = admin.post(address, session(members, (one, {"resolution": "keep"}), **fields))
    assert response.status_code in (409, 422)
    assert sentence in text(response)
    assert CommissionDecision.objects.count() == 1


def test_decision_page_refuses_two_members_and_nobody_decided_about(admin, members, enrolment, open_cohort):
    address = f"{reverse(ADD)}?cohort={open_cohort.pk}"
    response = admin.post(address, session(members[:2], (enrolment, {"resolution": "keep"})))
    assert "at least this many members are present: 3" in text(response)
    assert "Say about whom the commission decided" in text(admin.post(address, session(members)))
    wrong = admin.post(address, session(members, (enrolment, {"resolution": "behead"})))
    assert (wrong.status_code, f"{enrolment.listener}: " in text(wrong)) == (422, True)
    bare = admin.post(address, session(members, (enrolment, {"resolution": "expel"})))
    assert f"Give the reason for the expulsion or refusal: {enrolment.listener}" in text(bare)


def test_decision_is_corrected_and_people_of_another_cohort_are_added(admin, decision, members, enrolment, edition):
    other = factories.make_enrolment(cohort=factories.make_cohort(edition=edition, code="B-1"))
    address = f"{at('edit', decision)}?cohort={other.cohort_id}"
    form = admin.get(address).context["form"]
    assert [one for one, _fields in form.rows()] == [enrolment, other]
    assert form[f"resolution-{enrolment.pk}"].value() == "expel"
    posted = session(members, (enrolment, {"resolution": "keep"}), (other, {"resolution": "expel", "reason": "Себеп"}))
    assert admin.post(address, posted).status_code == 302
    assert set(decision.lines.values_list("enrolment", "resolution")) == {(enrolment.pk, "keep"), (other.pk, "expel")}


def test_used_decision_is_only_read(admin, used, members, enrolment):
    page = text(admin.get(at("change", used)))
    assert "A signed order rests on this decision, so it never changes." in page
    assert "Correct the decision" not in page
    assert "A signed order rests on this decision" in text(admin.get(at("edit", used)))
    response = admin.post(at("edit", used), session(members, (enrolment, {"resolution": "keep"})))
    assert response.status_code == 422
    assert used.lines.get().resolution == "expel"


def test_extract_holds_what_was_decided(admin, decision):
    response = admin.get(at("extract", decision))
    document = pypdfium2.PdfDocument(response.content)
    page = " ".join(document[0].get_textpage().get_text_bounded().split())
    document.close()
    assert ("Өтеген" in page, "Қатыспау" in page, "оқудан шығарылсын" in page) == (True, True, True)


def test_member_keeps_what_papers_print_once_an_order_rests_on_a_decision(admin, used, members):
    posted = {
        "full_name": "Басқа", "position_kk": "x", "position_ru": "x", "position_en": "", "valid_from": "2020-01-01",
        "valid_to": "2026-12-31",
    }  # fmt: skip
    assert admin.post(member_at(members[0]), posted).status_code == 302
    members[0].refresh_from_db()
    assert (members[0].full_name, members[0].valid_to) == ("Әлімов Айбек", date(2026, 12, 31))


def test_members_period_covers_the_sessions_they_were_at(admin, decision, members):
    posted = {
        "body": "review", "full_name": "Әлімов Айбек", "position_kk": "әдіскер", "position_ru": "методист",
        "position_en": "", "valid_from": "2020-01-01", "valid_to": "2026-09-03",
    }  # fmt: skip
    response = admin.post(member_at(members[0]), posted)
    assert "The member was present at a session after that day." in text(response)
    response = admin.post(member_at(members[0]), posted | {"valid_from": "2026-09-05", "valid_to": ""})
    assert "The member was present at a session before that day." in text(response)
    assert admin.post(member_at(members[0]), posted | {"valid_to": "2026-09-04"}).status_code == 302


def test_member_who_was_at_a_session_is_not_deleted(admin, decision, members):
    delete = "admin:enrollment_commissionmember_delete"
    assert admin.post(reverse(delete, args=[members[0].pk]), {"post": "yes"}).status_code == 403
    (stranger,) = factories.make_members(1)
    assert admin.post(reverse(delete, args=[stranger.pk]), {"post": "yes"}).status_code == 302
    assert CommissionMember.objects.count() == 3


@pytest.mark.parametrize("many", [1, 3])
def test_pages_of_decisions_ask_the_same_number_of_queries(
    admin, members, open_cohort, administrator, many, count_queries
):
    people = [factories.make_enrolment(cohort=open_cohort) for _ in range(many)]
    decision = None
    for number in range(many):
        decision = record_decision(
            number=str(number), held_on=DAY, members=members, question="?", decision="!",
            people=[Resolved(one, "keep") for one in people], by=administrator,
        )  # fmt: skip
    counts = []
    for address in (
        reverse("admin:enrollment_commissiondecision_changelist"),
        at("change", decision),
        f"{at('edit', decision)}?cohort={open_cohort.pk}",
        at("extract", decision),
    ):
        with count_queries() as seen:
            assert admin.get(address).status_code == 200
        counts.append(seen.count)
    assert counts == [6, 8, 13, 5]


def test_register_finds_by_number_and_name(admin, decision):
    register = reverse("admin:enrollment_commissiondecision_changelist")
    for query, found in (
        ({"q": "3"}, 1),
        ({"q": "отеген"}, 1),
        ({"q": "жоқ"}, 0),
        ({"lines__resolution__exact": "keep"}, 0),
    ):
        assert admin.get(register, query).context["cl"].queryset.count() == found, query


def test_commission_is_for_administrators_only(sign_in, trainer, decision, members):
    client = sign_in(trainer)
    for name in ("change", "edit", "extract"):
        assert client.get(at(name, decision)).status_code == 403
    assert client.get(member_at(members[0])).status_code == 403
    assert client.post(reverse(ADD), session(members)).status_code == 403


@pytest.mark.parametrize("name", ["edit", "extract"])
def test_decision_pages_know_their_methods_and_objects(admin, name):
    assert admin.get(at(name, 999_999_999)).status_code == 404
    assert admin.put(at(name, 999_999_999)).status_code == 405
