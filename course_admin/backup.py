"""A backup: the database, the stored files and the journal in one folder, with a list of digests; and the way back.

Keys are not in it (docs/operations.md): who finds a backup must not be able to read identity numbers.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from accounts.models import User
from certificates import journal, journal_file
from certificates.models import Document

DATABASE, DOCUMENTS, JOURNAL, MANIFEST = "database", "documents", "journal.jsonl", "manifest.json"


class BackupError(RuntimeError):
    """Why a backup could not be made or put back, as a sentence for the technician."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds; `line` is the journal's last one, `files` the SHA-256 by path."""

    made_at: str
    vendor: str
    keys: str
    line: int
    digest: str
    files: dict[str, str]


def keys_in_use() -> str:
    """Tells whether two installations have the same keys, without telling the keys."""
    both = b"".join(hashlib.sha256(key.encode() if isinstance(key, str) else key).digest() for key in _secret_keys())
    return hashlib.sha256(both).hexdigest()[:16]


def _secret_keys() -> list[str | bytes]:
    return [settings.SEAL_KEY, settings.DIGEST_KEY]


# --- Making one -----------------------------------------------------------------------------------


def make(folder: Path, now: datetime | None = None) -> Path:
    """A new folder inside `folder` with everything; it has its name only once it is whole. Raises `BackupError`.

    The database comes first and the files after it: no row of the copy names a file that the copy lacks.
    """
    journal.write_down()
    target = folder / f"course-{timezone.localtime(now):%Y%m%d-%H%M%S}"
    partial = target.with_suffix(".partial")
    partial.mkdir(parents=True, mode=0o700)
    _dump(partial / DATABASE)
    (partial / DOCUMENTS).mkdir()
    for name in _stored(""):
        copy = partial / DOCUMENTS / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError), default_storage.open(name, "rb") as stored:  # erased in this moment
            _write(stored, copy)
    if journal.place().exists():
        with journal.place().open("rb") as file:
            _write(file, partial / JOURNAL)
    last = max(journal_file.read(partial / JOURNAL), key=lambda line: line.no, default=None)
    files = {str(p.relative_to(partial)): digest_of(p) for p in sorted(partial.rglob("*")) if p.is_file()}
    facts = {
        "made_at": timezone.localtime(now).isoformat(timespec="seconds"),
        "vendor": connection.vendor,
        "keys": keys_in_use(),
        "line": last.no if last else 0,
        "digest": last.digest if last else "",
        "files": files,
    }
    (partial / MANIFEST).write_text(json.dumps(facts, ensure_ascii=False, indent=1))
    os.sync()
    partial.rename(target)
    return target


def _stored(folder: str) -> Iterator[str]:
    """Names of everything in the store of documents and private files."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{name}".lstrip("/") for name in files)
    for name in folders:
        yield from _stored(f"{folder}/{name}".lstrip("/"))


def _write(source: Any, path: Path) -> None:
    with path.open("wb") as copy:
        shutil.copyfileobj(source, copy)


def digest_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _dump(path: Path) -> None:
    if connection.vendor == "postgresql":
        _run("pg_dump", "--format=custom", "--no-owner", f"--file={path}")
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)


def _run(program: str, *arguments: str) -> None:
    """A program of PostgreSQL's client on our database; the password is in its environment only."""
    found = shutil.which(program) or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)), None
    )
    if found is None:
        raise BackupError(f"{program} is not installed: apt-get install postgresql-client")
    facts = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    environment = os.environ | {name: str(facts[key]) for name, key in names.items() if facts[key]}
    done = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupError(f"{program}: {done.stderr.strip()}")


# --- Putting it back ------------------------------------------------------------------------------


def look(folder: Path) -> Manifest:
    """The manifest of a backup whose every file is as it was written. Raises `BackupError`, naming the file."""
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_text()))
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(f"{folder} is not a whole backup: its {MANIFEST} cannot be read") from error
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file() or digest_of(path) != digest:
            raise BackupError(f"{folder} is damaged: {name} is not as it was written")
    if manifest.vendor != connection.vendor:
        raise BackupError(f"This backup is of {manifest.vendor}, and the database is {connection.vendor}.")
    return manifest


def is_empty() -> bool:
    """Whether the database has neither people who sign in nor documents."""
    tables = connection.introspection.table_names()
    models = [model for model in (User, Document) if model._meta.db_table in tables]
    return not any(model.objects.exists() for model in models)


def put_back(folder: Path, manifest: Manifest) -> None:
    """The database as it was; files that are lost; the journal only if there is none. Raises `BackupError`."""
    _check_journal(folder, manifest)
    _load(folder / DATABASE)
    for path in sorted((folder / DOCUMENTS).rglob("*")):
        name = str(path.relative_to(folder / DOCUMENTS))
        if path.is_file() and not default_storage.exists(name):
            with path.open("rb") as file:
                default_storage.save(name, File(file))


def _check_journal(folder: Path, manifest: Manifest) -> None:
    """The journal goes on from that of the backup; where there is none, that of the backup is taken."""
    place = journal.place()
    if not place.exists():
        if (folder / JOURNAL).exists():
            with journal_file.held(place) as file, (folder / JOURNAL).open("rb") as copy:
                _all(file, copy.read())
        return
    if manifest.line == 0:
        return
    for line in journal_file.read(place):
        if line.no == manifest.line:
            if line.digest != manifest.digest:
                break
            return
    raise BackupError(f"The journal {place} is not the one of this backup: its line {manifest.line} is another one.")


def _all(file: IO[bytes], content: bytes) -> None:
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]
    os.fsync(file.fileno())


def _load(path: Path) -> None:
    if connection.vendor == "postgresql":
        connection.close()
        name = str(connection.settings_dict["NAME"])
        _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--dbname", name, str(path))
        return
    target = Path(connection.settings_dict["NAME"])
    connection.close()
    fresh = target.with_name(target.name + ".restored")
    shutil.copyfile(path, fresh)
    for ending in ("-wal", "-shm"):
        target.with_name(target.name + ending).unlink(missing_ok=True)
    os.replace(fresh, target)
