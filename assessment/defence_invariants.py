"""What must always hold of defences: settled by two examiners or more, by the rule, and equal to the stored points."""

from collections.abc import Iterator

from django.conf import settings

from assessment.models import AttemptState, Defence, DefenceState, Score
from assessment.settling import FEWEST, settle


def broken() -> Iterator[str]:
    """One line per broken invariant."""
    settled = Defence.objects.filter(state=DefenceState.SETTLED).select_related("attempt", "sitting__cohort__rubric")
    for defence in settled.prefetch_related("given__criterion", "sitting__cohort__rubric__criteria").order_by("pk"):
        yield from _settled(defence)
    for pk in Defence.objects.filter(state=DefenceState.DISPUTED, attempt__state=AttemptState.DECIDED).values_list(
        "pk", flat=True
    ):
        yield f"defence {pk}: a protocol has decided, and it still waits for the chair"


def _settled(defence: Defence) -> Iterator[str]:
    where, given = f"defence {defence.pk}", list(defence.given.all())
    stored = {
        s.criterion.code: s.points for s in Score.objects.filter(attempt=defence.attempt).select_related("criterion")
    }
    for criterion in defence.sitting.cohort.rubric.criteria.all():
        if not criterion.at_defence:
            continue
        points = [one.points for one in given if one.criterion_id == criterion.pk]
        made = defence.points.get(criterion.code)
        if len(points) < FEWEST:
            yield f"{where}: {len(points)} examiner(s) gave points for {criterion.code}"
        elif not defence.grounds and settle(points, criterion.max_points, settings.DEFENCE_SPREAD).points not in (
            None,
            made,
        ):
            yield f"{where}: {made} for {criterion.code} is not the mean of {points}"
        if stored.get(criterion.code) != made:
            yield f"{where}: {made} for {criterion.code}, and {stored.get(criterion.code)} stands in the scores"
