"""`manage.py issue_documents`: one line per person, safe to repeat."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from certificates.issuing import issue_wished
from certificates.models import Document, IssueBatch
from certificates.rendering import render_reserved
from certificates.tests.conftest import TODAY
from enrollment.models import Signatory
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]


@pytest.fixture(scope="module", autouse=True)
def _fonts():
    call_command("build_assets")


def run(*arguments):
    out = io.StringIO()
    call_command("issue_documents", "K-2026-1", *arguments, stdout=out)
    return out.getvalue()


def lines(*arguments):
    return [json.loads(line) for line in run("--json", *arguments).splitlines()]


def test_each_person_gets_a_line_with_number_and_address(protocol_of, signatory, administrator):
    protocol_of("Әлімов", "-Бекенов")
    found = lines()
    certificate, statement = Document.objects.order_by("-kind")
    assert found == [
        {
            "name": "Әлімов Айбек",
            "kind": "certificate",
            "number": "SK-2026-000001",
            "verification_url": certificate.verification_url,
            "state": "reserved",
        },
        {
            "name": "Бекенов Айбек",
            "kind": "attendance",
            "number": "AN-2026-000001",
            "verification_url": statement.verification_url,
            "state": "reserved",
        },
    ]
    assert (certificate.issued_by, certificate.issued_on, certificate.signatory) == (administrator, TODAY, signatory)


def test_repeated_it_says_the_same_and_then_where_the_file_is(protocol_of, signatory):
    protocol_of("Әлімов")
    assert lines() == lines()
    render_reserved()
    document = Document.objects.get()
    assert lines()[0] | {"state": "ready", "file": document.file.path} == lines()[0]
    assert (Document.objects.count(), IssueBatch.objects.count()) == (1, 1)


def test_plain_lines_are_for_reading(protocol_of, signatory):
    protocol_of("Әлімов")
    assert run().startswith("Әлімов Айбек\tcertificate\tSK-2026-000001\thttp")


def test_who_cannot_be_issued_to_has_the_reason(protocol_of, signatory):
    protocol = protocol_of("Әлімов")
    type(protocol.outcomes.get().attempt.enrolment).objects.update(state="expelled")
    assert lines() == [
        {"name": "Әлімов Айбек", "kind": "certificate", "reason": "The enrolment is in the state “expelled”."}
    ]


def test_people_of_all_closed_protocols_are_issued_to(protocol_of, signatory):
    protocol_of("Әлімов")
    protocol_of("Бекенов")
    assert [line["number"] for line in lines()] == ["SK-2026-000001", "SK-2026-000002"]


def test_date_and_administrator_may_be_given(protocol_of, signatory, administrator):
    second = factories.UserFactory(email="second@example.kz", is_administrator=True)
    protocol_of("Әлімов")
    lines("--by", "Second@example.kz", "--date", "2026-09-30")
    assert (Document.objects.get().issued_by, str(Document.objects.get().issued_on)) == (second, "2026-09-30")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--by", "nobody@example.kz"], "There is no active administrator nobody@example.kz."),
        (["--by", "trainer@example.kz"], "There is no active administrator trainer@example.kz."),
        (["--date", "2026-09-01"], "lies before the protocol"),
        (["--date", "2026-12-01"], "lies in the future"),
        (["--date", "2019-12-31"], "Nobody has the power to sign on 2019-12-31."),
        (["--date", "31.12.2026"], "invalid"),
        (["--wait", "x"], "invalid"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_issued(protocol_of, signatory, arguments, sentence):
    protocol_of("Әлімов")
    with pytest.raises(CommandError, match=sentence):
        run(*arguments)
    assert Document.objects.count() == 0


def test_cohort_that_does_not_exist_or_is_undecided_is_said(cohort, administrator):
    with pytest.raises(CommandError, match="Cohort K-2026-1 has no closed protocol"):
        run()
    with pytest.raises(CommandError, match="There is no cohort ABC"):
        call_command("issue_documents", "ABC")


def test_without_a_signatory_it_is_said_and_with_everything_issued_it_does_not_matter(protocol_of, signatory):
    protocol_of("Әлімов")
    lines()
    Signatory.objects.update(valid_to=TODAY - timedelta(days=1))
    assert len(lines()) == 1
    protocol_of("Бекенов")
    with pytest.raises(CommandError, match="Nobody has the power to sign"):
        run()


def test_waiting_ends_when_all_files_are_there(protocol_of, signatory):
    protocol_of("Әлімов")
    lines()
    issue_wished()
    render_reserved()
    assert lines("--wait", "60")[0]["state"] == "ready"
