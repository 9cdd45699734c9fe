"""Administrators' registers of enrolment: employers, listeners, consent texts, cohorts, enrolments."""

from enrollment.admin.cohorts import CohortAdmin
from enrollment.admin.enrolments import EnrolmentAdmin
from enrollment.admin.people import ConsentTextAdmin, EmployerAdmin, ListenerAdmin
from enrollment.admin.requests import MovementRequestAdmin
from enrollment.admin.signatories import SignatoryAdmin

__all__ = [
    "CohortAdmin",
    "ConsentTextAdmin",
    "EmployerAdmin",
    "EnrolmentAdmin",
    "ListenerAdmin",
    "MovementRequestAdmin",
    "SignatoryAdmin",
]
