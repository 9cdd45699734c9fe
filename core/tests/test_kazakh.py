"""Dates, order and search in Kazakh."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import kazakh

ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
words = st.text(alphabet=ALPHABET + ALPHABET.upper(), min_size=0, max_size=12)


def test_dates_in_words():
    day = date(2016, 1, 28)
    assert kazakh.date_nominative(day) == "2016 жылғы 28 қаңтар"
    assert kazakh.date_attributive(day) == "2016 жылғы 28 қаңтардағы"
    assert kazakh.date_ablative(day) == "2016 жылғы 28 қаңтардан"
    assert kazakh.date_dative(day) == "2016 жылғы 28 қаңтарға"


@pytest.mark.parametrize(
    ("month", "attributive"),
    list(enumerate(
        "қаңтардағы ақпандағы наурыздағы сәуірдегі мамырдағы маусымдағы шілдедегі тамыздағы қыркүйектегі қазандағы "
        "қарашадағы желтоқсандағы".split(),
        start=1,
    )),
)
def test_date_attributive_of_each_month(month, attributive):
    assert kazakh.date_attributive(date(2026, month, 1)) == f"2026 жылғы 1 {attributive}"


@pytest.mark.parametrize(
    ("language", "text"), [("kk", "2026 жылғы 15 қаңтар"), ("ru", "15 января 2026 года"), ("en", "15 January 2026")]
)
def test_date_in_each_language(language, text):
    assert kazakh.date_in(date(2026, 1, 15), language) == text


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [(Decimal("1234.5"), "kk", "1\N{NO-BREAK SPACE}234,5"), (1234567, "ru", "1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567"), (1234.5, "en", "1,234.5"), (80, "kk", "80")],
)
def test_number_as_the_language_writes_it(value, language, text):
    assert kazakh.number(value, language) == text


@given(words, words)
def test_sort_key_orders_as_the_alphabet_letter_by_letter(one, other):
    def reference(word: str) -> list[int]:
        return [ALPHABET.index(letter) for letter in word.lower()]

    assert (kazakh.sort_key(one) < kazakh.sort_key(other)) == (reference(one) < reference(other))


def test_sort_key_puts_marks_digits_cyrillic_latin_in_this_order():
    keys = [kazakh.sort_key(text) for text in ["", " ", "1", "5", "а", "әл", "я", "a", "z", "é"]]
    assert all(lower < higher for lower, higher in pairwise(keys))


@given(st.text(max_size=30))
def test_sort_key_is_plain_ascii(text):
    assert kazakh.sort_key(text).isascii()


@pytest.mark.parametrize(("typed", "stored"), [("алиев", "Әлиев"), ("касым", "ҚАСЫМОВА"), ("Омир", "Өмірұлы"), ("хаким", "Һәкім"), ("ёлкин", "Елкин"), ("умит", "Үміт")])
def test_search_key_forgives_letters_that_typists_exchange(typed, stored):
    assert kazakh.search_key(typed) in kazakh.search_key(stored)


@given(st.text(max_size=30))
def test_search_key_is_idempotent_and_without_marks(text):
    key = kazakh.search_key(text)
    assert kazakh.search_key(key) == key
    assert key == key.strip()
