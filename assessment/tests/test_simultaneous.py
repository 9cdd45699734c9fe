"""300 pairs of edits of one cell at the same moment: nothing is ever overwritten in silence."""

import os
from functools import partial

import pytest
from django.db import connection

from assessment.invariants import broken
from assessment.models import Score
from assessment.scoring import Entry, ScoreChanged, comment_score, save_cells, save_score
from enrollment.tests.test_capacity_race import all_at_once
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("after_the_course")]
SOAK = int(os.environ.get("SOAK", "1"))


@pytest.fixture
def pairs() -> int:
    """SQLite has one writer at a time, so fewer prove the same there."""
    return 300 if connection.vendor == "postgresql" else 30 * SOAK


def test_pairs_of_edits_of_one_cell_overwrite_nothing_in_silence(cohort, trainer, other_trainer, criteria, pairs):
    cohort.trainers.add(other_trainer)
    people = [factories.make_enrolment(cohort=cohort, surname=f"Әлімов{n}") for n in range(6)]
    for n in range(pairs):
        enrolment, criterion = people[n % 6], criteria[n // 6 % 5]
        before = Score.objects.filter(attempt__enrolment=enrolment, criterion=criterion).first()
        version = before.version if before else 0
        mine, theirs = 2 * (n // 30) % 10, 2 * (n // 30) % 10 + 1  # others than in the round before
        place = {"enrolment": enrolment, "criterion": criterion, "version": version}
        results = all_at_once(
            [
                partial(save_score, points=mine, by=trainer, **place),
                partial(save_score, points=theirs, by=other_trainer, **place),
            ]
        )
        changed = [result for result in results if isinstance(result, ScoreChanged)]
        stored = Score.objects.get(attempt__enrolment=enrolment, criterion=criterion)
        assert (len(changed), stored.version) == (1, version + 1), n
        winner = next(result for result in results if isinstance(result, Score))
        assert (stored.points, stored.entered_by_id) == (winner.points, winner.entered_by_id)
        assert (changed[0].theirs.points, changed[0].theirs.version) == (stored.points, stored.version)
    assert Score.history.count() == pairs
    assert list(broken()) == []


def test_points_comment_and_block_at_once_are_one_after_another(cohort, trainer, other_trainer, criteria):
    """Whoever comes second is told; each accepted write saw the version that it replaced."""
    cohort.trainers.add(other_trainer)
    enrolment = factories.make_enrolment(cohort=cohort)
    place = {"enrolment": enrolment, "criterion": criteria[0], "version": 0}
    for _round in range(10):
        results = all_at_once(
            [
                partial(save_score, points=5, by=trainer, **place),
                partial(comment_score, comment="Тексерілді", by=other_trainer, **place),
                partial(save_cells, enrolment=enrolment, entries=[Entry(criteria[0], 7, place["version"])], by=trainer),
            ]
        )
        flat = [one for result in results for one in (result if isinstance(result, list) else [result])]
        accepted = [one for one in flat if isinstance(one, Score) and one.version == place["version"] + 1]
        assert len(accepted) == 1
        assert sum(isinstance(one, ScoreChanged) for one in flat) == 2
        place["version"] += 1
        Score.objects.filter(criterion=criteria[0]).update(points=1, comment="")
    versions = list(Score.history.order_by("history_id").values_list("version", flat=True))
    assert versions == list(range(1, 11))
