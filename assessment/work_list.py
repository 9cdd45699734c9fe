"""What a listener has to hand in and where it stands, and how far a cohort is with its assignments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, Prefetch, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment.handing_in import why_not
from assessment.models import Assignment, AssignmentState, Feedback, Submission, SubmissionState, Version
from enrollment.models import Cohort, Enrolment, EnrolmentState

# Who has or had work to hand in.
TAKING = (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.NOT_PASSED)


class WorkState(models.TextChoices):
    """Where one assignment stands for one listener."""

    TO_DO = "to_do", _("to do")
    OVERDUE = "overdue", _("overdue")
    RETURNED = "returned", _("returned to you")
    WAITS = "waits", _("waits for an answer")
    ACCEPTED = "accepted", _("accepted")
    MISSED = "missed", _("not handed in")


@dataclass(frozen=True)
class Work:
    """One assignment as its listener sees it. `closed` is the sentence that says why nothing can be handed in now."""

    assignment: Assignment
    enrolment: Enrolment
    submission: Submission | None
    closed: str
    now: datetime

    @property
    def state(self) -> WorkState:
        """Where it stands."""
        if self.submission is None:
            if self.closed:
                return WorkState.MISSED
            return WorkState.OVERDUE if self.now > self.assignment.due_at else WorkState.TO_DO
        if self.submission.state == SubmissionState.HANDED_IN:
            return WorkState.WAITS
        accepted = self.submission.state == SubmissionState.ACCEPTED
        return WorkState.ACCEPTED if accepted else WorkState.RETURNED

    @property
    def is_due(self) -> bool:
        """Whether the listener is to hand in a version: the first one, or another after it was returned."""
        return not self.closed and self.state in (WorkState.TO_DO, WorkState.OVERDUE, WorkState.RETURNED)

    @property
    def versions(self) -> list[Version]:
        """What was handed in, the latest first."""
        return list(self.submission.versions.all())[::-1] if self.submission else []

    @property
    def is_late(self) -> bool:
        """Whether the latest version came after it was due."""
        return bool(self.versions) and self.versions[0].is_late

    @property
    def answer(self) -> Feedback | None:
        """The trainer's last words."""
        given = [answer for version in self.versions for answer in version.feedback.all()]
        return max(given, key=lambda answer: answer.pk, default=None)


def read_work(enrolments: Iterable[Enrolment], *, assignment: int | None = None) -> list[Work]:
    """The published and closed assignments of these enrolments (one of them with `assignment`).

    What is due first, by its date; then the rest. The number of queries does not grow.
    """
    by_cohort = {enrolment.cohort_id: enrolment for enrolment in enrolments}
    mine = Submission.objects.filter(enrolment__in=list(by_cohort.values())).prefetch_related(
        "versions__files", "versions__feedback__by"
    )
    found = (
        Assignment.objects.filter(cohort__in=list(by_cohort))
        .exclude(state=AssignmentState.DRAFT)
        .select_related("cohort", "module", "criterion")
        .prefetch_related(Prefetch("submissions", queryset=mine, to_attr="mine"))
    )
    found = found.filter(pk=assignment) if assignment is not None else found
    now = timezone.now()
    works = [_work(one, by_cohort[one.cohort_id], now) for one in found]
    return sorted(works, key=lambda work: (not work.is_due, work.assignment.due_at, work.assignment.pk))


def _work(assignment: Any, enrolment: Enrolment, now: datetime) -> Work:
    submission = assignment.mine[0] if assignment.mine else None
    return Work(assignment, enrolment, submission, why_not(assignment, enrolment, submission, now), now)


def count_due(enrolments: Iterable[Enrolment]) -> int:
    """How many assignments wait for a version from these enrolments of one person."""
    return sum(work.is_due for work in read_work(enrolments))


@dataclass(frozen=True)
class Table:
    """A cohort's assignments, each with `handed_in` and `waiting` (people), beside how many take the course."""

    cohort: Cohort
    assignments: list[Any]
    people: int

    @property
    def drafts(self) -> int:
        """How many are not published yet."""
        return sum(one.state == AssignmentState.DRAFT for one in self.assignments)


def read_table(cohort: Cohort) -> Table:
    """The assignments of a cohort in the order of its modules; two queries."""
    taking = Q(submissions__enrolment__state__in=TAKING)
    waiting = taking & Q(submissions__state=SubmissionState.HANDED_IN)
    assignments = (
        Assignment.objects.filter(cohort=cohort)
        .select_related("module", "criterion")
        .annotate(handed_in=Count("submissions", filter=taking), waiting=Count("submissions", filter=waiting))
        .order_by("module__no", "position", "pk")
    )
    return Table(cohort, list(assignments), cohort.enrolments.filter(state__in=TAKING).count())
