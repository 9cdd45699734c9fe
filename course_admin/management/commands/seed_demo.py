"""`manage.py seed_demo`: fill an empty database with a demonstration of invented people."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from assessment.checklists import load_checklist
from core.errors import DomainError
from course_admin.demo import seed
from enrollment.models import Cohort
from programs.loading import load_programme


class Command(BaseCommand):
    help = "Fills an empty database with one cohort in every stage. Refuses where people or cohorts exist."

    def handle(self, *args: str, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demonstration is off. Set DEMO=1 to allow it.")
        if User.objects.exists() or Cohort.objects.exists():
            raise CommandError("The database is not empty, so no demonstration is made in it.")
        try:
            edition = load_programme()
            load_checklist(edition)
            cast = seed(edition=edition, password=settings.DEMO_PASSWORD)
        except DomainError as refusal:
            raise CommandError(refusal.sentence) from refusal
        self.stdout.write(
            f"Demonstration made: {Cohort.objects.count()} cohorts; administrator {cast.administrator.email}."
        )
