"""Administrators' registers of what is taught: editions, rubrics, course materials."""

from programs.admin.editions import EditionAdmin, RubricAdmin
from programs.admin.materials import MaterialAdmin

__all__ = ["EditionAdmin", "MaterialAdmin", "RubricAdmin"]
