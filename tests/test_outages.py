"""Queue wiped, database killed, disk full in the midst of a batch: nothing is wrong, everything is finished.

PostgreSQL and Redis are of the test's own here, since they are killed; it runs once, beside SQLite (test.sh).
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
from redis import Redis

from tests import servers
from tests.installation import BACKGROUND, Installation, wait_until

pytestmark = pytest.mark.servers

PEOPLE = 100
OUTAGES = int(os.environ.get("SOAK", "1"))  # in each batch
READY = "SELECT count(*) FROM certificates_document WHERE state = 'ready'"
HELD_UP = "SELECT last_error FROM certificates_document WHERE state = 'reserved' AND last_error <> ''"
PATIENCE = 300  # seconds, for a slow machine


class Killable:
    """A server that goes down and comes up again with what it has."""

    def __init__(self, server: servers.Server, log: Path) -> None:
        self.server, self.log = server, log
        self.address = server.address
        self.up()

    def up(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.server.command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        servers.wait_for_port(self.server.port, self.process, self.log)

    def down(self, how: signal.Signals) -> None:
        self.process.send_signal(how)
        self.process.wait(servers.PATIENCE)


class Supervised(Installation):
    """On servers of its own; what ends by itself is started again, as systemd does (docs/operations.md)."""

    restarts = 0

    def look(self) -> None:
        for name, process in list(self.running.items()):
            if process.poll() is not None:
                self.restarts += 1
                del self.running[name]
                self.start(name)

    def ready(self) -> int:
        self.look()
        return self.query(READY)[0][0]


@contextmanager
def killable(server: servers.Server, log: Path) -> Iterator[Killable]:
    one = Killable(server, log)
    try:
        yield one
    finally:
        if one.process.poll() is None:
            one.down(signal.SIGINT)


@pytest.fixture(scope="module")
def machines(tmp_path_factory) -> Iterator[tuple[Killable, Killable]]:  # type: ignore[no-untyped-def]
    """A PostgreSQL that keeps what is committed, with a database `template` to copy, and a Redis."""
    folder = tmp_path_factory.mktemp("machines")
    for above in folder.parents[:3]:  # the user `postgres` must come in
        above.chmod(above.stat().st_mode | 0o011)
    with (
        killable(servers.cluster(folder, durable=True), folder / "postgresql.log") as database,
        killable(servers.store(folder), folder / "redis.log") as queue,
    ):
        query(database, "CREATE DATABASE template")
        made = Supervised(folder / "template", DATABASE_URL=on(database, "template"), REDIS_URL=queue.address)
        made.manage("migrate", "-v0")
        made.manage("load_programme", "-v0")
        yield database, queue


def query(database: Killable, statement: str) -> None:
    """Carry out a statement; a server that was killed takes a while until it answers again."""
    until = time.monotonic() + servers.PATIENCE
    while True:
        try:
            with closing(psycopg2.connect(database.address)) as connection:
                connection.autocommit = True
                connection.cursor().execute(statement)
            return
        except psycopg2.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def on(database: Killable, name: str) -> str:
    return f"{database.address.rpartition('/')[0]}/{name}"


@pytest.fixture
def installation(machines, tmp_path) -> Iterator[Supervised]:  # type: ignore[no-untyped-def]
    database, queue = machines
    Redis.from_url(queue.address).flushall()
    query(database, "DROP DATABASE IF EXISTS course WITH (FORCE)")
    query(database, "CREATE DATABASE course TEMPLATE template")
    one = Supervised(tmp_path, DATABASE_URL=on(database, "course"), REDIS_URL=queue.address, LEASE_SECONDS="5")
    yield one
    one.close()


def wipe(database: Killable, queue: Killable) -> None:
    Redis.from_url(queue.address).flushall()


def restart_queue(database: Killable, queue: Killable) -> None:
    """Without a file, so it comes back empty."""
    queue.down(signal.SIGKILL)
    queue.up()


def restart_database(database: Killable, queue: Killable) -> None:
    """As `pg_ctl restart -m immediate`: every session is cut, and it recovers from its log."""
    database.down(signal.SIGQUIT)
    database.up()

    def answers() -> bool:
        try:
            psycopg2.connect(database.address).close()
        except psycopg2.OperationalError:  # it is still recovering
            return False
        return True

    wait_until(answers, servers.PATIENCE, "PostgreSQL answers again")


def check_finished(installation: Installation, people: int) -> None:
    """Every document is there, once, whole, in the journal, and numbered without a gap."""
    documents = installation.call("documents")
    assert [d["counter"] for d in documents] == list(range(1, people + 1))
    assert len({d["enrolment"] for d in documents}) == people
    assert {(d["state"], d["whole"], d["sealed"]) for d in documents} == {("ready", True, True)}
    installation.manage("verify_journal")
    installation.manage("check_invariants")


@pytest.mark.parametrize("outage", [wipe, restart_queue, restart_database])
def test_outage_in_the_midst_of_a_batch_is_made_good(machines, installation, outage):
    protocol = installation.call("closed_cohort", people=PEOPLE)
    installation.start(*BACKGROUND)
    installation.call("wish", protocol=protocol)
    seen = []
    for number in range(OUTAGES):
        so_far = 10 + number * 70 // OUTAGES
        wait_until(lambda so_far=so_far: installation.ready() >= so_far, PATIENCE, f"{so_far} documents ready")
        seen.append(installation.ready())
        outage(*machines)
    took = wait_until(lambda: installation.ready() == PEOPLE, PATIENCE, "all documents ready")
    print(f"{outage.__name__} at {seen} of {PEOPLE}: finished {took:.0f} s later, restarts {installation.restarts}")
    assert seen[0] < PEOPLE
    check_finished(installation, PEOPLE)


# --- A full disk -----------------------------------------------------------------------------------

FEW = 20


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:  # type: ignore[no-untyped-def]
    """A file system of 300 KB, for some of FEW documents, mounted where they are kept."""
    place = tmp_path / "course" / "documents"
    place.mkdir(parents=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(place)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            f"A FULL DISK WAS NOT TRIED: nobody but root may mount one ({mounted.stderr.strip()})"
        )
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


@pytest.mark.parametrize("when", ["in the midst of the batch", "before the journal's first line"])
def test_full_disk_holds_up_and_everything_is_finished_once_there_is_room(small_disk, when):
    ballast = small_disk / "ballast"
    if when == "before the journal's first line":
        ballast.write_bytes(b"x" * 296 * 1024)
    installation = Installation(
        small_disk.parent, LEASE_SECONDS="5", JOURNAL_FILE=str(small_disk / "journal/documents.jsonl")
    ).prepare()
    try:
        protocol = installation.call("closed_cohort", people=FEW)
        installation.start(*BACKGROUND)
        installation.call("wish", protocol=protocol)
        wait_until(lambda: len(installation.query(HELD_UP)) >= 3, PATIENCE, "documents are held up")
        for name in BACKGROUND:
            installation.kill(name)
        check_held_up(installation, installation.call("passes", count=7), ballast.exists())
        ballast.unlink(missing_ok=True)
        subprocess.run(["mount", "-o", "remount,size=16m", str(small_disk)], check=True)
        installation.start(*BACKGROUND)
        wait_until(lambda: installation.query(READY) == [(FEW,)], PATIENCE, "all documents ready")
        check_finished(installation, FEW)
        assert len(list(small_disk.glob("2*/*.pdf"))) == FEW  # nothing half-written was left behind
    finally:
        installation.close()


def check_held_up(installation: Installation, rows: list[dict[str, object]], full_from_the_start: bool) -> None:
    """More passes than a document has attempts: none is given up, each says why, and what is ready is whole."""
    waiting = [row for row in rows if row["state"] == "reserved"]
    assert len(rows) == FEW
    assert (len(waiting) == FEW) == full_from_the_start
    assert waiting
    assert {(row["file"], row["given_up"]) for row in waiting} == {(False, False)}
    assert [row["error"] for row in waiting if "OSError" not in str(row["error"])] == []
    ready = [d for d in installation.call("documents") if d["state"] == "ready"]
    assert [d for d in ready if not (d["whole"] and d["sealed"])] == []
    installation.manage("verify_journal")
