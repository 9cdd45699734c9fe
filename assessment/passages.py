"""Words of a text, runs of five of them, and the passages that two texts share. Pure: no database, no files.

A word is compared as people read it: capital or small, ё or е, ә or а all the same, and a Latin letter that stands for
a Cyrillic one in a Cyrillic word is that letter. Numbers are words; punctuation is none.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise

from core.kazakh import FOLDED

RUN = 5  # words
LEAST_RUNS = 20  # of a text that is compared; fewer say nothing
MOST_WORDS = 20_000  # of one text
MOST_PLACES = 20  # of one run in the other text that are tried
COMMON_LISTENERS = 6  # at least so many, and half of all, have a run before it counts as handed out with the task
Run = tuple[str, ...]
_WORD = re.compile(r"[^\W_]+")
_CYRILLIC = re.compile("[а-яёәғқңөұүһі]", re.IGNORECASE)
_LATIN = re.compile("[a-z]", re.IGNORECASE)
_FOLDED = str.maketrans(FOLDED)
_TWINS = str.maketrans("ABCEHKMOPTXYIaceopxyhik", "АВСЕНКМОРТХУІасеорхуһік")
_BROKEN = re.compile(r"(?<=[^\W\d_])[-\u2010]\n(?=[^\W\d_])")


@dataclass(frozen=True)
class Word:
    """A word as it is compared, and where it stands in the text."""

    folded: str
    start: int
    end: int


@dataclass(frozen=True)
class Passage:
    """Words `first` to `last` (not included) of one text that stand in the other from `other_first` on."""

    no: int
    first: int
    last: int
    other_first: int
    other_last: int


@dataclass(frozen=True)
class Piece:
    """A piece of a text as a page shows it; `no` of the passage, 0 for what is not shared."""

    text: str
    no: int = 0
    is_first: bool = False  # of its passage


def cleaned(text: str) -> str:
    """The text as it is stored: marks without a shape go, words parted at a line's end are joined."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cs") and (c in "\n\t" or c >= " "))
    return _BROKEN.sub("", text)


def words_of(text: str) -> list[Word]:
    """The words of a cleaned text, the first `MOST_WORDS` of them."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        if len(found) == MOST_WORDS:
            break
        found.append(Word(_folded(match.group()), match.start(), match.end()))
    return found


def _folded(word: str) -> str:
    if _LATIN.search(word) and _CYRILLIC.search(word):
        word = word.translate(_TWINS)
    return word.casefold().translate(_FOLDED)


def runs_of(words: Sequence[Word]) -> list[Run]:
    """Every run of five words, in order, one for each place where it begins."""
    folded = [word.folded for word in words]
    return [tuple(folded[at : at + RUN]) for at in range(len(folded) - RUN + 1)]


def runs_in(text: str) -> frozenset[Run]:
    """The different runs of a text."""
    return frozenset(runs_of(words_of(cleaned(text))))


def common(texts: Mapping[int, Iterable[Run]]) -> set[Run]:
    """Runs that so many of these people (key → their runs) share that they come from the task, not from each other."""
    wanted = max(COMMON_LISTENERS, (len(texts) + 1) // 2)
    if len(texts) < wanted:
        return set()
    seen: dict[Run, int] = defaultdict(int)
    for runs in texts.values():
        for run in set(runs):
            seen[run] += 1
    return {run for run, count in seen.items() if count >= wanted}


def share(one: Set[Run], other: Set[Run]) -> int:
    """How much of the shorter text stands in the other, in whole per cent, rounded down; 0 for texts of a few words."""
    shorter = min(len(one), len(other))
    return 100 * len(one & other) // shorter if shorter >= LEAST_RUNS else 0


def passages(words: Sequence[Word], others: Sequence[Word], ignored: Set[Run] = frozenset()) -> list[Passage]:
    """The longest shared stretches in the order of the first text; what stands twice bears one number."""
    runs, other_runs = runs_of(words), runs_of(others)
    places: dict[Run, list[int]] = defaultdict(list)
    for at, run in enumerate(other_runs):
        if run not in ignored and len(places[run]) < MOST_PLACES:
            places[run].append(at)
    found: list[Passage] = []
    numbers: dict[int, int] = {}  # place in the other text → number
    at = 0
    while at < len(runs):
        tried = [(_length(runs, at, other_runs, place, ignored), -place) for place in places.get(runs[at], ())]
        if not tried:
            at += 1
            continue
        length, place = max(tried)
        first, last = -place, -place + length + RUN - 1
        known = {numbers.get(word) for word in range(first, last)}
        no = known.pop() if len(known) == 1 else None
        no = no or max(numbers.values(), default=0) + 1
        numbers |= {word: no for word in range(first, last) if word not in numbers}
        found.append(Passage(no, at, at + length + RUN - 1, first, last))
        at += length + RUN - 1
    return found


def _length(runs: Sequence[Run], at: int, others: Sequence[Run], place: int, ignored: Set[Run]) -> int:
    """How many runs in a row are the same from here on."""
    length = 0
    while (
        at + length < len(runs)
        and place + length < len(others)
        and runs[at + length] == others[place + length]
        and runs[at + length] not in ignored
    ):
        length += 1
    return length


def pieces(text: str, words: Sequence[Word], spans: Iterable[tuple[int, int, int]]) -> list[Piece]:
    """The whole text cut at its passages (number, first word, last word); where two overlap the earlier one stays."""
    found: list[Piece] = []
    at = 0
    seen: set[int] = set()
    reached = 0
    for no, begin, last in sorted(spans, key=lambda span: (span[1], span[0])):
        first = max(begin, reached)
        if first >= last:
            continue
        start, end = words[first].start, words[last - 1].end
        if start > at:
            found.append(Piece(text[at:start]))
        found.append(Piece(text[start:end], no, no not in seen))
        seen.add(no)
        at, reached = end, last
    if at < len(text):
        found.append(Piece(text[at:]))
    return found


def only_shared(found: Sequence[Piece]) -> list[Piece]:
    """The marked pieces alone, parted by "…", for whoever may not read the rest."""
    marked = [piece for piece in found if piece.no]
    parted: list[Piece] = marked[:1]
    for _before, piece in pairwise(marked):
        parted += [Piece("\n…\n"), piece]
    return parted
