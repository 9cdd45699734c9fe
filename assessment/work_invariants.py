"""What must always hold of submitted work: versions in a row, files as they came, states that agree with answers.

Whether a version was late is not derived: due dates may move after it came, and it stays as it was settled then.
"""

import hashlib
from collections.abc import Iterator

from django.db.models import F

from assessment.models import Assignment, Submission, SubmissionState, SubmittedFile

PIECE = 1024 * 1024  # bytes read at once


def broken() -> Iterator[str]:
    """One line per broken invariant."""
    submissions = Submission.objects.order_by("pk").prefetch_related("versions__feedback", "versions__files")
    for submission in submissions.iterator(chunk_size=500):
        yield from _submission(submission)
    foreign = Submission.objects.exclude(enrolment__cohort=F("assignment__cohort")).order_by("pk")
    for pk in foreign.values_list("pk", flat=True):
        yield f"submission {pk}: its enrolment is of another cohort than its assignment"
    yield from _misplaced()
    for file in SubmittedFile.objects.exclude(file="").order_by("pk").iterator(chunk_size=500):
        yield from _file(file)


def _misplaced() -> Iterator[str]:
    """Assignments whose criterion or module is not of their cohort's rubric and edition."""
    rubric, edition = F("cohort__rubric"), F("cohort__edition")
    for pk in Assignment.objects.exclude(criterion__rubric=rubric).order_by("pk").values_list("pk", flat=True):
        yield f"assignment {pk}: its criterion is not of the cohort's rubric"
    for pk in Assignment.objects.exclude(module__edition=edition).order_by("pk").values_list("pk", flat=True):
        yield f"assignment {pk}: its module is not of the cohort's edition"


def _submission(submission: Submission) -> Iterator[str]:
    where, versions = f"submission {submission.pk}", list(submission.versions.all())
    if not versions:
        yield f"{where}: it has no version"
        return
    numbers = [version.no for version in versions]
    if numbers != list(range(1, len(versions) + 1)):
        yield f"{where}: its versions are numbered {numbers}"
    if any(not version.text and not version.files.all() for version in versions):
        yield f"{where}: a version is empty"
    answers = [answer for version in versions for answer in version.feedback.all()]
    last = max(answers, key=lambda answer: answer.pk, default=None)
    if submission.state == SubmissionState.HANDED_IN:
        if versions[-1].feedback.all():
            yield f"{where}: it waits, and its last version has been answered"
    elif last is None or last.verdict != submission.state:
        yield f"{where}: {submission.state}, and its last answer says {last.verdict if last else 'nothing'}"


def _file(file: SubmittedFile) -> Iterator[str]:
    digest, size = hashlib.sha256(), 0
    try:
        with file.file.open("rb") as stored:
            while piece := stored.read(PIECE):
                digest.update(piece)
                size += len(piece)
    except OSError:
        yield f"submitted file {file.pk}: it is not in the store"
        return
    if (size, digest.hexdigest()) != (file.size, file.sha256):
        yield f"submitted file {file.pk}: it is not the file that was handed in"
