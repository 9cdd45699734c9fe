"""The audit trail in the admin panel: words, not codes."""

from datetime import UTC, datetime

import pytest
import time_machine

from core.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_audit_trail_names_records_and_states_in_words(cohort, administrator, sign_in):
    AuditEntry.objects.create(
        model="enrollment.Cohort", object_id=cohort.pk, from_state="running", to_state="assessing", by=administrator
    )
    page = sign_in(administrator, "en").get("/admin/core/auditentry/").content.decode()
    assert f"cohort {cohort.pk}" in page
    assert ">running<" in page
    assert ">final assessment<" in page
    assert "enrollment.Cohort</td>" not in page


def test_audit_trail_is_filtered_by_kind_of_record(cohort, edition, administrator, sign_in):
    client = sign_in(administrator, "en")
    page = client.get("/admin/core/auditentry/?model=enrollment.Cohort").content.decode()
    assert f"cohort {cohort.pk}" in page
    assert f"programme edition {edition.pk}" not in page


def test_one_entry_opens_with_its_states_in_words(cohort, administrator, sign_in):
    entry = AuditEntry.objects.filter(model="enrollment.Cohort").latest("pk")
    page = sign_in(administrator, "en").get(f"/admin/core/auditentry/{entry.pk}/change/").content.decode()
    assert "the system" in page
    assert "final assessment" in page


def test_lists_show_dates_in_figures(cohort, administrator, sign_in):
    page = sign_in(administrator).get("/admin/enrollment/cohort/").content.decode()
    assert cohort.starts_on.strftime("%d.%m.%Y") in page
    assert "жылғы" not in page


def test_lists_show_the_time_of_the_institutes_clocks(cohort, administrator, sign_in):
    with time_machine.travel(datetime(2026, 9, 28, 20, 30, tzinfo=UTC), tick=False):
        AuditEntry.objects.create(model="enrollment.Cohort", object_id=cohort.pk, to_state="closed")
    page = sign_in(administrator, "en").get("/admin/core/auditentry/").content.decode()
    assert ("29.09.2026 01:30" in page, "28.09.2026 20:30" in page) == (True, False)
