"""From the rows of a sheet to people: every cell checked, every complaint in words. No database here."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.identifiers import mask_iin
from enrollment import identity
from enrollment.import_columns import Columns, find_columns
from enrollment.models import Employer, Listener


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong in one cell of one row; `heading` as it stands in the file, empty for the whole row."""

    heading: str
    sentence: str


@dataclass(slots=True)
class Person:
    """One row of the list. `no` is the row's number as a spreadsheet shows it."""

    no: int
    iin: str = ""
    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    position: str = ""
    employer: str = ""
    bin: str = ""
    email: str = ""
    phone: str = ""
    complaints: list[Complaint] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def full_name(self) -> str:
        """Surname, given name, patronymic."""
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    @property
    def iin_masked(self) -> str:
        """For the preview page; empty when the cell could not be read."""
        return mask_iin(self.iin) if self.iin else ""


@dataclass(frozen=True, slots=True)
class ReadList:
    """A list as read: its people in the file's order and what was noticed about the file as a whole."""

    people: list[Person]
    notices: list[str]
    headings: dict[str, str]


def _length(model: type, name: str) -> int:
    return model._meta.get_field(name).max_length  # type: ignore[attr-defined, no-any-return]


LONGEST = {
    "surname": _length(Listener, "surname"),
    "given_name": _length(Listener, "given_name"),
    "patronymic": _length(Listener, "patronymic"),
    "position": _length(Listener, "position"),
    "employer": _length(Employer, "name"),
    "email": _length(Listener, "email"),
    "phone": _length(Listener, "phone"),
}


def read_list(rows: Sequence[Sequence[str]]) -> ReadList:
    """People out of a sheet, given from its first row on. Raises `Refused` when the headings cannot be made out."""
    columns = find_columns(rows)
    below = enumerate(rows[columns.row + 1 :], start=columns.row + 2)
    read = _Remembering()
    people = [_person(no, cells, columns, read) for no, cells in below if any(cell.strip() for cell in cells)]
    notices = []
    if columns.ignored:
        notices.append(_("These columns are not read: %(names)s.") % {"names": ", ".join(columns.ignored)})
    _complain_of_repeats(people, columns)
    return ReadList(people, notices, columns.headings)


class _Remembering:
    """Reads a cell; what stands in many rows (names, schools, their BINs) is looked at once."""

    def __init__(self) -> None:
        self.seen: dict[tuple[str, str], identity.Reading] = {}

    def __call__(self, column: str, text: str) -> identity.Reading:
        if reading := self.seen.get((column, text)):
            return reading
        reading = READERS[column](text)
        longest = LONGEST.get(column)
        if longest and len(reading.value) > longest:
            raise identity.Unreadable(_("Longer than %(limit)s characters.") % {"limit": longest})
        if column in REPEATING:
            self.seen[column, text] = reading
        return reading


def _person(no: int, cells: Sequence[str], columns: Columns, read: _Remembering) -> Person:
    person = Person(no)
    for column, place in columns.places.items():
        text = cells[place].strip() if place < len(cells) else ""
        if not text:
            if column in NEEDED:
                person.complaints.append(Complaint(columns.headings[column], NEEDED[column]()))
            continue
        try:
            reading = read(column, text)
        except DomainError as refusal:
            person.complaints.append(Complaint(columns.headings[column], refusal.sentence))
        else:
            setattr(person, column, reading.value)
            person.notices += reading.notices
    return person


def _iin(text: str) -> identity.Reading:
    return identity.read_iin(text, restore=True)


def _bin(text: str) -> identity.Reading:
    return identity.read_bin(text, restore=True)


def _text(text: str) -> identity.Reading:
    return identity.Reading(identity.read_text(text))


def _phone(text: str) -> identity.Reading:
    return identity.Reading(identity.read_phone(text))


def _email(text: str) -> identity.Reading:
    email = "".join(text.split()).lower()
    try:
        validate_email(email)
    except ValidationError:
        raise identity.Unreadable(_("This is not an e-mail address: %(text)s.") % {"text": text[:80]}) from None
    return identity.Reading(email)


READERS: dict[str, Callable[[str], identity.Reading]] = {
    "iin": _iin,
    "surname": identity.read_name,
    "given_name": identity.read_name,
    "patronymic": identity.read_name,
    "position": _text,
    "employer": _text,
    "bin": _bin,
    "email": _email,
    "phone": _phone,
}
REPEATING = {"surname", "given_name", "patronymic", "position", "employer", "bin"}
NEEDED: dict[str, Callable[[], str]] = {
    "iin": lambda: _("The IIN is missing."),
    "surname": lambda: _("The surname is missing."),
    "given_name": lambda: _("The given name is missing."),
}


def _complain_of_repeats(people: Iterable[Person], columns: Columns) -> None:
    """The second row with the same IIN is a mistake; the second with the same e-mail is worth a look."""
    first_by_iin: dict[str, int] = {}
    first_by_email: dict[str, int] = {}
    for person in people:
        if person.iin and first_by_iin.setdefault(person.iin, person.no) != person.no:
            person.complaints.append(
                Complaint(
                    columns.headings["iin"],
                    _("The same IIN stands in row %(row)s already.") % {"row": first_by_iin[person.iin]},
                )
            )
        if person.email and first_by_email.setdefault(person.email, person.no) != person.no:
            person.notices.append(
                _("The e-mail is the same as in row %(row)s; each person needs their own to be invited.")
                % {"row": first_by_email[person.email]}
            )
