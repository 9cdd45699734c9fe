"""Notes of checks, gathered in files until the worker counts them: the page that answers writes to no database.

A process appends to a file of its own and begins another each minute; a file whose minute is over is nobody's any more.
A note is a way and a number, or a way alone when there is no such document: neither who asked nor the second.
"""

import logging
import os
import socket
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

log = logging.getLogger(__name__)
ENDING = ".checks"
STILL = 2  # minutes after its own that a file may yet be written to
_lock = threading.Lock()


@dataclass
class _Open:
    """The file that this process appends to now."""

    key: tuple[str, int, int] = ("", 0, 0)  # folder, process, minute
    descriptor: int = -1


_open = _Open()


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
        with _lock:
            os.write(_descriptor(), lines)
    except OSError as error:
        log.warning("checks are not counted: %s", type(error).__name__)


def _descriptor() -> int:
    """Of the file of this process and minute; the one before is closed."""
    key = (settings.CHECKS_FOLDER, os.getpid(), int(time.time() // 60))
    if key != _open.key:
        if _open.descriptor >= 0 and _open.key[1] == key[1]:  # after a fork it is the parent's
            os.close(_open.descriptor)
        _open.descriptor = -1
        folder = Path(key[0])
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{key[2]}-{socket.gethostname()[:40]}-{key[1]}-{uuid.uuid4().hex[:8]}{ENDING}"
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL
        _open.descriptor, _open.key = os.open(folder / name, flags, 0o600), key
    return _open.descriptor


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
