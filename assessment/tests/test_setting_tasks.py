"""Assignments: who sets them, what they must say, what can change when, and who hears of it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils import translation

from assessment import setting_tasks, work_letters
from assessment.models import Assignment, AssignmentState
from assessment.setting_tasks import Task, draft_assignment, publish, reschedule
from assessment.standard_set import set_up_standard
from assessment.tests.working import make_assignment
from core import invariants as core_invariants
from core.errors import Refused
from core.models import Message
from enrollment.models import CohortState, EnrolmentState
from programs.materials import keep_material
from programs.models import Material
from tests import factories

DURING = datetime.fromisoformat("2026-09-14T10:00:00+05:00")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _during_the_course():
    with time_machine.travel(DURING, tick=False):
        yield


@pytest.fixture
def task(cohort):  # type: ignore[no-untyped-def]
    return Task(
        module=cohort.edition.modules.first(),
        criterion=cohort.rubric.criteria.first(),
        kind="management_case",
        title={"kk": " Кейс ", "ru": "Кейс по-русски"},
        instructions={"kk": "Шешіңіз\r\nСодан соң жазыңыз", "en": "Solve"},
        due_at=DURING + timedelta(days=3),
    )


@pytest.fixture
def material(cohort):  # type: ignore[no-untyped-def]
    return keep_material(
        material=Material(edition=cohort.edition, kind="case", title_kk="Кейс", url="https://example.kz/"), by=None
    )


def test_draft_says_what_was_written(cohort, task, trainer, material):
    draft = draft_assignment(cohort=cohort, task=replace(task, materials=[material]), by=trainer)
    draft.refresh_from_db()
    assert (draft.state, draft.title_kk, draft.title_ru) == ("draft", "Кейс", "Кейс по-русски")
    assert (draft.instructions_kk, draft.instructions_en) == ("Шешіңіз\nСодан соң жазыңыз", "Solve")
    assert list(draft.materials.all()) == [material]
    with translation.override("en"):
        assert draft.title == "Кейс"  # not translated: in the first language


def test_draft_of_a_russian_cohort_shows_russian_where_nothing_else_is_written(cohort, task, trainer):
    type(cohort).objects.filter(pk=cohort.pk).update(language="ru")
    cohort.refresh_from_db()
    texts = {"title": {"ru": "Кейс"}, "instructions": {"ru": "Решите"}}
    draft = draft_assignment(cohort=cohort, task=replace(task, **texts), by=trainer)
    assert (draft.title_kk, draft.instructions_kk) == ("Кейс", "Решите")


def other_edition(cohort):  # type: ignore[no-untyped-def]
    return factories.make_edition(year=2027)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda c: {"criterion": other_edition(c).rubrics.get().criteria.first()}, "not of the cohort's rubric"),
        (lambda c: {"module": other_edition(c).modules.first()}, "The module belongs to another edition."),
        (lambda c: {"kind": "essay"}, "Choose the kind"),
        (lambda c: {"title": {"ru": "Кейс"}}, "in the language of the cohort"),
        (lambda c: {"instructions": {"kk": "  "}}, "in the language of the cohort"),
        (lambda c: {"due_at": DURING - timedelta(days=60)}, "The dates lie between 08.08.2026 and 24.03.2027."),
        (lambda c: {"closes_at": DURING + timedelta(days=400)}, "The dates lie between"),
        (lambda c: {"closes_at": DURING}, "Work cannot be refused before it is due."),
        (
            lambda c: {
                "materials": [Material.objects.create(edition=other_edition(c), kind="case", url="https://a.kz")]
            },
            "The material belongs to another edition.",
        ),
    ],
)
def test_draft_that_does_not_fit_is_refused(cohort, task, trainer, change, sentence):
    with pytest.raises(Refused, match=sentence), translation.override("en"):
        draft_assignment(cohort=cohort, task=replace(task, **change(cohort)), by=trainer)
    assert Assignment.objects.count() == 0


def test_administrator_sets_tasks_too(cohort, task, administrator):
    assert draft_assignment(cohort=cohort, task=task, by=administrator).pk


def test_nobody_else_sets_tasks(cohort, task, other_trainer, listener):
    for person in (other_trainer, listener.user):
        with pytest.raises(Refused, match="set by an administrator or a trainer of the cohort"):
            draft_assignment(cohort=cohort, task=task, by=person)


def test_strangers_take_no_step(cohort, other_trainer, task):
    assignment = make_assignment(cohort)
    for verb in ("publish", "close_assignment", "open_again", "discard_draft"):
        with pytest.raises(Refused, match="set by an administrator or a trainer"):
            getattr(setting_tasks, verb)(assignment=assignment, by=other_trainer)
    with pytest.raises(Refused, match="set by an administrator or a trainer"):
        set_up_standard(cohort=cohort, by=other_trainer)


@pytest.mark.parametrize("state", [CohortState.CLOSED, CohortState.CANCELLED])
def test_cohort_that_is_over_gets_no_tasks(cohort, task, trainer, state):
    type(cohort).objects.filter(pk=cohort.pk).update(state=state)
    cohort.refresh_from_db()
    with pytest.raises(Refused, match="The cohort is over"):
        draft_assignment(cohort=cohort, task=task, by=trainer)


def test_way_of_an_assignment(cohort, task, trainer):
    assignment = draft_assignment(cohort=cohort, task=task, by=trainer)
    for verb in (publish, publish, setting_tasks.close_assignment, setting_tasks.open_again):
        verb(assignment=assignment, by=trainer)
    trail = list(assignment.audit_trail().order_by("pk").values_list("to_state", flat=True))
    assert trail == ["draft", "published", "closed", "published"]
    with pytest.raises(Refused, match="Only a draft can be discarded"):
        setting_tasks.discard_draft(assignment=assignment, by=trainer)


def test_draft_is_discarded(cohort, task, trainer):
    assignment = draft_assignment(cohort=cohort, task=task, by=trainer)
    setting_tasks.discard_draft(assignment=assignment, by=trainer)
    assert (Assignment.objects.count(), list(core_invariants.broken())) == (0, [])


def test_draft_that_is_due_already_is_not_published(cohort, task, trainer):
    late = draft_assignment(cohort=cohort, task=replace(task, due_at=DURING - timedelta(hours=1)), by=trainer)
    good = draft_assignment(cohort=cohort, task=task, by=trainer)
    published, refusals = setting_tasks.publish_drafts(cohort=cohort, by=trainer)
    assert (published, refusals) == ([good], ["“Кейс” is due already. Set a later date first."])
    late.refresh_from_db()
    assert late.state == AssignmentState.DRAFT


def test_draft_cannot_be_closed(cohort, trainer):
    with pytest.raises(Refused, match="not possible now"):
        setting_tasks.close_assignment(assignment=make_assignment(cohort, state="draft"), by=trainer)


def test_opening_again_lifts_a_last_moment_that_is_over(cohort, trainer):
    past, later = DURING - timedelta(hours=1), DURING + timedelta(days=9)
    for closes_at, kept in ((past, None), (later, later)):
        assignment = make_assignment(cohort, state="closed", due_at=past, closes_at=closes_at)
        assert setting_tasks.open_again(assignment=assignment, by=trainer).closes_at == kept


def test_words_of_a_published_assignment_stay(cohort, task, trainer):
    assignment = make_assignment(cohort)
    with pytest.raises(Refused, match="only its dates and materials can change now"):
        setting_tasks.change_draft(assignment=assignment, task=task, by=trainer)


def test_new_date_is_told_once_to_everybody_who_takes_the_course(cohort, listener, trainer, material):
    factories.make_enrolment(cohort=cohort, email="second@example.kz")
    factories.make_enrolment(cohort=cohort, email="")
    factories.make_enrolment(cohort=cohort, email="gone@example.kz", state=EnrolmentState.EXPELLED)
    assignment, due_at = make_assignment(cohort), DURING + timedelta(days=6)
    for _time in range(2):
        reschedule(assignment=assignment, due_at=due_at, closes_at=None, materials=[material], by=trainer)
    letters = Message.objects.filter(kind=work_letters.CHANGED).order_by("recipient")
    assert [letter.recipient for letter in letters] == ["listener@example.kz", "second@example.kz"]
    assert f"/my/work/{assignment.pk}/" in letters[0].body


def test_date_moved_there_and_back_is_told_each_time(cohort, listener, trainer):
    assignment = make_assignment(cohort)
    first, second = assignment.due_at, assignment.due_at + timedelta(days=1)
    for minutes, due_at in enumerate([second, first, second]):
        with time_machine.travel(DURING + timedelta(minutes=minutes), tick=False):
            reschedule(assignment=assignment, due_at=due_at, closes_at=None, materials=[], by=trainer)
    assert Message.objects.filter(kind=work_letters.CHANGED).count() == 3


def test_nothing_changed_is_not_told(cohort, listener, trainer):
    assignment = make_assignment(cohort)
    reschedule(assignment=assignment, due_at=assignment.due_at, closes_at=None, materials=[], by=trainer)
    assert Message.objects.count() == 0


def test_date_is_not_moved_into_the_past(cohort, trainer):
    with pytest.raises(Refused, match="The new date is over already"):
        reschedule(
            assignment=make_assignment(cohort), due_at=DURING - timedelta(minutes=1), closes_at=None, materials=[],
            by=trainer,
        )  # fmt: skip


def test_draft_and_closed_ones_are_not_rescheduled(cohort, trainer):
    for state in ("draft", "closed"):
        assignment = make_assignment(cohort, state=state)
        with pytest.raises(Refused, match="Only a published assignment"):
            reschedule(assignment=assignment, due_at=assignment.due_at, closes_at=None, materials=[], by=trainer)
