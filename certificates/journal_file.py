"""The journal's file: lines of JSON that only grow, each with its number and the digest of the line before.

Nothing here knows the database. What is changed, left out, doubled, put elsewhere or cut from the end does not fit the
digests; a cut end is found by whoever knows the last line (the database, the manifest of a backup).
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

FIRST = "0" * 64  # what the first line has for the digest of the line before it
BLOCK = 1 << 13  # bytes read at once from the end


class JournalBrokenError(RuntimeError):
    """The file is not what was written; the message names the line."""


@dataclass(frozen=True)
class Line:
    """A line of the journal: its number from 1, its digest, and what it tells."""

    no: int
    digest: str
    entry: dict[str, Any]


def written(no: int, before: str, entry: dict[str, Any]) -> tuple[bytes, Line]:
    """A line as bytes, and as what it says; `before` is the digest of the line before."""
    body = {"line": no, "before": before, "entry": entry}
    digest = _digest(body)
    return _text(body | {"digest": digest}) + b"\n", Line(no, digest, entry)


def _text(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _digest(body: dict[str, Any]) -> str:
    return hashlib.sha256(_text(body)).hexdigest()


def _parsed(raw: bytes, place: str) -> tuple[str, Line]:
    """A line's digest of the line before, and the line. Raises `JournalBrokenError`."""
    try:
        value = json.loads(raw)
        no, before, entry, digest = value["line"], value["before"], value["entry"], value["digest"]
    except (ValueError, KeyError, TypeError) as error:
        raise JournalBrokenError(f"{place}: it cannot be read") from error
    line = Line(no, digest, entry)
    if written(no, before, entry)[0] != raw + b"\n":
        raise JournalBrokenError(f"{place}: it has been changed")
    return before, line


def read(path: Path) -> Iterator[Line]:
    """Every whole line from the first, each held against the one before; a last line without its end is left out.

    Raises `JournalBrokenError` at the first line that does not fit. No file means no lines.
    """
    if not path.exists():
        return
    before, no = FIRST, 0
    with path.open("rb") as file:
        for raw in file:
            if not raw.endswith(b"\n"):
                return  # what a killed process or a full disk left; whoever knows the last line says if it was more
            said, line = _parsed(raw[:-1], f"line {no + 1}")
            if (line.no, said) != (no + 1, before):
                raise JournalBrokenError(f"line {no + 1}: it does not follow the line before it")
            before, no = line.digest, line.no
            yield line


@contextmanager
def held(path: Path) -> Iterator[IO[bytes]]:
    """The file, open for reading and appending, for this process alone; made when there is none."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b", buffering=0) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        if is_new:
            _to_disk(path.parent)
        yield file


def _to_disk(folder: Path) -> None:
    """A new file's name, too, is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def last_lines(file: IO[bytes], after: int) -> tuple[list[Line], int]:
    """The line numbered `after` (if there is one) with all that follow it, and where the last whole line ends (bytes).

    What stands behind that end was never acknowledged, or is what is left of a cut line. Raises `JournalBrokenError`.
    """
    size = start = file.seek(0, os.SEEK_END)
    content = whole = b""
    found: list[tuple[str, Line]] = []
    while start > 0 and not (found and found[0][1].no <= after):
        start = max(0, start - BLOCK - len(content))
        file.seek(start)
        content = _read(file, size - start)
        whole = content[: content.rfind(b"\n") + 1]
        lines = whole.split(b"\n")[:-1]
        # The first may have begun before what was read.
        found = [_parsed(raw, "one of the last lines") for raw in (lines[1:] if start else lines)]
    for (_, one), (said, two) in pairwise(found):
        if (two.no, said) != (one.no + 1, one.digest):
            raise JournalBrokenError(f"line {two.no}: it does not follow the line before it")
    if start == 0 and found and (found[0][0], found[0][1].no) != (FIRST, 1):
        raise JournalBrokenError("line 1: it is not the first one")
    return [line for _, line in found if line.no >= after], size - len(content) + len(whole)


def last_line(file: IO[bytes]) -> Line | None:
    """The last whole line, None without one. Raises `JournalBrokenError` when it cannot be read."""
    size, block = file.seek(0, os.SEEK_END), BLOCK
    while True:
        start = max(0, size - block)
        file.seek(start)
        content = _read(file, size - start)
        lines = content[: content.rfind(b"\n") + 1].split(b"\n")[:-1]
        if len(lines) > 1 or (lines and not start):
            return _parsed(lines[-1], "the last line")[1]
        if not start:
            return None
        block *= 2


def _read(file: IO[bytes], size: int) -> bytes:
    """Exactly so many bytes; a raw file may give fewer at once."""
    parts, left = [], size
    while left and (part := file.read(left)):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


def append(file: IO[bytes], end: int, last: Line | None, entries: Sequence[dict[str, Any]]) -> list[Line]:
    """Write these behind the last line, which ends at byte `end`; when it returns they are on the disk.

    Raises `OSError`, for a full disk say; the file is then as it was.
    """
    lines, content = [], []
    for entry in entries:
        raw, last = written((last.no if last else 0) + 1, last.digest if last else FIRST, entry)
        content.append(raw)
        lines.append(last)
    file.truncate(end)
    left = memoryview(b"".join(content))
    try:
        while left:
            left = left[file.write(left) :]
        os.fsync(file.fileno())
    except OSError:
        file.truncate(end)
        raise
    return lines
