"""The standard assignments: what is in them, when they are due, made once and never over what is there."""

from datetime import date, datetime

import pytest
import time_machine
from django.utils import timezone

from assessment import setting_tasks
from assessment.models import Assignment
from assessment.standard_set import module_spans, set_up_standard, standard_set
from core.errors import Refused
from enrollment.tests.factories_timetable import make_session
from tests import factories

DURING = datetime.fromisoformat("2026-09-14T10:00:00+05:00")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _during_the_course():
    with time_machine.travel(DURING, tick=False):
        yield


def test_standard_set_holds_every_kind_once_and_feeds_every_criterion(cohort):
    kinds = [one.kind for one in standard_set()]
    assert (len(kinds), len(set(kinds))) == (13, 13)
    assert {one.module for one in standard_set()} == {1, 2, 3, 4, 5, 6, 7}
    assert {one.criterion for one in standard_set()} == {"theory", "cases", "analysis", "project", "reflection"}


def test_standard_set_is_made_as_drafts_once_and_overwrites_nothing(cohort, trainer):
    made = set_up_standard(cohort=cohort, by=trainer)
    assert (len(made), {one.state for one in made}) == (13, {"draft"})
    Assignment.objects.filter(pk=made[0].pk).update(title_kk="Өз атауым")
    setting_tasks.discard_draft(assignment=made[1], by=trainer)
    again = set_up_standard(cohort=cohort, by=trainer)
    assert [one.kind for one in again] == [made[1].kind]
    assert Assignment.objects.get(pk=made[0].pk).title_kk == "Өз атауым"
    assert Assignment.objects.count() == 13


def test_standard_set_is_due_by_the_timetable(cohort, trainer):
    for no, day in ((1, 8), (1, 10), (5, 24), (6, 22), (7, 24)):
        make_session(cohort, datetime.fromisoformat(f"2026-09-{day:02}T09:00:00+05:00"), module_no=no)
    made = {one.kind: timezone.localtime(one.due_at) for one in set_up_standard(cohort=cohort, by=trainer)}
    assert f"{made['legal_study']:%d.%m %H:%M}" == "12.09 23:59"  # two days after the last session
    assert f"{made['project']:%d.%m %H:%M}" == "22.09 23:59"  # two days before the defence
    assert f"{made['local_acts']:%d.%m}" == "23.09"  # not after the defence
    assert f"{made['digital_tool']:%d.%m}" == "24.09"  # nor while the module runs


def test_module_spans_without_a_timetable_follow_the_hours(cohort):
    spans = module_spans(cohort, list(cohort.edition.modules.all()))
    assert (spans[1][0], spans[7][1]) == (cohort.starts_on, cohort.ends_on)
    assert spans[2] == (date(2026, 9, 9), date(2026, 9, 13))


def test_standard_set_of_an_edition_that_it_does_not_fit_is_refused(trainer):
    edition = factories.make_edition(year=2027, state="draft")
    for module in edition.modules.all():
        edition.modules.filter(pk=module.pk).update(no=50 + module.no)
    cohort = factories.make_cohort(edition=edition, code="K-2027", trainers=[trainer])
    with pytest.raises(Refused, match="does not fit"):
        set_up_standard(cohort=cohort, by=trainer)
