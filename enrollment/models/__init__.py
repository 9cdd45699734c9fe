"""Who takes part: employers, listeners, cohorts and the enrolments that tie them."""

from enrollment.models.cohorts import Cohort, CohortQuerySet
from enrollment.models.enrolments import Enrolment, EnrolmentQuerySet, ListenerImport
from enrollment.models.people import ConsentText, Employer, Listener, ListenerQuerySet
from enrollment.models.states import SEATED, CohortState, EnrolmentState

__all__ = [
    "SEATED",
    "Cohort",
    "CohortQuerySet",
    "CohortState",
    "ConsentText",
    "Employer",
    "Enrolment",
    "EnrolmentQuerySet",
    "EnrolmentState",
    "Listener",
    "ListenerImport",
    "ListenerQuerySet",
]
