"""Into the register: number, token and frozen snapshot in one transaction, noted in the journal."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from assessment.models import Outcome
from certificates import bases, journal
from certificates.journal_file import JournalBrokenError
from certificates.models import Document
from certificates.numbering import take_number
from certificates.public import public_facts
from certificates.tokens import make_token
from core import pdf, states
from core.errors import Refused
from core.kazakh import search_key
from enrollment.models import Enrolment, Signatory

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Terms:
    """What kind of document, signed by whom, of which day, and until when it is valid (None: it has no end)."""

    kind: str
    signatory: Signatory
    issued_on: date
    valid_until: date | None


def register(
    *,
    enrolment: Enrolment,
    outcome: Outcome | None,
    terms: Terms,
    printed: Callable[[Document], dict[str, Any]],
    basis: str,
    replaces: Document | None,
    by: User,
) -> Document:
    """A new document with the next number of its series (I2); its file is made afterwards. Whoever calls has judged.

    `printed` gives the snapshot of the document, which has number, address and terms by then. `replaces` was moved to
    "replaced" in the same transaction. Raises `Refused` when the journal contradicts the database or the paper's fonts
    lack a letter; then no number is taken.
    """
    if not transaction.get_connection().in_atomic_block:
        raise AssertionError("a document is registered in the transaction of what it rests on")
    _check_journal()
    bases.use()
    counter, number = take_number(terms.kind, terms.issued_on.year)
    document = Document(
        kind=terms.kind,
        enrolment=enrolment,
        outcome=outcome,
        signatory=terms.signatory,
        year=terms.issued_on.year,
        counter=counter,
        number=number,
        token=make_token(),
        issued_on=terms.issued_on,
        issued_by=by,
        valid_until=terms.valid_until,
        replaces=replaces,
    )
    document.snapshot = printed(document)
    check_printable(document.snapshot)
    # From the snapshot, not from the listener: a name changed at this very moment must not make them differ.
    document.holder = document.snapshot["holder"]["full"]
    document.holder_key = search_key(document.holder)
    document.facts = public_facts(document.snapshot)
    document.save()
    states.born([document], by=by, basis=basis)
    journal.note_issued(document)
    if replaces is not None:
        journal.note_replaced(replaces, by=document)
    return document


def check_printable(snapshot: dict[str, Any]) -> None:
    """Raise `Refused` when the paper's fonts lack a letter of it: such a document could never be made."""
    try:
        lacking = pdf.missing_letters(json.dumps(snapshot, ensure_ascii=False))
    except pdf.MissingFontError:
        return  # no fault of this paper; the renderer says so, loudly
    if lacking:
        raise Refused(_("The paper's fonts lack these characters: %(codes)s.") % {"codes": ", ".join(lacking)})


def _check_journal() -> None:
    """A number that the database does not know to be given must not be given twice."""
    try:
        journal.check()
    except JournalBrokenError as error:
        log.error("nothing is issued: %s", error)
        raise Refused(
            _(
                "The journal of issued documents and the database do not agree. Nothing is issued until the technician "
                "has looked into it: manage.py verify_journal."
            )
        ) from error
