"""Real workers: what is asked for gets done, once, whatever is killed."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installation import BACKGROUND, Installation, wait_until

pytestmark = pytest.mark.servers

KILLS = int(os.environ.get("SOAK", "1"))
READY = "SELECT count(*) FROM certificates_document WHERE state = 'ready'"
LEASE_SECONDS = 8


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    one = Installation(tmp_path, LEASE_SECONDS=str(LEASE_SECONDS)).prepare()
    yield one
    one.close()


def ready(installation: Installation) -> int:
    return installation.query(READY)[0][0]


def test_letters_are_sent_once(installation):
    installation.call("letters", count=5)
    installation.start(*BACKGROUND)
    unsent = "SELECT count(*) FROM core_message WHERE sent_at IS NULL"
    wait_until(lambda: installation.query(unsent) == [(0,)], 40, "letters sent")
    assert installation.query("SELECT attempts FROM core_message") == [(1,)] * 5
    letters = [path.read_text() for path in (installation.folder / "mail").iterdir()]
    assert sum(text.count("To: person") for text in letters) == 5


def test_twenty_five_people_have_their_documents_numbered_without_a_gap(installation):
    protocol = installation.call("closed_cohort", people=25)
    installation.start("web", *BACKGROUND)
    wait_until(lambda: installation.status("/readyz") == 200, 40, "worker and beat alive")
    installation.call("wish", protocol=protocol)
    took = wait_until(lambda: ready(installation) == 25, 60, "25 documents ready")
    print(f"25 documents were ready {took:.1f} s after they had been asked for")
    assert [d["counter"] for d in installation.call("documents")] == list(range(1, 26))


@pytest.mark.parametrize("victim", ["one process of the pool", "the whole worker", "worker and beat"])
def test_killed_in_the_midst_of_rendering_nothing_is_lost_or_doubled(installation, victim):
    protocol = installation.call("closed_cohort", people=25)
    installation.start(*BACKGROUND)
    installation.call("wish", protocol=protocol)
    for kill in range(KILLS):
        so_far = 2 + kill * 20 // KILLS
        wait_until(lambda so_far=so_far: ready(installation) >= so_far, 60, f"{so_far} documents ready")
        if victim == "one process of the pool":
            os.kill(installation.children("worker")[0], signal.SIGKILL)
        else:
            killed = BACKGROUND if victim == "worker and beat" else ["worker"]
            for name in killed:
                installation.kill(name)
            installation.start(*killed)
    wait_until(lambda: ready(installation) == 25, 60, "25 documents ready")

    documents = installation.call("documents")
    assert [d["counter"] for d in documents] == list(range(1, 26))
    assert len({d["enrolment"] for d in documents}) == 25
    assert {(d["state"], d["whole"], d["sealed"]) for d in documents} == {("ready", True, True)}
    installation.manage("check_invariants")


def test_run_course_starts_everything_and_stops_everything(tmp_path):
    installation, said = Installation(tmp_path, DEMO="1"), tmp_path / "run.log"
    try:
        for times, patience in enumerate((180, 30), start=1):
            installation.launch("run", [sys.executable, "manage.py", "run_course"])
            took = wait_until(lambda: installation.status("/readyz") == 200, patience, "/readyz answers 200")
            print(f"ready after {took:.0f} s")
            assert [installation.status(path) for path in ("/", "/verify/", "/healthz", "/nothing/")] == [
                200,
                200,
                200,
                404,
            ]
            wait_until(
                lambda times=times: said.read_text().count("Ctrl-C stops everything.") == times,
                20,
                "the addresses are printed",
            )
            run = installation.running.pop("run")
            run.terminate()
            assert run.wait(20) == 0
            assert installation.status("/healthz") == 0
        output = said.read_text()
        assert "admin@demo.kz" in output
        assert (tmp_path / "demo_password.txt").read_text() in output
        assert "Traceback" not in output
        installation.manage("check_invariants")
    finally:
        installation.close()
