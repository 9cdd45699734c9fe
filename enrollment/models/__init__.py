"""Who takes part, and on what paper: people, cohorts, enrolments, orders, timetable, attendance."""

from enrollment.models.agreements import Agreement, AgreementQuerySet, AgreementText
from enrollment.models.applications import KEPT_UNCONFIRMED, Application, ApplicationQuerySet, GroupApplication
from enrollment.models.cohorts import Cohort, CohortQuerySet
from enrollment.models.commission import Body, CommissionDecision, CommissionMember, DecisionLine
from enrollment.models.corrections import CorrectionState, NameConfirmation, NameCorrection
from enrollment.models.enrolments import Enrolment, EnrolmentQuerySet, ListenerImport
from enrollment.models.movements import (
    WITH_PAPERS,
    WITH_REASON,
    MovementRequest,
    Reason,
    RequestState,
    SupportingPaper,
    Way,
)
from enrollment.models.notices import EmployerNotice, NoticeState
from enrollment.models.orders import IN_THE_BOOK, Book, Order, OrderKind, OrderLine, OrderState
from enrollment.models.people import ConsentText, Employer, Listener, ListenerQuerySet
from enrollment.models.people_care import DataExport, DifferentPeople, ListenerMerge
from enrollment.models.signatories import Signatory
from enrollment.models.states import SEATED, STUDYING, TAKES_PEOPLE, TO_AGREE, CohortState, EnrolmentState
from enrollment.models.timetable import (
    Attendance,
    AttendanceMark,
    CalendarAddress,
    Room,
    Session,
    SessionKind,
    SessionState,
)

__all__ = [
    "IN_THE_BOOK",
    "KEPT_UNCONFIRMED",
    "SEATED",
    "STUDYING",
    "TAKES_PEOPLE",
    "TO_AGREE",
    "WITH_PAPERS",
    "WITH_REASON",
    "Agreement",
    "AgreementQuerySet",
    "AgreementText",
    "Application",
    "ApplicationQuerySet",
    "Attendance",
    "AttendanceMark",
    "Body",
    "Book",
    "CalendarAddress",
    "Cohort",
    "CohortQuerySet",
    "CohortState",
    "CommissionDecision",
    "CommissionMember",
    "ConsentText",
    "CorrectionState",
    "DataExport",
    "DecisionLine",
    "DifferentPeople",
    "Employer",
    "EmployerNotice",
    "Enrolment",
    "EnrolmentQuerySet",
    "EnrolmentState",
    "GroupApplication",
    "Listener",
    "ListenerImport",
    "ListenerMerge",
    "ListenerQuerySet",
    "MovementRequest",
    "NameConfirmation",
    "NameCorrection",
    "NoticeState",
    "Order",
    "OrderKind",
    "OrderLine",
    "OrderState",
    "Reason",
    "RequestState",
    "Room",
    "Session",
    "SessionKind",
    "SessionState",
    "Signatory",
    "SupportingPaper",
    "Way",
]
