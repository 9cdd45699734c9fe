"""What must always hold of judgements: I12 on points, and I4's ground: outcomes that equal their scores."""

from collections.abc import Iterator

from django.db.models import F, Prefetch, Q

from assessment import defence_invariants, protocol_invariants, self_invariants, work_invariants
from assessment.marking import mark
from assessment.models import Attempt, AttemptState, Ending, Outcome, Protocol, ProtocolState, Score
from core.errors import DomainError
from enrollment.models import EnrolmentState, OrderState

END = {True: EnrolmentState.COMPLETED, False: EnrolmentState.NOT_PASSED}


def _broken_scores() -> Iterator[str]:
    outside = Score.objects.filter(~Q(max_points=F("criterion__max_points")) | Q(points__gt=F("criterion__max_points")))
    for pk in outside.values_list("pk", flat=True):
        yield f"I12 score {pk}: its points or maximum are not those of its criterion"
    foreign = Score.objects.exclude(criterion__rubric=F("attempt__enrolment__cohort__rubric"))
    for pk in foreign.values_list("pk", flat=True):
        yield f"I12 score {pk}: its criterion is not of the cohort's rubric"


def _broken_outcome(outcome: Outcome) -> Iterator[str]:
    attempt, rubric = outcome.attempt, outcome.attempt.enrolment.cohort.rubric
    points = {score.criterion.code: score.points for score in attempt.scores.all()}
    try:
        made = mark(points, rubric.criteria.all(), rubric.bands.all())
    except (ValueError, DomainError) as error:
        yield f"I4 outcome {outcome.pk}: its scores make no mark ({error})"
        return
    if outcome.ending != Ending.SCORED:
        if outcome.passed or outcome.total is not None:
            yield f"I4 outcome {outcome.pk}: {outcome.ending}, and yet it has a total"
        return
    stored = (outcome.points, outcome.total, outcome.band_id, outcome.passed)
    if stored != (points, made.total, made.band and made.band.pk, made.passed):
        yield f"I4 outcome {outcome.pk}: it is not the mark of its stored scores"
    if outcome.protocol.state != ProtocolState.CLOSED:
        yield f"I4 outcome {outcome.pk}: protocol {outcome.protocol_id} is not closed"
    if outcome.protocol.cohort_id != attempt.enrolment.cohort_id:
        yield f"I4 outcome {outcome.pk}: protocol {outcome.protocol_id} is of another cohort"
    if attempt.state != AttemptState.DECIDED:
        yield f"I4 outcome {outcome.pk}: attempt {attempt.pk} is not decided"


def _broken_outcomes() -> Iterator[str]:
    scores = Prefetch("attempt__scores", Score.objects.select_related("criterion"))
    rubric = "attempt__enrolment__cohort__rubric"
    outcomes = Outcome.objects.select_related("protocol", rubric).prefetch_related(
        scores, f"{rubric}__criteria", f"{rubric}__bands"
    )
    for outcome in outcomes.order_by("pk").iterator(chunk_size=500):
        yield from _broken_outcome(outcome)


def _broken_attempts() -> Iterator[str]:
    """Decided attempts carry an outcome, and the latest of them says how the enrolment ended."""
    attempts = Attempt.objects.filter(state=AttemptState.DECIDED).select_related("outcome", "enrolment").order_by("pk")
    latest = {}
    for attempt in attempts.iterator(chunk_size=500):
        latest[attempt.enrolment_id] = attempt
        if not hasattr(attempt, "outcome"):
            yield f"attempt {attempt.pk}: decided without an outcome"
    for attempt in latest.values():
        outcome = getattr(attempt, "outcome", None)
        if outcome and attempt.enrolment.state != END[outcome.passed]:
            end = END[outcome.passed]
            yield f"enrolment {attempt.enrolment_id}: {attempt.enrolment.state}, but its outcome says {end}"


def _broken_retakes() -> Iterator[str]:
    """R6: a retake rests on an order in force, and one that is decided has its day on the enrolment."""
    retakes = Attempt.objects.filter(kind=Attempt.Kind.RETAKE).select_related("admitted_by__order", "enrolment")
    for attempt in retakes.order_by("pk").iterator(chunk_size=500):
        if attempt.state == AttemptState.DECIDED and attempt.enrolment.retaken_on is None:
            yield f"R6 attempt {attempt.pk}: decided, but its enrolment does not say when"
        line = attempt.admitted_by
        if line is None or line.enrolment_id != attempt.enrolment_id or line.cohort_id is not None:
            yield f"R6 attempt {attempt.pk}: no order admits this person to a retake here"
        elif attempt.state == AttemptState.DECIDED and line.order.state != OrderState.SIGNED:
            yield f"R6 attempt {attempt.pk}: decided on an order that is {line.order.state}"


def _broken_protocols() -> Iterator[str]:
    numbers: dict[int, int] = {}
    closed = Protocol.objects.filter(state=ProtocolState.CLOSED).order_by("cohort", "no")
    for pk, cohort, no in closed.values_list("pk", "cohort", "no"):
        numbers[cohort] = numbers.get(cohort, 0) + 1
        if no != numbers[cohort]:
            yield f"protocol {pk}: its number is {no}, not {numbers[cohort]}"


def broken() -> Iterator[str]:
    """One line per broken invariant."""
    yield from _broken_scores()
    yield from _broken_outcomes()
    yield from _broken_attempts()
    yield from _broken_retakes()
    yield from _broken_protocols()
    yield from protocol_invariants.broken()
    yield from defence_invariants.broken()
    yield from work_invariants.broken()
    yield from self_invariants.broken()
