"""What must always hold about documents: I1–I4, I6–I9."""

import hashlib
from collections.abc import Iterator
from datetime import date, timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone

from assessment.models import ProtocolState
from certificates import bases, journal
from certificates.blank_balance import balance_on
from certificates.models import (
    LIVE,
    Blank,
    BlankDelivery,
    BlankState,
    CheckCount,
    CheckDay,
    Document,
    DocumentState,
    Event,
    JournalEntry,
    Kind,
    Wish,
)
from certificates.numbering import start_of
from certificates.tokens import version_of
from certificates.validity import valid_until
from core.leases import free
from core.models import Counter
from programs.grading import pass_mark

PATIENCE = timedelta(minutes=2)


def broken() -> Iterator[str]:
    """One line per broken invariant; reads every file, so it takes its time."""
    yield from _one_live()
    yield from _numbers()
    yield from _each_document()
    yield from _replacements()
    yield from _waiting()
    yield from _journal()
    yield from _bases()
    yield from _checks()
    yield from _blanks()


def _one_live() -> Iterator[str]:
    twice = Document.objects.filter(state__in=LIVE).order_by().values("enrolment", "kind").annotate(n=Count("pk"))
    for row in twice.filter(n__gt=1):
        yield f"I1 enrolment {row['enrolment']}: {row['n']} live documents of kind {row['kind']}"


def _numbers() -> Iterator[str]:
    given = {(c.series, c.year): c.value for c in Counter.objects.filter(series__in=Kind.values)}
    taken: dict[tuple[str, int], set[int]] = {}
    for kind, year, counter in Document.objects.order_by().values_list("kind", "year", "counter").iterator():
        taken.setdefault((kind, year), set()).add(counter)
    for facts in journal.lost_documents().values_list("facts", flat=True):
        taken.setdefault((facts["public"]["kind"], facts["year"]), set()).add(facts["counter"])
    for key, numbers in taken.items():
        start = start_of(*key)
        if (min(numbers), max(numbers)) != (start, start + len(numbers) - 1):
            yield f"I2 {key}: {len(numbers)} documents are numbered {min(numbers)}..{max(numbers)}"
        if given.pop(key, 0) != max(numbers):
            yield f"I2 {key}: the counter is not at the last number {max(numbers)}"
    for key, value in given.items():
        if value:
            yield f"I2 {key}: the counter says {value}, but there is no document"


def _each_document() -> Iterator[str]:
    documents = Document.objects.select_related("outcome__protocol", "enrolment__cohort__rubric").order_by("pk")
    pass_marks: dict[int, int] = {}
    for document in documents.iterator(chunk_size=500):
        where = f"document {document.number}"
        yield from _file(document, where)
        yield from _decision(document, where, pass_marks)
        counted = _counted_from(document)
        if document.kind == Kind.CERTIFICATE and document.valid_until != valid_until(
            counted, settings.CERTIFICATE_YEARS
        ):
            yield f"I7 {where}: valid until {document.valid_until}, issued on {counted}"
        if version_of(document.token) is None:
            yield f"I9 {where}: its token has no known form"


def _counted_from(document: Document) -> date:
    """The day from which the validity counts: a duplicate's is that of the document issued first."""
    first = document.snapshot.get("duplicate")
    return date.fromisoformat(first["issued_on"]) if first else document.issued_on


def _file(document: Document, where: str) -> Iterator[str]:
    if document.state == DocumentState.RESERVED:
        return
    if not document.file:
        if document.state == DocumentState.READY:
            yield f"I3 {where}: no file"
        return
    if not default_storage.exists(document.file.name):
        yield f"I3 {where}: its file is gone"
        return
    with document.file.open("rb") as file:
        content = file.read()
    if (len(content), hashlib.sha256(content).hexdigest()) != (document.size, document.sha256):
        yield f"I3 {where}: its file is not the one that was made"


def _decision(document: Document, where: str, pass_marks: dict[int, int]) -> Iterator[str]:
    outcome, rubric = document.outcome, document.enrolment.cohort.rubric
    if outcome is None:
        return
    if rubric.pk not in pass_marks:
        pass_marks[rubric.pk] = pass_mark(rubric.bands.all())
    if outcome.protocol.state != ProtocolState.CLOSED or document.snapshot["total"] != outcome.total:
        yield f"I4 {where}: it does not agree with a closed protocol"
    if (document.kind == Kind.CERTIFICATE) != (outcome.total is not None and outcome.total >= pass_marks[rubric.pk]):
        yield f"I4 {where}: a total of {outcome.total} does not earn this kind"


def _replacements() -> Iterator[str]:
    by_lost = JournalEntry.objects.filter(event=Event.REPLACED, token=OuterRef("token"))
    alone = Document.objects.filter(~Exists(by_lost), state=DocumentState.REPLACED, replaced_by=None)
    for document in alone:
        yield f"I6 document {document.number}: replaced, but by nothing"
    for document in Document.objects.exclude(replaces=None).exclude(replaces__state=DocumentState.REPLACED):
        yield f"I6 document {document.number}: what it replaces is not replaced"


def _waiting() -> Iterator[str]:
    late = timezone.now() - PATIENCE
    nobody = free() & Q(last_error="")
    for wish in Wish.objects.filter(nobody, state=Wish.State.WISHED, batch__created_at__lt=late):
        yield f"I8 wish {wish.pk}: waits for more than two minutes without a lease or an alert"
    for document in Document.objects.filter(nobody, state=DocumentState.RESERVED):
        born = document.audit_trail().last()
        if born and born.at < late:
            yield f"I8 document {document.number}: waits for more than two minutes without a lease or an alert"
    for entry in JournalEntry.objects.filter(line=None, at__lt=late):
        yield f"I8 journal: “{entry}” waits for more than two minutes"


def _journal() -> Iterator[str]:
    """I9: every event is noted, and the file outside the database says the same."""
    wanted = {
        Event.ISSUED: Document.objects.all(),
        Event.REVOKED: Document.objects.filter(state=DocumentState.REVOKED),
        Event.REPLACED: Document.objects.filter(state=DocumentState.REPLACED),
    }
    for event, documents in wanted.items():
        noted = JournalEntry.objects.filter(event=event, token=OuterRef("token"))
        for document in documents.filter(~Exists(noted)):
            yield f"I9 document {document.number}: the journal lacks that it was {event}"
    unwritten = JournalEntry.objects.filter(line=None, event=Event.ISSUED, token=OuterRef("token"))
    for document in Document.objects.filter(Exists(unwritten)).exclude(file=""):
        yield f"I9 document {document.number}: has a file before the journal has it"
    for fault in journal.faults():
        yield f"I9 journal: {fault}"


def _bases() -> Iterator[str]:
    """I9: what was printed is answered."""
    if fault := bases.contradiction():
        yield f"I9 {fault}"


def _checks() -> Iterator[str]:
    """Checks of single documents are among those of their day."""
    of_all = dict(CheckDay.objects.order_by().values_list("day").annotate(n=Sum("found")))
    for day, count in CheckCount.objects.order_by("day").values_list("day").annotate(n=Sum("count")):
        if count > of_all.get(day, 0):
            yield f"checks of {day}: {count} of single documents, but {of_all.get(day, 0)} in all"


def _blanks() -> Iterator[str]:
    """R3: every blank of every delivery is there, in the state that its history tells, and none waits for nothing."""
    for delivery in BlankDelivery.objects.annotate(n=Count("blanks")):
        if delivery.n != delivery.last - delivery.first + 1:
            yield f"R3 delivery {delivery}: {delivery.n} blanks are on record"
    now = dict.fromkeys(BlankState.values, 0)
    now |= dict(Blank.objects.order_by().values_list("state").annotate(n=Count("pk")))
    told = balance_on(timezone.localdate())
    if told.by_state != now or not told.is_even:
        yield f"R3 the history of the blanks tells {told.by_state}, their states {now}"
    for blank in Blank.objects.filter(state=BlankState.RESERVED).exclude(document__state__in=LIVE):
        yield f"R3 blank {blank}: reserved for a document that is not in force"
