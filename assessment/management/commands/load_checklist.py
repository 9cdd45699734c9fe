"""`manage.py load_checklist`: give the shipped competence checklist to each edition in force that has none."""

from typing import Any

from django.core.management.base import BaseCommand

from assessment.checklists import load_checklist
from programs.models import ProgrammeEdition


class Command(BaseCommand):
    help = "Load the shipped competence checklist. Loading it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Say for each edition which version it has."""
        for edition in ProgrammeEdition.objects.in_force():
            self.stdout.write(str(load_checklist(edition)))
