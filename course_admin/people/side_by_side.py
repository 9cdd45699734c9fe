"""Probable duplicates as a page shows them: what each entry has, beside the other."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Prefetch, QuerySet

from enrollment.duplicates import Hint, Pair, hints_of
from enrollment.models import Enrolment, Listener
from enrollment.spellings import earlier_spellings


@dataclass(frozen=True)
class Couple:
    """Two entries with what they share."""

    one: Listener
    other: Listener
    hints: list[Hint]


def with_facts() -> "QuerySet[Listener]":
    """Listeners with employer, account, cohorts, and how many applications, documents and attempts each has."""
    enrolments = Enrolment.objects.select_related("cohort").order_by("-cohort__starts_on")
    return (
        Listener.objects.select_related("employer", "user")
        .prefetch_related(Prefetch("enrolments", queryset=enrolments, to_attr="courses"))
        .annotate(
            application_count=Count("enrolments__applications", distinct=True),
            document_count=Count("enrolments__documents", distinct=True),
            correction_count=Count("corrections", distinct=True),
        )
    )


def couples(pairs: list[Pair]) -> list[Couple]:
    """The pairs with their facts; two queries however many they are."""
    people: dict[int, Any] = with_facts().in_bulk({pk for pair in pairs for pk in (pair.one, pair.other)})
    return [Couple(people[pair.one], people[pair.other], list(pair.hints)) for pair in pairs]


def couple(one: Listener, other: Listener) -> Couple:
    """Any two entries, with facts and earlier spellings."""
    people: dict[int, Any] = with_facts().in_bulk([one.pk, other.pk])
    for listener in people.values():
        listener.earlier = earlier_spellings(listener)
    return Couple(people[one.pk], people[other.pk], hints_of(one, other))
