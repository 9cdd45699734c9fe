"""The register of enrolments."""

import json

import pytest
from django.urls import reverse

from enrollment.tests.lists import iin
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("many", [1, 3])
def test_enrolment_list_asks_the_same_number_of_queries(admin, open_cohort, many, count_queries):
    for _person in range(many):
        factories.make_enrolment(cohort=open_cohort)
    with count_queries() as seen:
        admin.get(reverse("admin:enrollment_enrolment_changelist"))
    assert seen.count == 6


def test_register_of_the_cohort_is_taken_away(admin, open_cohort, edition):
    enrolment = factories.make_enrolment(cohort=open_cohort, iin=iin(1))
    factories.make_enrolment(cohort=factories.make_cohort(edition=edition, code="OTHER"))
    address = reverse("admin:enrollment_enrolment_export", args=["json"])
    row_ = json.loads(admin.get(address, {"cohort__id__exact": open_cohort.pk}).getvalue())
    assert [line["Surname"] for line in row_] == [enrolment.listener.surname]
    assert (row_[0]["IIN"], row_[0]["Order No"], row_[0]["Order date"]) == (
        f"••••••••{iin(1)[-4:]}", enrolment.order_no, enrolment.order_date.isoformat(),
    )  # fmt: skip


def test_enrolment_is_only_read(admin, open_cohort):
    enrolment = factories.make_enrolment(cohort=open_cohort)
    address = reverse("admin:enrollment_enrolment_change", args=[enrolment.pk])
    assert admin.get(address).status_code == 200
    assert admin.post(address, {"order_no": "99"}).status_code == 403
    assert admin.post(reverse("admin:enrollment_enrolment_delete", args=[enrolment.pk])).status_code == 403
    assert admin.get(reverse("admin:enrollment_enrolment_add")).status_code == 403
