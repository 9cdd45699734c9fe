"""Personal names as in the identity card: tidied, never re-cased, look-alike letters put right with a notice."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import Refused

LONGEST = 90
# Latin keys that look like Cyrillic ones and slip into Cyrillic words; the schwa is a letter of its own on some keyboards.
_LOOK_ALIKES = str.maketrans("ihaeocpxyABEKMHOPCTXYIəƏ", "іһаеосрхуАВЕКМНОРСТХУІәӘ")
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-zəƏ]")
_ALLOWED = re.compile(r"[\u0400-\u04ffA-Za-z\u00c0-\u024fəƏ '’.\-]*\Z")


class NameRefused(Refused):
    """A name that cannot stand in a document."""


@dataclass(frozen=True)
class CleanName:
    """The tidied name, and a sentence about each letter that was put right."""

    value: str
    notices: Sequence[str] = ()


def clean_name(text: str) -> CleanName:
    """Tidy one name or a part of it: NFC, single spaces, Latin look-alikes inside Cyrillic words made Cyrillic.

    Letters keep their case. Raises `NameRefused` for digits, markup, control or invisible characters, a word of mixed
    alphabets that look-alikes do not explain, and more than 90 characters.
    """
    value = " ".join(unicodedata.normalize("NFC", text).split(" ")).strip(" ")
    value = re.sub(r" {2,}", " ", value)
    if any(unicodedata.category(character)[0] == "C" or character in "\t\n\r\u2028\u2029" for character in value):
        raise NameRefused(_("The name holds invisible characters. Please type it anew."))
    if len(value) > LONGEST:
        raise NameRefused(_("The name is longer than %(longest)s characters.") % {"longest": LONGEST})
    if not _ALLOWED.match(value):
        raise NameRefused(_("A name consists of letters, hyphen, apostrophe, dot and space only: “%(name)s”.") % {"name": value})
    notices: list[str] = []
    value = _WORD.sub(lambda found: _one_alphabet(found[0], notices), value)
    return CleanName(value, tuple(notices))


def _one_alphabet(word: str, notices: list[str]) -> str:
    """The word with Latin look-alikes made Cyrillic when its other letters are Cyrillic."""
    if not (_CYRILLIC.search(word) and _LATIN.search(word)):
        return word
    cyrillic = word.translate(_LOOK_ALIKES)
    if _LATIN.search(cyrillic):
        raise NameRefused(_("“%(word)s” mixes Cyrillic and Latin letters. Please type it anew.") % {"word": word})
    notices.append(
        _("Latin letters in “%(word)s” were replaced by the Cyrillic ones that look alike.") % {"word": cyrillic}
    )
    return cyrillic
