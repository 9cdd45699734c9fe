"""Orders: drafted, signed, cancelled; all of their people or none."""

from datetime import date

import pytest
import time_machine
from django.db import IntegrityError, transaction

from core.errors import Conflict, Refused
from core.models import AuditEntry
from enrollment import ordering
from enrollment.admission import admit
from enrollment.models import Agreement, CohortState, Enrolment, EnrolmentState, Order, OrderKind, OrderLine, OrderState
from enrollment.ordering import Listed, cancel_order, draft_order, enrol, sign_order, store_draft, suggested_number
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 4)


@pytest.fixture(autouse=True)
def _on_the_day():  # type: ignore[no-untyped-def]
    with time_machine.travel("2026-09-04 10:00+05:00", tick=False):
        yield


@pytest.fixture
def admitted(open_cohort, administrator, signatory):  # type: ignore[no-untyped-def]
    """Two people with a place and an agreement."""
    enrolments = admit(cohort=open_cohort, listeners=[factories.ListenerFactory() for _ in range(2)], by=administrator)
    for one in enrolments:
        Agreement.objects.create(enrolment=one, kind=Agreement.Kind.PAPER, dated_on=DAY)
    return enrolments


def states() -> list[str]:
    return list(Enrolment.objects.order_by("pk").values_list("state", flat=True))


def test_enrol_records_the_order_and_its_official_basis(admitted, administrator):
    order = enrol(enrolments=admitted, number=" 12-к ", date=DAY, by=administrator)
    assert (order.state, order.number, order.year, order.is_backdated) == (OrderState.SIGNED, "12-к", 2026, False)
    assert list(Enrolment.objects.values_list("state", "order")) == [("enrolled", order.pk)] * 2
    basis = AuditEntry.objects.filter(to_state="enrolled").values_list("basis", flat=True)
    assert list(basis) == ["2026 жылғы 4 қыркүйектегі №\N{NO-BREAK SPACE}12-к бұйрық"] * 2
    assert [person["name"] for person in order.snapshot["people"]] == [e.listener.full_name for e in admitted]


def test_enrol_repeats_the_same_order_without_effect(admitted, administrator):
    first = enrol(enrolments=admitted, number="12-к", date=DAY, by=administrator)
    assert enrol(enrolments=admitted, number="12-к", date=DAY, by=administrator) == first
    assert admitted[0].audit_trail().count() == 2


def test_enrol_refuses_the_same_number_with_other_people(admitted, administrator):
    enrol(enrolments=admitted[:1], number="12-к", date=DAY, by=administrator)
    with pytest.raises(Conflict, match="already has an order No 12-к in 2026"):
        enrol(enrolments=admitted[1:], number="12-к", date=DAY, by=administrator)
    assert states() == ["enrolled", "admitted"]


def test_enrol_refuses_all_when_one_is_not_admitted(admitted, open_cohort, administrator):
    applied = factories.make_enrolment(
        cohort=open_cohort, state=EnrolmentState.APPLIED, surname="Өтеген", given_name="Ерлан", patronymic=""
    )
    with pytest.raises(Refused, match="does not fit their present state: Өтеген Ерлан"):
        enrol(enrolments=[*admitted, applied], number="12-к", date=DAY, by=administrator)
    assert states() == ["admitted", "admitted", "applied"]
    assert Order.objects.filter(number="12-к").count() == 0


def test_enrol_refuses_whose_agreement_is_not_there(admitted, administrator, open_cohort):
    bare = admit(cohort=open_cohort, listeners=[factories.ListenerFactory()], by=administrator)
    with pytest.raises(Refused, match=f"agreement is neither accepted nor on file: {bare[0].listener}"):
        enrol(enrolments=[*admitted, *bare], number="12-к", date=DAY, by=administrator)
    assert states() == ["admitted"] * 3


def test_enrol_refuses_who_takes_part_in_another_cohort_of_the_edition(admitted, cohort, administrator):
    Enrolment.objects.filter(pk=admitted[0].pk).update(listener=admitted[0].listener)
    factories.make_enrolment(cohort=cohort, listener=admitted[0].listener)
    with pytest.raises(Refused, match="another cohort of this programme"):
        enrol(enrolments=admitted, number="12-к", date=DAY, by=administrator)
    assert states() == ["admitted", "admitted", "enrolled"]


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        ({"number": "  "}, "Give the number"),
        ({"date": date(2026, 9, 5)}, "lies in the future"),
        ({"date": date(2026, 9, 3)}, "earlier date than today"),
        ({"date": date(26, 9, 4), "backdating_reason": "x"}, "power to sign"),
        ({"date": date(2019, 9, 4), "backdating_reason": "x"}, "power to sign"),
    ],
)
def test_enrol_refuses_an_order_that_cannot_be(admitted, administrator, order, sentence):
    with pytest.raises(Refused, match=sentence):
        enrol(enrolments=admitted, by=administrator, **{"number": "12-к", "date": DAY} | order)
    assert states() == ["admitted"] * 2


def test_enrol_refuses_nobody(administrator, signatory):
    with pytest.raises(Refused, match="at least one"):
        enrol(enrolments=[], number="12-к", date=DAY, by=administrator)


def test_earlier_date_is_visible_with_its_reason(admitted, administrator):
    order = enrol(
        enrolments=admitted, number="1", date=date(2026, 9, 1), backdating_reason=" Paper came late ", by=administrator
    )
    assert (order.is_backdated, order.snapshot["backdating_reason"]) == (True, "Paper came late")


def test_order_older_than_the_institute_is_refused(admitted, administrator):
    old = factories.make_signatory(valid_from=date(1990, 1, 1))
    with pytest.raises(Refused, match="cannot be before 2000"):
        enrol(
            enrolments=admitted, number="1", date=date(1999, 9, 1), signatory=old, backdating_reason="x",
            by=administrator,
        )  # fmt: skip


def test_only_who_is_in_power_on_the_date_signs_R2(admitted, administrator):
    gone = factories.make_signatory(full_name="Бұрынғы Басшы", valid_to=date(2026, 9, 3))
    with pytest.raises(Refused, match=r"Бұрынғы Басшы has no power to sign on 04\.09\.2026"):
        enrol(enrolments=admitted, number="1", date=DAY, signatory=gone, by=administrator)
    assert states() == ["admitted"] * 2


def test_acting_head_signs_before_the_head_R2(admitted, administrator):
    acting = factories.make_signatory(full_name="Уақытша Басшы", is_acting=True, valid_from=date(2026, 9, 1))
    assert enrol(enrolments=admitted, number="1", date=DAY, by=administrator).signatory == acting


def test_drafts_move_nobody(admitted, administrator, signatory):
    people = [Listed(one) for one in admitted]
    order = draft_order(
        kind=OrderKind.ENROLMENT, number="7", date=DAY, signatory=signatory, people=people, by=administrator
    )
    assert (order.state, states()) == (OrderState.DRAFT, ["admitted"] * 2)
    store_draft(order, people[:1])
    assert order.lines.get().enrolment == admitted[0]
    assert sign_order(order=order, by=administrator).state == OrderState.SIGNED
    assert states() == ["enrolled", "admitted"]
    with pytest.raises(Refused, match="never changes"):
        store_draft(order, people)


def test_draft_names_nobody_twice(admitted, administrator, signatory):
    with pytest.raises(Conflict, match="stands in the list twice"):
        draft_order(
            kind=OrderKind.ENROLMENT, number="7", date=DAY, signatory=signatory, people=[Listed(admitted[0])] * 2,
            by=administrator,
        )  # fmt: skip


def test_only_administrators_record_orders(admitted, trainer, signatory):
    with pytest.raises(Refused, match="by an administrator"):
        enrol(enrolments=admitted, number="1", date=DAY, by=trainer)


def test_sign_twice_changes_nothing(admitted, administrator):
    order = enrol(enrolments=admitted, number="1", date=DAY, by=administrator)
    before = AuditEntry.objects.count()
    assert sign_order(order=order, by=administrator) == order
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("change", [{"number": "9"}, {"date": date(2026, 9, 1)}, {"basis": "x"}, {"snapshot": {}}])
def test_signed_order_never_changes(admitted, administrator, change):
    order = enrol(enrolments=admitted, number="1", date=DAY, by=administrator)
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(**change)


def test_list_of_a_signed_order_never_changes(admitted, administrator, open_cohort):
    order = enrol(enrolments=admitted, number="1", date=DAY, by=administrator)
    other = factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.ADMITTED)
    for change in (
        lambda: OrderLine.objects.filter(order=order)._raw_delete("default"),
        lambda: OrderLine.objects.filter(order=order).update(note="x"),
        lambda: OrderLine.objects.create(order=order, position=9, enrolment=other),
        lambda: Order.objects.filter(pk=order.pk)._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            change()


def test_cancelling_puts_everybody_back(admitted, administrator, signatory):
    order = enrol(enrolments=admitted, number="1", date=DAY, by=administrator)
    cancelling = cancel_order(
        order=order, number="2", date=DAY, signatory=signatory, basis="A mistake", by=administrator
    )
    order.refresh_from_db()
    assert (order.state, order.cancelled_by, cancelling.kind) == (
        OrderState.CANCELLED, cancelling, OrderKind.CANCELLATION,
    )  # fmt: skip
    assert states() == ["admitted"] * 2
    again = enrol(enrolments=admitted, number="3", date=DAY, by=administrator)
    assert list(Enrolment.objects.values_list("state", "order")) == [("enrolled", again.pk)] * 2


def test_cancelling_is_refused_when_something_came_after(admitted, administrator, signatory):
    order = enrol(enrolments=admitted, number="1", date=DAY, by=administrator)
    ordering.sign_order(
        order=draft_order(
            kind=OrderKind.WITHDRAWAL, number="2", date=DAY, signatory=signatory, people=[Listed(admitted[1])],
            basis="Application of 4 September", by=administrator,
        ),
        by=administrator,
    )  # fmt: skip
    with pytest.raises(Refused, match=f"came after the order.*{admitted[1].listener}"):
        cancel_order(order=order, number="3", date=DAY, signatory=signatory, basis="x", by=administrator)
    assert states() == ["enrolled", "withdrawn"]


def test_cancelling_needs_words_and_an_order_in_force(admitted, administrator, signatory):
    order = enrol(enrolments=admitted, number="1", date=DAY, by=administrator)
    terms = {"date": DAY, "signatory": signatory, "by": administrator}
    with pytest.raises(Refused, match="Say why"):
        cancel_order(order=order, number="2", basis=" ", **terms)
    cancelling = cancel_order(order=order, number="2", basis="x", **terms)
    for gone in (order, cancelling):
        with pytest.raises(Refused, match="in force can be cancelled"):
            cancel_order(order=gone, number="3", basis="x", **terms)


def test_suggested_number_follows_the_highest_with_its_ending(admitted, administrator, signatory):
    assert suggested_number("listeners", 2026) == "1"
    for number in ("9-к", "10-к", "2", "приказ"):
        draft_order(
            kind=OrderKind.ENROLMENT, number=number, date=DAY, signatory=signatory, people=[Listed(admitted[0])],
            by=administrator,
        )  # fmt: skip
    assert suggested_number("listeners", 2026) == "11-к"
    assert (suggested_number("general", 2026), suggested_number("listeners", 2027)) == ("1", "1")


def test_enrol_refuses_cohort_in_assessment(cohort, administrator, signatory):
    late = factories.make_enrolment(cohort=cohort, state=EnrolmentState.ADMITTED)
    assert cohort.state == CohortState.ASSESSING
    with pytest.raises(Refused, match="open or running"):
        enrol(enrolments=[late], number="12-к", date=DAY, by=administrator)
