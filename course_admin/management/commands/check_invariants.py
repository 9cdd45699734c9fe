"""`manage.py check_invariants`: hold the whole database against what must always hold (I1–I12)."""

from collections.abc import Iterator
from importlib import import_module

from django.core.management.base import BaseCommand, CommandError

FLOORS = ["core", "programs", "enrollment", "assessment", "certificates", "postcourse"]


def broken() -> Iterator[str]:
    """Every broken invariant of every floor, one line each."""
    for floor in FLOORS:
        yield from import_module(f"{floor}.invariants").broken()


class Command(BaseCommand):
    help = "Checks what must always hold; prints what breaks and exits with status 1 if anything does."

    def handle(self, *args: str, **options: object) -> None:
        lines = list(broken())
        for line in lines:
            self.stdout.write(line)
        if lines:
            raise CommandError(f"{len(lines)} invariants are broken.")
        self.stdout.write("All invariants hold.")
