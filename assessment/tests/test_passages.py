"""Shares and passages against an independent reference; Kazakh words; what is common to many."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.passages import (
    COMMON_LISTENERS,
    LEAST_RUNS,
    RUN,
    cleaned,
    common,
    only_shared,
    passages,
    pieces,
    runs_in,
    runs_of,
    share,
    words_of,
)
from assessment.tests.alike import prose

WORDS = st.lists(st.sampled_from(["қала", "мектеп", "жоспар", "сапа", "даму"]), max_size=60)


def text(words: list[str]) -> str:
    return " ".join(words)


def reference(one: list[str], other: list[str]) -> int:
    """Containment from scratch, over strings."""
    a = {"|".join(one[i : i + 5]) for i in range(len(one)) if i + 5 <= len(one)}
    b = {"|".join(other[i : i + 5]) for i in range(len(other)) if i + 5 <= len(other)}
    least = min(len(a), len(b))
    if least < LEAST_RUNS:
        return 0
    both = sum(1 for each in a if each in b)
    return int(both * 100 / least + 1e-9)


@given(WORDS, WORDS, st.integers(0, 40))
def test_share_is_the_containment_of_the_shorter(one, other, copied):
    other = other + one[:copied]
    assert share(runs_in(text(one)), runs_in(text(other))) == reference(one, other)
    assert share(runs_in(text(one)), runs_in(text(other))) == share(runs_in(text(other)), runs_in(text(one)))


@given(WORDS, WORDS)
def test_passages_are_the_same_words_on_both_sides_and_cover_every_shared_run(one, other):
    a, b = words_of(text(one)), words_of(text(other))
    found = passages(a, b)
    marked: set[int] = set()
    for passage in found:
        assert one[passage.first : passage.last] == other[passage.other_first : passage.other_last]
        assert passage.last - passage.first >= RUN
        assert not marked & set(range(passage.first, passage.last))
        marked |= set(range(passage.first, passage.last))
    shared = runs_in(text(one)) & runs_in(text(other))
    assert bool(found) == bool(shared)
    for at, run in enumerate(runs_of(a)):
        if run in shared:  # nothing is left out but what a marked passage reaches into
            assert marked & set(range(at, at + RUN))


@given(WORDS, WORDS)
def test_pieces_are_the_whole_text(one, other):
    whole, words = text(one), words_of(text(one))
    found = passages(words, words_of(text(other)))
    shown = pieces(whole, words, [(p.no, p.first, p.last) for p in found])
    assert "".join(piece.text for piece in shown) == whole
    theirs = pieces(text(other), words_of(text(other)), [(p.no, p.other_first, p.other_last) for p in found])
    assert "".join(piece.text for piece in theirs) == text(other)
    assert {p.no for p in shown if p.no} == {p.no for p in theirs if p.no} == {p.no for p in found}


@pytest.mark.parametrize(
    "written",
    [
        "ӘКІМ ҚАЛАНЫҢ ӨЗЕНІ ТУРАЛЫ 12 БҰЙРЫҚ",
        "әкім, қаланың — өзені; туралы «12» бұйрық!",
        "аким каланын озени туралы 12 буйрык",
        "әкiм қаланың өзенi туралы 12 бұйрық",  # Latin i
        "әкім қала\u00adның өзе\u200bні туралы 12 бұйрық",
        "әкім қала-\nның өзені туралы 12 бұйрық",
    ],
)
def test_kazakh_words_are_compared_as_people_read_them(written):
    assert runs_in(written) == runs_in("Әкім қаланың өзені туралы 12 бұйрық")


def test_numbers_count():
    assert runs_in("бала саны былтыр 120 болды") != runs_in("бала саны былтыр 130 болды")


def test_retyped_and_shuffled_paragraphs_are_found():
    paragraphs = [prose(60, n) for n in range(6)]
    shuffled = list(paragraphs)
    random.Random(1).shuffle(shuffled)
    assert share(runs_in("\n".join(paragraphs)), runs_in("\n".join(shuffled).upper())) >= 90


def test_unrelated_texts_share_nothing():
    assert share(runs_in(prose(500, "a")), runs_in(prose(500, "b"))) == 0


def test_few_words_say_nothing():
    assert share(runs_in(prose(LEAST_RUNS + RUN - 2, 1)), runs_in(prose(LEAST_RUNS + RUN - 2, 1))) == 0
    assert share(runs_in(prose(LEAST_RUNS + RUN + 5, 1)), runs_in(prose(LEAST_RUNS + RUN + 5, 1))) == 100


@pytest.mark.parametrize(
    ("people", "having", "is_common"),
    [(COMMON_LISTENERS, COMMON_LISTENERS, True), (5, 5, False), (20, 10, True), (20, 9, False), (25, 6, False)],
)
def test_what_half_of_the_people_have_is_common(people, having, is_common):
    form = runs_in(prose(40, "form"))
    texts = {n: runs_in(prose(40, n)) | (form if n < having else frozenset()) for n in range(people)}
    assert common(texts) == (form if is_common else set())


def test_ignored_words_are_not_marked():
    form, own = prose(40, "form"), prose(40, "own")
    words, others = words_of(f"{form} {own}"), words_of(f"{own} {form}")
    found = passages(words, others, runs_in(form))
    assert [words[p.first].folded for p in found][-1:] == [words_of(own)[0].folded]
    assert all(p.first >= 40 - RUN for p in found)


def test_reader_of_another_cohort_sees_the_marked_pieces_alone():
    one, two = prose(30, 1), prose(30, 2)
    words = words_of(f"{one} құпия {two}")
    found = passages(words, words_of(f"{one}\n{two}"))
    shown = pieces(f"{one} құпия {two}", words, [(p.no, p.first, p.last) for p in found])
    assert "құпия" not in "".join(piece.text for piece in only_shared(shown))
    assert [piece.no for piece in only_shared(shown)] == [1, 0, 2]


def test_cleaned_text_can_be_stored():
    assert cleaned("а\x00б\u202eв\r\nг\ud800") == "абв\nг"
