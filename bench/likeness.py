"""Who is worth comparing with a new work, among 1,000 prints and among 10,000.

Nine works in ten are of their own, each tenth has a third of its words from another one. A ratio of 1 means that ten
times as many prints cost no more.
"""

import random
import time
from collections.abc import Iterator

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


def store(texts: list[str], tasks: list[tuple[Assignment, list[Enrolment]]]) -> list[TextPrint]:
    """Prints of these texts as the worker makes them, each of somebody else's work."""
    now = timezone.now()
    authors = [(task, one) for task, people in tasks for one in people]
    submissions = Submission.objects.bulk_create(
        Submission(assignment=task, enrolment=one, waiting_since=now)
        for (task, one), _text in zip(authors, texts, strict=True)
    )
    by = factories.UserFactory()
    versions = Version.objects.bulk_create(
        Version(submission=one, no=1, handed_in_by=by, handed_in_at=now) for one in submissions
    )
    prints = TextPrint.objects.bulk_create(
        TextPrint(version=version, text=text, words=WORDS, signature=signature_of(runs_of(words_of(text))))
        for version, text in zip(versions, texts, strict=True)
    )
    for one in prints:
        PrintBand.objects.bulk_create(PrintBand(print=one, key=key) for key in keys_of(one.signature))
    return prints


def tasks(count: int, *, first: int) -> list[tuple[Assignment, list[Enrolment]]]:
    """Cohorts with a task each, for so many works."""
    edition = ProgrammeEdition.objects.get()
    made = []
    for number in range(count // COHORT):
        cohort = factories.make_cohort(edition=edition, code=f"L-{first + number}")
        people = [factories.make_enrolment(cohort=cohort, agreed=False) for _ in range(COHORT)]
        made.append((make_assignment(cohort), people))
    return made


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
    # Copies are in another cohort than what they copy: every second work of the list goes to another one.
    few = store(texts[: SIZES[0]], _apart(tasks(SIZES[0], first=0)))
    asked = list(TextPrint.objects.filter(pk__in=[one.pk for one in few[9 :: SIZES[0] // ASKED]]))
    slow = rate(asked)
    store(texts[SIZES[0] :], _apart(tasks(SIZES[1] - SIZES[0], first=SIZES[0])))
    fast = rate(asked)
    copies = {one.pk: few[at - 1].pk for at, one in enumerate(few) if at % 10 == 9}
    for one in asked:
        if one.pk in copies and copies[one.pk] not in {found.pk for found in candidates(one)}:
            raise AssertionError(f"{one.pk} does not lead to what it copied")
    yield Row("candidates among 10,000 prints", "1,000", fast, slow, GOAL)


def _apart(made: list[tuple[Assignment, list[Enrolment]]]) -> list[tuple[Assignment, list[Enrolment]]]:
    """The same authors, so ordered that neighbours are of different cohorts."""
    return [(task, [people[at]]) for at in range(COHORT) for task, people in made]
