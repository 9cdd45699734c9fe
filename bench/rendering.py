"""A signed certificate with its appendix: ours, against WeasyPrint as documented, with the same properties.

A stamped template is what no way can be quicker than, typst what another engine needs; both are here for orientation.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from bench.measure import Row
from certificates.models import Kind
from certificates.snapshots import take_snapshot
from certificates.validity import valid_until
from core.tests.test_pdf_signing import key_file
from enrollment.models import CohortState
from programs.models import ProgrammeEdition
from tests import factories
from tests.factories import close_protocol

GOAL = 3  # documents for naive WeasyPrint's one, per CPU second
GOAL_OF_TWO = 2.5  # 200 documents on two processes in at most 0.4 of naive's time
GOAL_OF_MEMORY = 0.95  # after a tenth of the documents, of what it is after all
ROUNDS, COHORT, MANY, LONG = 5, 25, 200, 1000


def snapshot() -> dict[str, object]:
    """A certificate of the shipped programme."""
    today = timezone.localdate()
    administrator = factories.UserFactory(is_administrator=True)
    days = {"starts_on": today - timedelta(days=30), "ends_on": today - timedelta(days=10)}
    cohort = factories.make_cohort(edition=ProgrammeEdition.objects.get(), state=CohortState.ASSESSING, **days)
    enrolment = factories.make_enrolment(cohort=cohort)
    factories.make_scores(enrolment, [18, 22, 13, 27, 9], by=administrator)
    protocol = close_protocol(cohort=cohort, held_on=today, leave_out={}, by=administrator)
    return take_snapshot(
        kind=Kind.CERTIFICATE,
        outcome=protocol.outcomes.get(),
        signatory=factories.make_signatory(),
        issued_on=today,
        valid_until=valid_until(today, 3),
        number="SE-2026-000001",
        verification_url="https://kurs.example.kz/v/" + "x" * 32 + "/",
    )


def start(way: str, count: int, asked: str) -> subprocess.Popen[str]:
    """A process that makes papers in this way."""
    command = [sys.executable, "-m", "bench.papers_child", way, str(count)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin is not None
    process.stdin.write(asked)
    process.stdin.close()
    process.stdin = None
    return process


def told(process: subprocess.Popen[str]) -> dict[str, Any]:
    """What it says in the end."""
    said, _ = process.communicate()
    if process.returncode:
        raise RuntimeError("papers could not be made")
    answer: dict[str, Any] = json.loads(said)
    return answer


def per_cpu_second(way: str, count: int, asked: str) -> float:
    """Papers for a second of one processor, in a process of its own."""
    return count / float(told(start(way, count, asked))["cpu"])


def on_two(way: str, asked: str) -> float:
    """Papers per second when two processes share MANY of them."""
    both = [start(way, MANY // 2, asked) for _ in range(2)]
    return MANY / max(float(told(process)["wall"]) for process in both)


def rows() -> Iterator[Row]:
    """Template, PDF and signature together; the ways in turns."""
    with tempfile.TemporaryDirectory() as folder:
        asked = json.dumps({"snapshot": snapshot(), "key": str(key_file(Path(folder), "rsa"))})
        rates: dict[str, list[float]] = {"ours": [], "naive": [], "stamped": [], "typeset": []}
        for _ in range(ROUNDS):
            for way, found in rates.items():
                found.append(per_cpu_second(way, COHORT, asked))
        usual = {way: statistics.median(each) for way, each in rates.items()}
        yield Row("certificate, per CPU second", "WeasyPrint, naively", usual["ours"], usual["naive"], GOAL)
        yield Row("certificate, per CPU second", "a stamped template", usual["ours"], usual["stamped"])
        yield Row("certificate, per CPU second", "typst, plainer", usual["ours"], usual["typeset"])
        both = on_two("ours", asked), on_two("naive", asked)
        yield Row(f"{MANY} certificates, two processes", "WeasyPrint, naively", *both, GOAL_OF_TWO)
        held = told(start("ours", LONG, asked))
        yield Row(
            f"worker's memory, MiB, after {LONG // 10} and {LONG}",
            "",
            held["early"] / 2**20,
            held["late"] / 2**20,
            GOAL_OF_MEMORY,
        )
