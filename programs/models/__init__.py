"""The programme as data: an approved edition is fixed for every cohort that runs on it."""

from programs.models.editions import (
    IN_FORCE,
    EditionItem,
    EditionQuerySet,
    EditionState,
    Module,
    Programme,
    ProgrammeEdition,
    Source,
    StudyFormat,
    Term,
)
from programs.models.materials import Material, MaterialKind, MaterialQuerySet
from programs.models.rubrics import Band, Criterion, Level, Rubric, RubricQuerySet, RubricState

__all__ = [
    "IN_FORCE",
    "Band",
    "Criterion",
    "EditionItem",
    "EditionQuerySet",
    "EditionState",
    "Level",
    "Material",
    "MaterialKind",
    "MaterialQuerySet",
    "Module",
    "Programme",
    "ProgrammeEdition",
    "Rubric",
    "RubricQuerySet",
    "RubricState",
    "Source",
    "StudyFormat",
    "Term",
]
