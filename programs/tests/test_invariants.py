"""What check_invariants says of broken programmes. Locked rows refuse to break, so the edition skips its checks."""

import pytest

from core import states
from programs import invariants
from programs.models import Band, Criterion, EditionState, Module, RubricState
from tests.factories import make_edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved_unchecked():  # type: ignore[no-untyped-def]
    """`approved_unchecked(change)` is an edition that reached approval without the checks of `approve`."""

    def do(change, publish=True, **fields):  # type: ignore[no-untyped-def]
        edition = make_edition(state=EditionState.DRAFT)
        change()
        for step in ("discussion", "agreed", "approved"):
            states.move(edition, step, by=None, **(fields if step == "approved" else {}))
        rubric = edition.rubrics.get()
        if publish:
            states.move(rubric, RubricState.PUBLISHED, by=None)
        return edition, rubric

    return do


def nothing() -> None:
    """No change."""


def test_sound_editions_break_nothing(edition):
    make_edition(year=2027, state=EditionState.DRAFT)
    assert list(invariants.broken()) == []


def test_draft_may_be_incomplete():
    make_edition(state=EditionState.DRAFT)
    Criterion.objects.all().delete()
    Module.objects.update(lecture=50)
    assert list(invariants.broken()) == []


def test_criteria_other_than_100_are_named(approved_unchecked):
    _, rubric = approved_unchecked(lambda: Criterion.objects.filter(code="theory").update(max_points=10))
    assert list(invariants.broken()) == [
        f"I12 rubric {rubric.pk}: The criteria sum to 90 points; they must sum to 100."
    ]


def test_gap_between_bands_is_named(approved_unchecked):
    _, rubric = approved_unchecked(lambda: Band.objects.filter(code="good").delete())
    assert list(invariants.broken()) == [f"I12 rubric {rubric.pk}: No grade band holds the total 70."]


def test_rows_above_the_volume_are_named(approved_unchecked):
    edition, _ = approved_unchecked(lambda: Module.objects.filter(no=1).update(lecture=10))
    assert list(invariants.broken()) == [f"plan of edition {edition.pk}: its rows exceed the volume by 2 hours"]


def test_difference_that_nobody_acknowledged_is_named(approved_unchecked):
    edition, _ = approved_unchecked(nothing, acknowledgement_kk="")
    assert list(invariants.broken()) == [f"plan of edition {edition.pk}: 4 hours in no row, and nobody acknowledged it"]


def test_edition_without_a_published_rubric_is_named(approved_unchecked):
    edition, _ = approved_unchecked(nothing, publish=False)
    assert list(invariants.broken()) == [f"I12 edition {edition.pk}: no published rubric"]
