"""The embedded queue: a folder of message files, for an installation without Redis.

Kombu's own folder transport writes a message under its final name, so a worker that looks at that moment reads half of
it and stops; and it moves each one through the system's temporary folder. Here a message appears whole, by renaming,
and stays in its folder. It may still be lost with a killed worker: a message only says "look now", rows are the truth.
"""

import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    """One file per message, named by its time and its queue; a name that begins with a dot is not a message yet."""

    def _put(self, queue: str, payload: dict[str, Any], **kwargs: Any) -> None:  # type: ignore[override]
        """Put one message at the end of `queue`."""
        folder = Path(self.data_folder_out)
        name = f"{time.time_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        hidden = folder / f".{name}"
        hidden.write_text(dumps(payload))
        hidden.replace(folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        """Take the oldest message of `queue`; raises `Empty`. A file that is no message is dropped."""
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder)):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            mine = folder / f".taken-{name}"
            try:
                (folder / name).rename(mine)
            except FileNotFoundError:
                continue  # another worker was quicker
            text = mine.read_text()
            mine.unlink()
            try:
                return loads(text)
            except ValueError:
                continue
        raise Empty


class Transport(filesystem.Transport):
    """Named `folder://` in CELERY_BROKER_URL."""

    Channel = Channel
