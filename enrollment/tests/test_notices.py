"""Letters to employers: numbered with the order, due in working days, sent and recorded (R11)."""

from datetime import date

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError, transaction

from core import outbox
from core.errors import Refused
from core.models import Message
from core.workdays import workdays_later
from enrollment.deciding import Resolved, record_decision
from enrollment.models import EmployerNotice, NoticeState, OrderKind
from enrollment.notices import (
    address_letter,
    record_sending,
    send_by_email,
    take_back_sending,
)
from enrollment.ordering import Listed, cancel_order, draft_order, sign_order
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 9, 4)  # a Friday


@pytest.fixture(scope="module", autouse=True)
def _fonts():  # type: ignore[no-untyped-def]
    call_command("build_assets")


@pytest.fixture(autouse=True)
def _on_the_day():  # type: ignore[no-untyped-def]
    with time_machine.travel("2026-09-04 10:00+05:00", tick=False):
        yield


@pytest.fixture
def school(db):  # type: ignore[no-untyped-def]
    return factories.EmployerFactory(name="№ 15 мектеп", email="school@example.kz", address="Абай к-сі, 1")


@pytest.fixture
def expelled(open_cohort, signatory, administrator):  # type: ignore[no-untyped-def]
    """`expelled(employer)`: the letter about somebody of this employer whom an order expelled."""
    numbers = iter(range(1, 9))

    def do(employer):  # type: ignore[no-untyped-def]
        number = str(next(numbers))
        one = factories.make_enrolment(cohort=open_cohort, employer=employer)
        decision = record_decision(
            number=number, held_on=DAY, members=factories.make_members(), question="?", decision="!",
            people=[Resolved(one, "expel", "Қатыспаған")], by=administrator,
        )  # fmt: skip
        order = draft_order(
            kind=OrderKind.EXPULSION, number=f"{number}-ш", date=DAY, signatory=signatory, people=[Listed(one)],
            decision=decision, by=administrator,
        )  # fmt: skip
        sign_order(order=order, by=administrator)
        return EmployerNotice.objects.get(line__order=order)

    return do


@pytest.mark.parametrize(
    ("day", "count", "later"),
    [
        (date(2026, 9, 4), 3, date(2026, 9, 9)),  # over a weekend
        (date(2026, 12, 15), 3, date(2026, 12, 21)),  # over Independence Day and a weekend
        (date(2026, 9, 7), 0, date(2026, 9, 7)),
    ],
)
def test_workdays_later_skips_weekends_and_holidays(day, count, later):
    assert workdays_later(day, count) == later


def test_R11_expulsion_writes_a_numbered_letter_due_in_three_working_days(expelled, school):
    first, second = expelled(school), expelled(school)
    assert [first.number, second.number] == ["1-2026", "2-2026"]
    assert (first.state, first.dated_on, first.due_on) == (NoticeState.DUE, DAY, date(2026, 9, 9))
    assert first.snapshot["employer"] == {"name": "№ 15 мектеп", "address": "Абай к-сі, 1"}
    assert (first.snapshot["number"], first.snapshot["order"]["number"]) == ("1-2026", "1-ш")
    assert list(EmployerNotice.objects.due()) == [first, second]


def test_R11_letter_is_overdue_from_the_day_after_its_last_one(expelled, school):
    notice = expelled(school)
    for moment, overdue in (("2026-09-09 23:00+05:00", False), ("2026-09-10 00:30+05:00", True)):
        with time_machine.travel(moment, tick=False):
            assert (notice.is_overdue, EmployerNotice.objects.overdue().exists()) == (overdue, overdue)


def test_R11_mail_takes_the_letter_along_and_is_recorded(expelled, school, administrator):
    notice = expelled(school)
    message = send_by_email(notice=notice, by=administrator)
    notice.refresh_from_db()
    assert (notice.state, notice.channel, notice.sent_on, notice.recipient, notice.recorded_by) == (
        "sent", "email", DAY, "school@example.kz", administrator,
    )  # fmt: skip
    assert bytes(message.attachment).startswith(b"%PDF")
    assert outbox.send_due() == 1
    ((name, content, kind),) = mail.outbox[0].attachments
    assert (mail.outbox[0].to, name, content[:4], kind) == (
        ["school@example.kz"], "1-2026.pdf", b"%PDF", "application/pdf",
    )  # fmt: skip
    message.refresh_from_db()
    assert (message.attachment, message.attachment_name) == (None, "1-2026.pdf")


def test_mail_pressed_twice_goes_once(expelled, school, administrator):
    notice = expelled(school)
    stale = EmployerNotice.objects.get(pk=notice.pk)
    assert send_by_email(notice=notice, by=administrator) == send_by_email(notice=stale, by=administrator)
    assert (Message.objects.count(), notice.audit_trail().count()) == (1, 2)


def test_mail_needs_an_employer_with_an_address(expelled, administrator):
    for employer, sentence in (
        (None, "No employer is on record"),
        (factories.EmployerFactory(email=""), "has no e-mail on record"),
    ):
        with pytest.raises(Refused, match=sentence):
            send_by_email(notice=expelled(employer), by=administrator)
    assert (Message.objects.count(), EmployerNotice.objects.due().count()) == (0, 2)


def test_R11_sending_another_way_is_recorded_once(expelled, school, administrator):
    notice = expelled(school)
    how = {"channel": "post", "sent_on": DAY, "recipient": " № 15  мектеп ", "by": administrator}
    for _twice in range(2):
        assert record_sending(notice=notice, **how).recipient == "№ 15 мектеп"
    assert notice.audit_trail().count() == 2
    with pytest.raises(Refused, match="not waiting to be sent"):
        send_by_email(notice=notice, by=administrator)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"recipient": "  "}, "Say who received"),
        ({"sent_on": date(2026, 9, 3)}, "between the letter's date and today"),
        ({"sent_on": date(2026, 9, 5)}, "between the letter's date and today"),
        ({"channel": "pigeon"}, "Choose how the letter was sent"),
    ],
)
def test_R11_sending_is_refused_in_words(expelled, school, administrator, fields, sentence):
    notice = expelled(school)
    with pytest.raises(Refused, match=sentence):
        record_sending(
            notice=notice,
            **{"channel": "post", "sent_on": DAY, "recipient": "x", "by": administrator} | fields,
        )
    notice.refresh_from_db()
    assert notice.state == NoticeState.DUE


def test_letter_that_did_not_arrive_is_due_again_and_mailed_anew(expelled, school, administrator):
    notice = expelled(school)
    first = send_by_email(notice=notice, by=administrator)
    with pytest.raises(Refused, match="Say why"):
        take_back_sending(notice=notice, reason=" ", by=administrator)
    again = take_back_sending(notice=notice, reason="Хат қайтып келді", by=administrator)
    assert (again.state, again.channel, again.sent_on, again.recipient, again.due_on) == (
        "due", "", None, "", date(2026, 9, 9),
    )  # fmt: skip
    with pytest.raises(Refused, match="is not recorded"):
        take_back_sending(notice=notice, reason="x", by=administrator)
    assert send_by_email(notice=again, by=administrator) != first
    assert Message.objects.count() == 2


def test_employer_is_written_in_once_when_none_was_on_record(expelled, school, administrator):
    notice = expelled(None)
    assert notice.snapshot["employer"] is None
    addressed = address_letter(notice=notice, employer=school, by=administrator)
    assert (addressed.employer, addressed.snapshot["employer"]["name"]) == (school, "№ 15 мектеп")
    assert address_letter(notice=notice, employer=school, by=administrator) == addressed
    with pytest.raises(Refused, match="settled already"):
        address_letter(notice=notice, employer=factories.EmployerFactory(), by=administrator)
    with pytest.raises(Refused, match="settled already"):
        address_letter(notice=expelled(school), employer=factories.EmployerFactory(), by=administrator)


def test_letter_stays_as_it_was_written_I10(expelled, school):
    notice = expelled(school)
    for change in ({"number": "9"}, {"snapshot": {}}, {"employer": None}, {"dated_on": date(2026, 1, 1)}):
        with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
            EmployerNotice.objects.filter(pk=notice.pk).update(**change)


def test_cancelled_expulsion_needs_no_letter_any_more(expelled, school, signatory, administrator):
    notice = expelled(school)
    cancel_order(order=notice.line.order, number="9", date=DAY, signatory=signatory, basis="Қате", by=administrator)
    notice.refresh_from_db()
    assert (notice.state, EmployerNotice.objects.due().exists()) == (NoticeState.VOID, False)
