"""A whole installation of its own for tests with real processes: folder, database, queue, web, worker, beat."""

import json
import os
import shlex
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings
from redis import Redis

from course_admin.management.commands.run_course import PROCESSES
from tests.servers import TOGETHER, free_port

BACKGROUND = ("worker", "beat")


def wait_until(true: Callable[[], Any], seconds: float, what: str) -> float:
    """Ask until it is true; the seconds it took. Fails in words after `seconds`."""
    started = time.monotonic()
    while not true():
        assert time.monotonic() - started < seconds, f"{what}: not within {seconds} s"
        time.sleep(0.1)
    return time.monotonic() - started


class Installation:
    """Made in a folder, migrated, with the programme loaded. On PostgreSQL and Redis where the tests run on those."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder, self.port = folder, free_port()
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.base = f"http://127.0.0.1:{self.port}"
        environment = {
            k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")
        }
        self.environment = environment | {"VAR": str(folder), "PORT": str(self.port), "DEMO": "0"} | variables
        self._database = f"installation_{os.getpid()}_{self.port}"
        if address := os.environ.get("DATABASE_URL"):
            self._server(f"CREATE DATABASE {self._database}")
            self.environment["DATABASE_URL"] = address.rpartition("/")[0] + f"/{self._database}"
            self.environment["REDIS_URL"] = os.environ["REDIS_URL"].rpartition("/")[0] + "/1"
            Redis.from_url(self.environment["REDIS_URL"]).flushdb()
        # Fonts and static files take many seconds to make, and they are the same everywhere.
        for name in ("assets", "static"):
            if (settings.VAR / f"{name}.stamp").exists():
                shutil.copytree(settings.VAR / name, folder / name, dirs_exist_ok=True)
                shutil.copy(settings.VAR / f"{name}.stamp", folder)

    def _server(self, statement: str) -> None:
        connection = psycopg2.connect(os.environ["DATABASE_URL"])
        connection.autocommit = True
        connection.cursor().execute(statement)
        connection.close()

    def prepare(self) -> "Installation":
        """Bring the database to where `make run` brings it before it serves; the second one copies the first."""
        on_server = "DATABASE_URL" in self.environment
        template = self.folder.parent / "template.sqlite3"
        if template.exists() and not on_server:
            shutil.copy(template, self.folder / "course.sqlite3")
        elif template.exists():
            self._server(f"DROP DATABASE {self._database}")
            self._server(f"CREATE DATABASE {self._database} TEMPLATE {template.read_text()}")
        else:
            self.manage("migrate", "-v0")
            self.manage("load_programme", "-v0")
            if on_server:
                # One process may prepare several first ones, each in a folder of its own.
                self._server(f"CREATE DATABASE template_{self._database} TEMPLATE {self._database}")
                template.write_text(f"template_{self._database}")
            else:
                with closing(sqlite3.connect(self.folder / "course.sqlite3")) as database:
                    database.execute("VACUUM INTO ?", [str(template)])
        return self

    def manage(self, *arguments: str) -> str:
        """What `manage.py` prints; fails with its whole output when it does."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=900,
        )
        assert done.returncode == 0, f"{shlex.join(command)}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def call(self, function: str, **arguments: Any) -> Any:
        """Run `tests.stages.FUNCTION(**arguments)` in this installation; its result, by way of JSON."""
        code = f"import json; from tests import stages; print(json.dumps(stages.{function}(**{arguments!r})))"
        return json.loads(self.manage("shell", "-v0", "-c", code).splitlines()[-1])

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of one SELECT."""
        if address := self.environment.get("DATABASE_URL"):
            connection: Any = psycopg2.connect(address)
        else:
            connection = sqlite3.connect(f"file:{self.folder / 'course.sqlite3'}?mode=ro", uri=True, timeout=20)
        try:
            cursor = connection.cursor()
            cursor.execute(sql)
            return cursor.fetchall()
        finally:
            connection.close()

    def start(self, *names: str) -> None:
        """Start some of web, worker and beat, each as `make run` starts it and in a process group of its own."""
        for name in names:
            line = PROCESSES[name].format(bind=f"127.0.0.1:{self.port}")
            self.launch(name, [sys.executable, *shlex.split(line)])

    def launch(self, name: str, command: list[str]) -> None:
        """Start one process; its output goes to NAME.log."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [*TOGETHER, *command],
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, name: str) -> None:
        """SIGKILL to a process and all its children at once."""
        process = self.running.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def children(self, name: str) -> list[int]:
        """Process ids of the children of one that was started."""
        pid = self.running[name].pid
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def status(self, path: str) -> int:
        """The HTTP status of one page; 0 when nobody answers."""
        try:
            return urllib.request.urlopen(self.base + path, timeout=10).status
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code
        except OSError:
            return 0

    def close(self) -> None:
        """Stop what still runs and drop the database."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if "DATABASE_URL" in os.environ:
            self._server(f"DROP DATABASE {self._database} WITH (FORCE)")
