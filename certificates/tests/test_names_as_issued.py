"""What was issued bears the name as it was issued, whatever becomes of the register (I10)."""

import pytest

from certificates.revoking import reissue
from certificates.verification import Status, check, look_up
from enrollment.correcting import Name, file_correction, make_correction
from enrollment.merging import merge
from enrollment.models import Enrolment
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]


@pytest.fixture
def corrected(make_ready, outcome, administrator):  # type: ignore[no-untyped-def]
    """A document to «Әлімов Айбек», whose name was corrected afterwards."""
    document = make_ready(outcome)
    listener = document.enrolment.listener
    filed = file_correction(listener=listener, name=Name("Әлімбек", "Айбек", ""), words="", by=administrator)
    make_correction(correction=filed, by=administrator)
    return document


def test_verification_shows_the_name_as_issued_after_a_correction(corrected):
    verdict = check(corrected.token)
    assert (verdict.status, verdict.facts.holder) == (Status.VALID, "Әлімов Айбек")
    assert look_up(corrected.number, "Әлімов").status == Status.VALID
    assert look_up(corrected.number, "Әлімбек").status == Status.NOT_FOUND


def test_snapshot_and_holder_stay(corrected):
    before = corrected.snapshot
    corrected.refresh_from_db()
    assert (corrected.snapshot, corrected.holder) == (before, "Әлімов Айбек")


def test_new_document_in_place_of_the_old_bears_the_new_name(corrected, signatory, administrator):
    new = reissue(document=corrected, reason="Тегі түзетілді", signatory=signatory, by=administrator)
    assert (new.holder, check(new.token).facts.holder) == ("Әлімбек Айбек", "Әлімбек Айбек")
    assert check(corrected.token).facts.replaced_by == new.number


def test_document_goes_along_when_entries_are_merged(make_ready, outcome, administrator):
    document = make_ready(outcome)
    stays = factories.ListenerFactory(surname="Алимов")
    merge(stays=stays, goes=document.enrolment.listener, by=administrator)
    assert Enrolment.objects.get(documents=document).listener == stays
    assert check(document.token).facts.holder == "Әлімов Айбек"
