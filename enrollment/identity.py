"""What people type about a person, made uniform: names, IIN, BIN, phone. Every refusal is a sentence."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from core.errors import Refused
from core.identifiers import Checked, NumberRefused, check_bin, check_iin
from core.kazakh import search_key
from core.names import clean_name

LENGTH = 12  # digits of an IIN or BIN
# A spreadsheet drops leading zeros; people born in 2000 lose three.
SHORTENABLE = re.compile(r"[0-9]{9,11}")
PHONE = re.compile(r"\+?[0-9 ()\-.,;/]{5,30}")
INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ue000-\uf8ff]")
CUT = re.compile(r"\d[.,]\d+[eEеЕ]\+?\d+")


class Unreadable(Refused):
    """A text that is not what it should be."""


@dataclass(frozen=True)
class Reading:
    """A value and what is worth saying about it."""

    value: str
    notices: tuple[str, ...] = ()


def read_iin(text: str, *, restore: bool = False) -> Reading:
    """An IIN with a right check digit; a birth date that does not fit is a notice.

    With `restore`, leading zeros that a spreadsheet dropped come back when the check digit then fits, with a notice.
    """
    return _number(text, check_iin, restore)


def read_bin(text: str, *, restore: bool = False) -> Reading:
    """A BIN; see `read_iin`."""
    return _number(text, check_bin, restore)


def _number(text: str, check: Callable[[str], Checked], restore: bool) -> Reading:
    digits = re.sub(r"[\s'’]+", "", text)
    if CUT.fullmatch(digits):
        raise Unreadable(
            _("The spreadsheet has shortened the number to “%(text)s”. Format the column as text and type it again.")
            % {"text": text[:20]}
        )
    if not (restore and SHORTENABLE.fullmatch(digits)):
        checked = check(digits)
        return Reading(checked.value, tuple(str(warning) for warning in checked.warnings))
    try:
        checked = check(digits.zfill(LENGTH))
    except NumberRefused:
        checked = check(digits)  # refuses, with the sentence about what was typed
    notice = _("Leading zeros that the spreadsheet had dropped were restored: the number ends in %(tail)s.") % {
        "tail": checked.value[-4:]
    }
    return Reading(checked.value, (notice, *map(str, checked.warnings)))


def read_name(text: str) -> Reading:
    """A part of a name as `core.names` writes it."""
    name = clean_name(" ".join(text.split()))
    return Reading(name.value, tuple(name.notices))


def read_text(text: str) -> str:
    """A line of text: single spaces, composed letters. Raises `Unreadable` for control characters."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if INVISIBLE.search(line):
        raise Unreadable(_("The text holds invisible characters. Please type it anew."))
    return line


def read_phone(text: str) -> str:
    """A phone number as typed, if it is made of digits and the usual marks; empty stays empty."""
    phone = " ".join(text.split())
    if phone and not PHONE.fullmatch(phone):
        raise Unreadable(_("This is not a phone number: “%(text)s”.") % {"text": phone[:40]})
    return phone


class Named(Protocol):
    """Whoever has a name in three parts."""

    surname: str
    given_name: str
    patronymic: str

    @property
    def full_name(self) -> str: ...


class Registered(Named, Protocol):
    """Somebody of the register, with the earlier spellings of the name."""

    former_names: list[str]


def same_name(register: Registered, written: Named) -> bool:
    """Whether both mean one name, ә/а and the like apart; what was written may leave out the patronymic.

    An earlier spelling of the register is the person's name too.
    """
    theirs = register.full_name if written.patronymic else f"{register.surname} {register.given_name}"
    return search_key(written.full_name) in {search_key(name) for name in (theirs, *register.former_names)}
