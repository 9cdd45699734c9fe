"""What an administrator asks for, the worker does: person by person, once, with a reason where it does not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from certificates import issuing
from certificates.candidates import candidates
from certificates.invariants import broken
from certificates.issuing import issue_wished
from certificates.models import Document, DocumentState, IssueBatch, Kind, Wish
from certificates.tests.conftest import TODAY
from core.errors import Refused
from core.leases import claim_one
from enrollment.models import Signatory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_october")]


def test_wished_documents_are_issued_by_the_worker(protocol_of, wish):
    batch = wish(protocol_of("Әлімов", "-Бекенов"), language="en")
    assert Document.objects.count() == 0
    assert issue_wished() == 2
    assert {w.state for w in batch.wishes.all()} == {Wish.State.ISSUED}
    assert [d.snapshot["languages"] for d in Document.objects.all()] == [["kk", "en"]] * 2
    assert issue_wished() == 0
    assert list(broken()) == []


def test_wish_repeated_gives_the_same_batch(protocol_of, wish):
    protocol = protocol_of("Әлімов")
    batch = wish(protocol)
    assert wish(protocol) == batch
    issue_wished()
    assert wish(protocol) == batch
    assert (IssueBatch.objects.count(), Wish.objects.count()) == (1, 1)


def test_wish_repeated_with_another_content_is_refused(protocol_of, wish):
    protocol = protocol_of("Әлімов")
    wish(protocol)
    with pytest.raises(Refused, match="nobody left to issue to"):
        wish(protocol, language="en")


def test_wish_for_nobody_is_refused(protocol_of, wish):
    with pytest.raises(Refused, match="nobody left to issue to"):
        wish(protocol_of("Әлімов"), outcomes=[])
    assert IssueBatch.objects.count() == 0


def test_wish_tells_who_cannot_be_issued_to(protocol_of, wish, issue_to):
    protocol = protocol_of("Әлімов", "Бекенов")
    issue_to(candidates(protocol)[0].outcome)
    batch = wish(protocol)
    assert [(w.state, w.reason) for w in batch.wishes.order_by("outcome__attempt__enrolment__listener__sort_key")] == [
        ("refused", "Has No SK-2026-000001 of 05.10.2026 already."), ("wished", ""),
    ]  # fmt: skip
    assert issue_wished() == 1


def test_wish_of_people_of_another_protocol_is_not_recorded(protocol_of, wish, other_cohort):
    mine, other = protocol_of("Әлімов"), protocol_of("Бекенов", of=other_cohort)
    batch = wish(mine, outcomes=[*mine.outcomes.all(), *other.outcomes.all()])
    assert [w.outcome for w in batch.wishes.all()] == list(mine.outcomes.all())


def test_wish_is_for_administrators_only(protocol_of, wish, trainer, administrator):
    protocol = protocol_of("Әлімов")
    administrator.is_active = False
    for person in (trainer, administrator):
        with pytest.raises(Refused, match="by an administrator"):
            wish(protocol, by=person)
    assert IssueBatch.objects.count() == 0


def test_wish_in_kazakh_alone_is_refused(protocol_of, wish):
    with pytest.raises(Refused, match="second language"):
        wish(protocol_of("Әлімов"), language="kk")


def test_terms_are_judged_before_anything_is_wished(protocol_of, wish):
    protocol = protocol_of("Әлімов")
    with pytest.raises(Refused, match="lies in the future"):
        wish(protocol, issued_on=TODAY + timedelta(days=1))
    assert IssueBatch.objects.count() == 0


def test_refusal_at_work_is_written_in_the_language_of_who_wished(protocol_of, wish, signatory, administrator):
    administrator.language = "en"
    administrator.save()
    batch = wish(protocol_of("Әлімов", "Бекенов"))
    Signatory.objects.filter(pk=signatory.pk).update(valid_to=TODAY - timedelta(days=1))
    assert issue_wished() == 0
    sentence = "Сейітқали Бауыржан Мұратұлы has no power to sign on 05.10.2026."
    assert [(w.state, w.reason) for w in batch.wishes.all()] == [("refused", sentence)] * 2
    assert Document.objects.count() == 0


def test_fault_with_one_person_is_put_off_and_the_others_go_on(protocol_of, wish, settings):
    protocol = protocol_of("Әлімов", "Бекенов")
    batch = wish(protocol)
    broken_wish = batch.wishes.order_by("pk").first()
    settings.DOCUMENT_NUMBER_FORMAT = "SK-{counter:06}-{nothing}"
    assert issue_wished() == 0
    settings.DOCUMENT_NUMBER_FORMAT = "SK-{counter:06}"
    broken_wish.refresh_from_db()
    assert (broken_wish.state, broken_wish.last_error) == ("wished", "KeyError: 'nothing'")
    assert broken_wish.lease_until is not None
    Wish.objects.update(lease_until=None)
    assert issue_wished() == 2
    assert Document.objects.order_by("pk").last().number == "SK-000002"


def test_wish_that_fails_again_and_again_is_refused_and_may_be_wished_anew(protocol_of, wish):
    protocol = protocol_of("Әлімов")
    batch = wish(protocol)
    Wish.objects.update(attempts=5, last_error="KeyError: 'x'")
    assert issue_wished() == 0
    refused = batch.wishes.get()
    assert (refused.state, refused.last_error) == ("refused", "KeyError: 'x'")
    assert refused.reason
    assert wish(protocol) != batch
    assert issue_wished() == 1


def test_worker_that_lost_its_lease_does_not_double(protocol_of, wish):
    wish(protocol_of("Әлімов"))
    slow = claim_one(Wish.objects.all())
    Wish.objects.update(lease_until=None)
    assert issue_wished() == 1
    assert issuing._fulfil(slow) is False
    assert (Document.objects.count(), Wish.objects.get().state) == (1, Wish.State.ISSUED)


def test_wish_held_by_another_worker_is_left_to_it(protocol_of, wish):
    wish(protocol_of("Әлімов"))
    claim_one(Wish.objects.all())
    assert issue_wished() == 0
    assert Document.objects.count() == 0


def test_issue_reads_the_outcome_anew(outcome, issue_to):
    """An outcome changed in memory decides nothing."""
    outcome.passed, outcome.total = False, 3
    document = issue_to(outcome)
    assert (document.kind, document.snapshot["total"]) == (Kind.CERTIFICATE, 89)


@pytest.mark.django_db(transaction=True)
def test_threads_fulfilling_one_batch_share_the_work(protocol_of, wish):
    wish(protocol_of(*(f"Әлімов{n}" for n in range(6))))

    def one(_):
        try:
            return issue_wished()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one, range(4))) == 6
    assert sorted(Document.objects.values_list("counter", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert set(Document.objects.values_list("state", flat=True)) == {DocumentState.RESERVED}
    assert list(broken()) == []
