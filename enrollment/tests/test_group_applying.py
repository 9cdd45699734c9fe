"""Employers' lists for a cohort."""

import pytest

from core.errors import Refused
from core.models import Message
from core.spreadsheets import SpreadsheetRefused
from enrollment.cohorts import cancel
from enrollment.group_applying import LARGEST_LIST, ListRefused, confirm_group, discard_group, read_group
from enrollment.models import Application, GroupApplication, Listener
from enrollment.tests.lists import row, workbook
from tests import factories

pytestmark = pytest.mark.django_db


def letters(kind):  # type: ignore[no-untyped-def]
    return list(Message.objects.filter(kind=kind).order_by("id").values_list("recipient", flat=True))


def test_read_group_reads_the_import_format():
    reading = read_group(workbook(row(1), row(2)), "list.xlsx")
    assert [person.email for person in reading.people] == ["person1@example.kz", "person2@example.kz"]


def test_read_group_names_every_mistake_and_asks_the_register_nothing(count_queries):
    same = {"email": "one@example.kz"}
    content = workbook(row(1, **same), row(2, **same), row(3, email=""), row(4, iin="12"), row(5, email="x"))
    with count_queries() as seen, pytest.raises(ListRefused, match="Rows with mistakes: 4") as refusal:
        read_group(content, "list.xlsx")
    assert [(person.no, [c.sentence.split(":")[0] for c in person.complaints]) for person in refusal.value.people] == [
        (3, ["The same e-mail stands in row 2 already; each person needs one of their own."]),
        (4, ["The e-mail is missing."]),
        (5, ["IIN"]),
        (6, ["This is not an e-mail address"]),
    ]
    assert seen.count == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (workbook(), "nobody in the list"),
        (workbook(*[row(serial) for serial in range(LARGEST_LIST + 1)]), "at most 100 people"),
        ("ЖСН;Тегі;Аты\n1;Ә;А\n".encode(), "no column with e-mails"),
        ("ФИО;ИИН\nx;1\n".encode(), "Divide it"),
    ],
)
def test_read_group_refuses_what_is_no_such_list(content, sentence):
    with pytest.raises(Refused, match=sentence):
        read_group(content, "list.csv")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.7", b"\xd0\xcf\x11\xe0", b"<html>"])
def test_read_group_refuses_hostile_files(content):
    with pytest.raises(SpreadsheetRefused):
        read_group(content, "list.xlsx")


def test_submit_writes_to_the_sender_only(open_cohort):
    group = factories.make_group(cohort=open_cohort, people=3, is_confirmed=False)
    assert (group.people, Application.objects.filter(group=group).count()) == (3, 3)
    assert (letters("group-application-confirm"), letters("application-confirm")) == ([group.contact_email], [])
    assert set(Application.objects.values_list("consent", "confirmed_at")) == {(None, None)}


def test_confirm_writes_to_each_person_once(open_cohort):
    group = factories.make_group(cohort=open_cohort, people=3, is_confirmed=False)
    first = confirm_group(group=group)
    assert confirm_group(group=group).confirmed_at == first.confirmed_at
    people = group.applications.order_by("pk").values_list("email", flat=True)
    assert letters("application-confirm") == list(people)
    assert "Employer: № 7 мектеп" in Message.objects.filter(kind="application-confirm").first().body
    assert Listener.objects.count() == 0


def test_confirm_refuses_a_cohort_that_takes_nobody(open_cohort, administrator):
    group = factories.make_group(cohort=open_cohort, is_confirmed=False)
    cancel(cohort=open_cohort, reason="Too few", by=administrator)
    with pytest.raises(Refused, match="not taken any more"):
        confirm_group(group=group)
    assert letters("application-confirm") == []


def test_discard_erases_the_list_until_its_people_were_written_to(open_cohort):
    group = factories.make_group(cohort=open_cohort, is_confirmed=False)
    sent = factories.make_group(cohort=open_cohort)
    discard_group(group=group)
    with pytest.raises(Refused, match="have their letters already"):
        discard_group(group=sent)
    assert (list(GroupApplication.objects.all()), Application.objects.count()) == ([sent], 2)
