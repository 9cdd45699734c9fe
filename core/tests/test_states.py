"""States move by the table, one audit row each."""

import pytest
from django.db import IntegrityError, transaction

from core import invariants, states
from core.errors import MoveRefused
from core.models import AuditEntry
from enrollment.models import Cohort, CohortState


@pytest.fixture
def planned(edition):  # type: ignore[no-untyped-def]
    from tests.factories import make_cohort

    return make_cohort(edition=edition, state=CohortState.PLANNED)


def test_move_listed_changes_state_and_writes_one_audit_row(planned, administrator):
    states.move(planned, CohortState.OPEN, by=administrator, reason="бастау", basis="№ 7 бұйрық")
    assert Cohort.objects.get().state == CohortState.OPEN
    entries = planned.audit_trail()
    assert [(e.from_state, e.to_state, e.by, e.reason, e.basis) for e in entries] == [
        ("planned", "open", administrator, "бастау", "№ 7 бұйрық"),
        ("", "planned", None, "", ""),
    ]


def test_move_unlisted_is_refused_and_changes_nothing(planned, administrator):
    with pytest.raises(MoveRefused):
        states.move(planned, CohortState.CLOSED, by=administrator)
    assert (Cohort.objects.get().state, planned.audit_trail().count()) == (CohortState.PLANNED, 1)


def test_move_judges_by_the_stored_row_not_by_a_stale_copy(planned, administrator):
    stale = Cohort.objects.get()
    states.move(planned, CohortState.CANCELLED, by=administrator)
    with pytest.raises(MoveRefused):
        states.move(stale, CohortState.OPEN, by=administrator)


def test_move_sets_fields_with_the_state(planned, administrator):
    states.move(planned, CohortState.OPEN, by=administrator, capacity=3)
    assert (Cohort.objects.get().capacity, planned.capacity) == (3, 3)


def test_state_assigned_past_the_helper_is_an_error(planned):
    planned.state = CohortState.OPEN
    with pytest.raises(AssertionError):
        planned.save()


def test_audit_row_cannot_be_changed_or_deleted(planned):
    for change in (lambda: AuditEntry.objects.update(reason="x"), AuditEntry.objects.all().delete):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_invariant_finds_a_state_without_its_audit_row(planned):
    assert [line for line in invariants.broken() if "Cohort" in line] == []
    Cohort.objects.update(state=CohortState.OPEN)
    assert [line for line in invariants.broken() if "Cohort" in line] == [
        f"I5 enrollment.Cohort {planned.pk}: its state is not what its last audit row says (planned)"
    ]
