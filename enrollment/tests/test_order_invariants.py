"""Each broken rule about orders, decisions and letters is named."""

import pytest
from django.db import connection

from enrollment import invariants
from enrollment.models import CommissionMember, EmployerNotice, Enrolment, Order, OrderLine
from enrollment.tests.test_notices import _on_the_day, expelled, school

__all__ = ["_on_the_day", "expelled", "school"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(expelled, school):  # type: ignore[no-untyped-def]
    """The letter of an expulsion, every trigger set aside so that something can be broken."""
    written = expelled(school)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
    yield written
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = DEFAULT")


def found() -> list[str]:
    return list(invariants.broken())


def test_broken_is_silent_about_a_whole_expulsion(expelled, school):
    expelled(school)
    expelled(None)
    assert found() == []


def test_broken_names_an_order_whose_paper_says_otherwise(notice):
    order = notice.line.order
    Order.objects.filter(pk=order.pk).update(number="99")
    assert found() == [f"order {order.pk}: its paper bears another number, date, book or kind"]


def test_broken_names_a_line_that_moved_nobody(notice):
    OrderLine.objects.filter(pk=notice.line_id).update(to_state="withdrawn")
    assert found() == [f"line {notice.line_id}: its move enrolled → withdrawn did not happen"]


def test_broken_names_an_expulsion_without_decision_R10(notice):
    order = notice.line.order
    Order.objects.filter(pk=order.pk).update(decision=None)
    assert found() == [
        f"R10 line {notice.line_id}: an expulsion without a decision of the commission about that person"
    ]


def test_broken_names_an_expulsion_without_its_letter_R11(notice):
    EmployerNotice.objects.filter(pk=notice.pk)._raw_delete("default")
    assert found() == [f"R11 line {notice.line_id}: an expulsion without a letter to the employer"]


def test_broken_names_letters_out_of_number_I2(notice):
    EmployerNotice.objects.filter(pk=notice.pk).update(counter=7)
    assert found() == ["I2 letters of 2026: their numbers do not run from 1 to 1"]


def test_broken_names_a_letter_that_does_not_follow_its_order(notice):
    EmployerNotice.objects.filter(pk=notice.pk).update(state="void")
    assert found() == ["R11 letter 1-2026: its state does not follow its order"]


def test_broken_names_a_decision_of_too_few(notice):
    decision = notice.line.order.decision
    CommissionMember.objects.filter(is_chair=True).update(valid_from="2026-12-01")
    assert found() == [f"R10 decision {decision.pk}: too few members, or members who did not serve on that day"]


def test_broken_names_an_enrolment_that_an_order_opened_otherwise(notice, cohort):
    from tests import factories

    other = factories.make_enrolment(cohort=cohort)
    OrderLine.objects.filter(pk=notice.line_id).update(opened=other)
    assert found() == [f"line {notice.line_id}: the enrolment that it opened says otherwise"]
    assert Enrolment.objects.get(pk=other.pk).origin is None
