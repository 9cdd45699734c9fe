"""Notes of checks, gathered in files until the worker counts them: the page that answers writes to no database.

A process appends to a file of its own and begins another each minute; a file whose minute is over is nobody's any more.
A note is a way and a number, or a way alone when there is no such document: neither who asked nor the second.
"""

import logging
import os
import socket
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

log = logging.getLogger(__name__)
ENDING = ".checks"
STILL = 2  # minutes after its own that a file may yet be written to


@dataclass
class Notes:
    """What one file says: of one day, for a minute does not go over midnight."""

    day: date
    found: Counter[tuple[str, str]] = field(default_factory=Counter)  # way and number
    not_found: Counter[str] = field(default_factory=Counter)  # way


def note(way: str, *numbers: str | None) -> None:
    """Note that these documents were asked for, None for one that does not exist. Never raises, and takes microseconds.

    Where the folder cannot be written to, the note is lost: the answer is what matters.
    """
    lines = "".join(f"{way}\t{number or ''}\n" for number in numbers).encode()
    try:
        path = _path(settings.CHECKS_FOLDER, os.getpid(), int(time.time() // 60))
        # Opened each time: a descriptor that is kept would have to outlive forks, and whoever closes what is open.
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, lines)
        finally:
            os.close(descriptor)
    except OSError as error:
        log.warning("checks are not counted: %s", type(error).__name__)


@lru_cache(maxsize=4)
def _path(folder: str, process: int, minute: int) -> str:
    """Of the file of this process and minute; its folder is made."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    return f"{folder}/{minute}-{socket.gethostname()[:40]}-{process}-{uuid.uuid4().hex[:8]}{ENDING}"


def finished() -> Iterator[Path]:
    """The files whose minute is over, the oldest first."""
    folder = Path(settings.CHECKS_FOLDER)
    now = int(time.time() // 60)
    for path in sorted(folder.glob(f"*{ENDING}")) if folder.is_dir() else []:
        minute = path.name.partition("-")[0]
        if minute.isdigit() and int(minute) + STILL <= now:
            yield path


def read(path: Path) -> Notes:
    """What a file says; lines that were cut short are passed over. Raises `OSError`."""
    minute = int(path.name.partition("-")[0])
    notes = Notes(timezone.localtime(datetime.fromtimestamp(minute * 60, tz=timezone.get_current_timezone())).date())
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True):
        way, tab, number = line.rstrip("\n").partition("\t")
        if not tab or not line.endswith("\n"):
            continue
        if number:
            notes.found[way, number] += 1
        else:
            notes.not_found[way] += 1
    return notes
