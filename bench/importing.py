"""A list of 10,000 listeners, read, judged and written, against reading the file and writing the same rows unjudged.

Time, memory and queries; each at most three times those of the floor.
"""

import gc
import io
import tracemalloc
from collections.abc import Callable, Iterator

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from bench.measure import Row, compare
from core.identifiers import invented_bin, invented_iin
from core.spreadsheets import write_xlsx
from core.states import born
from enrollment.importing import apply_import, plan_import
from enrollment.models import Agreement, Cohort, CohortState, Employer, Enrolment, EnrolmentState, Listener
from programs.models import ProgrammeEdition
from tests import factories

PEOPLE = 10_000
SCHOOLS = 500
SECONDS = 5
HEADER = ["ИИН", "Фамилия", "Имя", "Отчество", "Должность", "Место работы", "БИН", "Электронная почта", "Телефон"]


def people() -> list[list[str]]:
    """Rows of the list: invented people of SCHOOLS schools."""
    return [
        [
            invented_iin(number),
            factories.SURNAMES[number % 15],
            factories.GIVEN[number % 10],
            factories.PATRONYMICS[number % 6],
            "директор",
            f"№ {number % SCHOOLS} мектеп",
            invented_bin(number % SCHOOLS),
            f"person{number}@example.kz",
            "",
        ]
        for number in range(1, PEOPLE + 1)
    ]


def undone(act: Callable[[], None]) -> Callable[[], None]:
    """The act inside a transaction that is rolled back, so that the next turn finds the same database."""

    def do() -> None:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)

    return do


def floor(content: bytes, cohort: Cohort) -> None:
    """What cannot be saved: read the cells, write the rows that an import writes as they come, and their history."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()[1:]
    names = {row[6]: row[5] for row in rows}
    schools = {one.bin: one for one in Employer.objects.bulk_create(Employer(bin=b, name=n) for b, n in names.items())}
    listeners = Listener.objects.bulk_create(
        (
            Listener(
                surname=row[1],
                given_name=row[2],
                patronymic=row[3],
                position=row[4],
                employer=schools[row[6]],
                email=row[7],
                iin_digest=row[0],
                iin_sealed=row[0],
            )
            for row in rows
        ),
        batch_size=500,
    )
    Employer.history.bulk_history_create(list(schools.values()), batch_size=500)
    Listener.history.bulk_history_create(listeners, batch_size=500)
    places = Enrolment.objects.bulk_create(
        (Enrolment(cohort=cohort, listener=one, state=EnrolmentState.ADMITTED) for one in listeners), batch_size=500
    )
    born(places, by=None)
    today = timezone.localdate()
    Agreement.objects.bulk_create(
        (Agreement(enrolment=one, kind=Agreement.Kind.PAPER, dated_on=today) for one in places), batch_size=500
    )


def peak(act: Callable[[], None]) -> float:
    """The most memory that Python held for the act, MiB."""
    gc.collect()
    tracemalloc.start()
    act()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / 2**20


def queries(act: Callable[[], None]) -> int:
    """How many statements the act runs."""
    with CaptureQueriesContext(connection) as seen:
        act()
    return len(seen)


def rows() -> Iterator[Row]:
    """One row; each turn is one whole import."""
    administrator = factories.UserFactory(is_administrator=True)
    cohort = factories.make_cohort(
        edition=ProgrammeEdition.objects.get(), state=CohortState.OPEN, code="K-10000", capacity=PEOPLE
    )
    content = write_xlsx(people(), header=HEADER, title="Тыңдаушылар")

    def ours() -> None:
        done = apply_import(cohort=cohort, plan=plan_import(cohort, content, "list.xlsx"), by=administrator)
        if done.admitted != PEOPLE:
            raise AssertionError(f"{done.admitted} admitted")

    at_the_floor = undone(lambda: floor(content, cohort))
    row = compare(
        f"import of {PEOPLE} listeners",
        undone(ours),
        "read and write alone",
        at_the_floor,
        times=1,
        rounds=5,
        goal=1 / 3,
    )
    yield row
    yield Row("  its memory, MiB⁻¹", "read and write alone", 1 / peak(undone(ours)), 1 / peak(at_the_floor), goal=1 / 3)
    yield Row(
        "  its queries⁻¹", "read and write alone", 1 / queries(undone(ours)), 1 / queries(at_the_floor), goal=1 / 3
    )
    yield Row("  the same, wanted in 5 s", "once in 5 s", row.ours, 1 / SECONDS, goal=1)
