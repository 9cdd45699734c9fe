"""How often documents are checked: counted once, of nobody, and an alarm when somebody tries addresses out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
import time_machine
from django.db import Error, connection, transaction
from django.test import Client

from certificates import spool, watching
from certificates.models import CheckCount, CheckDay, Document
from certificates.tests.conftest import ABSENT, TODAY
from core.models import Message
from tests import factories

pytestmark = pytest.mark.django_db
WRITES = ("INSERT", "UPDATE", "DELETE")


@pytest.fixture
def clock():  # type: ignore[no-untyped-def]
    """Ten in the morning of the fifth of October 2026 in Almaty; `clock.shift(seconds)`."""
    with time_machine.travel("2026-10-05T10:00:00+05:00", tick=False) as traveller:
        yield traveller


def counted(clock):  # type: ignore[no-untyped-def]
    """The counts a few minutes later: by number, and by way as (found, not found)."""
    clock.shift(180)
    watching.count_checks()
    by_number = {c.document.number: c.count for c in CheckCount.objects.select_related("document")}
    return by_number, {d.way: (d.found, d.not_found) for d in CheckDay.objects.all()}


def test_every_way_of_asking_is_counted(documents, clock, count_queries):
    valid, revoked = documents["valid"], documents["revoked"]
    with count_queries() as seen:
        for token in (valid.token, valid.token, revoked.token, ABSENT, "x"):
            Client().get(f"/v/{token}/")
            Client().get(f"/api/v1/verify/{token}")
        Client().get(f"/api/v1/files/{valid.sha256}")
        Client().get("/api/v1/files/x")
        for surname in ("Әлімов", "Басқаев"):
            Client().post("/verify/", {"number": valid.number, "surname": surname})
        Client().post("/verify/many/", {"text": f"{valid.number}\tӘлімов\n{revoked.number}\tБасқаев\nжоқ\t\nXX-1\tx"})
    assert [q for q in seen.statements if q.lstrip().startswith(WRITES)] == []
    assert counted(clock) == (
        {"SK-2026-000001": 6 + 1, "SK-2026-000003": 2},
        {"page": (3, 2), "api": (3, 2), "look-up": (1, 1), "list": (1, 2), "file": (1, 1)},
    )


def test_register_that_does_not_answer_is_no_check(documents, clock):
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE certificates_document RENAME TO certificates_document_away")
        Client().get(f"/v/{documents['valid'].token}/")
        transaction.set_rollback(True)
    assert counted(clock) == ({}, {})


def test_files_are_counted_once_and_removed(documents, clock, settings):
    number = documents["valid"].number
    for _ in range(3):
        spool.note("page", number, None)
        clock.shift(60)
    assert counted(clock) == ({number: 3}, {"page": (3, 3)})
    assert list(Path(settings.CHECKS_FOLDER).iterdir()) == []
    assert (watching.count_checks(), counted(clock)) == (0, ({number: 3}, {"page": (3, 3)}))


def test_file_that_somebody_else_removes_meanwhile_is_theirs(documents, clock, monkeypatch):
    spool.note("page", documents["valid"].number)
    clock.shift(180)
    real = spool.read

    def read_then_lose(path):  # type: ignore[no-untyped-def]
        notes = real(path)
        path.unlink()
        return notes

    monkeypatch.setattr(spool, "read", read_then_lose)
    assert watching.count_checks() == 0
    assert (CheckCount.objects.count(), CheckDay.objects.count()) == (0, 0)


def test_database_that_cannot_be_written_to_keeps_the_notes(documents, clock, settings, monkeypatch):
    spool.note("page", documents["valid"].number)
    clock.shift(180)
    with monkeypatch.context() as broken:
        broken.setattr(CheckDay._meta, "db_table", "certificates_nothing")
        with pytest.raises(Error), transaction.atomic():
            watching.count_checks()
    assert len(list(Path(settings.CHECKS_FOLDER).iterdir())) == 1
    assert counted(clock)[0] == {documents["valid"].number: 1}


@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_time_count_nothing_twice(documents, threads):
    number = documents["valid"].number
    for minute in range(10):
        with time_machine.travel(f"2026-10-05T10:{minute:02}:00+05:00", tick=False):
            spool.note("page", *[number] * 7)

    def one(_n):  # type: ignore[no-untyped-def]
        try:
            return watching.count_checks()
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        assert sum(pool.map(one, range(threads))) == 10
    assert (CheckCount.objects.get().count, CheckDay.objects.get().found) == (70, 70)


@pytest.mark.parametrize("files", [1, 3])
def test_counting_costs_the_same_for_any_number_of_documents(documents, clock, count_queries, files):
    numbers = [document.number for document in documents.values()][:files]
    spool.note("page", *numbers)
    clock.shift(180)
    with count_queries() as seen:
        watching.count_checks()
    reads = [q for q in seen.statements if not q.startswith(("SAVEPOINT", "RELEASE"))]
    assert len(reads) == 7


def test_document_that_only_the_journal_knows_counts_for_the_day(clock):
    spool.note("page", "SK-2020-000001")
    assert counted(clock) == ({}, {"page": (1, 0)})


# --- The alarm -------------------------------------------------------------------------------------


def scan(times, way="page"):  # type: ignore[no-untyped-def]
    spool.note(way, *[None] * times)


def test_administrators_are_told_once_a_day(administrator, trainer, clock, settings):
    settings.SCANNING_ALERT = 10
    other = factories.UserFactory(is_administrator=True, language="ru")
    factories.UserFactory(is_administrator=True, is_active=False)
    scan(4)
    scan(5, way="look-up")
    counted(clock)
    assert (Message.objects.count(), watching.scanning_now()) == (0, 0)
    scan(1)
    counted(clock)
    assert sorted(Message.objects.values_list("recipient", flat=True)) == sorted([administrator.email, other.email])
    assert watching.scanning_now() == 10
    scan(100)
    counted(clock)
    assert (Message.objects.count(), watching.scanning_now()) == (2, 110)
    clock.shift(24 * 3600)
    assert watching.scanning_now() == 110  # in the morning the night is still told
    scan(10)
    counted(clock)
    assert Message.objects.count() == 4
    clock.shift(3 * 24 * 3600)
    assert watching.scanning_now() == 0


def test_alarm_can_be_turned_off(administrator, clock, settings):
    settings.SCANNING_ALERT = 0
    scan(5000)
    counted(clock)
    assert (Message.objects.count(), watching.scanning_now()) == (0, 0)


def test_letter_names_the_day_the_count_and_the_page(administrator, clock, settings):
    settings.SCANNING_ALERT, administrator.language = 3, "en"
    administrator.save()
    scan(3)
    counted(clock)
    body = Message.objects.get().body
    for part in ("05.10.2026", "3 times", f"{settings.PUBLIC_BASE_URL}/admin/certificates/checkday/"):
        assert part in body


def test_front_page_shows_the_alarm(administrator, clock, settings, sign_in):
    settings.SCANNING_ALERT = 3
    client = sign_in(administrator, "en")
    assert "trying out addresses" not in client.get("/admin/").content.decode()
    scan(3)
    counted(clock)
    page = client.get("/admin/").content.decode()
    assert "trying out addresses of documents: 3 answers" in page
    assert "/admin/certificates/checkday/" in page


# --- Pictures --------------------------------------------------------------------------------------


def test_last_days_are_there_also_those_without_checks(documents):
    document = documents["valid"]
    for day, count in ((date(2026, 10, 5), 3), (date(2026, 9, 22), 2), (date(2026, 9, 21), 9)):
        CheckCount.objects.create(document=document, day=day, count=count)
        CheckDay.objects.create(day=day, way="page", found=count, not_found=1)
        CheckDay.objects.create(day=day, way="api", found=1)
    days = watching.days_of(document, TODAY)
    assert (len(days), days[0].found, days[-1].found, sum(one.found for one in days)) == (14, 3, 2, 5)
    of_all = watching.days_of_all(TODAY)
    assert [(one.found, one.not_found) for one in of_all if one.found] == [(4, 1), (3, 1)]


def test_document_page_shows_its_checks(documents, administrator, clock, sign_in):
    client = sign_in(administrator, "en")
    address = f"/admin/certificates/document/{documents['valid'].pk}/change/"
    assert "Nobody has checked this document" in client.get(address).content.decode()
    spool.note("page", *[documents["valid"].number] * 12)
    counted(clock)
    page = client.get(address).content.decode()
    assert "Checks of this document in the last two weeks" in page
    assert 'class="chart-above"' in page
    assert "5: 12</desc>" in page


def test_page_of_all_checks_costs_the_same_for_any_number_of_days(administrator, sign_in, count_queries, clock):
    client = sign_in(administrator, "en")
    counts = []
    for day in range(1, 4):
        CheckDay.objects.create(day=date(2026, 10, day), way="page", found=5, not_found=2)
        with count_queries() as seen:
            page = client.get("/admin/certificates/checkday/").content.decode()
        counts.append(seen.count)
    assert counts[0] == counts[2]
    assert "Checks of documents in the last two weeks" in page
    assert client.get("/admin/certificates/checkcount/?q=SK-2026").status_code == 200


def test_counts_of_documents_beyond_those_of_their_day_break_an_invariant(documents):
    from certificates.invariants import broken

    CheckCount.objects.create(document=Document.objects.first(), day=TODAY, count=2)
    assert [line for line in broken() if "checks" in line] == [
        "checks of 2026-10-05: 2 of single documents, but 0 in all"
    ]
