"""Groups that take one edition of the programme together."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.states import Stateful
from enrollment.models.states import SEATED, TAKES_PEOPLE, CohortState, EnrolmentState
from programs.models import ProgrammeEdition, Rubric, StudyFormat

if TYPE_CHECKING:
    from accounts.models import User


class CohortQuerySet(models.QuerySet["Cohort"]):
    def visible_to(self, user: "User") -> "CohortQuerySet":
        """Administrators see all cohorts, trainers those they teach, listeners those they take part in."""
        if user.is_administrator:
            return self
        mine = Q(pk__in=Cohort.objects.filter(enrolments__listener__user=user).values("pk"))
        if user.is_trainer:
            mine |= Q(pk__in=Cohort.trainers.through.objects.filter(user=user).values("cohort"))
        return self.filter(mine)

    def with_seats(self) -> Any:
        """Each with `seats_taken`: how many enrolments hold a place."""
        return self.annotate(seats_taken=models.Count("enrolments", filter=Q(enrolments__state__in=SEATED)))

    def for_applicants(self) -> Any:
        """Those that the public may apply to, the soonest first, each with `places_free`."""
        taken = models.Count("enrolments", filter=Q(enrolments__state__in=SEATED))
        return (
            self.filter(state=CohortState.OPEN)
            .select_related("edition")
            .annotate(places_free=Greatest(F("capacity") - taken, 0))
            .order_by("starts_on", "code")
        )

    def with_people_waiting(self) -> Any:
        """Those that take people, have a free place and somebody on the waiting list."""
        waiting = Cohort.objects.filter(state__in=TAKES_PEOPLE, enrolments__state=EnrolmentState.WAITING)
        return self.with_seats().filter(pk__in=waiting.values("pk"), seats_taken__lt=F("capacity")).order_by("pk")


class Cohort(Stateful):
    """A group that takes one edition of the programme together (ағын)."""

    MOVES = {
        CohortState.PLANNED: {CohortState.OPEN, CohortState.CANCELLED},
        CohortState.OPEN: {CohortState.RUNNING, CohortState.PLANNED, CohortState.CANCELLED},
        CohortState.RUNNING: {CohortState.ASSESSING, CohortState.CANCELLED},
        CohortState.ASSESSING: {CohortState.CLOSED, CohortState.CANCELLED},
    }
    code = models.SlugField(_("code"), max_length=30, unique=True, help_text=_("Latin letters, digits and hyphens."))
    edition = models.ForeignKey(
        ProgrammeEdition, models.PROTECT, verbose_name=_("programme edition"), related_name="cohorts"
    )
    rubric = models.ForeignKey(Rubric, models.PROTECT, verbose_name=_("rubric"), related_name="cohorts", editable=False)
    state = models.CharField(
        _("state"), max_length=20, choices=CohortState, default=CohortState.PLANNED, editable=False
    )
    study_format = models.CharField(_("format"), max_length=20, choices=StudyFormat, default=StudyFormat.FULL_TIME)
    language = models.CharField(_("language of teaching"), max_length=2, choices=settings.LANGUAGES, default="kk")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    capacity = models.PositiveSmallIntegerField(_("places"), default=25, validators=[MinValueValidator(1)])
    trainers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("trainers"),
        related_name="cohorts_taught",
        blank=True,
        limit_choices_to={"is_trainer": True, "is_active": True},
    )
    history = HistoricalRecords()

    objects = CohortQuerySet.as_manager()

    class Meta:
        verbose_name = _("cohort")
        verbose_name_plural = _("cohorts")
        ordering = ["-starts_on", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CohortState.values), name="cohort_state"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="cohort_dates",
                violation_error_message=_("The last day is before the first day."),
            ),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="cohort_capacity"),
        ]

    def __str__(self) -> str:
        return self.code
