"""A list between its preview and its import."""

from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from core.errors import Refused
from enrollment import uploads
from enrollment.importing import ImportRefused
from enrollment.models import Listener, ListenerImport
from enrollment.tests.lists import iin, row, workbook

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("consent")]
DAY = date(2026, 9, 1)


@pytest.fixture
def kept(open_cohort, administrator):  # type: ignore[no-untyped-def]
    return uploads.keep(
        cohort=open_cohort, content=workbook(row(1)), filename="C:\\lists\\тізім.xlsx", by=administrator
    )


def test_keep_seals_the_list(kept):
    assert kept.filename == "тізім.xlsx"
    assert iin(1) not in kept.content_sealed
    assert uploads.plan_of(kept).rows[0].person.iin == iin(1)


def test_keep_hides_an_iin_in_the_file_name(open_cohort, administrator):
    upload = uploads.keep(cohort=open_cohort, content=workbook(row(1)), filename=f"{iin(1)}.xlsx", by=administrator)
    assert upload.filename == "….xlsx"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0old", b"a;b\r\n1;2\r\n", b"\x00\x01"])
def test_keep_refuses_what_is_no_list(open_cohort, administrator, content):
    with pytest.raises(Refused):
        uploads.keep(cohort=open_cohort, content=content, filename="x.xlsx", by=administrator)
    assert ListenerImport.objects.count() == 0


def test_keep_erases_lists_that_were_left(kept, open_cohort, administrator):
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        uploads.keep(cohort=open_cohort, content=workbook(row(2)), filename="b.xlsx", by=administrator)
    assert ListenerImport.objects.get().filename == "b.xlsx"


def test_take_in_erases_the_list(kept, administrator):
    done = uploads.take_in(upload=kept, by=administrator, consented_on=DAY)
    kept.refresh_from_db()
    assert (done.new, kept.content_sealed, kept.applied_at is not None) == (1, "", True)
    with pytest.raises(Refused, match="done with"):
        uploads.plan_of(kept)


def test_take_in_twice_is_one_import(kept, administrator):
    uploads.take_in(upload=kept, by=administrator, consented_on=DAY)
    assert uploads.take_in(upload=kept, by=administrator, consented_on=DAY) is None
    assert Listener.objects.count() == 1


def test_take_in_keeps_a_refused_list_for_another_look(open_cohort, administrator):
    content = workbook(row(1, iin="1"))
    upload = uploads.keep(cohort=open_cohort, content=content, filename="a.xlsx", by=administrator)
    with pytest.raises(ImportRefused):
        uploads.take_in(upload=upload, by=administrator, consented_on=DAY)
    assert uploads.plan_of(upload).rows[0].person.no == 2


def test_discard_erases_what_was_not_imported(kept, administrator):
    uploads.discard(upload=kept, by=administrator)
    assert ListenerImport.objects.count() == 0
