"""Security blanks (R3): accounted for to the last one, never two documents on one, nothing numbered without one."""

from datetime import UTC, date, datetime
from functools import partial

import pytest
import time_machine
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from certificates.answering import duplicate
from certificates.blank_balance import balance_on
from certificates.blanks import (
    Member,
    blank_of,
    free_blanks,
    give_blank,
    receive_blanks,
    record_failed,
    record_printed,
    record_run,
    write_off,
)
from certificates.invariants import broken
from certificates.issuing import issue_wished
from certificates.models import Blank, BlankDelivery, BlankState, Document, IssueBatch, Wish, WriteOffAct
from certificates.tests.revocations import revoke
from core.errors import MoveRefused, Refused
from enrollment.tests.test_capacity_race import all_at_once
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]
DAY = date(2026, 10, 1)
COMMISSION = [
    Member("Сейітқали Б. М.", "директор"),
    Member("Ахметова А. Б.", "бухгалтер"),
    Member("Ким В. И.", "әдіскер"),
]


@pytest.fixture
def receive(administrator):
    """`receive(first, last)`: blanks of the series АБ in stock."""

    def do(first, last, **values):
        facts = {"series": "аб", "supplier": "«Баспа» ЖШС", "note": "№ 15", "received_on": DAY} | values
        return receive_blanks(first=first, last=last, by=administrator, **facts)

    return do


def states():
    return {str(blank): blank.state for blank in Blank.objects.all()}


def test_delivery_becomes_blanks_in_stock(receive):
    delivery = receive(1, 3)
    assert states() == {"АБ 0000001": "in_stock", "АБ 0000002": "in_stock", "АБ 0000003": "in_stock"}
    assert receive(1, 3) == delivery
    assert list(broken()) == []


@pytest.mark.parametrize(
    ("first", "last", "more", "said"),
    [
        (3, 5, {}, "received already"),
        (5, 4, {}, "first and the last number"),
        (10, 20_000, {}, "at once"),
        (10, 11, {"received_on": date(2026, 10, 6)}, "future"),
        (10, 11, {"series": " "}, "series"),
    ],
)
def test_delivery_that_cannot_be_is_refused(receive, first, last, more, said):
    receive(1, 3)
    with pytest.raises(Refused, match=said):
        receive(first, last, **more)
    assert (BlankDelivery.objects.count(), Blank.objects.count()) == (1, 3)


def test_only_administrators_account_for_blanks(trainer):
    with pytest.raises(Refused, match="by an administrator"):
        receive_blanks(series="АБ", first=1, last=2, supplier="x", note="x", received_on=DAY, by=trainer)


def test_certificate_takes_the_lowest_blank_and_a_statement_none(receive, issue_to, outcome, failed_outcome):
    receive(5, 9)
    certificate, statement = issue_to(outcome, on_blank=True), issue_to(failed_outcome, on_blank=True)
    assert str(blank_of(certificate)) == "АБ 0000005"
    assert blank_of(statement) is None
    assert states()["АБ 0000005"] == "reserved"


def test_without_a_blank_nothing_is_numbered(issue_to, outcome):
    with pytest.raises(Refused, match="no blank left"):
        issue_to(outcome, on_blank=True)
    assert not Document.objects.exists()
    assert issue_to(outcome).counter == 1


def test_batch_onto_too_few_blanks_is_refused_before_anything(receive, wish, protocol_of):
    protocol = protocol_of("Әлімов", "Бекенов", "-Ғабитов")
    receive(1, 1)
    with pytest.raises(Refused, match="needed: 2, free: 1"):
        wish(protocol, on_blanks=True)
    assert not IssueBatch.objects.exists()
    receive(2, 2)
    wish(protocol, on_blanks=True)
    assert free_blanks() == 0
    issue_wished()
    assert list(Wish.objects.values_list("state", flat=True)) == ["issued"] * 3
    assert sorted(states().values()) == ["reserved", "reserved"]
    assert list(broken()) == []


def test_spoiled_print_takes_the_next_blank_with_the_same_number(receive, make_ready, outcome, administrator):
    receive(1, 3)
    document = make_ready(outcome, on_blank=True)
    first = blank_of(document)
    second = record_failed(blank=first, state="spoiled", reason="қағаз тұрып қалды", by=administrator)
    assert (str(second), second.document, document.number) == ("АБ 0000002", document, "SK-2026-000001")
    assert states() == {"АБ 0000001": "spoiled", "АБ 0000002": "reserved", "АБ 0000003": "in_stock"}
    record_printed(blank=second, by=administrator)
    record_printed(blank=second, by=administrator)
    assert states()["АБ 0000002"] == "used"
    with pytest.raises(MoveRefused):
        record_failed(blank=second, state="lost", reason="x", by=administrator)
    assert list(broken()) == []


def test_run_is_recorded_whole_or_not_at_all(receive, make_ready, protocol_of, administrator):
    receive(1, 3)
    one, two = (
        blank_of(make_ready(outcome, on_blank=True)) for outcome in protocol_of("Әлімов", "Бекенов").outcomes.all()
    )
    with pytest.raises(Refused, match="reason"):
        record_run(results=[(one, "printed"), (two, "spoiled")], reason=" ", by=administrator)
    assert sorted(states().values()) == ["in_stock", "reserved", "reserved"]
    record_run(results=[(one, "printed"), (two, "spoiled")], reason="сия", by=administrator)
    assert sorted(states().values()) == ["reserved", "spoiled", "used"]


def test_spoiled_last_blank_is_recorded_all_the_same(receive, make_ready, outcome, administrator):
    receive(1, 1)
    document = make_ready(outcome, on_blank=True)
    assert record_failed(blank=blank_of(document), state="lost", reason="жоқ", by=administrator) is None
    assert blank_of(document) is None
    receive(2, 2)
    assert str(give_blank(document=document, by=administrator)) == "АБ 0000002"
    assert str(give_blank(document=document, by=administrator)) == "АБ 0000002"


def test_document_that_ends_gives_a_reserved_blank_back_and_keeps_a_used_one(
    receive, make_ready, protocol_of, administrator, signatory
):
    receive(1, 4)
    outcomes = protocol_of("Әлімов", "Бекенов").outcomes.order_by("pk")
    first, second = (make_ready(outcome, on_blank=True) for outcome in outcomes)
    record_printed(blank=blank_of(second), by=administrator)
    revoke(document=first, reason="қате", by=administrator)
    duplicate(document=second, reason="жоғалды", signatory=signatory, by=administrator)
    assert states() == {
        "АБ 0000001": "in_stock", "АБ 0000002": "used", "АБ 0000003": "in_stock", "АБ 0000004": "in_stock",
    }  # fmt: skip
    assert list(broken()) == []


def test_statement_gets_no_blank(receive, make_ready, failed_outcome, administrator):
    receive(1, 1)
    with pytest.raises(Refused, match="Only a certificate"):
        give_blank(document=make_ready(failed_outcome), by=administrator)


def test_blanks_are_written_off_by_an_act_of_three(receive, administrator):
    receive(1, 4)
    one, two, three, _four = Blank.objects.order_by("number")
    record_failed(blank=one, state="spoiled", reason="сия төгілді", by=administrator)
    record_failed(blank=two, state="lost", reason="табылмады", by=administrator)
    terms = {"dated_on": DAY, "reason": "түгендеу", "by": administrator}
    with pytest.raises(Refused, match="only spoiled and lost"):
        write_off(blanks=[one, three], commission=COMMISSION, **terms)
    with pytest.raises(Refused, match="three members"):
        write_off(blanks=[one, two], commission=[*COMMISSION[:2], COMMISSION[0]], **terms)
    with pytest.raises(Refused, match="future"):
        write_off(blanks=[one], commission=COMMISSION, **terms | {"dated_on": date(2026, 11, 1)})
    act = write_off(blanks=[one, two], commission=COMMISSION, **terms)
    assert (act.number, [row["why"] for row in act.snapshot["blanks"]]) == ("1-2026", ["сия төгілді", "табылмады"])
    assert list(states().values()) == ["written_off", "written_off", "in_stock", "in_stock"]
    assert WriteOffAct.objects.count() == 1


def test_balance_of_any_day(receive, make_ready, outcome, administrator):
    receive(1, 5)  # recorded on 5 October, received on the 1st
    blank = blank_of(make_ready(outcome, on_blank=True))
    with time_machine.travel(datetime(2026, 10, 7, 6, tzinfo=UTC), tick=False):
        record_printed(blank=blank, by=administrator)
    told = {day: balance_on(date(2026, 10, day)) for day in (1, 4, 5, 6, 7)}
    assert [told[day].received for day in told] == [5] * 5
    assert balance_on(date(2026, 9, 30)).received == 0
    assert told[4].by_state["in_stock"] == 5
    assert (told[6].by_state["reserved"], told[7].by_state["used"]) == (1, 1)
    assert all(balance.is_even for balance in told.values())


def test_what_happened_to_a_blank_stays(receive, make_ready, outcome, administrator):
    delivery = receive(1, 2)
    blank = blank_of(make_ready(outcome, on_blank=True))
    record_printed(blank=blank, by=administrator)
    for change in (
        lambda: Blank.objects.filter(pk=blank.pk).update(state="in_stock", document=None),
        lambda: Blank.objects.filter(pk=blank.pk).update(number=77),
        lambda: Blank.objects.filter(pk=blank.pk).delete(),
        lambda: BlankDelivery.objects.filter(pk=delivery.pk).update(last=9),
        lambda: Blank.objects.filter(number=2).update(state="reserved", document=blank.document),
        lambda: Blank.objects.filter(number=2).update(state="used"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_crowd_that_issues_onto_blanks_takes_each_once(receive, issue_to, protocol_of, threads):
    receive(1, 12)
    outcomes = list(protocol_of(*(f"Тыңдаушы{n:02d}" for n in range(12))).outcomes.all())
    results = all_at_once([partial(issue_to, outcomes[n % 12], on_blank=True) for n in range(threads)])
    assert [result for result in results if isinstance(result, Exception) and not isinstance(result, Refused)] == []
    for outcome in outcomes:
        issue_to(outcome, on_blank=True)
    holding = Blank.objects.exclude(document=None)
    assert holding.values("document").distinct().count() == holding.count() == Document.objects.count() == 12
    assert list(broken()) == []


class Whatever(TestCase):
    """Any order of deeds leaves the balance even and equal to the states."""

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from(["receive", "spoiled", "lost", "off"]), st.integers(0, 5)), max_size=14))
    def test_balance_is_even_after_any_deeds(self, deeds):
        with time_machine.travel(datetime(2026, 10, 5, 5, tzinfo=UTC), tick=False):
            by, first = factories.UserFactory(is_administrator=True), 1
            for deed, count in deeds:
                stock = Blank.objects.filter(state=BlankState.IN_STOCK)
                failed = Blank.objects.filter(state__in=["spoiled", "lost"])
                if deed == "receive" and count:
                    receive_blanks(
                        series="А", first=first, last=first + count - 1, supplier="x", note="x", received_on=DAY, by=by
                    )
                    first += count
                elif deed == "off" and failed:
                    write_off(blanks=failed[: count or 1], dated_on=DAY, commission=COMMISSION, reason="x", by=by)
                elif deed in ("spoiled", "lost") and stock:
                    record_failed(blank=stock[0], state=deed, reason="x", by=by)
            told = balance_on(date(2026, 10, 5))
            assert told.is_even
            assert told.received == first - 1
            assert list(broken()) == []
