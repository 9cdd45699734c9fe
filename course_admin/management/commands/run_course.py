"""`manage.py run_course`: everything that one machine needs to serve the course, from set-up to Ctrl-C."""

import contextlib
import hashlib
import io
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from honcho import manager as honcho
from honcho.compat import ProcessManager
from honcho.printer import Message, Printer
from kombu.exceptions import OperationalError

from accounts.models import User
from certificates import journal
from certificates.models import JournalEntry
from core.models import Heartbeat
from core.tasks import beat
from enrollment.models import Cohort

HOST = "127.0.0.1"
# A worker that is stopped finishes the paper in hand; what it leaves is taken up at the next start.
honcho.KILL_WAIT = 10
# Celery warns whoever runs it as root, for the sake of pickled messages; ours are JSON.
CELERY = "-W ignore::RuntimeWarning -m celery --quiet -A course_admin"
PROCESSES = {
    "web": "-m gunicorn course_admin.wsgi --bind {bind} --workers 2 --threads 2 --timeout 60"
    " --no-control-socket --log-level warning",
    "worker": f"{CELERY} worker --concurrency 2 --loglevel WARNING --without-gossip --without-mingle",
    "beat": f"{CELERY} beat --loglevel WARNING --pidfile=",
}
# What no page asks for: fonts of papers, and Bootstrap's other builds. Collecting takes a quarter of the time.
UNUSED = ["*.ttf", "bootstrap-*", "*.rtl.*", "*.esm.*", "bootstrap.css*", "bootstrap.js*", "bootstrap.min.js*"]
UNUSED += ["bootstrap.bundle.js*", *StaticFilesConfig.ignore_patterns]
DEMO_ACCOUNTS = ("admin@demo.kz", "trainer@demo.kz", "listener@demo.kz")


def refuse_taken_port(port: int) -> None:
    """Raise a sentence when somebody listens on the port already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise CommandError(
                f"Port {port} of {HOST} cannot be used ({error.strerror}). "
                f"Stop what uses it or choose another one: PORT={port + 1} make run"
            ) from None


def compile_messages() -> None:
    """Compile our own translations where the text is newer than what was compiled from it."""
    for path in (p for folder in settings.LOCALE_PATHS for p in Path(folder).glob("*/LC_MESSAGES/*.po")):
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
            subprocess.run(["msgfmt", "--check-format", "-o", compiled, path], check=True)  # noqa: S603, S607


def collect_static() -> None:
    """Collect, hash and compress the static files, unless none has changed since the last time."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in sorted(finder.list([]), key=lambda found: found[0]):
            facts = os.stat(storage.path(path))
            digest.update(f"{path} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    mark = settings.VAR / "static.stamp"
    if (
        mark.exists()
        and mark.read_text() == digest.hexdigest()
        and (settings.STATIC_ROOT / "staticfiles.json").exists()
    ):
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=UNUSED)
    mark.write_text(digest.hexdigest())


def refuse_forgotten_journal() -> None:
    """Raise a sentence when the journal tells of documents and the database of none."""
    place = journal.place()
    if place.exists() and place.stat().st_size and not JournalEntry.objects.exists():
        raise CommandError(
            f"The database is empty, but the journal {place} tells of issued documents. Put a backup back "
            "(manage.py restore FOLDER), or let the journal alone be replayed (manage.py restore). If these were only "
            "documents of a demonstration, move the journal away."
        )


def prepare_demonstration() -> None:
    """Fill an empty database with invented people; let the demonstration accounts have the password that is printed."""
    if not User.objects.exists() and not Cohort.objects.exists():
        print("Filling the empty database with invented people …", flush=True)
        call_command("seed_demo", stdout=io.StringIO())
    accounts = list(User.objects.filter(email__in=DEMO_ACCOUNTS))
    if accounts and not accounts[0].check_password(settings.DEMO_PASSWORD):
        for account in accounts:
            account.set_password(settings.DEMO_PASSWORD)
            account.save(update_fields=["password"])


def prepare() -> None:
    """Bring translations, fonts, static files, database and programme up to date; fill an empty demonstration."""
    compile_messages()
    call_command("build_assets")
    collect_static()
    call_command("migrate", interactive=False, verbosity=0)
    refuse_forgotten_journal()
    call_command("load_programme", stdout=io.StringIO())
    call_command("load_checklist", stdout=io.StringIO())
    if settings.DEMO:
        prepare_demonstration()


def ask_for_a_first_sign_of_life() -> None:
    """Forget earlier heartbeats, so that /readyz speaks of this start, and let the worker find a task at once."""
    Heartbeat.objects.all().delete()
    try:
        beat.apply_async(retry=False)
    except (OperationalError, OSError):
        raise CommandError(
            f"The queue does not answer at {settings.REDIS_URL}. Start Redis or unset REDIS_URL."
        ) from None


class OneByOne(ProcessManager):
    """Asks the process that we started to stop, not its children: the worker lets the paper in hand be finished."""

    def terminate(self, pid: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)


class Watcher(Printer):
    """Passes the processes' lines on; calls `started` once they run and remembers which one ended first."""

    ended = ""

    def __init__(self, started: Callable[[], None]) -> None:
        super().__init__(sys.stdout)
        self._started: Callable[[], None] | None = started

    def write(self, message: Message) -> None:
        if message.name != honcho.SYSTEM_PRINTER_NAME:
            super().write(message)
        elif self._started:
            # By the first word of the manager all processes are forked, so a thread does no harm from here on.
            threading.Thread(target=self._started, daemon=True).start()
            self._started = None
        elif " stopped (rc=" in message.data and not self.ended:
            self.ended = message.data.split()[0]


def welcome(base: str, seconds: float) -> str:
    """What a person needs to know once everything is up."""
    lines = ["", f"Ready after {seconds:.0f} s.", ""]
    pages = {
        "Home page": "/",
        "Check a document": "/verify/",
        "Administrators": "/admin/",
        "Trainers": "/trainer/",
        "Listeners": "/my/",
    }
    lines += [f"  {name:<17} {base}{path}" for name, path in pages.items()]
    if not os.environ.get("EMAIL_URL"):
        lines += ["", f"  Mail is not sent; each letter is a file in {settings.VAR / 'mail'}"]
    if settings.DEMO:
        accounts = ", ".join(DEMO_ACCOUNTS)
        lines += ["", f"  Demonstration accounts: {accounts}", f"  Their password: {settings.DEMO_PASSWORD}"]
    return "\n".join([*lines, "", "Ctrl-C stops everything.", ""])


def announce(started: float) -> None:
    """Wait until /readyz says that web, queue, worker and beat are at work, then print where to go."""
    request = urllib.request.Request(f"http://{HOST}:{settings.PORT}/readyz", headers={"Host": settings.PUBLIC_HOST})
    while True:
        try:
            urllib.request.urlopen(request, timeout=5)  # noqa: S310 our own address
        except (OSError, urllib.error.HTTPError):
            time.sleep(0.3)
            continue
        print(welcome(settings.PUBLIC_BASE_URL, time.monotonic() - started), flush=True)
        return


class Command(BaseCommand):
    help = "Sets up what is missing, then runs web server, worker and beat until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--prepare-only", action="store_true", help="set up, do not start anything")

    def handle(self, *args: Any, **options: Any) -> None:
        """Set up, start the three processes, and stop all of them as soon as one ends or a signal comes."""
        started = time.monotonic()
        if not options["prepare_only"]:
            refuse_taken_port(settings.PORT)
        prepare()
        if options["prepare_only"]:
            return
        ask_for_a_first_sign_of_life()
        connections.close_all()
        printer = Watcher(lambda: announce(started))
        processes = honcho.Manager(printer)
        processes._procmgr = OneByOne()
        for name, command in PROCESSES.items():
            line = command.format(bind=f"{HOST}:{settings.PORT}")
            processes.add_process(name, f"exec {shlex.quote(sys.executable)} {line}", cwd=str(settings.BASE_DIR))
        processes.loop()
        if processes.returncode not in (130, 143):
            raise CommandError(
                f"The {printer.ended} process ended by itself, so everything was stopped; see above why."
            )
        self.stdout.write("Stopped.")
