"""What must always hold after the course (R12): plans, their needs, and hours that people can keep."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Count
from django.utils import timezone

from core.workdays import is_working
from postcourse import diary
from postcourse.models import Consultation, ConsultationState, SupportPlan
from postcourse.needs import needs
from postcourse.planning import waiting


def broken() -> Iterator[str]:
    """One line per broken invariant."""
    yield from _forgotten()
    yield from _wrong_needs()
    yield from _impossible_hours()
    yield from _lost_history()


def _forgotten() -> Iterator[str]:
    """Every passed outcome has its plan two minutes after the protocol, or a reason in words why not."""
    for row in waiting():
        if not row.reason:
            yield f"R12 outcome {row.outcome.pk}: no support plan, and nothing stands in its way"


def _wrong_needs() -> Iterator[str]:
    """A plan has exactly the consultations that its outcome asks for."""
    plans = SupportPlan.objects.select_related("outcome__attempt__enrolment__cohort__rubric").prefetch_related(
        "consultations__criterion", "outcome__attempt__enrolment__cohort__rubric__criteria"
    )
    for plan in plans.iterator(chunk_size=500):
        maxima = {c.code: c.max_points for c in plan.outcome.attempt.enrolment.cohort.rubric.criteria.all()}
        wanted = Counter(needs(plan.outcome.points, maxima, plan.weak_share))
        given = Counter(c.criterion.code if c.criterion else None for c in plan.consultations.all())
        if given != wanted:
            yield f"R12 support plan {plan.pk}: consultations {dict(given)}, needs {dict(wanted)}"
        if not plan.outcome.passed:
            yield f"R12 support plan {plan.pk}: its outcome is not passed"


def _impossible_hours() -> Iterator[str]:
    """Nobody is in two places at once; what is to come lies on working days and hours, within the day's limit."""
    rules, places, days = diary.rules(), Counter(), Counter()  # type: ignore[var-annotated]
    now = timezone.now()
    for c in Consultation.objects.not_cancelled().select_related("plan").iterator(chunk_size=2000):
        slot, at = diary.slot_at(c.starts_at, c.consultant_id), diary.local(c.starts_at)
        places[slot] += 1
        days[c.consultant_id, slot.day] += c.starts_at > now
        if c.is_open and c.starts_at > now:
            whole = (at.minute, at.second, at.microsecond) == (0, 0, 0)
            if not (is_working(slot.day) and slot.hour in rules.hours and whole and slot.day in c.plan.period):
                yield f"R12 consultation {c.pk}: {at:%Y-%m-%d %H:%M} is no hour for a consultation of its plan"
    for slot, count in places.items():
        if count > 1:
            yield f"R12 consultant {slot.consultant}: {count} consultations at once on {slot.day} at {slot.hour}:00"
    for (consultant, day), count in days.items():
        if count > rules.per_day:
            yield f"R12 consultant {consultant}: {count} consultations on {day}, more than {rules.per_day}"


def _lost_history() -> Iterator[str]:
    """Every change of time is in the history, and a cancellation is the last change of all."""
    rows = Consultation.objects.annotate(moves=Count("reschedules")).values_list("pk", "state", "sequence", "moves")
    for pk, state, sequence, moves in rows.order_by("pk").iterator(chunk_size=2000):
        if sequence != moves + (state == ConsultationState.CANCELLED):
            yield f"R12 consultation {pk}: sequence {sequence}, but {moves} moves in its history"
