"""A cohort's assignments on their pages: the table, the forms, the steps."""

from datetime import datetime

import pytest
import time_machine
from django.urls import reverse

from assessment.models import Assignment
from assessment.tests.working import make_answer, make_assignment, make_version
from tests import factories

DURING = datetime.fromisoformat("2026-09-14T10:00:00+05:00")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _during_the_course():
    with time_machine.travel(DURING, tick=False):
        yield


def page(response) -> str:  # type: ignore[no-untyped-def]
    return response.content.decode()


def test_table_counts_who_handed_in_and_who_waits(sign_in, cohort, enrolment, trainer):
    assignment = make_assignment(cohort)
    others = [factories.UserFactory(is_listener=True) for _person in range(3)]
    taking = [factories.make_enrolment(cohort=cohort, user=user) for user in others]
    make_version(enrolment, assignment=assignment)
    make_answer(make_version(taking[0], assignment=assignment), by=trainer)
    text = page(sign_in(trainer, "en").get(reverse("cohort_work", args=[cohort.pk])))
    assert ("2 of 4" in text, "<b>1</b>" in text) == (True, True)


@pytest.mark.parametrize("many", [1, 3])
def test_table_queries_do_not_grow(sign_in, cohort, trainer, enrolment, count_queries, many):
    for n in range(many):
        make_version(enrolment, assignment=make_assignment(cohort, position=n))
    client = sign_in(trainer)
    with count_queries() as seen:
        assert client.get(reverse("cohort_work", args=[cohort.pk])).status_code == 200
    assert seen.count == 5


def test_administrator_has_the_table_and_other_trainers_do_not(sign_in, cohort, administrator, other_trainer):
    address = reverse("cohort_work", args=[cohort.pk])
    assert sign_in(administrator).get(address).status_code == 200
    assert sign_in(other_trainer).get(address).status_code == 404


def test_trainer_who_is_a_listener_elsewhere_does_not_edit_there(sign_in, cohort, other_trainer):
    factories.make_enrolment(cohort=cohort, user=other_trainer)
    assignment = make_assignment(cohort)
    assert sign_in(other_trainer).get(reverse("assignment_edit", args=[assignment.pk])).status_code == 404


def test_standard_set_is_made_and_published_by_buttons(sign_in, cohort, trainer):
    client = sign_in(trainer, "en")
    made = client.post(reverse("cohort_work_standard", args=[cohort.pk]), follow=True)
    assert "Drafts made: 13." in page(made)
    again = client.post(reverse("cohort_work_standard", args=[cohort.pk]), follow=True)
    assert "has all standard assignments already" in page(again)
    published = client.post(reverse("cohort_work_publish", args=[cohort.pk]), follow=True)
    assert "Published:" in page(published)
    assert "is due already. Set a later date first." in page(published)  # the first module is over


def fields(assignment, **other):  # type: ignore[no-untyped-def]
    """What the form of a draft sends."""
    return {
        "module": assignment.cohort.edition.modules.get(no=2).pk,
        "criterion": assignment.cohort.rubric.criteria.get(code="cases").pk,
        "kind": "analytical",
        "title_kk": "Талдау",
        "title_ru": "",
        "title_en": "",
        "instructions_kk": "Талдаңыз",
        "instructions_ru": "",
        "instructions_en": "",
        "due_at": "2026-09-20T23:59",
        "closes_at": "",
        "position": "5",
    } | other


def test_new_assignment_is_stored_as_a_draft(sign_in, cohort, trainer):
    shape = Assignment(cohort=cohort)
    response = sign_in(trainer).post(reverse("assignment_new", args=[cohort.pk]), fields(shape))
    stored = Assignment.objects.get()
    assert (response.status_code, stored.state, stored.title_kk, stored.kind) == (302, "draft", "Талдау", "analytical")
    assert stored.due_at == datetime.fromisoformat("2026-09-20T23:59:00+05:00")


def test_form_with_a_mistake_keeps_what_was_written(sign_in, cohort, trainer):
    shape = Assignment(cohort=cohort)
    values = fields(shape, closes_at="2026-09-19T10:00", instructions_kk="Ұзақ нұсқаулық")
    response = sign_in(trainer, "en").post(reverse("assignment_new", args=[cohort.pk]), values)
    text = page(response)
    assert response.status_code == 422
    assert ("Work cannot be refused before it is due." in text, "Ұзақ нұсқаулық" in text) == (True, True)


def test_draft_is_changed_in_everything_and_a_published_one_in_its_dates(sign_in, cohort, trainer):
    draft, published = make_assignment(cohort, state="draft"), make_assignment(cohort)
    client = sign_in(trainer)
    for assignment in (draft, published):
        address = reverse("assignment_edit", args=[assignment.pk])
        assert client.get(address).status_code == 200
        assert client.post(address, fields(assignment)).status_code == 302
        assignment.refresh_from_db()
        assert assignment.due_at == datetime.fromisoformat("2026-09-20T23:59:00+05:00")
    assert (draft.title_kk, published.title_kk) == ("Талдау", "Басқару кейсі")


def test_edit_page_shows_a_stored_moment_as_the_picker_takes_it(sign_in, cohort, trainer):
    assignment = make_assignment(cohort, state="draft", due_at=DURING)
    text = page(sign_in(trainer).get(reverse("assignment_edit", args=[assignment.pk])))
    assert 'value="2026-09-14T10:00"' in text


@pytest.mark.parametrize(
    ("before", "name", "after"),
    [("draft", "publish", "published"), ("published", "close", "closed"), ("closed", "open", "published")],
)
def test_steps_by_buttons(sign_in, cohort, trainer, before, name, after):
    assignment = make_assignment(cohort, state=before)
    response = sign_in(trainer).post(reverse(f"assignment_{name}", args=[assignment.pk]))
    assignment.refresh_from_db()
    assert (response.url, assignment.state) == (reverse("cohort_work", args=[cohort.pk]), after)


def test_refused_step_is_said(sign_in, cohort, trainer):
    assignment = make_assignment(cohort)
    client = sign_in(trainer, "en")
    text = page(client.post(reverse("assignment_discard", args=[assignment.pk]), follow=True))
    assert "Only a draft can be discarded" in text


def test_draft_is_discarded_by_its_button(sign_in, cohort, trainer):
    client = sign_in(trainer, "en")
    text = page(
        client.post(reverse("assignment_discard", args=[make_assignment(cohort, state="draft").pk]), follow=True)
    )
    assert ("is discarded" in text, Assignment.objects.count()) == (True, 0)


def test_score_sheet_and_trainers_home_lead_to_the_assignments(sign_in, cohort, listener, trainer):
    client, address = sign_in(trainer), reverse("cohort_work", args=[cohort.pk])
    for name, arguments in (("score_sheet", [cohort.pk]), ("trainer_home", [])):
        assert f'href="{address}"' in page(client.get(reverse(name, args=arguments)))
