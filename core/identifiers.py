"""IIN and BIN: checked by their digit, shown masked, invented for demonstrations.

Both have twelve digits, the last computed from the others. An IIN begins with YYMMDD and a digit for century and sex
(1, 2: 18xx; 3, 4: 19xx; 5, 6: 20xx; 0 for foreigners); a BIN with YYMM, a type (4–6) and a division (0–3). What the
leading digits say is only a warning: since 2013 they are not bound to the birth date.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from core.errors import Refused

_TWELVE = re.compile(r"^\d{12}\Z", re.ASCII)
_WEIGHTS = ((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))
_CENTURIES = {"1": 1800, "2": 1800, "3": 1900, "4": 1900, "5": 2000, "6": 2000}


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
    number = text.strip()
    if not _TWELVE.match(number):
        raise NumberRefused(_("%(name)s: exactly twelve digits are needed.") % {"name": name})
    digit = check_digit(number[:11])
    if digit is None:
        raise NumberRefused(_("%(name)s: such a number is never issued. Please compare it with the document.") % {"name": name})
    if digit != int(number[11]):
        raise NumberRefused(_("%(name)s: the last digit does not fit, so a digit is mistyped. Please compare it with the document.") % {"name": name})
    return number


def birth_date(iin: str) -> date | None:
    """The date in an IIN's leading digits; None when they are none (foreigners, or digits not bound to the date)."""
    century = _CENTURIES.get(iin[6])
    if century is None:
        return None
    try:
        return date(century + int(iin[:2]), int(iin[2:4]), int(iin[4:6]))
    except ValueError:
        return None


def check_iin(text: str) -> Checked:
    """An IIN with the right check digit. Raises `NumberRefused`; a birth date that does not fit is a warning."""
    number = _checked(text, str(_("IIN")))
    return Checked(number) if birth_date(number) else Checked(number, [_("The first digits of the IIN are not a date of birth.")])


def check_bin(text: str) -> Checked:
    """A BIN with the right check digit. Raises `NumberRefused`; an odd month, type or division is a warning."""
    number = _checked(text, str(_("BIN")))
    usual = 1 <= int(number[2:4]) <= 12 and number[4] in "456" and number[5] in "0123"
    return Checked(number) if usual else Checked(number, [_("The first digits of the BIN are unusual.")])


def mask_iin(text: str) -> str:
    """All but the last four digits hidden: «••••••••0019»."""
    return "•" * 8 + text[-4:]


def _whole(prefix: str, serial: int, width: int, step: int) -> str:
    """The first issuable number from `serial` on, in steps, so that different serials give different numbers."""
    while True:
        eleven = f"{prefix}{serial % 10**width:0{width}d}"
        digit = check_digit(eleven)
        if digit is not None:
            return f"{eleven}{digit}"
        serial += step


def invented_iin(serial: int) -> str:
    """A valid IIN that belongs to nobody (born 18xx), another one for each serial from 0 to 200 000."""
    day, rest = divmod(serial, 2000)
    month, day = divmod(day, 28)
    return _whole(f"85{month % 12 + 1:02d}{day + 1:02d}1", rest, 4, 5000)


def invented_bin(serial: int) -> str:
    """A valid BIN for an invented employer, another one for each serial from 0 to 50 000."""
    return _whole("850140", serial, 5, 50_000)
