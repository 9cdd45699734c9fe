"""From rows to people, with every complaint in words."""

from enrollment.import_columns import template_headings
from enrollment.import_reading import Complaint, read_list
from enrollment.tests.lists import iin, row

HEAD = template_headings("ru")


def complaints(*rows: list[str]) -> dict[int, list[Complaint]]:
    return {person.no: person.complaints for person in read_list([HEAD, *rows]).people}


def test_read_list_numbers_rows_as_the_spreadsheet_does():
    people = read_list([["Список"], [], HEAD, row(1), [], row(2)]).people
    assert [person.no for person in people] == [4, 6]
    assert [person.iin for person in people] == [iin(1), iin(2)]
    assert [person.complaints for person in people] == [[], []]


def test_read_list_names_the_column_of_each_mistake():
    found = complaints(row(1, iin="850115100018", email="not an address", phone="?", surname=""))
    assert [complaint.heading for complaint in found[2]] == ["ИИН", "Фамилия", "Электронная почта", "Телефон"]
    assert [complaint.sentence for complaint in found[2][1:3]] == [
        "The surname is missing.",
        "This is not an e-mail address: not an address.",
    ]


def test_read_list_names_the_row_that_has_the_iin_already():
    found = complaints(row(1), row(2), row(3, iin=iin(1)))
    assert found == {2: [], 3: [], 4: [Complaint("ИИН", "The same IIN stands in row 2 already.")]}


def test_read_list_notices_a_shared_email_without_refusing():
    people = read_list([HEAD, row(1), row(2, email="person1@example.kz")]).people
    assert people[1].complaints == []
    assert people[1].notices == ["The e-mail is the same as in row 2; each person needs their own to be invited."]


def test_read_list_refuses_what_the_register_cannot_hold():
    found = complaints(row(1, position="я" * 201))
    assert found[2] == [Complaint("Должность", "Longer than 200 characters.")]


def test_read_list_keeps_a_formula_as_text():
    person = read_list([HEAD, row(1, position='=HYPERLINK("x")')]).people[0]
    assert person.position == '=HYPERLINK("x")'


def test_read_list_lives_with_short_and_long_rows():
    people = read_list([HEAD, row(1)[:3], [*row(2), "more", "and more"]]).people
    assert [person.complaints for person in people] == [[], []]
    assert people[0].email == ""


def test_read_list_says_which_columns_it_does_not_read():
    reading = read_list([[*HEAD, "Примечание"], row(1)])
    assert reading.notices == ["These columns are not read: Примечание."]
