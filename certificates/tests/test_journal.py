"""What is issued, revoked and replaced reaches the journal, once, before a file can be had (I9)."""

import json
import os
import signal
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from certificates import journal, journal_file
from certificates.invariants import broken
from certificates.journal import DatabaseBehindError, JournalBehindError
from certificates.journal_file import JournalBrokenError
from certificates.models import DocumentState, Event, JournalEntry
from certificates.numbering import next_number
from certificates.rendering import render_reserved
from certificates.revoking import reissue
from certificates.tests.revocations import revoke
from core.errors import Refused
from enrollment.tests.test_capacity_race import all_at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]


@pytest.fixture(scope="module", autouse=True)
def _fonts() -> None:
    call_command("build_assets")


def told() -> list[tuple[str, str]]:
    return [(line.entry["event"], line.entry["number"]) for line in journal_file.read(journal.place())]


def test_every_event_is_noted_with_what_the_public_may_know(outcome, issue_to, signatory, administrator):
    old = issue_to(outcome)
    render_reserved()
    new = reissue(document=old, reason="қате", signatory=signatory, by=administrator)
    revoke(document=new, reason="құпия себеп", by=administrator)
    assert journal.write_down() == 3
    assert told() == [
        ("issued", old.number), ("issued", new.number), ("replaced", old.number), ("revoked", new.number),
    ]  # fmt: skip
    content = journal.place().read_text()
    assert (old.token in content, "құпия" in content, old.enrolment.listener.iin in content) == (True, False, False)
    entry = next(journal_file.read(journal.place())).entry
    assert entry["facts"] == {"public": old.facts, "year": 2026, "counter": 1}
    assert {*old.facts} == {
        *("kind", "number", "holder", "surname", "topic", "hours"),
        *("from", "to", "issued_on", "valid_until", "organisation", "duplicate_of"),
    }
    assert list(journal.faults()) == []


def test_refused_deed_is_not_noted(outcome, issue_to, administrator):
    document = issue_to(outcome)
    with pytest.raises(Refused):
        revoke(document=document, reason="", by=administrator)
    assert [entry.event for entry in JournalEntry.objects.all()] == ["issued"]


def test_document_becomes_ready_only_once_the_journal_has_it(outcome, issue_to, settings, tmp_path):
    document = issue_to(outcome)
    settings.JOURNAL_FILE = str(tmp_path / "file" / "journal.jsonl")
    (tmp_path / "file").write_text("no folder")
    assert render_reserved() == 0
    document.refresh_from_db()
    assert (document.state, document.file.name, "FileExistsError" in document.last_error) == (
        DocumentState.RESERVED, "", True,
    )  # fmt: skip
    assert [path for path in (tmp_path / "documents").rglob("*") if path.is_file()] == []
    (tmp_path / "file").unlink()
    type(document).objects.update(lease_until=None)
    assert render_reserved() == 1
    assert told() == [("issued", document.number)]


def test_writing_down_twice_writes_once(outcome, issue_to):
    issue_to(outcome)
    assert (journal.write_down(), journal.write_down()) == (1, 0)
    entry = JournalEntry.objects.get()
    assert (entry.line, len(entry.digest)) == (1, 64)


def test_killed_between_file_and_row_is_made_up_for(protocol_of, issue_to):
    outcomes = list(protocol_of("Әлімов", "Бекенов", "Ғабитов").outcomes.all())
    issue_to(outcomes[0])
    journal.write_down()
    for outcome in outcomes[1:]:
        issue_to(outcome)
    waiting = [journal.as_line(entry) for entry in JournalEntry.objects.filter(line=None).order_by("pk")]
    with journal_file.held(journal.place()) as file:
        lines, end = journal_file.last_lines(file, 1)
        journal_file.append(file, end, lines[-1], waiting[:1])
    with journal.place().open("ab") as file:
        file.write(b'{"before":"')
    assert journal.write_down() == 2
    assert (len(told()), list(journal.faults())) == (3, [])


@pytest.mark.parametrize("change", ["cut", "gone", "another"])
def test_file_that_is_not_the_one_that_was_written_stops_everything(protocol_of, issue_to, change):
    first, second, third = protocol_of("Әлімов", "Бекенов", "Ғабитов").outcomes.all()
    issue_to(first)
    journal.write_down()
    document = issue_to(second)
    place = journal.place()
    if change == "another":
        raw, _line = journal_file.written(1, journal_file.FIRST, {"key": "x"})
        place.write_bytes(raw)
    else:
        place.unlink() if change == "gone" else place.write_bytes(place.read_bytes()[:-30])
    with pytest.raises(Refused, match="do not agree"):
        issue_to(third)
    assert next_number("certificate", 2026).endswith("000003")
    with pytest.raises(JournalBrokenError if change == "another" else JournalBehindError):
        journal.write_down()
    assert render_reserved() == 0
    document.refresh_from_db()
    assert (document.state, "line 1" in document.last_error) == ("reserved", True)
    assert any("I9 journal" in line for line in broken())


def test_line_that_no_row_knows_stops_everything(protocol_of, issue_to):
    first, second, third = protocol_of("Әлімов", "Бекенов", "Ғабитов").outcomes.all()
    issue_to(first)
    journal.write_down()
    issue_to(second)
    strange = {"key": "00000000-0000-4000-8000-000000000000", "event": "issued", "token": "t", "number": "n"}
    with journal_file.held(journal.place()) as file:
        lines, end = journal_file.last_lines(file, 1)
        journal_file.append(file, end, lines[-1], [strange])
    assert list(journal.faults()) == ["line 2: the database does not know it"]
    with pytest.raises(Refused, match="do not agree"):
        issue_to(third)
    with pytest.raises(DatabaseBehindError, match="line 2"):
        journal.write_down()


def test_rewritten_journal_with_right_digests_is_found(protocol_of, issue_to):
    for outcome in protocol_of("Әлімов", "Бекенов").outcomes.all():
        issue_to(outcome)
    journal.write_down()
    lines = list(journal_file.read(journal.place()))
    content, before = b"", journal_file.FIRST
    for line in lines:
        entry = json.loads(json.dumps(line.entry).replace("2026-10-05", "2026-10-04"))
        raw, forged = journal_file.written(line.no, before, entry)
        before, content = forged.digest, content + raw
    journal.place().write_bytes(content)
    assert list(journal.faults()) == [f"line {n}: the database knows another one" for n in (1, 2)]


def test_row_of_the_journal_is_frozen(outcome, issue_to, tamper):
    issue_to(outcome)
    journal.write_down()
    entries = JournalEntry.objects.all()
    for change in ({"event": Event.REVOKED}, {"facts": {}}, {"line": 7}, {"digest": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            entries.update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        entries.delete()
    tamper("UPDATE certificates_journalentry SET number = 'SK-2026-000009'")
    assert "line 1: its row in the database has been changed" in list(journal.faults())


@pytest.mark.django_db(transaction=True)
def test_many_at_once_write_every_entry_once(protocol_of, issue_to):
    for outcome in protocol_of(*[f"Әлімов{n}" for n in range(12)]).outcomes.all():
        issue_to(outcome)
    all_at_once([journal.write_down] * 6)
    assert (len(set(told())), len(told()), list(journal.faults())) == (12, 12, [])


POINTS = ("append", "_acknowledge", "last_lines")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_process_killed_at_any_point_leaves_nothing_to_mend(protocol_of, issue_to, point, when):
    for outcome in protocol_of("Әлімов", "Бекенов", "Ғабитов").outcomes.all():
        issue_to(outcome)
    connection.close()
    child = os.fork()
    if child == 0:
        _die(point, when)
        try:
            journal.write_down()
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    journal.write_down()
    assert (len(told()), list(journal.faults())) == (3, [])


def _die(point: str, when: str) -> None:
    """In this process, which is a child, the deed is the last thing that happens."""
    room = journal if point == "_acknowledge" else journal_file
    deed = getattr(room, point)

    def last(*arguments):  # type: ignore[no-untyped-def]
        result = deed(*arguments) if when == "after" else None
        os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(room, point, last)


def test_place_is_the_setting(settings):
    settings.JOURNAL_FILE = "/mnt/journal/documents.jsonl"
    assert journal.place() == Path("/mnt/journal/documents.jsonl")
