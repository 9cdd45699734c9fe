"""Many documents checked at once: a list of numbers and surnames in, a verdict for each row out; nothing is kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from certificates import verification
from certificates.models import Kind
from certificates.verification import Facts, Verdict
from core.errors import Refused
from core.sheets_apart import read_rows_apart

MOST = 500  # rows of one list
LONGEST_TEXT = 60_000  # characters of a pasted list
_COLUMNS = 20
_DIGIT = re.compile(r"\d")
_BETWEEN = re.compile(r"\t|;|,| {2,}")


@dataclass(frozen=True)
class Row:
    """One row of a list as typed; `no` is its number in the list."""

    no: int
    number: str
    surname: str


@dataclass(frozen=True)
class Checked:
    """A row with its verdict; None where a row has no number or no surname, so that nothing could be asked."""

    row: Row
    verdict: Verdict | None

    @property
    def result(self) -> str:
        """The verdict in words."""
        return str(self.verdict.status.label) if self.verdict else _("Number or surname is missing")

    @property
    def facts(self) -> Facts | None:
        """What the register says, of a document that was found."""
        return self.verdict.facts if self.verdict else None

    @property
    def topic(self) -> str:
        """The topic in the active language; empty where nothing was found."""
        texts = self.facts.topic if self.facts else {"kk": ""}
        return texts.get(get_language() or settings.LANGUAGE_CODE) or texts["kk"]

    @property
    def cells(self) -> list[object]:
        """The row as a line of a workbook: what was asked, what was found."""
        asked: list[object] = [self.row.no, self.row.number, self.row.surname, self.result]
        facts = self.facts
        if facts is None:
            return asked + [""] * 7
        kind, until = str(Kind(facts.kind).label), facts.valid_until or ""
        return [*asked, facts.holder, kind, self.topic, facts.hours, facts.issued_on, until, facts.replaced_by or ""]


def headings() -> list[str]:
    """Of the columns of `Checked.cells`."""
    return [
        *("№", _("Registration number"), _("Holder's surname"), _("Result"), _("Holder"), _("Document"), _("Topic")),
        *(_("Academic hours"), _("Issued on"), _("Valid until"), _("Replaced by")),
    ]


def rows_of_text(text: str) -> list[Row]:
    """The rows of a pasted list: number, then surname, parted by a tab, semicolon, comma or several spaces.

    With a single space between them the last word that has a digit ends the number. Raises `Refused`.
    """
    if len(text) > LONGEST_TEXT:
        raise _too_many()
    cells = []
    for line in text.splitlines():
        parts = _BETWEEN.split(line.strip())
        if len(parts) == 1:
            words = line.split()
            ends = max((place for place, word in enumerate(words) if _DIGIT.search(word)), default=-1) + 1
            parts = [" ".join(words[:ends]), " ".join(words[ends:])]
        cells.append(parts)
    return _rows(cells)


def rows_of_file(content: bytes, filename: str) -> list[Row]:
    """The rows of an XLSX or CSV, read in a process of its own. Raises `Refused` for what cannot be read."""
    return _rows(read_rows_apart(content, filename, max_rows=MOST + 50, max_columns=_COLUMNS).rows)


def _rows(lines: Sequence[Sequence[str]]) -> list[Row]:
    rows: list[Row] = []
    for cells in lines:
        filled = [cell.strip() for cell in cells if cell.strip()]
        if not filled:
            continue
        number = next((cell for cell in filled if _DIGIT.search(cell) and not cell.isdigit()), "")
        number = number or next((cell for cell in filled if _DIGIT.search(cell)), "")
        if not number and not rows:
            continue  # headings
        surname = next((cell for cell in filled if not _DIGIT.search(cell)), "")
        rows.append(Row(len(rows) + 1, number[:60], surname[:90]))
    if not rows:
        raise Refused(_("The list has no row with a number and a surname."))
    if len(rows) > MOST:
        raise _too_many()
    return rows


def _too_many() -> Refused:
    return Refused(_("A list has at most %(most)s documents. Please divide it.") % {"most": MOST})


def check_list(rows: Sequence[Row]) -> list[Checked]:
    """A verdict for each row, as the look-up by number and surname gives it; the same few queries for any number."""
    whole = [row for row in rows if row.number and row.surname]
    verdicts = dict(
        zip(
            (row.no for row in whole),
            verification.look_up_many([(row.number, row.surname) for row in whole]),
            strict=True,
        )
    )
    return [Checked(row, verdicts.get(row.no)) for row in rows]


def as_text(rows: Sequence[Row]) -> str:
    """The rows as they could have been pasted."""
    return "\n".join(f"{row.number}\t{row.surname}" for row in rows)
