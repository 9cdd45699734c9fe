"""Headings in three languages, as people write them."""

import pytest

from core.errors import Refused
from enrollment.import_columns import HEADINGS, column_of, find_columns, template_headings


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_find_columns_knows_its_own_template(language):
    columns = find_columns([template_headings(language)])
    assert list(columns.places) == list(HEADINGS)
    assert columns.ignored == ()


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("ЖСН / ИИН", "iin"),
        ("  иин\nслушателя", "iin"),
        ("ТЕГІ", "surname"),
        ("Имя (как в удостоверении)", "given_name"),
        ("Әкесінің  аты", "patronymic"),
        ("Лауазымы (должность)", "position"),
        ("Место работы", "employer"),
        ("e-mail", "email"),
        ("E-MAIL ADDRESS", "email"),
        ("Ұялы телефон", "phone"),
        ("№", None),
        ("Ескерту", None),
    ],
)
def test_column_of_recognises_a_heading(heading, column):
    assert column_of(heading) == column


def test_find_columns_looks_below_a_title():
    columns = find_columns([["Тыңдаушылар тізімі"], [], ["№", "ЖСН", "Тегі", "Аты", "Ескерту"]])
    assert (columns.row, columns.places) == (2, {"iin": 1, "surname": 2, "given_name": 3})
    assert columns.ignored == ("Ескерту",)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([], "No row with headings"),
        ([["a", "b"], ["c"]], "No row with headings"),
        ([["ЖСН", "Тегі"]], r"missing: Аты/Имя/Given name\."),
        ([["ЖСН", "Тегі", "Фамилия", "Аты"]], "“Тегі” and “Фамилия”"),
        ([["ИИН", "ФИО"]], "“ФИО” holds the whole name"),
    ],
)
def test_find_columns_refuses_what_it_cannot_make_out(rows, sentence):
    with pytest.raises(Refused, match=sentence):
        find_columns(rows)
