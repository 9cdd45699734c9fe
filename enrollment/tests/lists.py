"""Lists of invented people to import, and the pages they meet."""

from django.urls import reverse

from core.identifiers import invented_bin, invented_iin
from core.spreadsheets import write_xlsx
from enrollment.import_columns import template_headings


def iin(serial: int) -> str:
    """The IIN of the person in `row(serial)`; the factories begin elsewhere."""
    return invented_iin(100_000 + serial)


def bin_(serial: int) -> str:
    """The BIN of that person's employer."""
    return invented_bin(40_000 + serial)


def row(serial: int, **cells: str) -> list[str]:
    """One right row of a list, in the order of the template; `cells` replace some."""
    values = {
        "iin": iin(serial),
        "surname": f"Әлімов{chr(1072 + serial % 30)}",
        "given_name": "Айбек",
        "patronymic": "Серікұлы",
        "position": "директор",
        "employer": f"№ {serial} мектеп",
        "bin": bin_(serial),
        "email": f"person{serial}@example.kz",
        "phone": "+7 701 000 00 00",
    }
    return list((values | cells).values())


def workbook(*rows: list[str], header: list[str] | None = None) -> bytes:
    """An XLSX list."""
    return write_xlsx(rows, header=header or template_headings("kk"), title="Тыңдаушылар")


def at(name, cohort, *more):  # type: ignore[no-untyped-def]
    """The address of a cohort's page."""
    return reverse(f"admin:enrollment_cohort_{name}", args=[cohort.pk, *more])


def text(response):  # type: ignore[no-untyped-def]
    """A page with its white space collapsed."""
    return " ".join(response.content.decode().split())
