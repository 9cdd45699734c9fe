"""Two works side by side: who sees what of them."""

import re

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from assessment.likening import likenesses_of
from assessment.models import Likeness
from assessment.printing import print_versions
from assessment.tests.alike import hand_in, make_assignment, prose
from tests import factories

pytestmark = pytest.mark.django_db
COPIED = prose(60, "copied")


@pytest.fixture
def pair(cohort, enrolment):  # type: ignore[no-untyped-def]
    """Two alike works of one cohort."""
    task = make_assignment(cohort)
    hand_in(enrolment, task, f"Менің кіріспем <b>осы</b>. {COPIED}")
    other = factories.make_enrolment(cohort=cohort, surname="Әлімов", given_name="Айбек", patronymic="")
    hand_in(other, task, f"{COPIED} Қорытынды сөзім.")
    print_versions()
    return Likeness.objects.get()


@pytest.fixture
def across(cohort, enrolment, other_cohort, other_listener):  # type: ignore[no-untyped-def]
    """The earlier work is the other cohort's."""
    hand_in(other_listener.enrolments.get(), make_assignment(other_cohort), f"Құпия кіріспе сөз. {COPIED} Құпия соңы.")
    hand_in(enrolment, make_assignment(cohort), f"Менің кіріспем. {COPIED}")
    print_versions()
    return Likeness.objects.get()


def page(client, likeness):  # type: ignore[no-untyped-def]
    response = client.get(f"/trainer/work/alike/{likeness.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def test_both_works_stand_side_by_side_with_numbered_passages(sign_in, trainer, pair):
    shown = page(sign_in(trainer, "en"), pair)
    assert "A hint, not a verdict: read both before you judge." in shown
    assert re.findall(r'<mark id="(\w-\d+)"', shown) == ["a-1", "b-1"]
    assert re.findall(r'href="#(\w-\d+)"', shown) == ["b-1", "a-1"]
    assert 'aria-label="Passage 1, to its place in the other text"' in shown
    assert "Қасымова Әсел" in shown
    assert "Әлімов Айбек" in shown
    assert "Менің кіріспем &lt;b&gt;осы&lt;/b&gt;." in shown
    assert "Қорытынды сөзім." in shown


def test_trainer_of_one_cohort_sees_the_passages_of_the_other_alone(sign_in, trainer, across):
    shown = page(sign_in(trainer, "en"), across)
    assert "a listener of another cohort, 2026" in shown.replace(str(across.earlier.version.handed_in_at.year), "2026")
    assert "Өтегенов" not in shown
    assert "Құпия" not in shown
    assert across.earlier.version.submission.enrolment.cohort.code not in shown
    assert "Менің кіріспем" in shown
    assert shown.count("<mark") == 2


def test_trainer_of_the_other_cohort_sees_it_the_other_way_round(sign_in, other_trainer, across):
    shown = page(sign_in(other_trainer, "en"), across)
    assert "Құпия кіріспе сөз." in shown
    assert "Өтегенов Ерлан" in shown
    assert "Қасымова" not in shown
    assert "Менің кіріспем" not in shown


def test_trainer_of_both_and_administrator_see_both(sign_in, trainer, administrator, across, other_cohort):
    shown = page(sign_in(administrator, "en"), across)
    assert "Өтегенов Ерлан" in shown
    assert "Қасымова Әсел" in shown
    other_cohort.trainers.add(trainer)
    assert "Құпия кіріспе сөз." in page(sign_in(trainer, "en"), across)


def test_strangers_and_listeners_never_see_it(sign_in, pair, other_trainer, listener):
    assert sign_in(other_trainer).get(f"/trainer/work/alike/{pair.pk}/").status_code == 404
    assert sign_in(listener.user).get(f"/trainer/work/alike/{pair.pk}/").status_code == 403
    listener.user.is_trainer = True  # teaches elsewhere
    listener.user.save()
    assert sign_in(listener.user).get(f"/trainer/work/alike/{pair.pk}/").status_code == 404


@pytest.mark.parametrize("others", [1, 3])
def test_page_takes_a_constant_number_of_queries(sign_in, trainer, cohort, enrolment, count_queries, others):
    task = make_assignment(cohort)
    hand_in(enrolment, task, COPIED)
    for n in range(others):
        hand_in(factories.make_enrolment(cohort=cohort, surname=f"Әлімов{n}"), task, COPIED)
    print_versions()
    client = sign_in(trainer, "en")
    with count_queries() as seen:
        page(client, Likeness.objects.last())
    assert seen.count == 7


def test_hints_lead_to_the_page(trainer, pair, rf: RequestFactory):
    likenesses = likenesses_of(pair.later.version.submission, trainer)
    shown = render_to_string("assessment/_likenesses.html", {"likenesses": likenesses})
    assert f'href="/trainer/work/alike/{pair.pk}/"' in shown
    assert "Қасымова Әсел" in shown
    assert "handed in earlier" in shown
    assert render_to_string("assessment/_likenesses.html", {"likenesses": []}).strip() == ""
