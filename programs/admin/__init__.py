"""Administrators' registers of what is taught: editions, rubrics, course materials."""

from programs.admin.editions import EditionAdmin, RubricAdmin
from programs.admin.levels import LevelAdmin
from programs.admin.materials import MaterialAdmin

__all__ = ["EditionAdmin", "LevelAdmin", "MaterialAdmin", "RubricAdmin"]
