"""Values of a file, taken only as what they must be; a wrong one is refused with its place in the file."""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_slug
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError

LANGUAGES = [code for code, _name in settings.LANGUAGES]
LONGEST_TEXT = 10_000
T = TypeVar("T")


class FileRefused(DomainError):
    """A file that cannot be loaded; the sentence names the place."""

    def __init__(self, place: str, sentence: object) -> None:
        super().__init__(f"{place}: {sentence}" if place else sentence)


def keys(value: Any, place: str, *required: str, optional: Collection[str] = ()) -> dict[str, Any]:
    """A mapping with every required key and no unknown one."""
    if not isinstance(value, dict):
        raise FileRefused(place, _("Keys with values are expected here."))
    for key in required:
        if key not in value:
            raise FileRefused(place, _("The key “%(key)s” is missing.") % {"key": key})
    for key in value:
        if key not in required and key not in optional:
            raise FileRefused(place, _("The key “%(key)s” is not known.") % {"key": key})
    return value


def each(value: Any, place: str, read: Callable[[Any, str], T]) -> list[T]:
    """A list with something in it, each member read with its place, counted from 1."""
    if not isinstance(value, list) or not value:
        raise FileRefused(place, _("A list is expected here."))
    return [read(member, f"{place}[{number}]") for number, member in enumerate(value, start=1)]


def _writable(value: str) -> bool:
    """Whether a database can hold the text: no zero character, no half of a pair that YAML's escapes may spell."""
    return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


def text(value: Any, place: str, longest: int | None = None) -> str:
    """A text with letters in it, not longer than `longest`; spaces around it are dropped."""
    if not isinstance(value, str) or not value.strip() or not _writable(value):
        raise FileRefused(place, _("A text is expected here."))
    if len(value.strip()) > (longest or LONGEST_TEXT):
        raise FileRefused(
            place, _("The text is longer than %(longest)s characters.") % {"longest": longest or LONGEST_TEXT}
        )
    return value.strip()


def in_languages(value: Any, place: str, longest: int | None = None) -> dict[str, str]:
    """A text in each of the three languages, by language code."""
    found = keys(value, place, *LANGUAGES)
    return {code: text(found[code], f"{place}.{code}", longest) for code in LANGUAGES}


def whole(value: Any, place: str, least: int, most: int) -> int:
    """A whole number from `least` to `most`."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise FileRefused(
            place, _("A whole number from %(least)s to %(most)s is expected.") % {"least": least, "most": most}
        )
    return value


def truth(value: Any, place: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise FileRefused(place, _("“true” or “false” is expected."))
    return value


def one_of(value: Any, place: str, allowed: Collection[str]) -> str:
    """One of the allowed words."""
    if not isinstance(value, str) or value not in allowed:
        raise FileRefused(place, _("One of these is expected: %(these)s.") % {"these": ", ".join(allowed)})
    return value


def code(value: Any, place: str, longest: int) -> str:
    """A short code of Latin letters, digits and hyphens."""
    found = text(value, place, longest)
    try:
        validate_slug(found)
    except ValidationError as error:
        raise FileRefused(place, _("Only Latin letters, digits and hyphens are expected.")) from error
    return found


def address(value: Any, place: str, longest: int) -> str:
    """A web address, or nothing."""
    if value is None:
        return ""
    found = text(value, place, longest)
    try:
        URLValidator(schemes=["http", "https"])(found)
    except ValidationError as error:
        raise FileRefused(place, _("An address that begins with http:// or https:// is expected.")) from error
    return found
