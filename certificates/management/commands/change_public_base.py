"""`manage.py change_public_base NEW --reason TEXT`: papers bear another address, old ones stay answered."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from certificates.bases import change_base
from certificates.models import PublicBase
from core.errors import Refused


class Command(BaseCommand):
    help = "Records that addresses on papers begin with something else from now on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("new", help="the new PUBLIC_BASE_URL, such as https://kurs.example.kz")
        parser.add_argument("--reason", required=True, help="why, for those who ask in ten years")

    def handle(self, *args: Any, **options: Any) -> None:
        """Record it, then say what the environment has to hold."""
        try:
            base = change_base(new=options["new"].rstrip("/"), reason=options["reason"])
        except Refused as refusal:
            raise CommandError(refusal.sentence) from None
        former = list(
            dict.fromkeys(PublicBase.objects.exclude(url=base.url).order_by("pk").values_list("url", flat=True))
        )
        self.stdout.write("Recorded. The environment of web, worker and beat has to say from now on:")
        self.stdout.write(f"PUBLIC_BASE_URL={base.url}")
        self.stdout.write(f"FORMER_BASE_URLS={','.join(former)}")
