"""Each arrives where the day's work is, in a number of queries that does not grow."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role
from assessment.examining import name_topic
from assessment.tests.defending import make_defence, make_examiners
from enrollment.models import CohortState, EnrolmentState
from tests import factories
from tests.world import decide, give_document

pytestmark = pytest.mark.django_db


def test_home_shows_the_edition_and_touches_no_session(client, edition, count_queries):
    with count_queries() as seen:
        response = client.get("/?lang=ru")
    assert "Менеджмент в образовании: инновационные подходы в управлении" in response.content.decode()
    assert (seen.count, "sessionid" in client.cookies) == (1, False)


def test_home_without_an_edition_is_a_page(client):
    assert client.get("/").status_code == 200


def test_landing_of_somebody_without_a_role_is_the_public_home(sign_in):
    nobody = factories.UserFactory()
    assert sign_in(nobody).get(reverse("landing")).url == "/"


def test_trainer_sees_own_cohorts_only(sign_in, trainer, cohort, other_cohort):
    text = sign_in(trainer).get(reverse("trainer_home")).content.decode()
    assert (cohort.code in text, other_cohort.code in text) == (True, False)


def test_trainer_home_counts_who_is_scored(sign_in, trainer, listener, cohort):
    factories.make_scores(listener.enrolments.get(), [1, 2, 3, 4, 5], by=trainer)
    factories.make_enrolment(cohort=cohort)
    response = sign_in(trainer, "en").get(reverse("trainer_home"))
    assert "Scored completely: 1 of 2" in response.content.decode()


def test_listener_sees_points_only_once_the_protocol_is_closed(sign_in, listener, administrator):
    before = sign_in(listener.user, "en").get(reverse("my_course")).content.decode()
    decide(listener.enrolments.get(), by=administrator)
    after = sign_in(listener.user, "en").get(reverse("my_course")).content.decode()
    assert ("The commission has not closed the protocol yet" in before, "77 / 100" in before) == (True, False)
    assert "77 / 100" in after


def test_listener_sees_own_document_and_nobody_elses(sign_in, listener, other_listener, administrator, signatory):
    papers = []
    for person in (listener, other_listener):
        decide(person.enrolments.get(), by=administrator)
        papers.append(give_document(person.enrolments.get(), by=administrator))
    text = sign_in(listener.user).get(reverse("my_course")).content.decode()
    assert [paper.number in text for paper in papers] == [True, False]


@pytest.mark.parametrize("many", [1, 3])
def test_my_course_costs_the_same_for_any_number_of_courses(sign_in, listener, edition, many, count_queries):
    for number in range(many - 1):
        cohort = factories.make_cohort(edition=edition, code=f"K-{number}")
        factories.make_enrolment(cohort=cohort, listener=listener)
    client = sign_in(listener.user)
    with count_queries() as seen:
        client.get(reverse("my_course"))
    assert seen.count == 20


def test_listener_sees_when_and_where_the_project_is_defended(sign_in, listener, administrator, cohort):
    defence = make_defence(listener.enrolments.get(), by=administrator, users=make_examiners(2))
    name_topic(defence=defence, topic="Тәлімгерлік жүйесі", by=administrator)
    page = sign_in(listener.user, "en").get(reverse("my_course")).content.decode()
    assert "Defence of the project" in page
    assert "https://meet.example.kz/1" in page
    assert "Тәлімгерлік жүйесі" in page


@pytest.mark.parametrize("many", [1, 3])
def test_trainer_home_costs_the_same_for_any_number_of_cohorts(sign_in, trainer, edition, many, count_queries):
    for number in range(many):
        factories.make_cohort(edition=edition, code=f"K-{number}", trainers=[trainer])
    client = sign_in(trainer)
    with count_queries() as seen:
        client.get(reverse("trainer_home"))
    assert seen.count == 6


@pytest.mark.parametrize("many", [1, 3])
def test_front_page_costs_the_same_for_any_number_of_cohorts(
    sign_in, administrator, edition, signatory, trainer, many, count_queries
):
    for number in range(many):
        cohort = factories.make_cohort(
            edition=edition, code=f"K-{number}", trainers=[trainer], state=CohortState.ASSESSING
        )
        decide(factories.make_enrolment(cohort=cohort), by=administrator)
    client = sign_in(administrator)
    with count_queries() as seen:
        response = client.get(reverse("admin:index"))
    assert response.status_code == 200
    assert seen.count == 23


def test_front_page_names_what_waits(sign_in, administrator, cohort, listener, trainer):
    factories.make_scores(listener.enrolments.get(), [1, 2, 3, 4, 5], by=trainer)
    text = sign_in(administrator, "en").get(reverse("admin:index")).content.decode()
    assert "Close the protocol: 1 of 1 scored" in text
    assert "The worker has been silent" in text


def test_cast_covers_every_role(administrator, trainer, listener):
    assert administrator.roles | trainer.roles | listener.user.roles == set(Role.values)
    assert listener.enrolments.get().state == EnrolmentState.ENROLLED
    assert timezone.get_current_timezone_name() == "Asia/Almaty"
