"""What must always hold of programmes: I12 (criteria sum to 100, bands cover 0..100) and plans within their volume."""

from collections.abc import Iterator

from django.utils.translation import override

from core.errors import DomainError
from programs import hours
from programs.models import EditionState, ProgrammeEdition, RubricState
from programs.publishing import check_rubric

APPROVED_ONCE = (EditionState.APPROVED, EditionState.IN_USE, EditionState.ARCHIVED)


def broken() -> Iterator[str]:
    """One line per broken invariant of the editions that were ever approved."""
    editions = ProgrammeEdition.objects.filter(state__in=APPROVED_ONCE)
    with override("en"):
        for edition in editions.prefetch_related("modules", "rubrics__criteria", "rubrics__bands"):
            yield from _broken_plan(edition)
            yield from _broken_rubrics(edition)


def _broken_plan(edition: ProgrammeEdition) -> Iterator[str]:
    missing = hours.unallotted(edition.volume_hours, hours.totals(edition.modules.all()))
    if missing < 0:
        yield f"plan of edition {edition.pk}: its rows exceed the volume by {-missing} hours"
    if missing > 0 and not edition.acknowledgement:
        yield f"plan of edition {edition.pk}: {missing} hours in no row, and nobody acknowledged it"


def _broken_rubrics(edition: ProgrammeEdition) -> Iterator[str]:
    published = [rubric for rubric in edition.rubrics.all() if rubric.state == RubricState.PUBLISHED]
    if not published:
        yield f"I12 edition {edition.pk}: no published rubric"
    for rubric in published:
        try:
            check_rubric(rubric)
        except DomainError as error:
            yield f"I12 rubric {rubric.pk}: {error.sentence}"
