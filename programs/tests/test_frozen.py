"""The database itself refuses changes of a locked edition and of a published rubric (I10), whatever writes them."""

import pytest
from django.db import IntegrityError, transaction

from programs import publishing
from programs.models import Band, Criterion, EditionItem, EditionState, Module, ProgrammeEdition, Rubric, Source, Term
from tests.factories import make_edition

pytestmark = pytest.mark.django_db
LOCKED = [EditionState.APPROVED, EditionState.IN_USE, EditionState.ARCHIVED]
OPEN = [EditionState.DRAFT, EditionState.DISCUSSION, EditionState.AGREED]
CHANGES = {
    "edition volume": lambda e: ProgrammeEdition.objects.update(volume_hours=76),
    "edition title": lambda e: ProgrammeEdition.objects.update(title_ru="?"),
    "edition acknowledgement": lambda e: ProgrammeEdition.objects.update(acknowledgement_kk=""),
    "edition saved": lambda e: ProgrammeEdition.objects.get().save(),
    "edition deleted": lambda e: ProgrammeEdition.objects.filter(pk=e.pk)._raw_delete("default"),
    "module edited": lambda e: Module.objects.filter(no=1).update(lecture=5),
    "module deleted": lambda e: Module.objects.filter(no=1).delete(),
    "module added": lambda e: Module.objects.create(edition=e, no=8, title_kk="8"),
    "item edited": lambda e: EditionItem.objects.update(text_kk="?"),
    "item deleted": lambda e: EditionItem.objects.all().delete(),
    "item added": lambda e: EditionItem.objects.create(edition=e, kind="skill", position=2, text_kk="?"),
    "term edited": lambda e: Term.objects.update(definition_en="?"),
    "term deleted": lambda e: Term.objects.all().delete(),
    "term added": lambda e: Term.objects.create(edition=e, position=2, term_kk="?", definition_kk="?"),
    "source edited": lambda e: Source.objects.update(url=""),
    "source deleted": lambda e: Source.objects.all().delete(),
    "source added": lambda e: Source.objects.create(edition=e, section="main", no=2, title="?"),
}
RUBRIC_CHANGES = {
    "rubric renumbered": lambda e: Rubric.objects.update(version=7),
    "rubric unpublished": lambda e: Rubric.objects.update(state="draft"),
    "rubric deleted": lambda e: Rubric.objects.all()._raw_delete("default"),
    "criterion edited": lambda e: Criterion.objects.filter(code="theory").update(max_points=21),
    "criterion deleted": lambda e: Criterion.objects.filter(code="theory")._raw_delete("default"),
    "criterion added": lambda e: Criterion.objects.create(rubric=e.rubrics.get(), code="x", position=6, max_points=1),
    "band edited": lambda e: Band.objects.filter(code="failed").update(passed=True),
    "band deleted": lambda e: Band.objects.filter(code="failed").delete(),
    "band added": lambda e: Band.objects.create(
        rubric=e.rubrics.get(), code="x", from_total=0, to_total=1, passed=True
    ),
}


def edition_in(state: str) -> ProgrammeEdition:
    """An edition with a line in each of its lists."""
    edition = make_edition(state=EditionState.DRAFT)
    EditionItem.objects.create(edition=edition, kind="skill", position=1, text_kk="Басқару")
    Term.objects.create(edition=edition, position=1, term_kk="Басқару", definition_kk="Ықпал")
    Source.objects.create(edition=edition, section="main", no=1, title="Заң", url="https://adilet.zan.kz/")
    verbs = [publishing.discuss, publishing.agree, publishing.approve, publishing.put_in_use, publishing.archive]
    for verb in verbs[: EditionState.values.index(state)]:
        verb(edition=edition, by=None, **({"acknowledgement": "76/80"} if verb is publishing.approve else {}))
    return edition


def _refused(change, edition) -> bool:  # type: ignore[no-untyped-def]
    try:
        with transaction.atomic():
            change(edition)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize("state", LOCKED)
def test_locked_edition_refuses_every_change(state):
    edition = edition_in(state)
    for name, change in (CHANGES | RUBRIC_CHANGES).items():
        assert _refused(change, edition), name


@pytest.mark.parametrize("state", OPEN)
def test_open_edition_takes_the_same_changes(state):
    edition = edition_in(state)
    for name, change in (CHANGES | RUBRIC_CHANGES).items():
        with transaction.atomic():
            if name in ("edition deleted", "rubric deleted"):
                ProgrammeEdition.objects.get().delete()  # with its rubric
            else:
                change(edition)
            transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("state", "back"),
    [
        ("approved", "agreed"),
        ("approved", "draft"),
        ("in_use", "approved"),
        ("in_use", "draft"),
        ("archived", "in_use"),
        ("archived", "draft"),
    ],
)
def test_state_past_approval_never_goes_back_even_by_sql(state, back):
    edition_in(state)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgrammeEdition.objects.update(state=back)
    assert ProgrammeEdition.objects.get().state == state


def test_row_cannot_be_moved_into_or_out_of_a_locked_edition():
    locked, draft = edition_in(EditionState.APPROVED), make_edition(year=2027, state=EditionState.DRAFT)
    for change in (
        lambda: Module.objects.filter(edition=draft, no=7).update(edition=locked, no=9),
        lambda: Module.objects.filter(edition=locked, no=7).update(edition=draft, no=9),
        lambda: Criterion.objects.filter(rubric__edition=draft, code="theory").update(
            rubric=locked.rubrics.get(), code="t2"
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_edition_in_use_takes_another_rubric_which_then_freezes(administrator):
    edition = edition_in(EditionState.IN_USE)
    rubric = publishing.new_rubric(edition=edition, by=administrator)
    rubric.criteria.filter(code="theory").update(max_points=25)
    rubric.criteria.filter(code="cases").update(max_points=20)
    publishing.publish_rubric(rubric=rubric, by=administrator)
    for change in (
        lambda: rubric.criteria.filter(code="theory").update(max_points=20),
        lambda: rubric.bands.filter(code="failed").delete(),
        lambda: Rubric.objects.filter(pk=rubric.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_draft_rubric_of_an_archived_edition_freezes_with_it(administrator):
    edition = edition_in(EditionState.IN_USE)
    rubric = publishing.new_rubric(edition=edition, by=administrator)
    publishing.archive(edition=edition, by=administrator)
    with pytest.raises(IntegrityError), transaction.atomic():
        rubric.criteria.filter(code="theory").update(max_points=20)
    with pytest.raises(IntegrityError), transaction.atomic():
        Rubric.objects.create(edition=edition, version=9)
