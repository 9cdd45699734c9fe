"""Every broken invariant of documents is named; a sound register has none."""

from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from certificates import journal
from certificates.invariants import broken
from certificates.issuing import wish_documents
from certificates.models import Document, Wish
from certificates.revoking import reissue
from certificates.tests.conftest import TODAY
from certificates.tests.revocations import revoke
from core.models import Counter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]


@pytest.fixture
def document(make_ready, outcome):  # type: ignore[no-untyped-def]
    return make_ready(outcome)


def test_sound_register_has_nothing_to_say(protocol_of, make_ready, issue_to, administrator, signatory):
    protocol = protocol_of("Әлімов", "-Бекенов", "Ғабитов", "Дәулетов", "Ержанов")
    ready, failed, revoked, replaced, reserved = protocol.outcomes.order_by("pk")
    make_ready(ready)
    make_ready(failed)
    revoke(document=issue_to(revoked), reason="қате", by=administrator)
    reissue(document=make_ready(replaced), reason="қате", signatory=signatory, by=administrator)
    issue_to(reserved)
    assert list(broken()) == []


def test_number_left_out_is_found(document, tamper):
    Counter.objects.update(value=2)
    assert list(broken()) == ["I2 ('certificate', 2026): the counter is not at the last number 1"]
    tamper("UPDATE certificates_document SET counter = 2")
    assert list(broken()) == ["I2 ('certificate', 2026): 1 documents are numbered 2..2"]


def test_number_taken_without_a_document_is_found(db):
    Counter.objects.create(series="attendance", year=2026, value=3)
    assert list(broken()) == ["I2 ('attendance', 2026): the counter says 3, but there is no document"]


def test_lost_file_is_found(document):
    default_storage.delete(document.file.name)
    assert list(broken()) == ["I3 document SK-2026-000001: its file is gone"]


def test_changed_file_is_found(document):
    with open(default_storage.path(document.file.name), "ab") as file:
        file.write(b"x")
    assert list(broken()) == ["I3 document SK-2026-000001: its file is not the one that was made"]


def test_total_that_the_protocol_does_not_have_is_found(document, tamper):
    snapshot = document.snapshot | {"total": 99}
    field = Document._meta.get_field("snapshot")
    tamper("UPDATE certificates_document SET snapshot = %s", field.get_db_prep_save(snapshot, connection))
    assert list(broken()) == ["I4 document SK-2026-000001: it does not agree with a closed protocol"]


def test_certificate_below_the_pass_mark_is_found(make_ready, failed_outcome, tamper):
    make_ready(failed_outcome)
    tamper("UPDATE certificates_document SET kind = 'certificate', valid_until = %s", TODAY.replace(year=2029))
    assert [line[:40] for line in broken()] == [
        "I2 ('certificate', 2026): the counter is",
        "I2 ('attendance', 2026): the counter say",
        "I4 document AN-2026-000001: a total of 4",
    ]


def test_another_validity_than_three_years_is_found(document, tamper):
    tamper("UPDATE certificates_document SET valid_until = %s", TODAY.replace(year=2030))
    assert list(broken()) == ["I7 document SK-2026-000001: valid until 2030-10-05, issued on 2026-10-05"]


def test_replaced_by_nothing_is_found(document, administrator, tamper):
    tamper("UPDATE certificates_document SET state = 'replaced'")
    assert list(broken()) == [
        "I6 document SK-2026-000001: replaced, but by nothing",
        "I9 document SK-2026-000001: the journal lacks that it was replaced",
    ]


def test_token_of_an_unknown_form_is_found(document, tamper):
    tamper("UPDATE certificates_document SET token = 'abc'")
    assert list(broken()) == [
        "I9 document SK-2026-000001: its token has no known form",
        "I9 document SK-2026-000001: the journal lacks that it was issued",
    ]


def test_document_that_nobody_makes_is_found_after_two_minutes(issue_to, outcome):
    document = issue_to(outcome)
    journal.write_down()
    line = "I8 document SK-2026-000001: waits for more than two minutes without a lease or an alert"
    with time_machine.travel("2026-10-05 05:01:59", tick=False):
        assert list(broken()) == []
    with time_machine.travel("2026-10-05 05:02:01", tick=False):
        assert list(broken()) == [line]
        Document.objects.filter(pk=document.pk).update(lease_until=timezone.now() + timedelta(seconds=9))
        assert list(broken()) == []
        Document.objects.filter(pk=document.pk).update(lease_until=None, last_error="ValueError")
        assert list(broken()) == []


def test_wish_that_nobody_fulfils_is_found_after_two_minutes(outcome, signatory, administrator):
    wish_documents(
        protocol=outcome.protocol, outcomes=[outcome], signatory=signatory, issued_on=TODAY, by=administrator
    )
    with time_machine.travel("2026-10-05 05:02:01", tick=False):
        wish = Wish.objects.get()
        assert list(broken()) == [f"I8 wish {wish.pk}: waits for more than two minutes without a lease or an alert"]
