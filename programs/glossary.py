"""Searching the glossary: in every language of a term, in the reader's language of its definition."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from core.kazakh import ALPHABET, LATIN, search_key, sort_key
from programs.models import Term

LONGEST_SEARCH = 100


@dataclass(frozen=True)
class Entry:
    """A term with the key that a search looks into, and whether the present search finds it."""

    term: Term
    key: str
    found: bool


def entries(terms: Iterable[Term], wanted: str) -> list[Entry]:
    """Every term by the alphabet; all are found when nothing is wanted. Each wanted word must occur in the entry."""
    words = search_key(wanted).split()
    keys = [(term, search_key(_searched(term))) for term in sorted(terms, key=lambda term: sort_key(term.term))]
    return [Entry(term, key, all(word in key for word in words)) for term, key in keys]


def _searched(term: Term) -> str:
    names = (getattr(term, f"term_{code}") or "" for code, _name in settings.LANGUAGES)
    return " ".join([*names, term.definition])


@cache
def folding() -> dict[str, str]:
    """Every letter as a search key writes it, so that the search in the page folds as the one here does."""
    return {letter: search_key(letter) for letter in ALPHABET + LATIN}
