"""Personal names as in the identity card: tidied, never re-cased, look-alike letters put right with a notice."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _

from core.errors import Refused
from core.kazakh import APOSTROPHES

LONGEST = 90
# Latin letters that look like Cyrillic ones and slip into Cyrillic words. Latin “y” is not among them: it may stand
# for У as well as for Ү.
_LATIN = "ihaeocpxəǝɵëABEKMHOPCTXIƏƎƟË"
_CYRILLIC = "іһаеосрхәәөёАВЕКМНОРСТХІӘӘӨЁ"
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)
_TO_LATIN = str.maketrans("іһаеосрхАВЕКМНОРСТХІ", "ihaeocpxABEKMHOPCTXI")
_MARKS = str.maketrans(dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys("‐‑‒–—−", "-"))
_WORD = re.compile(r"[^\W\d_]+")
# Marks stand between letters, one at a time (a dot may be followed by another); an apostrophe may begin, a dot end it.
_SHAPE = re.compile(r"'?[^\W\d_]+(?:(?:\.[ '-]?|[ '-])[^\W\d_]+)*\.?\Z")


class NameRefused(Refused):
    """A name that cannot stand in a document."""


@dataclass(frozen=True)
class CleanName:
    """The tidied name, and a sentence about each word in which letters were put right."""

    value: str
    notices: tuple[str, ...] = ()


def clean_name(text: str) -> CleanName:
    """Tidy one name or a part of it: composed letters (NFC), single spaces, every word in one alphabet.

    Latin look-alikes inside Cyrillic words become Cyrillic (and the other way round), with a notice that names the
    letters. Letters keep their case. Allowed are Cyrillic and Latin letters, hyphen, apostrophe, dot and space; an
    empty text stays empty. Raises `NameRefused` for everything else, for marks that stand where a name has none, for
    a word of two alphabets that look-alikes do not explain, and for more than 90 characters.
    """
    value = re.sub(" *- *", "-", _letters(text).translate(_MARKS))
    if value and not _SHAPE.match(value):
        raise NameRefused(
            _("Hyphens, apostrophes and dots stand between the letters of a name, one at a time: “%(name)s”.")
            % {"name": value}
        )
    notices: list[str] = []
    cyrillic = any(_alphabet(character) == "CYRILLIC" for character in value)
    value = _WORD.sub(lambda found: _one_alphabet(found[0], cyrillic, notices), value)
    return CleanName(value, tuple(notices))


def _letters(text: str) -> str:
    """The text composed, with single spaces, if nothing but letters and their marks is in it."""
    value = text.strip(" \t\r\n\N{NO-BREAK SPACE}")
    if len(value) <= 4 * LONGEST:  # longer than any name can be before it is tidied
        value = unicodedata.normalize("NFC", value)
        for character in value:
            _refuse_character(character)
        value = " ".join(value.split())
    if len(value) > LONGEST:
        raise NameRefused(_("The name is longer than %(longest)s characters.") % {"longest": LONGEST})
    return value


def _refuse_character(character: str) -> None:
    if _alphabet(character) or character in "-. " or ord(character) in _MARKS:
        return
    category = unicodedata.category(character)
    if category == "Zs":
        return
    if category[0] in "CZ":
        raise NameRefused(
            _("The name holds an invisible character (%(code)s). Please type it anew.")
            % {"code": f"U+{ord(character):04X}"}
        )
    if category[0] == "N":
        raise NameRefused(_("A name has no digits: “%(character)s”.") % {"character": character})
    raise NameRefused(
        _("“%(character)s” cannot stand in a name. It has Cyrillic or Latin letters, hyphens, apostrophes and dots.")
        % {"character": character}
    )


@lru_cache(maxsize=2048)
def _alphabet(character: str) -> str:
    """CYRILLIC or LATIN for a letter of these alphabets; empty for all else, ligatures and full-width letters too."""
    if unicodedata.category(character) not in ("Lu", "Ll") or unicodedata.decomposition(character).startswith("<"):
        return ""
    first = unicodedata.name(character).split(" ", 1)[0]
    return first if first in ("CYRILLIC", "LATIN") else ""


def _one_alphabet(word: str, name_is_cyrillic: bool, notices: list[str]) -> str:
    """The word in one alphabet; `name_is_cyrillic` when any letter of the whole name is.

    In such a name a word like “Iса” has one Cyrillic letter, and «Aхметов C.» an initial with none.
    """
    alphabets = {_alphabet(character) for character in word}
    if alphabets == {"CYRILLIC"} or not name_is_cyrillic:
        return word
    cyrillic, latin = word.translate(_TO_CYRILLIC), word.translate(_TO_LATIN)
    if all(_alphabet(character) == "CYRILLIC" for character in cyrillic):
        right, sentence = cyrillic, _("Latin letters in “%(word)s” were replaced by Cyrillic ones: %(letters)s.")
    elif alphabets == {"LATIN"}:
        return word
    elif all(_alphabet(character) == "LATIN" for character in latin):
        right, sentence = latin, _("Cyrillic letters in “%(word)s” were replaced by Latin ones: %(letters)s.")
    else:
        raise NameRefused(
            _("“%(word)s” mixes Cyrillic and Latin letters (%(letters)s). Please type it anew.")
            % {"word": word, "letters": ", ".join(_fewer(word))}
        )
    letters = dict.fromkeys(old for old, new in zip(word, right, strict=True) if old != new)
    notices.append(sentence % {"word": right, "letters": ", ".join(letters)})
    return right


def _fewer(word: str) -> dict[str, None]:
    """The letters of the alphabet that the word has fewer of, each once."""
    latin = [letter for letter in word if _alphabet(letter) == "LATIN"]
    cyrillic = [letter for letter in word if _alphabet(letter) == "CYRILLIC"]
    return dict.fromkeys(latin if len(latin) <= len(cyrillic) else cyrillic)
