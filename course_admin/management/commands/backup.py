"""`manage.py backup FOLDER`: the database, the stored files and the journal, in a new folder inside FOLDER."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from certificates.journal_file import JournalBrokenError
from course_admin import backup


class Command(BaseCommand):
    help = "Makes a backup of the database, the stored files and the journal. Keys are not in it: keep them apart."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            made = backup.make(folder)
        except (backup.BackupError, JournalBrokenError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{made}")
