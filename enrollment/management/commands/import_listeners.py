"""`manage.py import_listeners COHORT FILE`: a list of listeners into a cohort, all of it or nothing."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.models import User
from core.errors import DomainError
from core.spreadsheets import LARGEST_FILE
from enrollment.importing import ImportPlan, apply_import, plan_import
from enrollment.models import Cohort


class Command(BaseCommand):
    """Whoever runs it vouches that signed agreements and consents of all these people are on file."""

    help = (
        "Import listeners from an XLSX or CSV file into a cohort. Prints a line per row with a mistake, and then "
        "writes nothing and ends with 1. Running it states that signed agreements and consents are on file on paper."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("cohort", help="code of the cohort")
        parser.add_argument("file", help="list in XLSX or CSV")
        parser.add_argument(
            "--by", metavar="EMAIL", help="account in whose name it is done; the system itself without it"
        )
        parser.add_argument(
            "--consented-on",
            type=date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="date of the consents; today without it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        cohort = Cohort.objects.filter(code__iexact=options["cohort"]).first()
        if cohort is None:
            raise CommandError(f"There is no cohort with the code {options['cohort']}.")
        consented_on = options["consented_on"]
        if consented_on and consented_on > timezone.localdate():
            raise CommandError("The consent cannot be given in the future.")
        by = self._author(options["by"])
        content = self._content(Path(options["file"]))
        try:
            plan = plan_import(cohort, content, Path(options["file"]).name)
            self._complain(plan)
            imported = apply_import(cohort=cohort, plan=plan, by=by, consented_on=consented_on)
        except DomainError as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(
            f"Imported into {cohort}: {imported.new} new, {imported.changed} changed, {imported.admitted} admitted."
        )

    def _author(self, email: str | None) -> User | None:
        if not email:
            return None
        user = User.objects.filter(email__iexact=email, is_administrator=True, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no administrator with the e-mail {email}.")
        return user

    def _content(self, path: Path) -> bytes:
        try:
            with path.open("rb") as file:
                return file.read(LARGEST_FILE + 1)
        except (OSError, ValueError) as error:
            raise CommandError(f"The file cannot be read: {path} ({type(error).__name__}).") from error

    def _complain(self, plan: ImportPlan) -> None:
        for row in plan.rows:
            for complaint in row.complaints:
                where = f", {complaint.heading}" if complaint.heading else ""
                self.stderr.write(f"row {row.person.no}{where}: {complaint.sentence}")
            for notice in row.notices:
                self.stdout.write(f"row {row.person.no}: {notice}")
