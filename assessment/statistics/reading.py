"""The rows behind the pictures: of one cohort as its sheet stands, of an edition as its protocols have decided."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, Q

from assessment.models import Attempt, AttemptState, Ending, Feedback, Outcome, Submission
from assessment.sheet import SCORED, Row, read_sheet
from assessment.statistics.numbers import Bin, Part, Spread, distribution, ends, spread
from enrollment.attendance import shares_by_module
from enrollment.models import Cohort, Enrolment
from programs.models import Band, Criterion, Module, ProgrammeEdition

AGAIN = (Attempt.Kind.RETAKE, Attempt.Kind.NEXT_COHORT)


@dataclass(frozen=True)
class Figures:
    """The numbers of all pictures; `elsewhere` people were judged by another rubric and are not in the first two."""

    people: int
    bins: Sequence[Bin]
    bands: Sequence[Band]
    criteria: Sequence[tuple[Criterion, Spread]]
    cohorts: Sequence[tuple[Cohort, dict[str, int]]]
    modules: Sequence[tuple[Module, Part, Part]]
    elsewhere: int = 0

    @property
    def scored(self) -> int:
        """How many totals there are."""
        return sum(one.count for one in self.bins)


def _ended(outcome: Outcome | None, attempts: Iterable[Attempt]) -> str:
    if outcome is None:
        return "undecided"
    if outcome.ending != Ending.SCORED:
        return outcome.ending
    if not outcome.passed:
        return "not_passed"
    return (
        "passed_on_retake" if any(a.kind in AGAIN and a.state == AttemptState.DECIDED for a in attempts) else "passed"
    )


def _modules(edition: ProgrammeEdition, enrolments: Sequence[Enrolment]) -> list[tuple[Module, Part, Part]]:
    """Of each module: minutes missed of those held, and works sent back at least once of those answered."""
    shares = shares_by_module(enrolments)
    returned = Q(versions__feedback__verdict=Feedback.Verdict.RETURNED)
    answered = (
        Submission.objects.filter(enrolment__in=[e.pk for e in enrolments], versions__feedback__isnull=False)
        .values_list("assignment__module")
        .annotate(whole=Count("pk", distinct=True), back=Count("pk", distinct=True, filter=returned))
        .order_by()
    )
    works = {module: Part(back, whole) for module, whole, back in answered}
    return [
        (
            module,
            Part(share.held - share.attended, share.held) if share else Part(0, 0),
            works.get(module.pk, Part(0, 0)),
        )
        for module in edition.modules.all()
        for share in [shares.get(module.pk)]
        if share or module.pk in works
    ]


def _criteria(criteria: Iterable[Criterion], points: dict[str, list[int]]) -> list[tuple[Criterion, Spread]]:
    spreads = ((criterion, spread(points[criterion.code], criterion.max_points)) for criterion in criteria)
    return [(criterion, one) for criterion, one in spreads if one]


def _row_ended(row: Row) -> str:
    return _ended(row.outcome, row.enrolment.attempts.all())


def cohort_figures(cohort: Cohort) -> Figures:
    """Everybody's latest attempt as the score sheet shows it now, decided or not; a constant number of queries."""
    sheet = read_sheet(cohort)
    points: dict[str, list[int]] = defaultdict(list)
    for row in sheet.rows:
        for code, given in row.points.items():
            if row.is_scored and given is not None:
                points[code].append(given)
    totals = [row.mark.total for row in sheet.rows if row.is_scored and row.mark.total is not None]
    enrolments = [row.enrolment for row in sheet.rows]
    return Figures(
        people=len(sheet.rows),
        bins=distribution(totals, [band.from_total for band in sheet.bands]),
        bands=sheet.bands,
        criteria=_criteria(sheet.criteria, points),
        cohorts=[(cohort, ends(_row_ended(row) for row in sheet.rows))] if sheet.rows else [],
        modules=_modules(cohort.edition, enrolments),
    )


def _decided(enrolment: Enrolment) -> Outcome | None:
    """The outcome of the latest attempt that a protocol has decided on."""
    outcomes = [getattr(attempt, "outcome", None) for attempt in enrolment.attempts.all()]
    return next((outcome for outcome in reversed(outcomes) if outcome is not None), None)


def edition_figures(edition: ProgrammeEdition, year: int | None = None) -> Figures:
    """Everybody's outcome in force in the edition's cohorts that began in that year, or in any; constant queries."""
    cohorts = edition.cohorts.order_by("starts_on", "pk").select_related("rubric")
    if year is not None:
        cohorts = cohorts.filter(starts_on__year=year)
    attempts = Attempt.objects.select_related("outcome").order_by("pk")
    people = list(
        Enrolment.objects.filter(cohort__in=cohorts, state__in=SCORED).prefetch_related(Prefetch("attempts", attempts))
    )
    by_cohort: dict[int, list[Enrolment]] = defaultdict(list)
    for person in people:
        by_cohort[person.cohort_id].append(person)
    held = [cohort for cohort in cohorts if by_cohort[cohort.pk]]
    rubric: Any = held[-1].rubric if held else edition.rubrics.order_by("pk").last()
    totals: list[int] = []
    points: dict[str, list[int]] = defaultdict(list)
    elsewhere = 0
    for cohort in held:
        outcomes = [o for o in map(_decided, by_cohort[cohort.pk]) if o is not None and o.total is not None]
        if cohort.rubric_id != rubric.pk:
            elsewhere += len(outcomes)
            continue
        totals += [outcome.total for outcome in outcomes if outcome.total is not None]
        for outcome in outcomes:
            for code, given in outcome.points.items():
                points[code].append(given)
    bands = list(rubric.bands.all()) if rubric else []
    return Figures(
        people=len(people),
        bins=distribution(totals, [band.from_total for band in bands]),
        bands=bands,
        criteria=_criteria(rubric.criteria.all() if rubric else (), points),
        cohorts=[(c, ends(_ended(_decided(p), p.attempts.all()) for p in by_cohort[c.pk])) for c in held],
        modules=_modules(edition, people),
        elsewhere=elsewhere,
    )
