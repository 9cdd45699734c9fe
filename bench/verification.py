"""The verification page against a constant view behind the same middleware, with few and with many documents."""

import itertools
import random
from collections.abc import Iterator

from django.db import connection
from django.utils import timezone

from bench.measure import Row, compare
from bench.pages import CONSTANT, application, getter
from bench.rendering import snapshot
from certificates.models import Document, DocumentState, Kind
from certificates.public import public_facts
from certificates.validity import valid_until
from core.kazakh import search_key
from enrollment.models import CohortState, Enrolment, EnrolmentState
from programs.models import ProgrammeEdition
from tests import factories

VALID = 1_000
MANY = 1_000_000
GOAL = 0.4


def fill() -> list[str]:
    """VALID certificates, each of a listener of its own; their tokens."""
    user = factories.UserFactory(is_administrator=True)
    signatory = factories.make_signatory()
    cohort = factories.make_cohort(
        edition=ProgrammeEdition.objects.get(), code="MANY", state=CohortState.CLOSED, capacity=VALID, trainers=[]
    )
    listeners = factories.ListenerFactory.create_batch(VALID, employer=None)
    today = timezone.localdate()
    order = factories.make_order(cohort)
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(cohort=cohort, listener=one, state=EnrolmentState.COMPLETED, order=order) for one in listeners
    )
    printed = snapshot()
    facts = public_facts(printed)
    rows = [
        Document(
            kind=Kind.CERTIFICATE,
            enrolment=enrolment,
            signatory=signatory,
            state=DocumentState.READY,
            year=today.year,
            counter=number,
            number=f"SE-{today.year}-{number:06d}",
            token=f"{random.getrandbits(128):032x}",
            holder=enrolment.listener.full_name,
            holder_key=search_key(enrolment.listener.full_name),
            issued_on=today,
            issued_by=user,
            valid_until=valid_until(today, 3),
            file="none.pdf",
            size=1,
            sha256="0" * 64,
            ready_at=timezone.now(),
            snapshot=printed,
            facts=facts | {"number": f"SE-{today.year}-{number:06d}", "holder": enrolment.listener.full_name},
        )
        for number, enrolment in enumerate(enrolments, start=1)
    ]
    Document.objects.bulk_create(rows, batch_size=200)
    return [row.token for row in rows]


def multiply(total: int) -> None:
    """Copies of the first document, replaced ones, until there are `total` documents, by the database itself."""
    postgresql = connection.vendor == "postgresql"
    column = {field.column: f'd."{field.column}"' for field in Document._meta.concrete_fields if not field.primary_key}
    column["number"] = "'XX-' || n"
    column["counter"] = "n"
    column["state"] = "'replaced'"
    column["facts"] = "'{}'"
    column["snapshot"] = "'{}'"  # nobody asks for these; with their texts the file would be two gigabytes
    column["token"] = "replace(gen_random_uuid()::text, '-', '')" if postgresql else "lower(hex(randomblob(16)))"
    series = f"generate_series({VALID + 1}, {total}) AS s(n)" if postgresql else "s"
    head = (
        ""
        if postgresql
        else f"WITH RECURSIVE s(n) AS (SELECT {VALID + 1} UNION ALL SELECT n + 1 FROM s WHERE n < {total}) "
    )
    names = ", ".join(f'"{name}"' for name in column)
    source = f"SELECT {', '.join(column.values())} FROM certificates_document d, {series} WHERE d.counter = 1"
    with connection.cursor() as cursor:
        if not postgresql:
            cursor.execute("PRAGMA synchronous = OFF")
            cursor.execute("PRAGMA cache_size = -500000")
        cursor.execute(f"INSERT INTO certificates_document ({names}) {head}{source}")
        cursor.execute("ANALYZE")


def rows() -> Iterator[Row]:
    """The page at a thousand and at a million documents."""
    handler = application()
    tokens = fill()
    random.shuffle(tokens)
    endless = itertools.cycle(tokens)
    page = getter(handler, lambda: f"/v/{next(endless)}/")
    nothing = getter(handler, lambda: CONSTANT)
    for count in (VALID, MANY):
        if count > VALID:
            multiply(count)
        what = f"verification page, {Document.objects.count():_} documents".replace("_", " ")
        yield compare(what, page, "constant view", nothing, times=300, goal=GOAL)
