"""The columns of a listeners' list and the headings by which they are recognised, in three languages."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from core.errors import Refused

# For each column the headings it answers to; the first of a language stands in the template file.
HEADINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "iin": {"kk": ("ЖСН",), "ru": ("ИИН",), "en": ("IIN",)},
    "surname": {
        "kk": ("Тегі",),
        "ru": ("Фамилия",),
        "en": ("Surname", "Last name", "Family name"),
    },
    "given_name": {
        "kk": ("Аты", "Есімі"),
        "ru": ("Имя",),
        "en": ("Given name", "First name", "Name"),
    },
    "patronymic": {
        "kk": ("Әкесінің аты",),
        "ru": ("Отчество", "Отчество (при наличии)"),
        "en": ("Patronymic", "Middle name"),
    },
    "position": {
        "kk": ("Лауазымы", "Лауазым", "Қызметі"),
        "ru": ("Должность",),
        "en": ("Position", "Job title"),
    },
    "employer": {
        "kk": ("Жұмыс беруші", "Жұмыс орны", "Ұйым", "Ұйымның атауы", "Білім беру ұйымы", "Мектеп"),
        "ru": ("Работодатель", "Место работы", "Организация", "Наименование организации", "Школа"),
        "en": ("Employer", "Organisation", "Organization", "Place of work", "Workplace"),
    },
    "bin": {
        "kk": ("БСН", "Жұмыс берушінің БСН", "Ұйымның БСН"),
        "ru": ("БИН", "БИН работодателя", "БИН организации"),
        "en": ("BIN", "Employer BIN", "Employer's BIN"),
    },
    "email": {
        "kk": ("Электрондық пошта", "Эл. пошта", "Электрондық поштасы"),
        "ru": ("Электронная почта", "Эл. почта", "Почта", "Адрес электронной почты"),
        "en": ("E-mail", "E-mail address"),
    },
    "phone": {
        "kk": ("Телефон", "Телефоны", "Ұялы телефон", "Байланыс телефоны", "Телефон нөмірі"),
        "ru": ("Телефон", "Мобильный телефон", "Контактный телефон", "Номер телефона"),
        "en": ("Phone", "Telephone", "Mobile", "Phone number"),
    },
}
REQUIRED = ("iin", "surname", "given_name")
WHOLE_NAME = (
    "Аты-жөні",
    "Толық аты-жөні",
    "Тегі, аты, әкесінің аты",
    "Т.А.Ә.",
    "ФИО",
    "Ф.И.О.",
    "Фамилия, имя, отчество",
    "Фамилия имя отчество (при наличии)",
    "Full name",
)
HEADING_WITHIN = 20  # rows; a title or a letterhead may stand above the headings
ENOUGH = 2  # recognised headings that make a row the heading row


def plain(heading: str) -> str:
    """A heading as it is compared: letters and digits only, one case."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", heading).casefold())


_COLUMN_OF = {
    plain(heading): column
    for column, by_language in HEADINGS.items()
    for many in by_language.values()
    for heading in many
}
_WHOLE_NAME = {plain(heading) for heading in WHOLE_NAME}


@dataclass(frozen=True)
class Columns:
    """Where each column stands in the sheet, and how its heading is written there."""

    row: int  # index of the heading row, from 0
    places: dict[str, int]
    headings: dict[str, str]
    ignored: tuple[str, ...]


def template_headings(language: str) -> list[str]:
    """The headings of the file to fill in, in this language."""
    return [by_language[language][0] for by_language in HEADINGS.values()]


def column_of(heading: str) -> str | None:
    """The column that a heading names: whole, or one of its parts («ЖСН / ИИН», «Лауазымы (должность)»)."""
    if found := _COLUMN_OF.get(plain(heading)):
        return found
    parts = {_COLUMN_OF.get(plain(part)) for part in re.split(r"[/|(\n]", heading) if plain(part)}
    parts.discard(None)
    return parts.pop() if len(parts) == 1 else None


def find_columns(rows: Sequence[Sequence[str]]) -> Columns:
    """Find the heading row and what stands where.

    Raises `Refused` with a sentence when there is none, when a required column is missing, doubled or merged.
    """
    for index, row in enumerate(rows[:HEADING_WITHIN]):
        found = [(place, text, column_of(text)) for place, text in enumerate(row) if text.strip()]
        if sum(1 for _place, text, column in found if column or plain(text) in _WHOLE_NAME) >= ENOUGH:
            return _columns(index, found)
    raise Refused(
        _("No row with headings was found. The first rows must name the columns, for example: %(headings)s.")
        % {"headings": ", ".join(template_headings("kk")[:4])}
    )


def _columns(row: int, found: list[tuple[int, str, str | None]]) -> Columns:
    places: dict[str, int] = {}
    headings: dict[str, str] = {}
    for place, text, column in found:
        if column is None:
            continue
        if column in places:
            raise Refused(
                _("Two columns mean the same: “%(one)s” and “%(two)s”. Remove one of them.")
                % {"one": headings[column], "two": text.strip()}
            )
        places[column], headings[column] = place, " ".join(text.split())
    missing = [column for column in REQUIRED if column not in places]
    if missing:
        raise Refused(_missing(missing, [text for _place, text, _column in found]))
    ignored = tuple(" ".join(text.split())[:60] for _place, text, column in found if column is None and plain(text))
    return Columns(row, places, headings, ignored)


def _missing(missing: list[str], texts: list[str]) -> str:
    for text in texts:
        if plain(text) in _WHOLE_NAME and set(missing) & {"surname", "given_name"}:
            return _(
                "The column “%(heading)s” holds the whole name. Divide it into surname, given name and patronymic, "
                "each in a column of its own."
            ) % {"heading": text.strip()}
    names = ", ".join("/".join(HEADINGS[column][code][0] for code in ("kk", "ru", "en")) for column in missing)
    return _("These columns are missing: %(names)s.") % {"names": names}
