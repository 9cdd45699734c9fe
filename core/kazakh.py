"""Kazakh as it is written: dates in words, the order of the alphabet, search that forgives letters."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from babel.dates import format_date

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
NBSP = "\N{NO-BREAK SPACE}"
ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
# Two ASCII characters for each letter: any collation then sorts the keys alike. What comes before letters sorts first.
_RANK = {letter: f"k{chr(97 + i // 26)}{chr(97 + i % 26)}" for i, letter in enumerate(ALPHABET)}
_FOLD = str.maketrans("әғқңөұүһіёй", "агкноуухиеи")
_NOT_WORD = re.compile(r"[^\w]+", re.UNICODE)


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
    """A number as the language writes it: «1 234,5» (no-break space) in Kazakh and Russian, “1,234.5” in English."""
    text = f"{value:,}"
    return text if language == "en" else text.replace(",", NBSP).replace(".", ",")


def sort_key(text: str) -> str:
    """A plain ASCII string whose order is that of the Kazakh alphabet, whatever the database's collation.

    Case does not count; spaces and marks come first, then digits, Cyrillic, Latin, everything else.
    """
    return "".join(map(_rank, unicodedata.normalize("NFC", text).casefold()))


def _rank(character: str) -> str:
    if character in _RANK:
        return _RANK[character]
    if character.isdigit() and character.isascii():
        return f"b0{character}"
    if "a" <= character <= "z":
        return f"m0{character}"
    if character.isalpha():
        return f"z{ord(character):06x}"
    return "a00"


def search_key(text: str) -> str:
    """What a search compares: case, marks and the letters that typists exchange (ә/а, і/и, қ/к …) do not count."""
    folded = unicodedata.normalize("NFC", text).casefold().translate(_FOLD)
    return " ".join(_NOT_WORD.sub(" ", folded.replace("_", " ")).split())
