"""The register of 100,000 people as XLSX: how much memory it takes beside what it wants at most."""

import resource
from collections.abc import Iterator

from django.db import connection

from bench.measure import Row
from enrollment.exports import CohortRegister, export
from enrollment.models import CohortState, Enrolment, EnrolmentState, Listener
from programs.models import ProgrammeEdition
from tests import factories

ROWS = 100_000
MOST = 100  # MiB


def fill() -> None:
    """ROWS enrolments of as many listeners, multiplied by the database itself."""
    cohort = factories.make_cohort(
        edition=ProgrammeEdition.objects.get(), state=CohortState.OPEN, code="K-100000", capacity=30_000
    )
    factories.make_enrolment(cohort=cohort, state=EnrolmentState.ADMITTED, agreed=False)
    postgresql = connection.vendor == "postgresql"
    series = f"generate_series(2, {ROWS}) AS s(n)" if postgresql else "s"
    head = "" if postgresql else f"WITH RECURSIVE s(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM s WHERE n < {ROWS}) "
    with connection.cursor() as cursor:
        for model, changed in (
            (Listener, {"iin_digest": "'x' || n", "surname": "x.surname || n"}),
            (Enrolment, {"listener_id": "n + (SELECT min(id) - 1 FROM enrollment_listener)"}),
        ):
            columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
            values = [changed.get(column, f'x."{column}"') for column in columns]
            names = ", ".join(f'"{column}"' for column in columns)
            table = model._meta.db_table
            source = f"SELECT {', '.join(values)} FROM {table} x, {series}"
            cursor.execute(f"INSERT INTO {table} ({names}) {head}{source}")


def most_so_far() -> float:
    """The most memory that this process has held, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def rows() -> Iterator[Row]:
    """One row; the process is fresh, so what it held before is little."""
    fill()
    before = most_so_far()
    pieces, _content_type = export(CohortRegister(), Enrolment.objects.by_name(), "xlsx")
    size = sum(len(piece) for piece in pieces)
    if size < ROWS * 10:
        raise AssertionError(f"{size} bytes are no register")
    took = most_so_far() - before
    yield Row(f"register of {ROWS} people as XLSX, MiB⁻¹", f"{MOST} MiB more", 1 / max(took, 1), 1 / MOST, goal=1)
