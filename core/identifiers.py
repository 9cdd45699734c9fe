"""IIN and BIN: checked by their digit, shown masked, invented for demonstrations.

Both have twelve digits, the last computed from the others. An IIN begins with YYMMDD and a digit for century and sex
(1, 2: 18xx; 3, 4: 19xx; 5, 6: 20xx; 0 for foreigners); a BIN with YYMM, a type (4–6) and a division (0–3). What the
leading digits say is only a warning: since 2013 they are not bound to the birth date.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from core.errors import Refused

_TWELVE = re.compile(r"^\d{12}\Z", re.ASCII)
_SHORT = re.compile(r"^\d{9,11}\Z", re.ASCII)
_WEIGHTS = ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))
_CENTURIES = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}
_FOREIGNER = "0"
_LEAP_YEAR = 2000

# Invented people are born in 1850–1899, so that no living person has their number; invented employers are registered
# in 1950–1989, before the register of BINs began.
_FIRST_BIRTH, _BIRTHS, _STRIDE = date(1850, 1, 1), 18_262, 7_919
_FIRST_YEAR, _MONTHS = 50, 480


class NumberRefused(Refused):
    """A number that cannot be an IIN or BIN."""


@dataclass(frozen=True)
class Checked:
    """A number whose check digit is right, and what looks odd about it all the same (sentences)."""

    value: str
    warnings: Sequence[object] = ()


def check_digit(eleven: str) -> int | None:
    """The twelfth digit for eleven digits; None when the number is never issued (remainder 10 with both weights)."""
    for weights in _WEIGHTS:
        remainder = sum(weight * int(digit) for weight, digit in zip(weights, eleven, strict=True)) % 11
        if remainder < 10:
            return remainder
    return None


def _checked(text: str, name: str) -> str:
    if _SHORT.match(text):
        raise NumberRefused(
            _("%(name)s: twelve digits are needed, here are %(count)s. Leading zeros may have been lost.")
            % {"name": name, "count": len(text)}
        )
    if not _TWELVE.match(text):
        raise NumberRefused(_("%(name)s: exactly twelve digits are needed.") % {"name": name})
    digit = check_digit(text[:11])
    if digit is None:
        raise NumberRefused(
            _("%(name)s: such a number is never issued. Please compare it with the document.") % {"name": name}
        )
    if digit != int(text[11]):
        raise NumberRefused(
            _("%(name)s: the last digit does not fit, so a digit is mistyped. Please compare it with the document.")
            % {"name": name}
        )
    return text


def birth_date(iin: str) -> date | None:
    """The date in an IIN's leading digits; None when they are none (foreigners, or digits not bound to the date)."""
    century = _CENTURIES.get(iin[6])
    return None if century is None else _day(century + int(iin[:2]), iin)


def _day(year: int, iin: str) -> date | None:
    try:
        return date(year, int(iin[2:4]), int(iin[4:6]))
    except ValueError:
        return None


def check_iin(text: str) -> Checked:
    """An IIN with the right check digit: twelve ASCII digits and nothing else.

    Raises `NumberRefused`. First digits that are not a date of birth are a warning, never a refusal; a foreigner's
    number (7th digit 0) says no century, so any day of a year will do.
    """
    iin = _checked(text, str(_("IIN")))
    born = _day(_LEAP_YEAR, iin) if iin[6] == _FOREIGNER else birth_date(iin)
    return Checked(iin) if born else Checked(iin, (_("The first digits of the IIN are not a date of birth."),))


def check_bin(text: str) -> Checked:
    """A BIN with the right check digit: twelve ASCII digits and nothing else.

    Raises `NumberRefused`. An odd month, type or division is a warning.
    """
    bin_ = _checked(text, str(_("BIN")))
    usual = 1 <= int(bin_[2:4]) <= 12 and bin_[4] in "456" and bin_[5] in "0123"
    return Checked(bin_) if usual else Checked(bin_, (_("The first digits of the BIN are unusual."),))


def mask_iin(text: str) -> str:
    """All but the last four digits hidden: «••••••••0019». What is no IIN is hidden whole."""
    return "•" * 8 + (text[-4:] if len(text) == 12 else "•" * 4)


def _issuable(prefix: str, serial: int, width: int) -> str:
    """Prefix, serial number and check digit.

    `serial` lies in the lower half of what `width` digits hold. When that number is never issued, the one with the
    upper half's serial is: adding 5 to the first serial digit moves the first remainder away from 10 (by 7 for the
    8th digit, by 2 for the 7th, mod 11). So different serials give different numbers.
    """
    half = 10**width // 2
    if not 0 <= serial < half:
        raise ValueError("serial out of range")
    for candidate in (serial, serial + half):
        eleven = f"{prefix}{candidate:0{width}d}"
        digit = check_digit(eleven)
        if digit is not None:
            return f"{eleven}{digit}"
    raise AssertionError("unreachable, see the docstring")


def invented_iin(serial: int) -> str:
    """A valid IIN that belongs to nobody (born 1850–1899), another one for each serial from 0 to 182 million."""
    turn, place = divmod(serial, _BIRTHS)
    born = _FIRST_BIRTH + timedelta(days=place * _STRIDE % _BIRTHS)
    return _issuable(f"{born:%y%m%d}{turn % 2 + 1}", turn // 2, 4)


def invented_bin(serial: int) -> str:
    """A valid BIN for an invented employer, another one for each serial from 0 to 24 million."""
    turn, place = divmod(serial, _MONTHS)
    year, month = divmod(place * 7 % _MONTHS, 12)
    return _issuable(f"{_FIRST_YEAR + year}{month + 1:02d}40", turn, 5)
