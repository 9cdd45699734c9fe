"""`manage.py load_programme [FILE]`: bring a programme from its file into the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core.errors import DomainError
from programs import hours
from programs.loading import load_programme


class Command(BaseCommand):
    help = "Load a programme file; without FILE, the shipped edition. Loading it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="a programme file in YAML")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exits 1 with a sentence when the file is refused; then nothing is written."""
        try:
            edition = load_programme(options["file"])
        except DomainError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(
            _("%(edition)s: %(state)s, %(total)s of %(volume)s hours in the plan")
            % {
                "edition": edition,
                "state": edition.get_state_display(),
                "total": hours.totals(edition.modules.all()).total,
                "volume": edition.volume_hours,
            }
        )
