"""What waits for an answer: the oldest first, and where one work stands among them. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from assessment.models import Attempt, AttemptState, Feedback, Score, Submission, Version
from assessment.work_list import TAKING
from core.workdays import workdays_between, workdays_later
from enrollment.models import Cohort


def waiting(user: User, *, cohort: int | None = None, assignment: int | None = None) -> QuerySet[Submission]:
    """Works of those who take or took the course that nobody has answered yet; a trainer's are of the own cohorts.

    Nobody's own work is among them.
    """
    found = Submission.objects.visible_to(user).unanswered().filter(enrolment__state__in=TAKING)
    if not user.is_administrator:
        found = found.filter(assignment__cohort__in=Cohort.objects.filter(trainers=user).values("pk"))
    found = found.exclude(enrolment__listener__user=user)
    if cohort is not None:
        found = found.filter(assignment__cohort=cohort)
    return found.filter(assignment=assignment) if assignment is not None else found


def listed(found: QuerySet[Submission]) -> QuerySet[Submission]:
    """With what a list shows of each: person, assignment, cohort, `newest` version and whether it `came_late`."""
    return found.select_related("enrolment__listener", "assignment__cohort", "assignment__module").annotate(
        newest=Max("versions__no"), came_late=Count("versions", filter=Q(versions__is_late=True))
    )


def is_overdue(waiting_since: Any, days: int, today: date) -> bool:
    """Whether it has waited longer than so many working days."""
    return workdays_later(timezone.localtime(waiting_since).date(), days) < today


def workdays_waited(waiting_since: datetime, today: date) -> int:
    """How many working days it has waited; the day on which it came is not counted."""
    return workdays_between(timezone.localtime(waiting_since).date(), today)


def waiting_summary(user: User) -> dict[str, Any]:
    """How many works wait (`count`) and since when the `oldest` does (None: nothing waits); one query."""
    return waiting(user).order_by().aggregate(count=Count("pk"), oldest=Min("waiting_since"))


def overdue_count(user: User, days: int) -> int:
    """How many works have waited longer than so many working days; one query."""
    today = timezone.localdate()
    since = waiting(user).filter(waiting_since__lt=timezone.now() - timedelta(days=days))
    return sum(is_overdue(moment, days, today) for moment in since.values_list("waiting_since", flat=True))


@dataclass(frozen=True)
class Place:
    """Where a work stands in the queue: its number from 1 (0: it does not wait), how many wait, its neighbours."""

    number: int
    count: int
    previous: int | None
    following: int | None


def place_of(submission: int, queue: Sequence[int]) -> Place:
    """`queue` are the waiting works in their order. After a work that does not wait comes the first that does."""
    if submission not in queue:
        return Place(0, len(queue), None, queue[0] if queue else None)
    at = queue.index(submission)
    before = queue[at - 1] if at else None
    return Place(at + 1, len(queue), before, queue[at + 1] if at + 1 < len(queue) else None)


def with_versions(found: QuerySet[Submission]) -> QuerySet[Submission]:
    """With everything that the page of one work shows; the number of queries does not grow."""
    answers = Prefetch("feedback", Feedback.objects.select_related("by").order_by("pk"))
    versions = Prefetch("versions", Version.objects.order_by("-no").prefetch_related("files", answers))
    return found.select_related(
        "enrolment__listener__employer", "assignment__cohort", "assignment__module", "assignment__criterion"
    ).prefetch_related(versions, "assignment__criterion__levels")


def points_of(submission: Submission) -> Score | None:
    """What the listener has for the criterion now, in the latest attempt that is valid."""
    scores = Score.objects.filter(
        attempt__in=Attempt.objects.filter(enrolment=submission.enrolment_id).exclude(state=AttemptState.VOID),
        criterion=submission.assignment.criterion_id,
    )
    return scores.order_by("-attempt").first()
