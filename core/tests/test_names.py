"""Names are tidied, not guessed at."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.names import NameRefused, clean_name

KAZAKH = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
names = st.text(alphabet=KAZAKH + KAZAKH.upper() + " -", min_size=1, max_size=90)


@pytest.mark.parametrize(
    ("typed", "clean", "notices"),
    [
        ("  Әлімов   Айбек ", "Әлімов Айбек", 0),
        ("Ким", "Ким", 0),
        ("Iзбасар", "Ізбасар", 1),
        ("Cәуле Kасымова", "Сәуле Касымова", 2),
        ("O'Brien", "O'Brien", 0),
        ("қасымова-ҚЫЗЫ", "қасымова-ҚЫЗЫ", 0),
        (unicodedata.normalize("NFD", "Ёлкин Найман"), "Ёлкин Найман", 0),
        ("", "", 0),
    ],
)
def test_clean_name_tidies_and_tells(typed, clean, notices):
    cleaned = clean_name(typed)
    assert (cleaned.value, len(cleaned.notices)) == (clean, notices)


@pytest.mark.parametrize(
    "typed",
    ["Әлімов1", "<b>Әлімов</b>", "Әлім\u200bов", "Әлім\u202eов", "Әлім\nов", "Әлім\x00ов", "а" * 91, "Әлiмовz", "Қ&қ", '"Қ"', "Қ😀"],
)
def test_clean_name_refuses_what_is_no_name(typed):
    with pytest.raises(NameRefused):
        clean_name(typed)


@given(names)
def test_clean_name_keeps_letters_and_case_and_is_idempotent(typed):
    cleaned = clean_name(typed)
    assert cleaned.value.replace(" ", "") == typed.replace(" ", "")
    assert clean_name(cleaned.value) == cleaned
