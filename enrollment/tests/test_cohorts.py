"""The life of a cohort."""

from datetime import date

import pytest

from core.errors import MoveRefused, Refused
from core.models import AuditEntry
from enrollment import cohorts
from enrollment.models import Cohort, CohortState, EnrolmentState
from programs.models import EditionState, Rubric, RubricState
from tests import factories

pytestmark = pytest.mark.django_db


def planned(edition, **fields):  # type: ignore[no-untyped-def]
    values = {"code": "NEW-1", "starts_on": date(2026, 9, 7), "ends_on": date(2026, 9, 25), "study_format": "full_time"}
    return Cohort(edition=edition, **values | fields)


def trail(cohort):  # type: ignore[no-untyped-def]
    rows = AuditEntry.objects.filter(model="enrollment.Cohort", object_id=cohort.pk).order_by("id")
    return list(rows.values_list("from_state", "to_state"))


def test_plan_pins_newest_published_rubric(edition, administrator):
    Rubric.objects.create(edition=edition, version=2)  # a draft
    cohort = cohorts.plan(cohort=planned(edition), by=administrator)
    assert cohort.rubric.version == 1
    assert cohort.rubric.state == RubricState.PUBLISHED
    assert trail(cohort) == [("", "planned")]


def test_plan_refuses_unapproved_edition(db, administrator):
    draft = factories.make_edition(year=2027, state=EditionState.DRAFT)
    with pytest.raises(Refused, match="not approved"):
        cohorts.plan(cohort=planned(draft), by=administrator)
    assert Cohort.objects.count() == 0


def test_plan_refuses_format_that_edition_lacks(edition, administrator):
    edition.formats = ["distance"]
    with pytest.raises(Refused, match="not held in this format"):
        cohorts.plan(cohort=planned(edition), by=administrator)


def test_open_takes_approved_edition_into_use(edition, administrator):
    cohort = cohorts.plan(cohort=planned(edition), by=administrator)
    cohorts.open_cohort(cohort=cohort, by=administrator)
    edition.refresh_from_db()
    assert (cohort.state, edition.state) == (CohortState.OPEN, EditionState.IN_USE)


def test_open_leaves_edition_in_use_alone(edition, administrator):
    for code in ("NEW-1", "NEW-2"):
        cohorts.open_cohort(cohort=cohorts.plan(cohort=planned(edition, code=code), by=administrator), by=administrator)
    assert edition.audit_trail().filter(to_state=EditionState.IN_USE).count() == 1


def test_open_refuses_archived_edition(edition, administrator):
    cohort = cohorts.plan(cohort=planned(edition), by=administrator)
    from programs import publishing

    publishing.archive(edition=edition, by=administrator)
    with pytest.raises(Refused, match="not approved"):
        cohorts.open_cohort(cohort=cohort, by=administrator)
    cohort.refresh_from_db()
    assert cohort.state == CohortState.PLANNED


def test_start_needs_somebody_enrolled(open_cohort, administrator):
    factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.ADMITTED)
    with pytest.raises(Refused, match="Nobody is enrolled"):
        cohorts.start(cohort=open_cohort, by=administrator)
    factories.make_enrolment(cohort=open_cohort)
    assert cohorts.start(cohort=open_cohort, by=administrator).state == CohortState.RUNNING


def test_start_refuses_running_cohort(open_cohort, administrator):
    factories.make_enrolment(cohort=open_cohort)
    cohorts.start(cohort=open_cohort, by=administrator)
    with pytest.raises(MoveRefused):
        cohorts.start(cohort=open_cohort, by=administrator)
    assert trail(open_cohort) == [("", "open"), ("open", "running")]


def test_begin_assessment_needs_somebody_enrolled(edition, administrator):
    cohort = factories.make_cohort(edition=edition, state=CohortState.RUNNING)
    with pytest.raises(Refused, match="Nobody is enrolled"):
        cohorts.begin_assessment(cohort=cohort, by=administrator)
    factories.make_enrolment(cohort=cohort)
    assert cohorts.begin_assessment(cohort=cohort, by=administrator).state == CohortState.ASSESSING


def test_close_names_who_has_no_outcome(cohort, administrator):
    factories.make_enrolment(cohort=cohort, surname="Қасымов", given_name="Ерлан", patronymic="")
    factories.make_enrolment(cohort=cohort, state=EnrolmentState.COMPLETED, surname="Әлімов")
    with pytest.raises(Refused, match=r"no outcome yet: Қасымов Ерлан\. "):
        cohorts.close(cohort=cohort, by=administrator)


def test_close_accepts_when_everybody_is_decided_or_gone(cohort, administrator):
    for state in (EnrolmentState.COMPLETED, EnrolmentState.NOT_PASSED, EnrolmentState.WITHDRAWN):
        factories.make_enrolment(cohort=cohort, state=state)
    assert cohorts.close(cohort=cohort, by=administrator).state == CohortState.CLOSED


def test_cancel_takes_everybody_out_with_the_reason(open_cohort, administrator):
    people = [factories.make_enrolment(cohort=open_cohort, state=state) for state in cohorts.BEFORE_AN_ORDER]
    cohorts.cancel(cohort=open_cohort, reason=" Too few people ", by=administrator)
    for one in people:
        one.refresh_from_db()
    assert (open_cohort.state, {one.state for one in people}) == (CohortState.CANCELLED, {EnrolmentState.WITHDRAWN})
    assert {row.audit_trail()[0].reason for row in (open_cohort, *people)} == {"Too few people"}


def test_cancel_refuses_while_somebody_is_enrolled_by_an_order(open_cohort, administrator):
    factories.make_enrolment(cohort=open_cohort, surname="Өтеген", given_name="Ерлан", patronymic="")
    with pytest.raises(Refused, match="enrolled by an order: Өтеген Ерлан"):
        cohorts.cancel(cohort=open_cohort, reason="Too few people", by=administrator)
    open_cohort.refresh_from_db()
    assert open_cohort.state == CohortState.OPEN


@pytest.mark.parametrize("reason", ["", "   \n"])
def test_cancel_refuses_without_reason(open_cohort, administrator, reason):
    with pytest.raises(Refused, match="Say why"):
        cohorts.cancel(cohort=open_cohort, reason=reason, by=administrator)
    open_cohort.refresh_from_db()
    assert open_cohort.state == CohortState.OPEN


def test_cancel_refuses_when_somebody_has_an_outcome(cohort, administrator):
    factories.make_enrolment(cohort=cohort, state=EnrolmentState.COMPLETED, surname="Әлімов", patronymic="")
    with pytest.raises(Refused, match="already have an outcome: Әлімов"):
        cohorts.cancel(cohort=cohort, reason="x", by=administrator)


def test_cancel_refuses_closed_cohort(edition, administrator):
    closed = factories.make_cohort(edition=edition, state=CohortState.CLOSED)
    with pytest.raises(MoveRefused):
        cohorts.cancel(cohort=closed, reason="x", by=administrator)


@pytest.mark.parametrize(
    ("state", "field", "value"),
    [
        (CohortState.ASSESSING, "starts_on", date(2026, 9, 8)),
        (CohortState.ASSESSING, "code", "OTHER"),
        (CohortState.CLOSED, "capacity", 99),
    ],
)
def test_change_refuses_what_the_state_has_frozen(edition, administrator, state, field, value):
    cohort = factories.make_cohort(edition=edition, state=state)
    setattr(cohort, field, value)
    with pytest.raises(Refused, match="cannot be changed any more"):
        cohorts.change(cohort=cohort, by=administrator)


def test_change_keeps_a_state_that_moved_in_between(open_cohort, administrator):
    stale = Cohort.objects.get(pk=open_cohort.pk)
    factories.make_enrolment(cohort=open_cohort)
    cohorts.start(cohort=open_cohort, by=administrator)
    stale.capacity = 30
    cohorts.change(cohort=stale, by=administrator)
    open_cohort.refresh_from_db()
    assert (open_cohort.state, open_cohort.capacity) == (CohortState.RUNNING, 30)


def test_change_refuses_fewer_places_than_taken(open_cohort, administrator):
    for _person in range(2):
        factories.make_enrolment(cohort=open_cohort, state=EnrolmentState.ADMITTED)
    open_cohort.capacity = 1
    with pytest.raises(Refused, match="already taken: 2"):
        cohorts.change(cohort=open_cohort, by=administrator)


def test_change_of_edition_pins_its_rubric(edition, administrator):
    cohort = cohorts.plan(cohort=planned(edition), by=administrator)
    other = factories.make_edition(year=2027)
    cohort.edition = other
    cohorts.change(cohort=cohort, by=administrator)
    cohort.refresh_from_db()
    assert cohort.rubric.edition == other
