"""A ZIP that is made while it is sent: no temporary file, and no more in memory than a piece of one member."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils import timezone

PIECE = 64 * 1024  # bytes that are read from a file at once


@dataclass(frozen=True)
class Member:
    """One file of the archive: its name, and its content piece by piece. `packed` is already compressed."""

    name: str
    pieces: Iterable[bytes]
    packed: bool = False


class _Sink(io.RawIOBase):
    """Takes what the archive writes until it is sent on; nobody can go back in it."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece) -> int:  # type: ignore[no-untyped-def]
        self._written.append(bytes(piece))
        return len(piece)

    def take(self) -> bytes:
        """What has been written since the last time."""
        written, self._written = b"".join(self._written), []
        return written


def stream_zip(members: Iterable[Member]) -> Iterator[bytes]:
    """The archive's bytes. Members are asked for one after the other, each when the one before has been sent."""
    sink = _Sink()
    now = timezone.localtime().timetuple()[:6]
    with zipfile.ZipFile(sink, "w") as archive:
        for member in members:
            entry = zipfile.ZipInfo(member.name, date_time=now)
            entry.compress_type = zipfile.ZIP_STORED if member.packed else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            with archive.open(entry, "w") as target:
                for piece in member.pieces:
                    target.write(piece)
                    if written := sink.take():
                        yield written
            yield sink.take()
    yield sink.take()
