"""The panel's pages of this floor."""

from assessment.admin.appeals import AppealAdmin
from assessment.admin.checklists import ChecklistAdmin
from assessment.admin.defences import SittingAdmin
from assessment.admin.protocols import OutcomeAdmin, ProtocolAdmin
from assessment.admin.scores import AttemptAdmin, ScoreAdmin
from assessment.admin.work import AssignmentAdmin

__all__ = [
    "AppealAdmin",
    "AssignmentAdmin",
    "AttemptAdmin",
    "ChecklistAdmin",
    "OutcomeAdmin",
    "ProtocolAdmin",
    "ScoreAdmin",
    "SittingAdmin",
]
