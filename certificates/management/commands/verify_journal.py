"""`manage.py verify_journal`: hold the journal outside the database against itself and against the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from certificates import journal, journal_file


class Command(BaseCommand):
    help = "Finds what was edited, left out, moved or cut in the journal; exits with status 1 if anything was."

    def handle(self, *args: Any, **options: Any) -> None:
        faults = list(journal.faults())
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError(f"The journal {journal.place()} and the database do not agree.")
        lines = sum(1 for _ in journal_file.read(journal.place()))
        self.stdout.write(f"The journal is whole: {lines} lines in {journal.place()}.")
