"""The states of cohorts and enrolments."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CohortState(models.TextChoices):
    PLANNED = "planned", _("planned")
    OPEN = "open", _("open for enrolment")
    RUNNING = "running", _("running")
    ASSESSING = "assessing", _("final assessment")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")


class EnrolmentState(models.TextChoices):
    APPLIED = "applied", _("applied")
    WAITING = "waiting", _("on the waiting list")
    ADMITTED = "admitted", _("admitted")
    ENROLLED = "enrolled", _("enrolled")
    COMPLETED = "completed", _("completed")
    NOT_PASSED = "not_passed", _("not passed")
    TRANSFERRED = "transferred", _("transferred")
    DEFERRED = "deferred", _("deferred")
    EXPELLED = "expelled", _("expelled")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REFUSED = "refused", _("refused")


# States that hold a place in the cohort.
SEATED = (
    EnrolmentState.ADMITTED,
    EnrolmentState.ENROLLED,
    EnrolmentState.COMPLETED,
    EnrolmentState.NOT_PASSED,
)
# States in which the course agreement is accepted in the cabinet.
TO_AGREE = (EnrolmentState.ADMITTED, EnrolmentState.ENROLLED)
# States in which the course's materials are of use.
STUDYING = (*SEATED, EnrolmentState.DEFERRED)
# Cohorts that people are admitted to.
TAKES_PEOPLE = (CohortState.OPEN, CohortState.RUNNING)
