"""The judgement about a paper: its status at a date, and who may find it by number."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certificates.models import DocumentState
from certificates.tests.conftest import ABSENT, TODAY
from certificates.verification import Status, check, judge, look_up

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]
MALFORMED = ["", "x", "q" * 65, "q" * 31 + "!", "ж" * 32, "q" * 32 + "\n", "q" * 31 + "\x00", "' OR 1=1 --" + "q" * 20]


@pytest.mark.parametrize(
    ("state", "until", "status"),
    [
        (DocumentState.READY, TODAY, Status.VALID),
        (DocumentState.READY, date(2026, 10, 4), Status.EXPIRED),
        (DocumentState.READY, None, Status.VALID),
        (DocumentState.RESERVED, TODAY, Status.VALID),
        (DocumentState.REVOKED, date(2020, 1, 1), Status.REVOKED),
        (DocumentState.REPLACED, date(2020, 1, 1), Status.REPLACED),
    ],
)
def test_status_of_a_document(state, until, status):
    assert judge(state, until, TODAY) == status


@given(st.dates(min_value=date(2000, 1, 1)), st.integers(-2000, 2000))
def test_document_is_valid_to_the_end_of_its_last_day(until, days):
    today = date.fromordinal(max(1, until.toordinal() + days)) if until.toordinal() + days < 3652059 else until
    assert (judge(DocumentState.READY, until, today) == Status.EXPIRED) == (today > until)


@pytest.mark.parametrize("token", [ABSENT, *MALFORMED])
def test_unknown_token_is_not_found(documents, token):
    assert check(token).status == Status.NOT_FOUND


def test_document_without_its_file_yet_is_known(issue_to, outcome):
    assert check(issue_to(outcome).token).status == Status.VALID


@pytest.mark.parametrize(
    ("number", "surname"),
    [
        ("SK-2026-000001", "Әлімов"),
        (" sk-2026-000001 ", "алимов"),
        ("№ SK–2026–000001", "ӘЛІМОВ "),
        ("SK - 2026 - 000001", "Әлимов"),
    ],
)
def test_look_up_forgives_case_dashes_and_exchanged_letters(documents, number, surname):
    assert look_up(number, surname).facts.number == "SK-2026-000001"


@pytest.mark.parametrize(
    ("number", "surname"),
    [
        ("SK-2026-000001", "Бекенов"),
        ("SK-2026-000001", "Айбек"),
        ("SK-2026-000001", "Әлі"),
        ("SK-2026-000001", ""),
        ("SK-2026-000001", "-"),
        ("SK-2026-000001", "%"),
        ("SK-2026-999999", "Әлімов"),
        ("", "Әлімов"),
        ("SK-2026-00000\x001", "Әлімов"),
        ("9" * 5000, "Әлімов"),
    ],
)
def test_look_up_needs_the_whole_surname_and_the_right_number(documents, number, surname):
    assert look_up(number, surname).status == Status.NOT_FOUND


@pytest.mark.django_db
def test_page_escapes_what_it_fills_in(client, administrator, listener, signatory):
    """The facts are filled into a page whose words are rendered once; markup in a name stays text."""
    from tests.world import decide, give_document

    person = listener
    type(person).objects.filter(pk=person.pk).update(surname="<b>&Қасым")
    decide(person.enrolments.get(), by=administrator)
    document = give_document(person.enrolments.get(), by=administrator)
    text = client.get(f"/v/{document.token}/").content.decode()
    assert "&lt;b&gt;&amp;Қасым" in text
    assert "<b>&Қасым" not in text
    assert "\ue000" not in text


@pytest.mark.parametrize("facts", ["{}", "null", "[]", '{"holder": "Әлімов"}'])
def test_half_migrated_register_cannot_check_now(documents, tamper, facts):
    tamper("UPDATE certificates_document SET facts = %s", facts)
    for verdict in (check(documents["valid"].token), look_up(documents["valid"].number, "Әлімов")):
        assert (verdict.status, verdict.facts) == (Status.UNAVAILABLE, None)
