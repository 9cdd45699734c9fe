"""Workers killed at every point between a wish and a ready document: nothing lost, doubled, left out or half made."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.installation import Installation

pytestmark = pytest.mark.servers

ROUNDS = int(os.environ.get("SOAK", "1"))  # 20 kills and 200 documents each
PEOPLE, KILLS = 200, 20


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    one = Installation(tmp_path, LEASE_SECONDS="2").prepare()
    yield one
    one.close()


def test_passes_killed_at_named_points_and_at_any_moment(installation):
    """200 SIGKILLs over 2,000 documents with SOAK=10, a tenth without."""
    slowest, hit = 0.0, {}
    for number in range(ROUNDS):
        protocol = installation.call("closed_cohort", people=PEOPLE)
        installation.call("wish", protocol=protocol)
        told = installation.call("kill_often", seed=number, kills=KILLS)
        slowest = max(slowest, told["slowest"])
        hit = {point: hit.get(point, 0) + count for point, count in told["hit"].items()}
    print(f"killed {sum(hit.values())} times; slowest recovery of a row {slowest:.1f} s; {hit}")
    assert sum(hit.values()) >= 0.9 * KILLS * ROUNDS
    documents = installation.call("documents")
    assert [d["counter"] for d in documents] == list(range(1, PEOPLE * ROUNDS + 1))
    assert len({d["enrolment"] for d in documents}) == PEOPLE * ROUNDS
    assert {(d["state"], d["whole"], d["sealed"]) for d in documents} == {("ready", True, True)}
    installation.manage("verify_journal")
    installation.manage("check_invariants")


def test_number_committed_apart_from_its_document_would_be_found_out(installation):
    protocol = installation.call("closed_cohort", people=3)
    installation.call("wish", protocol=protocol)
    assert installation.call("number_committed_apart") == 9
    checked = subprocess.run(
        [sys.executable, "manage.py", "check_invariants"],
        cwd=settings.BASE_DIR, env=installation.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode != 0
    assert "I2" in checked.stdout + checked.stderr
