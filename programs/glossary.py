"""Searching the glossary: in every language of a term, in the reader's language of its definition."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from core.kazakh import search_key, sort_key
from programs.models import Term

LONGEST_SEARCH = 100
_LETTERS = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя" "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Entry:
    """A term with the key that a search looks into, and whether the present search finds it."""

    term: Term
    key: str
    found: bool


def entries(terms: Iterable[Term], wanted: str) -> list[Entry]:
    """Every term by the alphabet; all are found when nothing is wanted. Each wanted word must occur in the entry."""
    words = search_key(wanted).split()
    keys = [(t, search_key(f"{t.term_kk} {t.term_ru or ''} {t.term_en or ''} {t.definition}")) for t in terms]
    keys.sort(key=lambda pair: sort_key(pair[0].term))
    return [Entry(term, key, all(word in key for word in words)) for term, key in keys]


@cache
def folding() -> dict[str, str]:
    """Letters that a search key writes otherwise, so that the search in the page folds as the one here does."""
    return {letter: search_key(letter) for letter in _LETTERS if search_key(letter) != letter}
