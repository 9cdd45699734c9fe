"""Who is worth comparing with a new work, among 1,000 prints and among 10,000.

Nine works in ten are of their own, each tenth has a third of its words from another one. A ratio of 1 means that ten
times as many prints cost no more.
"""

import random
import time
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone

from assessment.likening import candidates
from assessment.models import Assignment, PrintBand, Submission, TextPrint, Version
from assessment.passages import runs_of, words_of
from assessment.printing import keys_of, signature_of
from assessment.tests.alike import make_assignment
from bench.measure import Row
from enrollment.models import Enrolment
from programs.models import ProgrammeEdition
from tests import factories

SIZES = (1_000, 10_000)
COHORT = 25
WORDS = 600
ASKED = 40  # prints whose candidates are looked for, of each size the same ones
GOAL = 0.2  # ten times as many prints may cost five times as much, and no more
VOCABULARY = [f"сөз{number}" for number in range(3_000)]


def works(count: int) -> Iterator[str]:
    """Texts of nobody; each tenth has copied from the one before."""
    chance = random.Random(7)
    last: list[str] = []
    for number in range(count):
        words = chance.choices(VOCABULARY, k=WORDS)
        if number % 10 == 9:
            words[: WORDS // 3] = last[: WORDS // 3]
        last = words
        yield " ".join(words)


Author = tuple[Assignment, Enrolment]


@transaction.atomic
def store(texts: list[str], authors: list[Author]) -> list[TextPrint]:
    """Prints of these texts as the worker makes them, each of somebody else's work."""
    now = timezone.now()
    submissions = Submission.objects.bulk_create(
        Submission(assignment=task, enrolment=one, waiting_since=now) for task, one in authors
    )
    by = factories.UserFactory()
    versions = Version.objects.bulk_create(
        Version(submission=one, no=1, handed_in_by=by, handed_in_at=now) for one in submissions
    )
    prints = TextPrint.objects.bulk_create(
        TextPrint(version=version, text=text, words=WORDS, signature=signature_of(runs_of(words_of(text))))
        for version, text in zip(versions, texts, strict=True)
    )
    PrintBand.objects.bulk_create(
        (PrintBand(print=one, key=key) for one in prints for key in keys_of(one.signature)), batch_size=10_000
    )
    return prints


@transaction.atomic
def people() -> list[Enrolment]:
    """A thousand, so ordered that neighbours are of different cohorts."""
    edition = ProgrammeEdition.objects.get()
    cohorts = [factories.make_cohort(edition=edition, code=f"L-{number}") for number in range(SIZES[0] // COHORT)]
    return [factories.make_enrolment(cohort=one, agreed=False) for _ in range(COHORT) for one in cohorts]


@transaction.atomic
def work_of(enrolments: list[Enrolment], position: int) -> list[Author]:
    """Another task for each cohort, which everybody does."""
    cohorts = {one.cohort_id: one.cohort for one in enrolments}
    given = {pk: make_assignment(cohort, position=position) for pk, cohort in cohorts.items()}
    return [(given[one.cohort_id], one) for one in enrolments]


def rate(asked: list[TextPrint]) -> float:
    """Look-ups a second, the median of five rounds; fails unless each copy has the work that it copied."""
    rounds = []
    for _ in range(5):
        started = time.perf_counter()
        for one in asked:
            candidates(one)
        rounds.append(len(asked) / (time.perf_counter() - started))
    return sorted(rounds)[2]


def rows() -> Iterator[Row]:
    """Candidates of the same works among few and among many."""
    texts = list(works(SIZES[1]))
    authors = people()
    few = store(texts[: SIZES[0]], work_of(authors, 1))
    asked = [few[at] for at in range(9, SIZES[0], SIZES[0] // ASKED // 10 * 10)]
    asked = list(TextPrint.objects.filter(pk__in=[one.pk for one in asked]))
    before = rate(asked)
    for turn in range(1, SIZES[1] // SIZES[0]):
        store(texts[SIZES[0] * turn : SIZES[0] * (turn + 1)], work_of(authors, turn + 1))
    after = rate(asked)
    copied = {one.pk: few[at - 1].pk for at, one in enumerate(few)}
    for one in asked:
        if copied[one.pk] not in {found.pk for found in candidates(one)}:
            raise AssertionError(f"{one.pk} does not lead to what it copied")
    yield Row("candidates among 10,000 prints", "1,000", after, before, GOAL)
