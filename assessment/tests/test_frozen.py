"""What a closed protocol decided refuses to change in the database itself (I10)."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from assessment.models import Attempt, Outcome, Protocol, Score
from tests.factories import close_protocol

pytestmark = pytest.mark.usefixtures("after_the_course")


@pytest.fixture
def protocol(cohort, scored, administrator):  # type: ignore[no-untyped-def]
    """Closed, with one decided and one left out whose attempt is still open."""
    scored("Әлімов", "good")
    waiting = scored("Бекенов", "incomplete")
    return close_protocol(cohort=cohort, held_on=cohort.ends_on, leave_out={waiting.pk: "ауырды"}, by=administrator)


def _insert_score(attempt, by):  # type: ignore[no-untyped-def]
    criterion = attempt.enrolment.cohort.rubric.criteria.get(code="cases")
    Score.objects.filter(attempt=attempt, criterion=criterion).delete()
    Score.objects.create(
        attempt=attempt, criterion=criterion, points=1, max_points=25, entered_by=by, entered_at=timezone.now()
    )


def _insert_outcome(protocol, attempt):  # type: ignore[no-untyped-def]
    band = protocol.cohort.rubric.bands.get(code="good")
    Outcome.objects.create(attempt=attempt, protocol=protocol, band=band, points={}, total=80, passed=True)


def _delete(table, condition="1 = 1"):  # type: ignore[no-untyped-def]
    """Past the ORM, whose PROTECT would refuse first."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {condition}")


FORBIDDEN = {
    "outcome update": lambda p, by: Outcome.objects.update(total=100),
    "outcome delete": lambda p, by: _delete("assessment_outcome"),
    "outcome insert": lambda p, by: _insert_outcome(p, Attempt.objects.get(state="open")),
    "protocol update": lambda p, by: Protocol.objects.update(held_on="2026-09-20"),
    "protocol delete": lambda p, by: _delete("assessment_protocol"),
    "attempt update": lambda p, by: Attempt.objects.filter(state="decided").update(state="open"),
    "attempt delete": lambda p, by: _delete("assessment_attempt", "state = 'decided'"),
    "score update": lambda p, by: Score.objects.filter(attempt__state="decided").update(points=1),
    "score delete": lambda p, by: Score.objects.filter(attempt__state="decided").delete(),
    "score insert": lambda p, by: _insert_score(Attempt.objects.get(state="decided"), by),
    "score moved in": lambda p, by: Score.objects.filter(attempt__state="open").update(
        attempt=Attempt.objects.get(state="decided")
    ),
}


@pytest.mark.parametrize("change", FORBIDDEN.values(), ids=FORBIDDEN.keys())
def test_decided_rows_refuse(protocol, trainer, change):
    with pytest.raises(IntegrityError, match="frozen"), transaction.atomic():
        change(protocol, trainer)


def test_open_rows_change_as_before(protocol, trainer):
    attempt = Attempt.objects.get(state="open")
    _insert_score(attempt, trainer)
    assert attempt.scores.filter(criterion__code="theory").update(points=2) == 1
    assert attempt.scores.filter(criterion__code="theory").delete()[0] == 1
