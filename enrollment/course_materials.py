"""Who sees which course materials: administrators all, trainers those they teach by, listeners after the agreement."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q

from accounts.models import User
from enrollment.models import STUDYING, Cohort, Enrolment
from programs.models import Material, MaterialQuerySet, Module, ProgrammeEdition


@dataclass(frozen=True)
class Section:
    """Materials of one module, or of the whole course (`module` None)."""

    module: Module | None
    materials: list[Material]


@dataclass(frozen=True)
class Shelf:
    """What one edition offers somebody; `enrolment` is None for a trainer, and `sections` is empty while closed."""

    edition: ProgrammeEdition
    enrolment: Enrolment | None
    is_open: bool
    sections: list[Section]


def _taught(user: User) -> "Q":
    cohorts = Cohort.trainers.through.objects.filter(user=user).values("cohort")
    return Q(edition__in=Cohort.objects.filter(pk__in=cohorts).values("edition"))


def visible_to(user: User) -> MaterialQuerySet:
    """The materials that this person may see and download; for a listener only after the agreement."""
    if user.is_administrator:
        return Material.objects.all()
    studied = Enrolment.objects.filter(listener__user=user).with_materials().values("cohort__edition")
    seen = Q(edition__in=studied)
    if user.is_trainer:
        seen |= _taught(user)
    return Material.objects.published().filter(seen)


def _sections(materials: list[Material], edition: ProgrammeEdition) -> list[Section]:
    mine = [material for material in materials if material.edition_id == edition.pk]
    return [Section(module, list(group)) for module, group in groupby(mine, key=lambda material: material.module)]


def shelves_of_listener(user: User) -> list[Shelf]:
    """Each edition that the person studies, closed ones without their materials; two queries."""
    enrolments = list(
        Enrolment.objects.filter(listener__user=user, state__in=STUDYING)
        .select_related("cohort__edition", "agreement")
        .order_by("-cohort__starts_on", "-pk")
    )
    # The same edition twice (a retake with another cohort, say) is one shelf, an open one if there is one.
    chosen: dict[int, Enrolment] = {}
    for enrolment in enrolments:
        known = chosen.get(enrolment.cohort.edition_id)
        if known is None or (enrolment.has_agreement and not known.has_agreement):
            chosen[enrolment.cohort.edition_id] = enrolment
    open_editions = [pk for pk, enrolment in chosen.items() if enrolment.has_agreement]
    materials = list(Material.objects.published().filter(edition__in=open_editions).on_the_shelf())
    return [
        Shelf(e.cohort.edition, e, e.has_agreement, _sections(materials, e.cohort.edition)) for e in chosen.values()
    ]


def shelves_of_trainer(user: User) -> list[Shelf]:
    """Each edition that the person teaches by; two queries."""
    materials = list(Material.objects.published().filter(_taught(user)).on_the_shelf())
    editions = ProgrammeEdition.objects.filter(cohorts__trainers=user).distinct().order_by("-year")
    return [Shelf(edition, None, True, _sections(materials, edition)) for edition in editions]
