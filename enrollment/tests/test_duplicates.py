"""Which entries are proposed as one person, and which are not."""

import pytest

from core.errors import Refused
from core.identifiers import check_digit, invented_iin
from enrollment.duplicates import Hint, hints_of, phone_key, probable_pairs, tell_apart
from enrollment.models import DifferentPeople, Listener
from tests import factories

pytestmark = pytest.mark.django_db
NAME = {"surname": "Әлімов", "given_name": "Айбек", "patronymic": "Серікұлы"}


def person(**fields):  # type: ignore[no-untyped-def]
    values = NAME | {"email": "", "phone": "", "employer": None} | fields
    return factories.ListenerFactory(**values)


def born(birth: str, serial: int) -> str:
    """An invented IIN (18xx) with this date of birth."""
    for number in range(serial * 10, 9999):
        eleven = f"{birth}1{number:04d}"
        if (digit := check_digit(eleven)) is not None:
            return f"{eleven}{digit}"
    raise AssertionError


@pytest.fixture
def school(db):  # type: ignore[no-untyped-def]
    return factories.EmployerFactory()


def found():  # type: ignore[no-untyped-def]
    return [(pair.one, pair.other, set(pair.hints)) for pair in probable_pairs()]


@pytest.mark.parametrize(
    ("one", "other", "hints"),
    [
        ({"email": "a@b.kz"}, {"email": "A@B.kz"}, {"name", "email", "given_name"}),
        ({"phone": "+7 701 000 00 01"}, {"phone": "8(701)0000001"}, {"name", "phone", "given_name"}),
        ({"iin": born("850115", 1)}, {"iin": born("850115", 20)}, {"name", "birth"}),
        ({"surname": "Алимов", "email": "a@b.kz"}, {"email": "a@b.kz"}, {"name", "email", "given_name"}),
        ({"email": "a@b.kz"}, {"email": "a@b.kz", "surname": "Бекенов"}, {"email", "given_name"}),
    ],
)
def test_pair_is_found(one, other, hints):
    first, second = person(**one), person(**other)
    assert found() == [(first.pk, second.pk, hints)]


def test_pair_is_found_by_name_and_employer(school):
    first, second = person(employer=school), person(employer=school)
    assert found() == [(first.pk, second.pk, {"name", "employer", "given_name"})]


def test_pair_with_another_surname_is_found_among_colleagues_born_on_one_day(school):
    first = person(employer=school, iin=born("850115", 1))
    second = person(employer=school, iin=born("850115", 20), surname="Бекенов")
    third = person(employer=school, iin=born("850116", 20), surname="Ғабитов")
    assert found() == [(first.pk, second.pk, {"given_name", "employer", "birth"})]
    assert third.pk not in {pk for pair in found() for pk in pair[:2]}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),  # a name alone
        ({"given_name": "Ерлан", "email": "mektep@b.kz"}, {"email": "mektep@b.kz"}),  # the school's address
        ({"given_name": "Ерлан", "phone": "87010000001"}, {"phone": "87010000001"}),
        ({"phone": "12345"}, {"phone": "12345"}),  # too short to be anybody's
    ],
)
def test_pair_is_not_found(one, other):
    person(iin=invented_iin(1), **one)
    person(iin=invented_iin(2), **other)
    assert found() == []


def test_pair_is_found_by_an_earlier_spelling(school):
    first, second = person(employer=school), person(employer=school)
    first.surname = "Әлімбек"
    first.save()
    assert found() == [(first.pk, second.pk, {"name", "employer", "given_name"})]
    assert hints_of(first, second)[0] == Hint.NAME


def test_colleagues_are_not_duplicates(school):
    person(employer=school, iin=invented_iin(1))
    person(employer=school, iin=invented_iin(2), given_name="Ерлан")
    assert found() == []


def test_who_shares_most_comes_first(school):
    one, two = person(email="a@b.kz", surname="Бекенов"), person(email="a@b.kz", surname="Бекенов")
    three, four = person(employer=school, phone="87010000001"), person(employer=school, phone="87010000001")
    assert [pair[:2] for pair in found()] == [(three.pk, four.pk), (one.pk, two.pk)]


def test_merged_and_erased_entries_are_not_proposed(school):
    first, second, third = (person(employer=school) for _ in range(3))
    Listener.objects.filter(pk=second.pk).update(merged_into=first)
    bare = {"iin_sealed": "", "iin_tail": "", "email": "", "phone": "", "position": ""}
    Listener.objects.filter(pk=third.pk).update(pseudonymised_at="2026-01-01T00:00Z", **bare)
    assert found() == []


def test_pair_that_was_told_apart_is_not_proposed_again(school, administrator):
    first, second = person(employer=school), person(employer=school)
    row = tell_apart(one=second, other=first, by=administrator)
    assert (row.one, row.other, row.by) == (first, second, administrator)
    assert tell_apart(one=first, other=second, by=administrator) == row
    assert (found(), DifferentPeople.objects.count()) == ([], 1)


def test_nobody_is_told_apart_from_themselves(administrator):
    one = person()
    with pytest.raises(Refused, match="two different"):
        tell_apart(one=one, other=one, by=administrator)


@pytest.mark.parametrize(
    ("text", "key"),
    [("+7 (701) 000-00-01", "7010000001"), ("87010000001, 8721", "7010000001"), ("", ""), ("41-20-30", "")],
)
def test_phone_key(text, key):
    assert phone_key(text) == key


def test_hints_of_any_two(school):
    one, other = person(employer=school), person(employer=school, surname="Бекенов", iin=born("860301", 1))
    assert hints_of(one, other) == [Hint.GIVEN_NAME, Hint.EMPLOYER]


@pytest.mark.parametrize("many", [2, 6])
def test_search_takes_four_queries(school, count_queries, many):
    for _number in range(many):
        person(employer=school)
    with count_queries() as seen:
        probable_pairs()
    assert seen.count == 4
