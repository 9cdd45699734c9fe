"""From “issue” to 25 documents ready, by a worker as `make run` starts it, against once in ten seconds."""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measure import Row
from tests.installation import BACKGROUND, Installation, wait_until

PEOPLE = 25
SECONDS = 10
READY = "SELECT count(*) FROM certificates_document WHERE state = 'ready'"


def seconds() -> float:
    """One cohort's documents in an installation of their own: from the wish to the last file."""
    with tempfile.TemporaryDirectory(prefix="bench-issuing-") as folder:
        installation = Installation(Path(folder)).prepare()
        try:
            protocol = installation.call("closed_cohort", people=PEOPLE)
            installation.start("web", *BACKGROUND)
            wait_until(lambda: installation.status("/readyz") == 200, 60, "worker and beat alive")
            installation.call("wish", protocol=protocol)
            return wait_until(lambda: installation.query(READY) == [(PEOPLE,)], 120, f"{PEOPLE} documents ready")
        finally:
            installation.close()


def rows() -> Iterator[Row]:
    """The median of three."""
    took = statistics.median(seconds() for _turn in range(3))
    yield Row(f"{PEOPLE} documents, from issue to ready", f"once in {SECONDS} s", 1 / took, 1 / SECONDS, goal=1)
