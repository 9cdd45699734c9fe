"""`manage.py restore FOLDER`: put a backup back, then let the journal tell what happened since."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from certificates import journal
from certificates.journal_file import JournalBrokenError
from certificates.recovering import replay
from course_admin import backup
from course_admin.management.commands.check_invariants import broken


class Command(BaseCommand):
    help = "Puts a backup back and replays the journal. Stop the web server, the worker and beat before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, nargs="?", help="a backup; without it only the journal is replayed")
        parser.add_argument("--replace", action="store_true", help="even if the database is not empty: it will be lost")

    def handle(self, *args: Any, folder: Path | None, replace: bool, **options: Any) -> None:
        try:
            if folder is not None:
                self._put_back(folder, replace)
            found = replay()
        except (backup.BackupError, JournalBrokenError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"The journal {journal.place()} has {found.lines} lines; new to the database: {found.entries}."
        )
        self.stdout.write(f"Documents that are revoked or replaced by the journal alone: {found.ended}.")
        self.stdout.write(f"Documents that only the journal knows, verifiable all the same: {found.lost}.")
        lines = list(broken())
        for line in lines:
            self.stdout.write(line)
        if lines:
            raise CommandError(f"{len(lines)} invariants are broken.")
        self.stdout.write("All invariants hold.")

    def _put_back(self, folder: Path, replace: bool) -> None:
        manifest = backup.look(folder)
        if not (replace or backup.is_empty()):
            raise CommandError("The database is not empty. With --replace it is lost and the backup takes its place.")
        if manifest.keys != backup.keys_in_use():
            self.stderr.write(
                "The keys of this installation are not those of the backup: identity numbers cannot be read."
            )
        backup.put_back(folder, manifest)
        call_command("migrate", interactive=False, verbosity=0)
        self.stdout.write(f"The backup of {manifest.made_at} is back.")
