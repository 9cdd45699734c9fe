"""A whole cohort issued by a crowd of threads: one document each, numbers without a gap (I1, I2)."""

import random
from functools import partial

import pytest

from certificates.candidates import candidates
from certificates.invariants import broken
from certificates.issuing import issue_wished
from certificates.models import Document, DocumentState, Wish
from certificates.rendering import render_reserved
from core.models import AuditEntry
from enrollment.tests.test_capacity_race import all_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("in_october")]
PEOPLE = 25


@pytest.fixture
def protocol(protocol_of):  # type: ignore[no-untyped-def]
    """A cohort of 25, four of whom did not pass."""
    return protocol_of(*(f"-Тыңдаушы{n:02d}" if n % 6 == 5 else f"Тыңдаушы{n:02d}" for n in range(PEOPLE)))


def check(results):
    assert [result for result in results if isinstance(result, Exception)] == []
    assert None not in results
    documents = Document.objects.all()
    assert documents.values("enrolment").distinct().count() == documents.count() == PEOPLE
    for kind, count in (("certificate", 21), ("attendance", 4)):
        counters = documents.filter(kind=kind).order_by("counter").values_list("counter", flat=True)
        assert list(counters) == list(range(1, count + 1))
    assert AuditEntry.objects.filter(model="certificates.Document", from_state="").count() == PEOPLE
    assert list(broken()) == []


def test_threads_issue_every_outcome_in_an_order_of_their_own(issue_to, protocol, threads):
    outcomes = [candidate.outcome for candidate in candidates(protocol)]

    def all_of_them(seed):
        mine = random.Random(seed).sample(outcomes, len(outcomes))
        return [issue_to(outcome).number for outcome in mine]

    results = all_at_once([partial(all_of_them, seed) for seed in range(threads)])
    check(results)
    assert {frozenset(numbers) for numbers in results} == {frozenset(Document.objects.values_list("number", flat=True))}


def test_threads_that_work_as_the_worker_does_share_the_wishes(wish, protocol, threads):
    wish(protocol)
    results = all_at_once([issue_wished] * threads)
    check(results)
    assert sum(results) == PEOPLE
    assert not Wish.objects.exclude(state=Wish.State.ISSUED).exists()
    assert sum(all_at_once([render_reserved] * 4)) == PEOPLE
    assert not Document.objects.exclude(state=DocumentState.READY).exists()
    assert list(broken()) == []
