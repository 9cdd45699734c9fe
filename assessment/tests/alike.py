"""Work that was handed in, and texts of nobody, for tests of previews and likenesses."""

import random
from datetime import datetime, timedelta
from hashlib import sha256

from django.core.files.base import ContentFile
from django.utils import timezone

from assessment.models import Assignment, Submission, SubmittedFile, Version
from core import states
from enrollment.models import Cohort, Enrolment

STEMS = "басқар мектеп мұғалім оқу сапа жоспар бақыла даму жүйе нәтиже көшбас құжат мақсат шешім тәуекел ұйым".split()
ENDINGS = ["", "у", "дың", "ға", "лар", "ды", "ымыз", "дан", "мен", "ші"]


def prose(words: int, seed: object) -> str:
    """So many Kazakh-looking words, other ones for each seed."""
    chance = random.Random(str(seed))
    text = [chance.choice(STEMS) + chance.choice(ENDINGS) for _ in range(words)]
    return ". ".join(" ".join(text[at : at + 12]).capitalize() for at in range(0, words, 12)) + "."


def make_assignment(cohort: Cohort, *, instructions: str = "Шешіңіз", position: int = 10) -> Assignment:
    """A task of the cohort that has been given out."""
    assignment = Assignment(
        cohort=cohort, module=cohort.edition.modules.first(), criterion=cohort.rubric.criteria.first(),
        kind="management_case", state="published", title_kk="Басқару кейсі", title_en="Management case",
        instructions_kk=instructions, position=position, due_at=timezone.now() + timedelta(days=3),
    )  # fmt: skip
    assignment.save()
    states.born([assignment], by=None)
    return assignment


def hand_in(  # type: ignore[no-untyped-def]
    enrolment: Enrolment, assignment: Assignment, text: str = "", *files: bytes, at: datetime | None = None, user=None
) -> Version:
    """The next version of the enrolment's work, as rows."""
    submission = Submission.objects.filter(enrolment=enrolment, assignment=assignment).first()
    if submission is None:
        submission = Submission(enrolment=enrolment, assignment=assignment, waiting_since=timezone.now())
        submission.save()
        states.born([submission], by=None)
    by = user or enrolment.listener.user or enrolment.cohort.trainers.first()
    version = Version.objects.create(
        submission=submission, no=submission.versions.count() + 1, text=text, handed_in_by=by,
        handed_in_at=at or timezone.now(),
    )  # fmt: skip
    for no, content in enumerate(files, start=1):
        attach(version, content, name=f"work-{no}")
    return version


def attach(version: Version, content: bytes, *, name: str = "work", content_type: str = "") -> SubmittedFile:
    """A stored file of the version."""
    row = SubmittedFile(
        version=version, name=name, content_type=content_type or "application/octet-stream", size=len(content),
        sha256=sha256(content).hexdigest(),
    )  # fmt: skip
    row.file.save(f"work/{version.pk}-{row.sha256[:12]}", ContentFile(content))
    return row
