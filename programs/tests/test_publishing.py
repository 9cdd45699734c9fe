"""Each rule of publishing with its refusal; copies; rubric versions."""

import pytest
from django.utils.translation import override

from core.errors import MoveRefused, Refused
from programs import publishing
from programs.grading import RubricRefused
from programs.models import (
    Band,
    Criterion,
    EditionItem,
    EditionState,
    Module,
    ProgrammeEdition,
    RubricState,
    Source,
    Term,
)
from programs.publishing import AcknowledgementNeeded, PlanRefused
from tests.factories import make_edition

pytestmark = pytest.mark.django_db
WORDS = "Төрт сағат бөлінбегенін білемін."


@pytest.fixture
def draft():  # type: ignore[no-untyped-def]
    return make_edition(state=EditionState.DRAFT)


@pytest.fixture
def agreed(draft, administrator):  # type: ignore[no-untyped-def]
    """`agreed()` takes the draft, as it is then, to the state agreed."""

    def do():  # type: ignore[no-untyped-def]
        publishing.discuss(edition=draft, by=administrator)
        return publishing.agree(edition=draft, by=administrator)

    return do


def stored(edition: ProgrammeEdition) -> ProgrammeEdition:
    return ProgrammeEdition.objects.get(pk=edition.pk)


def test_the_whole_way_is_audited_with_who_basis_and_reason(draft, administrator):
    publishing.discuss(edition=draft, by=administrator, reason="сайтқа шықты")
    publishing.back_to_draft(edition=draft, by=administrator, reason="ескертулер")
    publishing.discuss(edition=draft, by=administrator)
    publishing.agree(edition=draft, by=administrator, basis="№ 3 хаттама")
    publishing.approve(edition=draft, by=administrator, acknowledgement=WORDS, basis="№ 7 бұйрық")
    publishing.put_in_use(edition=draft, by=administrator)
    publishing.archive(edition=draft, by=administrator)
    assert [(e.to_state, e.by, e.basis, e.reason) for e in draft.audit_trail()] == [
        ("archived", administrator, "", ""),
        ("in_use", administrator, "", ""),
        ("approved", administrator, "№ 7 бұйрық", ""),
        ("agreed", administrator, "№ 3 хаттама", ""),
        ("discussion", administrator, "", ""),
        ("draft", administrator, "", "ескертулер"),
        ("discussion", administrator, "", "сайтқа шықты"),
        ("draft", None, "", ""),
    ]


@pytest.mark.parametrize(
    ("state", "verbs"),
    [
        ("draft", {"discuss"}),
        ("discussion", {"agree", "back_to_draft"}),
        ("agreed", {"approve", "back_to_draft"}),
        ("approved", {"put_in_use", "archive"}),
        ("in_use", {"archive"}),
        ("archived", set()),
    ],
)
def test_from_each_state_only_the_listed_steps_are_possible(state, verbs, administrator):
    edition = make_edition(state=state)
    for name in ("discuss", "back_to_draft", "agree", "approve", "put_in_use", "archive"):
        if name not in verbs:
            with pytest.raises(MoveRefused):
                getattr(publishing, name)(edition=stored(edition), by=administrator)
    assert (stored(edition).state, edition.audit_trail().count()) == (state, EditionState.values.index(state) + 1)


def test_approve_keeps_the_words_and_the_name_of_the_approver(agreed, administrator):
    edition = publishing.approve(edition=agreed(), by=administrator, acknowledgement=f"  {WORDS} ")
    for found in (edition, stored(edition)):
        assert (found.state, found.acknowledgement_kk, found.acknowledgement_ru, found.acknowledged_by) == (
            EditionState.APPROVED, WORDS, "", "Әкімшіева Айша",
        )  # fmt: skip
    assert edition.current_rubric().state == RubricState.PUBLISHED


def test_approve_in_another_language_still_shows_the_words_to_everybody(agreed, administrator):
    with override("ru"):
        edition = publishing.approve(edition=agreed(), by=administrator, acknowledgement="Знаю о разнице.")
    for language in ("kk", "ru", "en"):
        with override(language):
            assert stored(edition).acknowledgement == "Знаю о разнице."


@pytest.mark.parametrize("words", ["", "  \n ", {"ru": "Знаю."}, {"kk": " "}])
def test_approve_with_rows_below_the_volume_and_no_words_is_refused(agreed, administrator, words):
    edition = agreed()
    with override("en"), pytest.raises(AcknowledgementNeeded) as refusal:
        publishing.approve(edition=edition, by=administrator, acknowledgement=words)
    assert refusal.value.sentence == (
        "The rows of the plan sum to 76 of the declared 80 hours. To approve it, acknowledge the difference in writing."
    )
    assert (stored(edition).state, edition.rubrics.get().state) == (EditionState.AGREED, RubricState.DRAFT)


def test_approve_with_rows_that_make_up_the_volume_needs_no_words_and_keeps_none(draft, agreed, administrator):
    draft.modules.filter(no=1).update(lecture=5, practice=6, self_study=5)
    edition = publishing.approve(edition=agreed(), by=administrator, acknowledgement=WORDS)
    assert (stored(edition).acknowledgement, stored(edition).acknowledged_by) == ("", "")


def test_approve_with_rows_above_the_volume_is_refused(draft, agreed, administrator):
    draft.modules.filter(no=1).update(lecture=9)
    with override("en"), pytest.raises(PlanRefused) as refusal:
        publishing.approve(edition=agreed(), by=administrator, acknowledgement=WORDS)
    assert refusal.value.sentence == "The rows of the plan sum to 81 hours, more than the declared volume of 80."
    assert stored(draft).state == EditionState.AGREED


def test_approve_without_a_plan_is_refused(draft, agreed, administrator):
    draft.modules.all().delete()
    with pytest.raises(PlanRefused):
        publishing.approve(edition=agreed(), by=administrator, acknowledgement=WORDS)


def test_approve_without_a_rubric_is_refused(draft, agreed, administrator):
    draft.rubrics.all().delete()
    with pytest.raises(PlanRefused):
        publishing.approve(edition=agreed(), by=administrator, acknowledgement=WORDS)


@pytest.mark.parametrize("points", [19, 21])
def test_approve_with_criteria_that_do_not_sum_to_100_is_refused(draft, agreed, administrator, points):
    Criterion.objects.filter(code="theory").update(max_points=points)
    with pytest.raises(RubricRefused):
        publishing.approve(edition=agreed(), by=administrator, acknowledgement=WORDS)
    assert stored(draft).state == EditionState.AGREED


def test_approve_with_a_gap_between_bands_is_refused(draft, agreed, administrator):
    Band.objects.filter(code="good").delete()
    with pytest.raises(RubricRefused):
        publishing.approve(edition=agreed(), by=administrator, acknowledgement=WORDS)


def test_approve_judges_by_what_is_stored_not_by_a_stale_copy(agreed, administrator):
    edition = agreed()
    stale = stored(edition)
    publishing.back_to_draft(edition=edition, by=administrator)
    with pytest.raises(MoveRefused):
        publishing.approve(edition=stale, by=administrator, acknowledgement=WORDS)


def test_new_edition_copies_everything_but_the_acknowledgement(administrator):
    edition = make_edition(state=EditionState.DRAFT)
    EditionItem.objects.create(edition=edition, kind="skill", position=1, text_kk="Басқару", text_ru="Управление")
    Term.objects.create(
        edition=edition, position=1, term_kk="Басқару", definition_kk="Ықпал", definition_en="Influence"
    )
    Source.objects.create(edition=edition, section="main", no=1, title="Заң", url="https://adilet.zan.kz/")
    publishing.discuss(edition=edition, by=administrator)
    publishing.agree(edition=edition, by=administrator)
    publishing.approve(edition=edition, by=administrator, acknowledgement=WORDS)
    with override("ru"):
        draft = publishing.new_edition(edition=edition, year=2027, by=administrator)

    def content(of):  # type: ignore[no-untyped-def]
        skip = {"id", "edition_id", "rubric_id"}
        rubric = of.rubrics.get()
        lists = (of.modules, of.items, of.terms, of.sources, rubric.criteria, rubric.bands)
        return [[{k: v for k, v in row.items() if k not in skip} for row in rows.values()] for rows in lists]

    assert content(draft) == content(edition)
    assert [len(rows) for rows in content(draft)] == [7, 1, 1, 1, 5, 4]
    assert (draft.title_kk, draft.title_ru, draft.volume_hours, draft.formats) == (
        edition.title_kk, edition.title_ru, edition.volume_hours, edition.formats,
    )  # fmt: skip
    assert (draft.state, draft.year, draft.acknowledgement_kk, draft.acknowledged_by) == ("draft", 2027, "", "")
    assert (draft.rubrics.get().version, draft.rubrics.get().state) == (1, RubricState.DRAFT)
    assert [(e.to_state, e.by) for e in draft.audit_trail()] == [("draft", administrator)]


def test_new_edition_of_a_year_that_exists_is_refused(edition, administrator):
    with override("en"), pytest.raises(Refused) as refusal:
        publishing.new_edition(edition=edition, year=2026, by=administrator)
    assert refusal.value.sentence == "The programme already has an edition 2026."
    assert ProgrammeEdition.objects.count() == 1


@pytest.mark.parametrize("year", [1999, 2101, -1])
def test_new_edition_of_an_impossible_year_is_refused(edition, administrator, year):
    with pytest.raises(Refused):
        publishing.new_edition(edition=edition, year=year, by=administrator)


def test_new_rubric_is_a_draft_copy_and_the_current_one_stays(edition, administrator):
    current = edition.current_rubric()
    rubric = publishing.new_rubric(edition=edition, by=administrator)
    assert (rubric.version, rubric.state, rubric.criteria.count(), rubric.bands.count()) == (2, RubricState.DRAFT, 5, 4)
    assert edition.current_rubric() == current
    assert publishing.new_rubric(edition=edition, by=administrator) == rubric


def test_publish_rubric_puts_it_into_force_for_new_cohorts_only(edition, cohort, administrator):
    rubric = publishing.new_rubric(edition=edition, by=administrator)
    rubric.criteria.filter(code="theory").update(max_points=25)
    rubric.criteria.filter(code="cases").update(max_points=20)
    publishing.publish_rubric(rubric=rubric, by=administrator, basis="№ 9 бұйрық")
    assert edition.current_rubric() == rubric
    cohort.refresh_from_db()
    assert (cohort.rubric.version, cohort.rubric.criteria.get(code="theory").max_points) == (1, 20)
    assert [(e.to_state, e.basis) for e in rubric.audit_trail()] == [("published", "№ 9 бұйрық"), ("draft", "")]


def test_publish_rubric_that_is_incomplete_is_refused(edition, administrator):
    rubric = publishing.new_rubric(edition=edition, by=administrator)
    rubric.criteria.filter(code="theory").delete()
    with pytest.raises(RubricRefused):
        publishing.publish_rubric(rubric=rubric, by=administrator)
    rubric.refresh_from_db()
    assert rubric.state == RubricState.DRAFT


def test_publish_rubric_twice_is_refused(edition, administrator):
    with pytest.raises(MoveRefused):
        publishing.publish_rubric(rubric=edition.current_rubric(), by=administrator)


def test_rubric_of_a_draft_edition_is_not_published_by_itself(draft, administrator):
    with pytest.raises(Refused):
        publishing.publish_rubric(rubric=draft.rubrics.get(), by=administrator)


def test_new_rubric_of_an_archived_edition_is_refused(administrator):
    with pytest.raises(Refused):
        publishing.new_rubric(edition=make_edition(state=EditionState.ARCHIVED), by=administrator)


def test_new_rubric_of_an_edition_without_one_is_empty(draft, administrator):
    draft.rubrics.all().delete()
    rubric = publishing.new_rubric(edition=draft, by=administrator)
    assert (rubric.version, rubric.criteria.count()) == (1, 0)


def test_modules_know_their_hours(draft):
    assert [module.hours for module in Module.objects.filter(edition=draft)] == [12, 14, 12, 12, 10, 10, 6]
