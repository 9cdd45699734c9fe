"""Level descriptors: they cover every criterion once, come with the file, go along, and freeze when used."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.scoring import save_score
from core.errors import Refused
from enrollment.models import CohortState
from programs.grading import RubricRefused, check_levels
from programs.levels import keep_level
from programs.loading import load_programme
from programs.models import Criterion, Level
from programs.publishing import new_rubric
from tests import factories

LANGUAGES = ("kk", "ru", "en")


def level(low, high):  # type: ignore[no-untyped-def]
    return Level(from_points=low, to_points=high)


@given(st.integers(1, 100), st.data())
def test_levels_that_cover_every_point_once_are_taken(maximum, data):
    cuts = sorted(data.draw(st.sets(st.integers(1, maximum), max_size=4)))
    bounds = [0, *cuts, maximum + 1]
    levels = [level(low, high - 1) for low, high in pairwise(bounds)]
    check_levels(levels, maximum)
    for points in range(maximum + 1):
        assert sum(one.from_points <= points <= one.to_points for one in levels) == 1


@pytest.mark.parametrize(
    "levels", [[(1, 20)], [(0, 9), (11, 20)], [(0, 10), (10, 20)], [(0, 19)], [(0, 21)], [(0, 9), (15, 12), (10, 20)]]
)
def test_levels_with_a_gap_an_overlap_or_another_end_are_refused(levels):
    with pytest.raises(RubricRefused):
        check_levels([level(*bounds) for bounds in levels], 20)


@pytest.mark.django_db
def test_shipped_programme_describes_every_level_in_three_languages():
    edition = load_programme()
    criteria = list(edition.current_rubric().criteria.prefetch_related("levels"))
    assert [criterion.at_defence for criterion in criteria] == [False, False, False, True, False]
    for criterion in criteria:
        assert len(criterion.levels.all()) == 4
        check_levels(criterion.levels.all(), criterion.max_points)
        texts = [
            getattr(one, f"{field}_{code}")
            for one in criterion.levels.all()
            for field in ("title", "text")
            for code in LANGUAGES
        ]
        assert all(texts)
        assert len(set(texts)) >= 12


@pytest.mark.django_db
def test_levels_go_along_into_the_next_version():
    edition = load_programme()
    draft = new_rubric(edition=edition, by=None)
    assert Level.objects.filter(criterion__rubric=draft).count() == 20
    assert load_programme() == edition
    assert Level.objects.count() == 40


@pytest.mark.django_db
def test_edition_loaded_before_there_were_levels_gets_them():
    edition = load_programme()
    Level.objects.all().delete()
    load_programme()
    assert Level.objects.filter(criterion__rubric__edition=edition).count() == 20


@pytest.mark.django_db
def test_levels_are_edited_until_points_are_given_by_the_rubric(cohort, listener, trainer):
    criterion = Criterion.objects.get(rubric=cohort.rubric, code="theory")
    one = keep_level(
        Level(criterion=criterion, from_points=0, to_points=20, title_kk="Толық", text_kk="Толық түсіндіреді")
    )
    one.text_kk = "Басқаша"
    keep_level(one)
    type(cohort).objects.filter(pk=cohort.pk).update(state=CohortState.RUNNING)
    save_score(enrolment=listener.enrolments.get(), criterion=criterion, points=5, version=0, by=trainer)
    one.text_kk = "Тағы басқаша"
    with pytest.raises(Refused, match="деңгейлері өзгермейді"):
        keep_level(one)
    assert Level.objects.get().text_kk == "Басқаша"


@pytest.mark.django_db
def test_level_beyond_the_maximum_is_refused(cohort):
    criterion = Criterion.objects.get(rubric=cohort.rubric, code="theory")
    with pytest.raises(Refused, match="20"):
        keep_level(Level(criterion=criterion, from_points=0, to_points=21, title_kk="Толық", text_kk="Мәтін"))


@pytest.mark.django_db
def test_panel_edits_words_of_an_unused_rubric(sign_in, administrator, cohort):
    criterion = Criterion.objects.get(rubric=cohort.rubric, code="theory")
    one = keep_level(Level(criterion=criterion, from_points=0, to_points=20, title_kk="Толық", text_kk="Мәтін"))
    client = sign_in(administrator, "en")
    path = f"/admin/programs/level/{one.pk}/change/"
    assert client.get(path).status_code == 200
    sent = {"title_kk": "Толық", "text_kk": "Жаңа мәтін", "title_ru": "", "text_ru": "", "title_en": "", "text_en": ""}
    assert client.post(path, sent).status_code == 302
    assert Level.objects.get().text_kk == "Жаңа мәтін"
    factories.make_scores(factories.make_enrolment(cohort=cohort), [5, 5, 5, 5, 5], by=administrator)
    assert "stay as they are" in client.post(path, sent | {"text_kk": "Басқа"}, follow=True).content.decode()
