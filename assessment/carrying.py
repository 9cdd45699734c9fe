"""What goes along when a course is continued in another cohort: points that no protocol has decided on (R7–R9).

Enrolments with an `origin` are pulled by the worker; a trainer who is quicker finds the same attempt.
"""

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from assessment.marking import missing
from assessment.models import Attempt, AttemptState, Score
from core.states import born
from enrollment.models import Enrolment, EnrolmentState, OrderKind

UNDECIDED = (AttemptState.OPEN, AttemptState.SUBMITTED)
# By `opened_by` it is known which order opened an enrolment.
WITH_ORIGIN = ("cohort__rubric", "origin__cohort", "opened_by__order")


def is_by_next_cohort(enrolment: Enrolment) -> bool:
    """Whether an order of R7 opened it: a new assessment, together with this cohort. `opened_by` must be loaded."""
    line = getattr(enrolment, "opened_by", None)
    return line is not None and line.order.kind == OrderKind.RETAKE


def _waiting() -> QuerySet[Enrolment]:
    """Enrolled, continuing a course, without an attempt, and with something to bring along."""
    by_next_cohort = Q(opened_by__order__kind=OrderKind.RETAKE)
    with_points = Q(origin__attempts__state__in=UNDECIDED, origin__cohort__rubric=F("cohort__rubric"))
    moved_on = Q(origin__attempts=None, origin__origin__isnull=False)
    return (
        Enrolment.objects.filter(by_next_cohort | with_points | moved_on)
        .filter(state=EnrolmentState.ENROLLED, origin__isnull=False, attempts=None)
        .order_by("pk")
        .distinct()
    )


def carry_over() -> int:
    """Give every such enrolment its attempt; returns how many got one. Safe to run twice, at once, and to lose."""
    return sum(_carry_one(pk) for pk in _waiting().values_list("pk", flat=True))


@transaction.atomic
def _carry_one(pk: int) -> bool:
    held = Enrolment.objects.select_for_update(of=("self",)).select_related(*WITH_ORIGIN).get(pk=pk)
    return held.state == EnrolmentState.ENROLLED and bring_along(held) is not None


def bring_along(enrolment: Enrolment) -> Attempt | None:
    """The first attempt of an enrolment that continues another, with what goes along; None when nothing does.

    Call it with the enrolment's row locked and WITH_ORIGIN loaded. An order of R7 makes an empty attempt of the kind
    “with the next cohort”. Otherwise the points of the origin's attempt are copied, with who entered them and when,
    if no protocol has decided on it and the rubric is the same; each score's history says where it comes from. What
    was decided stays as it is, where it is. An enrolment that has an attempt is left alone.
    """
    if enrolment.origin is None or enrolment.attempts.exists():
        return None
    if is_by_next_cohort(enrolment):
        return _made(enrolment, Attempt(kind=Attempt.Kind.NEXT_COHORT))
    source = _source(enrolment)
    if source is None or source.enrolment.cohort.rubric_id != enrolment.cohort.rubric_id:
        return None
    scores = list(source.scores.exclude(points=None).select_related("criterion"))
    points = {score.criterion.code: score.points for score in scores}
    complete = not missing(points, enrolment.cohort.rubric.criteria.all())
    state = AttemptState.SUBMITTED if complete else AttemptState.OPEN
    attempt = _made(enrolment, Attempt(state=state, carried_from=source))
    for score in scores:
        copy = Score(
            attempt=attempt,
            criterion=score.criterion,
            points=score.points,
            max_points=score.max_points,
            entered_by_id=score.entered_by_id,
            entered_at=score.entered_at,
        )
        copy._change_reason = f"{source.enrolment.cohort} → {enrolment.cohort}"  # type: ignore[attr-defined]
        copy._history_user = None  # type: ignore[attr-defined]
        copy.save()
    return attempt


def _made(enrolment: Enrolment, attempt: Attempt) -> Attempt:
    attempt.enrolment = enrolment
    attempt.save()
    with translation.override("kk"):
        reason = _("The course is continued from the cohort %(code)s.") % {"code": enrolment.origin.cohort}  # type: ignore[union-attr]
    born([attempt], by=None, reason=reason)
    return attempt


def _source(enrolment: Enrolment) -> Attempt | None:
    """The undecided attempt of what this continues, or of what that continued; None when there is none."""
    origin = enrolment.origin
    seen = {enrolment.pk}
    while origin is not None and origin.pk not in seen:
        seen.add(origin.pk)
        if (last := origin.attempts.order_by("pk").last()) is not None:
            return last if last.state in UNDECIDED else None
        origin = origin.origin
    return None


def origin_note(enrolment: Enrolment, attempt: Attempt | None) -> str:
    """What the sheet says about somebody who comes from another cohort; empty for everybody else.

    `origin__cohort` and `opened_by__order` must be loaded.
    """
    origin = enrolment.origin
    if origin is None:
        return ""
    where = {"code": origin.cohort}
    if is_by_next_cohort(enrolment) or origin.state == EnrolmentState.NOT_PASSED:
        return _("Did not pass in the cohort %(code)s; is assessed anew with this one.") % where
    if attempt is not None and attempt.carried_from_id:
        return _("Comes from the cohort %(code)s; the points entered there went along.") % where
    if origin.cohort.rubric_id != enrolment.cohort.rubric_id:
        return _("Comes from the cohort %(code)s, judged by another rubric: its points do not go along.") % where
    return _("Comes from the cohort %(code)s.") % where
