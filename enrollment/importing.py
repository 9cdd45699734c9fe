"""Lists of listeners into a cohort: looked through first, then taken in as a whole or not at all."""

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from accounts.models import User
from core import seals
from core.errors import Conflict, DomainError, Refused
from core.spreadsheets import read_rows
from enrollment.admission import ASKING, admit, refuse_overfull, refuse_unless_taking_people
from enrollment.agreeing import record_paper_agreements
from enrollment.cohorts import locked
from enrollment.identity import same_name
from enrollment.import_employers import BATCH, EmployerBook
from enrollment.import_reading import Complaint, Person, ReadList, read_list
from enrollment.models import SEATED, Cohort, Employer, Listener
from enrollment.registers import current_consent

CONTACTS = ("position", "email", "phone")
WRITTEN = (*CONTACTS, "employer", "consent", "consented_on")
AT_ONCE = 200  # rows in one INSERT


class Fate(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    KNOWN = "known"  # in the register, not yet in this cohort
    HERE = "here"  # has a place in this cohort already
    BAD = "bad"


@dataclass(slots=True)
class PlannedRow:
    """One row of the list held against the register."""

    person: Person
    fate: Fate
    listener: Listener | None
    employer: Employer | None
    changes: dict[str, tuple[str, str]]  # field → what the register has, what the list has
    complaints: list[Complaint]
    notices: list[str]

    @property
    def changes_shown(self) -> list[dict[str, object]]:
        """The changes for a page: which field, what stood there, what the list has."""
        return [
            {"label": Listener._meta.get_field(name).verbose_name, "old": old, "new": new}  # type: ignore[union-attr]
            for name, (old, new) in self.changes.items()
        ]


@dataclass(slots=True)
class ImportPlan:
    """What taking in a list would do. It may be carried out when `ok`."""

    cohort: Cohort
    reading: ReadList
    rows: list[PlannedRow] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)  # about the list as a whole

    @property
    def bad_rows(self) -> list[PlannedRow]:
        """Rows that stop the import."""
        return [row for row in self.rows if row.fate == Fate.BAD]

    @property
    def ok(self) -> bool:
        """Whether nothing stands against taking the list in."""
        return not self.complaints and not self.bad_rows

    def counts(self) -> dict[str, int]:
        """Rows by fate, and how many known people get other contacts."""
        by_fate = Counter(row.fate for row in self.rows)
        changed = sum(1 for row in self.rows if row.fate != Fate.BAD and row.changes)
        return {fate.value: by_fate[fate] for fate in Fate} | {"changed": changed}


@dataclass(frozen=True)
class Imported:
    """What an import has done."""

    new: int
    changed: int
    admitted: int


class ImportRefused(Refused):
    """The list cannot be taken in as it is; `plan` says where."""

    def __init__(self, plan: ImportPlan) -> None:
        self.plan = plan
        sentence = _("Nothing was imported. Rows with mistakes: %(count)s.") % {"count": len(plan.bad_rows)}
        super().__init__(" ".join([sentence, *plan.complaints]))


@contextmanager
def collector_resting() -> Iterator[None]:
    """No garbage collection meanwhile: it would go through the growing heap again and again, a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@collector_resting()
def plan_import(cohort: Cohort, content: bytes, filename: str) -> ImportPlan:
    """Read a list (XLSX or CSV) and hold it against the register; writes nothing.

    Every row gets its fate and its complaints in the active language. Raises `Refused` when the file cannot be read
    at all or its columns cannot be made out.
    """
    return judge(cohort, read_content(content, filename))


def read_content(content: bytes, filename: str) -> ReadList:
    """The people of a list (XLSX or CSV), not yet held against the register. Raises `Refused`."""
    return read_list(read_rows(content, filename).rows)


@collector_resting()
def apply_import(*, cohort: Cohort, plan: ImportPlan, by: User | None, consented_on: date | None = None) -> Imported:
    """Take the list in, all or nothing: new employers and listeners, other contacts, admissions.

    The plan is judged again with the cohort locked, so what has changed since it was shown counts. `consented_on` is
    the date of the consents on paper (today when not given), kept with everybody who had given none. Taking the same
    list in twice does nothing the second time. Raises `ImportRefused`, or `Conflict` when somebody stored one of these
    people or employers in the same moment; then nothing is written.
    """
    try:
        with transaction.atomic():
            return _take_in(cohort, plan, by, consented_on or timezone.localdate())
    except IntegrityError as error:
        raise Conflict(_("Somebody has just stored some of these people. Look through the list again.")) from error


def _take_in(cohort: Cohort, plan: ImportPlan, by: User | None, day: date) -> Imported:
    held = locked(cohort)
    fresh = judge(held, plan.reading)
    if not fresh.ok:
        raise ImportRefused(fresh)
    consent = current_consent()
    _create_employers(fresh, by)
    new, changed = [], []
    for row in fresh.rows:
        if row.listener is None:
            row.listener = _new_listener(row)
            new.append(row.listener)
        elif row.changes or row.listener.consent_id is None:
            _take_over(row)
            changed.append(row.listener)
        if row.listener.consent_id is None:
            row.listener.consent, row.listener.consented_on = consent, day
    if new:
        bulk_create_with_history(new, Listener, batch_size=AT_ONCE, default_user=by)
    if changed:
        # An upsert on the primary key: ten times as fast as an UPDATE with a CASE for each row.
        Listener.objects.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN)
        Listener.history.bulk_history_create(changed, update=True, default_user=by)
    coming = [row.listener for row in fresh.rows if row.listener and row.fate != Fate.HERE]
    admitted = admit(cohort=held, listeners=coming, by=by, reason=_("Imported from a list"))
    record_paper_agreements(enrolments=admitted, dated_on=day, by=by)
    return Imported(new=len(new), changed=fresh.counts()["changed"], admitted=len(coming))


def judge(cohort: Cohort, reading: ReadList) -> ImportPlan:
    """Hold a list against the register: one query for every 5,000 IINs and as many employers, one for the cohort."""
    plan = ImportPlan(cohort, reading)
    if not reading.people:
        plan.complaints.append(_("There is nobody in the list."))
    known = _known([person.iin for person in reading.people if person.iin])
    states = dict(cohort.enrolments.values_list("listener_id", "state"))
    book = EmployerBook(reading.people)
    plan.rows = [_judged(person, known, states, book, reading.headings) for person in reading.people]
    _refuse_two_entries(plan.rows)
    coming = sum(1 for row in plan.rows if row.fate in (Fate.NEW, Fate.KNOWN))
    try:
        refuse_unless_taking_people(cohort)
        refuse_overfull(cohort, coming)
    except DomainError as refusal:
        plan.complaints.append(refusal.sentence)
    return plan


def _known(iins: list[str]) -> dict[str, Listener]:
    """Listeners of the register by IIN."""
    by_digest = {seals.digest(iin): iin for iin in iins}
    digests = list(by_digest)
    known: dict[str, Listener] = {}
    for start in range(0, len(digests), BATCH):
        found = Listener.objects.filter(iin_digest__in=digests[start : start + BATCH])
        for listener in found.select_related("employer", "merged_into__employer"):
            known[by_digest[listener.iin_digest]] = listener.merged_into or listener
    return known


def _judged(
    person: Person, known: dict[str, Listener], states: dict[int, str], book: EmployerBook, headings: dict[str, str]
) -> PlannedRow:
    complaints, notices = list(person.complaints), list(person.notices)
    row = PlannedRow(person, Fate.NEW, known.get(person.iin), None, {}, complaints, notices)
    try:
        row.employer = book.employer_of(person, notices)
    except DomainError as refusal:
        complaints.append(Complaint(headings.get("bin") or headings["employer"], refusal.sentence))
    if row.listener is not None:
        _compare(row, row.listener, states.get(row.listener.pk))
    if complaints:
        row.fate = Fate.BAD
    return row


def _refuse_two_entries(rows: list[PlannedRow]) -> None:
    """Two IINs may be one person's, whose entries were merged: such a person stands in the list twice."""
    first: dict[int, PlannedRow] = {}
    for row in rows:
        before = first.setdefault(row.listener.pk, row) if row.listener else row
        if before is not row:
            sentence = _("The register knows this IIN and that of row %(no)s as one person's. Take one row out.")
            row.complaints.append(Complaint("", sentence % {"no": before.person.no}))
            row.fate = Fate.BAD


def _compare(row: PlannedRow, listener: Listener, state: str | None) -> None:
    """Hold a row against the listener that the register has under this IIN."""
    person = row.person
    row.fate = Fate.HERE if state in SEATED else Fate.KNOWN
    if state not in (None, *ASKING, *SEATED):
        row.complaints.append(
            Complaint("", _("%(name)s has left this cohort and cannot be admitted to it again.") % {"name": listener})
        )
    if not _same_name(listener, person):
        sentence = _(
            "The register has “%(name)s” under this IIN. If that is wrong, correct it on the listener's page; "
            "otherwise correct the list."
        )
        row.complaints.append(Complaint("", sentence % {"name": listener}))
    elif person.full_name != listener.full_name:
        row.notices.append(_("The register writes the name “%(name)s”; that stays.") % {"name": listener})
    for name in CONTACTS:
        if (value := getattr(person, name)) and value != getattr(listener, name):
            row.changes[name] = (getattr(listener, name), value)
    if row.employer is not None and row.employer.pk != (listener.employer_id or 0):
        row.changes["employer"] = (str(listener.employer or ""), row.employer.name)
    if "email" in row.changes and listener.user_id:
        row.notices.append(
            _("The account keeps its e-mail; change it there if the person is to sign in with the new one.")
        )


def _same_name(listener: Listener, person: Person) -> bool:
    """Whether list and register mean one name, ә/а and the like apart; the list may leave out the patronymic."""
    if not person.surname or not person.given_name:
        return True  # already complained of
    return same_name(listener, person)


def _create_employers(plan: ImportPlan, by: User | None) -> None:
    new = {id(row.employer): row.employer for row in plan.rows if row.employer is not None and row.employer.pk is None}
    if new:
        bulk_create_with_history(list(new.values()), Employer, batch_size=AT_ONCE, default_user=by)


def _new_listener(row: PlannedRow) -> Listener:
    person = row.person
    listener = Listener(
        surname=person.surname,
        given_name=person.given_name,
        patronymic=person.patronymic,
        position=person.position,
        employer=row.employer,
        email=person.email,
        phone=person.phone,
    )
    listener.set_iin(person.iin)
    listener.set_keys()
    return listener


def _take_over(row: PlannedRow) -> None:
    for name, (_old, value) in row.changes.items():
        setattr(row.listener, name, row.employer if name == "employer" else value)
