"""Dates, numbers, order and search in Kazakh."""

import unicodedata
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import kazakh

ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
LATIN = "abcdefghijklmnopqrstuvwxyz"
NBSP = "\N{NO-BREAK SPACE}"
LETTERS = ALPHABET + ALPHABET.upper() + LATIN + LATIN.upper()
words = st.text(alphabet=LETTERS, max_size=12)
phrases = st.lists(st.text(alphabet=LETTERS + "-", min_size=1, max_size=6), max_size=4).map(" ".join)
FORMS = (
    "қаңтардағы қаңтардан қаңтарға",
    "ақпандағы ақпаннан ақпанға",
    "наурыздағы наурыздан наурызға",
    "сәуірдегі сәуірден сәуірге",
    "мамырдағы мамырдан мамырға",
    "маусымдағы маусымнан маусымға",
    "шілдедегі шілдеден шілдеге",
    "тамыздағы тамыздан тамызға",
    "қыркүйектегі қыркүйектен қыркүйекке",
    "қазандағы қазаннан қазанға",
    "қарашадағы қарашадан қарашаға",
    "желтоқсандағы желтоқсаннан желтоқсанға",
)


def test_date_nominative_in_words():
    assert kazakh.date_nominative(date(2026, 1, 15)) == "2026 жылғы 15 қаңтар"


@pytest.mark.parametrize(("month", "forms"), list(enumerate(FORMS, start=1)))
def test_dates_with_endings_of_each_month(month, forms):
    day = date(2016, month, 28)
    written = [form(day) for form in (kazakh.date_attributive, kazakh.date_ablative, kazakh.date_dative)]
    assert written == [f"2016 жылғы 28 {form}" for form in forms.split()]


@pytest.mark.parametrize(
    ("language", "text"), [("kk", "2026 жылғы 15 қаңтар"), ("ru", "15 января 2026 года"), ("en", "15 January 2026")]
)
def test_date_in_each_language(language, text):
    assert kazakh.date_in(date(2026, 1, 15), language) == text


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        (Decimal("1234.5"), "kk", f"1{NBSP}234,5"),
        (1234567, "ru", f"1{NBSP}234{NBSP}567"),
        (1234.5, "en", "1,234.5"),
        (80, "kk", "80"),
        (0.1 + 0.2, "ru", "0,3"),
        (Decimal("1E+3"), "kk", f"1{NBSP}000"),
        (-1234.25, "ru", f"-1{NBSP}234,25"),
    ],
)
def test_number_as_the_language_writes_it(value, language, text):
    assert kazakh.number(value, language) == text


def in_alphabet(phrase: str) -> list[list[int]]:
    """Word by word, letter by letter; a hyphen before all letters, Latin after Cyrillic."""
    return [[("-" + ALPHABET + LATIN).index(letter) for letter in word.lower()] for word in phrase.split()]


@given(words, words)
def test_sort_key_orders_letter_by_letter(one, other):
    assert (kazakh.sort_key(one) < kazakh.sort_key(other)) == (in_alphabet(one) < in_alphabet(other))


@given(phrases, phrases)
def test_sort_key_orders_word_by_word(one, other):
    assert (kazakh.sort_key(one) < kazakh.sort_key(other)) == (in_alphabet(one) < in_alphabet(other))


@given(st.lists(words))
def test_sort_key_ignores_case(several):
    assert [kazakh.sort_key(word.upper()) for word in several] == [kazakh.sort_key(word.lower()) for word in several]


@given(st.integers(0, 10**15), st.integers(0, 10**15))
def test_sort_key_orders_numbers_by_value(one, other):
    assert (kazakh.sort_key(f"№ {one} мектеп") < kazakh.sort_key(f"№ {other} мектеп")) == (one < other)


@pytest.mark.parametrize(
    "ascending",
    [
        ["", "1", "5", "10", "а", "әл", "я", "a", "z", "ω"],
        ["Али Болат", "Али-Болат", "Алиев Айбек", "Әли Айбек", "Бали Айбек"],
        ["Гүл", "Ғани", "Дана", "Ержан", "Ёлкин", "Жан"],
        ["Кенже", "Қаби", "Лаура", "Наз", "Ңа", "Оспан", "Өмір", "Пернебек"],
        ["Ука", "Ұлан", "Үміт", "Фатима", "Хан", "Һәкім", "Цой"],
        ["«Айгөлек» бөбекжайы", "«Болашақ» мектебі", "«Ғасыр» лицейі"],
    ],
)
def test_sort_key_puts_these_in_this_order(ascending):
    keys = [kazakh.sort_key(text) for text in ascending]
    assert all(lower < higher for lower, higher in pairwise(keys))


@pytest.mark.parametrize(
    ("one", "other"), [("О'Коннор", "О’КОННОР"), ("№ 05", "5"), ("  Әли  ", "әли"), ("José", "jose")]
)
def test_sort_key_does_not_count_marks(one, other):
    assert kazakh.sort_key(one) == kazakh.sort_key(other)


@given(st.text(max_size=30))
def test_sort_key_holds_decimal_digits_only(text):
    key = kazakh.sort_key(text)
    assert key == "" or (key.isascii() and key.isdecimal())


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("алиев", "Әлиев"),
        ("касым", "ҚАСЫМОВА"),
        ("Омир", "Өмірұлы"),
        ("хаким", "Һәкім"),
        ("ёлкин", "Елкин"),
        ("умит", "Үміт"),
        ("улан", "Ұлан"),
        ("гани", "Ғани"),
        ("тангжарык", "Таңғжарық"),
        ("али заде", "Әли-Заде"),
        ("оконнор", "О’Коннор"),
        (unicodedata.normalize("NFD", "Айбек"), "Айбек"),
        ("№ 15", "№15 мектеп-лицей"),
        ("jose", "José"),
    ],
)
def test_search_key_finds(typed, stored):
    assert kazakh.search_key(typed) in kazakh.search_key(stored)


def test_search_key_keeps_short_i_apart():
    assert (kazakh.search_key("Май"), kazakh.search_key("Маи")) == ("май", "маи")


@given(st.text(max_size=30))
def test_search_key_is_idempotent_and_without_marks(text):
    key = kazakh.search_key(text)
    assert kazakh.search_key(key) == key
    assert key == " ".join(key.split())


@given(words, words, words)
def test_search_key_finds_every_part_of_a_word(before, part, after):
    assert kazakh.search_key(part) in kazakh.search_key(before + part + after)
