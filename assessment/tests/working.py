"""Assignments and submissions of tests: by the verbs where a test is about them, else as rows."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from assessment.answering import answer
from assessment.handing_in import hand_in
from assessment.models import Assignment, AssignmentState, Feedback, Submission, Version
from core import states
from core.private_files import Upload
from core.tests.papers import pdf
from enrollment.models import Cohort, Enrolment


def make_assignment(  # type: ignore[no-untyped-def]
    cohort: Cohort, *, state: str = AssignmentState.PUBLISHED, due_at: datetime | None = None, by: User | None = None,
    **fields,
) -> Assignment:  # fmt: skip
    """An assignment of the first module and criterion, published and due in three days unless told otherwise."""
    values = {
        "module": cohort.edition.modules.first(),
        "criterion": cohort.rubric.criteria.first(),
        "kind": "management_case",
        "title_kk": "Басқару кейсі",
        "title_ru": "Управленческий кейс",
        "title_en": "Management case",
        "instructions_kk": "Кейсті шешіңіз.",
        "instructions_ru": "Решите кейс.",
        "instructions_en": "Solve the case.",
        "due_at": due_at or timezone.now() + timedelta(days=3),
    } | fields
    assignment = Assignment(cohort=cohort, **values)
    assignment.save()
    states.born([assignment], by=by)
    way = {AssignmentState.DRAFT: [], AssignmentState.PUBLISHED: ["published"]}
    for step in way.get(state, ["published", "closed"]):  # type: ignore[call-overload]
        states.move(assignment, step, by=by)
    return assignment


def make_version(  # type: ignore[no-untyped-def]
    enrolment: Enrolment, *, assignment: Assignment | None = None, by: User | None = None, text: str = "Менің жұмысым",
    key: str = "", now: datetime | None = None, files=None,
) -> Version:  # fmt: skip
    """A version that the listener handed in, with a PDF; on a new assignment without one. `by` makes the assignment."""
    return hand_in(
        assignment=assignment or make_assignment(enrolment.cohort, by=by),
        enrolment=enrolment,
        text=text,
        files=[Upload("жұмыс.pdf", pdf())] if files is None else files,
        request_key=key,
        by=enrolment.listener.user,
        now=now,
    )


def make_answer(version: Version, *, by: User, verdict: str = "returned", words: str = "Толықтырыңыз") -> Submission:
    """A trainer's answer to a version."""
    seen = Feedback.objects.filter(version__submission=version.submission_id).count()
    answer(version=version, verdict=verdict, words=words, seen=seen, by=by)
    return Submission.objects.get(pk=version.submission_id)
