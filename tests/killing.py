"""Passes of the worker in child processes that are killed with SIGKILL at a named point, or at any moment."""

import importlib
import os
import random
import signal
import time
import traceback
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connections, transaction

from certificates import issuing, numbering, rendering
from certificates.models import Document, DocumentState, Wish

# Where between a wish and a ready document a process may die: module, function, before or after it.
POINTS = {
    "wish claimed": ("certificates.issuing", "claim_one", "after"),
    "before the number": ("certificates.registering", "take_number", "before"),
    "number taken": ("certificates.registering", "take_number", "after"),
    "noted, not committed": ("certificates.journal", "note_issued", "after"),
    "issued": ("certificates.issuing", "_fulfil", "after"),
    "line in the journal, its row not": ("certificates.journal_file", "append", "after"),
    "document claimed": ("certificates.rendering", "claim_one", "after"),
    "paper made": ("certificates.rendering", "render_paper", "after"),
    "file not flushed": ("certificates.rendering", "_to_disk", "before"),
    "file read back": ("certificates.rendering", "_store", "after"),
    "journal written": ("certificates.journal", "write_down", "after"),
    "ready": ("certificates.rendering", "render_document", "after"),
}
SELDOM = {"wish claimed", "line in the journal, its row not"}  # passed once, not once for each document


def work() -> None:
    """What the worker does when it looks: issue what is wished, make what is issued."""
    issuing.issue_wished()
    rendering.render_reserved()


def die_at(point: str, occurrence: int) -> None:
    """Arrange that this process gets SIGKILL when it comes to the point for that time."""
    module_name, name, side = POINTS[point]
    module = importlib.import_module(module_name)
    real, seen = getattr(module, name), Counter[str]()

    def replaced(*arguments: Any, **named: Any) -> Any:
        seen[name] += 1
        mine = seen[name] == occurrence
        if mine and side == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(*arguments, **named)
        if mine and side == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(module, name, replaced)


def child(deed: Callable[[], object]) -> int:
    """A process of its own that does the deed; its id. It is not waited for."""
    connections.close_all()
    pid = os.fork()
    if pid == 0:
        try:
            deed()
        except BaseException:  # noqa: BLE001 (the parent learns of it by the status)
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return pid


def ended_by(pid: int, meanwhile: Callable[[], object] = lambda: None) -> int:
    """Wait for a child; the signal that ended it, 0 for none. AssertionError when it failed by itself."""
    while (told := os.waitpid(pid, os.WNOHANG))[0] == 0:
        meanwhile()
        time.sleep(0.05)
    status = os.waitstatus_to_exitcode(told[1])
    assert status <= 0, f"a pass of the worker failed with {status}"
    return -status


def interrupted() -> set[tuple[str, int]]:
    """Rows that somebody took and did not finish."""
    held = {"lease_until__isnull": False}
    wishes = Wish.objects.filter(state=Wish.State.WISHED, **held).values_list("pk", flat=True)
    documents = Document.objects.filter(state=DocumentState.RESERVED, **held).values_list("pk", flat=True)
    return {("wish", pk) for pk in wishes} | {("document", pk) for pk in documents}


def kill_often(*, seed: int, kills: int) -> dict[str, Any]:
    """Kill that many passes, one at each point and the others at any moment, then let them finish.

    What was hit, and the slowest recovery of an interrupted row in seconds.
    """
    draw = random.Random(seed)
    hit: Counter[str] = Counter()
    waiting: dict[tuple[str, int], float] = {}
    slowest = 0.0

    def look() -> None:
        nonlocal slowest
        now, held = time.monotonic(), interrupted()
        for row in set(waiting) - held:
            slowest = max(slowest, now - waiting.pop(row))
        for row in held:
            waiting.setdefault(row, now)

    for point in [*POINTS, *["any moment"] * (kills - len(POINTS))]:
        times = 1 if point in SELDOM else draw.randint(1, 4)

        def deed(point: str = point, occurrence: int = times) -> None:
            if point in POINTS:
                die_at(point, occurrence)
            work()

        pid = child(deed)
        if point == "any moment":
            time.sleep(draw.uniform(0.02, 0.9))
            os.kill(pid, signal.SIGKILL)
        hit[point] += ended_by(pid) == signal.SIGKILL
        look()
    deadline = time.monotonic() + 600
    while Wish.objects.filter(state=Wish.State.WISHED).exists() or waiting or _unmade():
        assert time.monotonic() < deadline, "the work was not finished after the last kill"
        assert ended_by(child(work), look) == 0
        look()
        time.sleep(0.1)
    return {"hit": hit, "slowest": slowest}


def _unmade() -> bool:
    return Document.objects.filter(state=DocumentState.RESERVED).exists()


def number_committed_apart() -> int:
    """The mistake that must be found out: the number is committed before the document, and the process dies between."""
    wish = Wish.objects.filter(state=Wish.State.WISHED).order_by("pk")[0]

    def deed() -> None:
        year = wish.batch.issued_on.year
        with transaction.atomic():
            numbering.take_number("certificate", year)
        os.kill(os.getpid(), signal.SIGKILL)

    killed = ended_by(child(deed))
    work()
    return killed
