"""Administrators' registers of enrolment: people, cohorts, orders, the commission, letters, timetable."""

from enrollment.admin.agreements import AgreementAdmin, AgreementTextAdmin
from enrollment.admin.applications import ApplicationAdmin, GroupApplicationAdmin
from enrollment.admin.attendance import AttendanceAdmin
from enrollment.admin.cohorts import CohortAdmin
from enrollment.admin.commission import CommissionDecisionAdmin, CommissionMemberAdmin
from enrollment.admin.corrections import NameCorrectionAdmin
from enrollment.admin.enrolments import EnrolmentAdmin
from enrollment.admin.notices import EmployerNoticeAdmin
from enrollment.admin.orders import OrderAdmin
from enrollment.admin.people import ConsentTextAdmin, EmployerAdmin, ListenerAdmin
from enrollment.admin.requests import MovementRequestAdmin
from enrollment.admin.rooms import RoomAdmin, SessionAdmin
from enrollment.admin.signatories import SignatoryAdmin

__all__ = [
    "AgreementAdmin",
    "AgreementTextAdmin",
    "ApplicationAdmin",
    "AttendanceAdmin",
    "CohortAdmin",
    "CommissionDecisionAdmin",
    "CommissionMemberAdmin",
    "ConsentTextAdmin",
    "EmployerAdmin",
    "EmployerNoticeAdmin",
    "EnrolmentAdmin",
    "GroupApplicationAdmin",
    "ListenerAdmin",
    "MovementRequestAdmin",
    "NameCorrectionAdmin",
    "OrderAdmin",
    "RoomAdmin",
    "SessionAdmin",
    "SignatoryAdmin",
]
