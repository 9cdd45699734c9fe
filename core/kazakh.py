"""Kazakh as it is written: dates in words, numbers, the order of the alphabet, search that forgives letters."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal

# Month, attributive, ablative and dative endings: a fixed table, because a rule would have exceptions.
_MONTHS = (
    ("қаңтар", "дағы", "дан", "ға"),
    ("ақпан", "дағы", "нан", "ға"),
    ("наурыз", "дағы", "дан", "ға"),
    ("сәуір", "дегі", "ден", "ге"),
    ("мамыр", "дағы", "дан", "ға"),
    ("маусым", "дағы", "нан", "ға"),
    ("шілде", "дегі", "ден", "ге"),
    ("тамыз", "дағы", "дан", "ға"),
    ("қыркүйек", "тегі", "тен", "ке"),
    ("қазан", "дағы", "нан", "ға"),
    ("қараша", "дағы", "дан", "ға"),
    ("желтоқсан", "дағы", "нан", "ға"),
)
ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
LATIN = "abcdefghijklmnopqrstuvwxyz"
APOSTROPHES = "'’‘ʼʻ`´′"
_KNOWN = frozenset(ALPHABET + LATIN + "0123456789")
_PIECE = re.compile(r"[0-9]+|[^0-9]")
# Letters that typists exchange, each with the one that a search compares.
_FOLD = str.maketrans("әғқңөұүһіё-", "агкноуухие ")

# The same for a page that searches among the names it shows.
FOLDED = dict(zip("әғқңөұүһіё-", "агкноуухие ", strict=True))

# Two decimal digits for each place in the order. Digits sort alike in every collation; letters do not (a Danish
# database takes “aa” for “å”, a Czech one knows “ch”).
_SPACE, _HYPHEN, _NUMBER, _LONGEST_NUMBER = 1, 2, 2, 17
_CODES = {" ": f"{_SPACE:02d}", "-": f"{_HYPHEN:02d}"}
_CODES |= {letter: f"{place:02d}" for place, letter in enumerate(ALPHABET + LATIN, start=30)}
_FOREIGN = "99"


def date_nominative(day: date) -> str:
    """«2026 жылғы 15 қаңтар»."""
    return f"{day.year} жылғы {day.day} {_MONTHS[day.month - 1][0]}"


def date_attributive(day: date) -> str:
    """«2016 жылғы 28 қаңтардағы», before what is dated."""
    return date_nominative(day) + _MONTHS[day.month - 1][1]


def date_ablative(day: date) -> str:
    """«2026 жылғы 15 қаңтардан», from that day."""
    return date_nominative(day) + _MONTHS[day.month - 1][2]


def date_dative(day: date) -> str:
    """«2026 жылғы 15 қаңтарға», until that day (with «дейін»)."""
    return date_nominative(day) + _MONTHS[day.month - 1][3]


def date_in(day: date, language: str) -> str:
    """The date in words as an official paper of that language (kk, ru, en) writes it."""
    if language == "kk":
        return date_nominative(day)
    if language == "ru":
        return format_date(day, "d MMMM y", locale="ru") + " года"
    return format_date(day, "d MMMM y", locale="en_GB")


def number(value: int | Decimal | float, language: str) -> str:
    """A number as the language (kk, ru, en) writes it, with at most three decimals.

    «1 234,5» with a no-break space in Kazakh and Russian, “1,234.5” in English.
    """
    return str(format_decimal(value, format="#,##0.###", locale=language))


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    """One folded character without its accents: a letter, a digit, a hyphen, a space for other marks, or nothing."""
    category = unicodedata.category(character)
    if character in _KNOWN:
        return character
    if category == "Pd" or character == "\N{MINUS SIGN}":
        return "-"
    if category in ("Mn", "Mc", "Me", "Cf") or character in APOSTROPHES:
        return ""
    if category[0] not in "LN":
        return " "
    parts = unicodedata.normalize("NFKD", character).casefold()
    if parts != character:
        return "".join(map(_plain, parts))
    return str(unicodedata.decimal(character)) if category == "Nd" else character


def _plain_words(text: str) -> str:
    plain = "".join(map(_plain, unicodedata.normalize("NFC", text).casefold()))
    return " ".join(plain.split())


def _code(piece: str) -> str:
    if piece in _CODES:
        return _CODES[piece]
    if piece.isdecimal() and piece.isascii():
        digits = piece.lstrip("0") or "0"
        return f"{_NUMBER + min(len(digits), _LONGEST_NUMBER):02d}" + "".join(f"2{digit}" for digit in digits)
    return f"{_FOREIGN}{ord(piece):08d}"


def sort_key(text: str) -> str:
    """Decimal digits whose order is that of the Kazakh alphabet, in every collation of every database.

    Space, hyphen, numbers by their value («№ 9» before «№ 10»), Kazakh letters, Latin letters, other letters; case,
    accents, apostrophes, quotation and other marks do not count. Two digits a letter, two more for each number.
    """
    return "".join(map(_code, _PIECE.findall(_plain_words(text))))


def search_key(text: str) -> str:
    """What a search compares, by substring: «алиев» is found in «Әлиев», «али заде» in «Әли-Заде».

    Case, accents, marks and the letters that typists exchange (ә/а, і/и, қ/к, ғ/г, ң/н, ө/о, ұ, ү/у, һ/х, ё/е) do not
    count; й stays itself.
    """
    return " ".join(_plain_words(text).translate(_FOLD).split())
