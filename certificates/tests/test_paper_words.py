"""Sizes and words of papers: pure, so they are tested without making one."""

from datetime import date

import pytest

from certificates.paper_words import WORDS, hour_noun
from certificates.papers import balanced, name_size, signature_size, text_size
from certificates.tests.factories import LONG_NAME, sample


@pytest.mark.parametrize(
    ("length", "size"), [(5, 30.0), (26, 30.0), (27, 26.0), (42, 22.0), (43, 20.0), (90, 17.0), (272, 8.0)]
)
def test_name_size_falls_with_length(length, size):
    assert name_size("Ә" * length) == size


def test_text_size_never_grows_with_length():
    sizes = [text_size("ә" * length) for length in range(1, 700)]
    assert sizes == sorted(sizes, reverse=True)


def test_long_name_is_broken_at_the_space_nearest_to_the_middle():
    assert balanced("Қасымова Әсел Серікқызы") == ["Қасымова Әсел Серікқызы"]
    assert balanced(LONG_NAME["full"]) == [
        "Құдайбергенова-Жүсіпбекованова Гүлбаршын-Мәрияммен-Әмина", "Әбдірахманқызы-Нұрмұхамедқызыныкі"
    ]  # fmt: skip
    assert balanced("Ә" * 90) == ["Ә" * 90]


@pytest.mark.parametrize(
    ("hours", "ending"), [(80, "их часов"), (81, "ого часа"), (72, "их часов"), (101, "ого часа"), (111, "их часов")]
)
def test_russian_hours_stand_in_the_genitive(hours, ending):
    assert hour_noun(hours) == f"академическ{ending}"


def test_words_are_the_same_set_in_every_language():
    assert WORDS["kk"].keys() == WORDS["ru"].keys() == WORDS["en"].keys()


def test_name_of_the_sample_has_90_characters():
    assert len(LONG_NAME["full"]) == 90
    assert date.fromisoformat(sample()["valid_until"]) == date(2029, 10, 2)


@pytest.mark.parametrize(("length", "size"), [(1, 10.0), (40, 10.0), (41, 9.0), (61, 8.0), (91, 6.5)])
def test_signature_size_falls_with_the_longest_text(length, size):
    assert signature_size("а" * length, "б", "в") == size
