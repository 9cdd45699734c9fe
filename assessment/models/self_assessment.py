"""The checklist of a head's professional competences, answered at entry and at exit."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.states import Stateful
from enrollment.models import Cohort, Enrolment
from programs.models import ProgrammeEdition

if TYPE_CHECKING:
    from accounts.models import User

LEVELS = (1, 2, 3, 4, 5)  # from “I have not met this” to “I teach others”


class ChecklistState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")


class Checklist(Stateful):
    """A version of the competence checklist of an edition. Published it never changes; a change is another version."""

    MOVES = {ChecklistState.DRAFT: {ChecklistState.PUBLISHED}}
    edition = models.ForeignKey(ProgrammeEdition, models.PROTECT, verbose_name=_("edition"), related_name="checklists")
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    state = models.CharField(
        _("state"), max_length=20, choices=ChecklistState, default=ChecklistState.DRAFT, editable=False
    )

    class Meta:
        verbose_name = _("competence checklist")
        verbose_name_plural = _("competence checklists")
        ordering = ["edition", "version"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "version"], name="checklist_version_once"),
            models.UniqueConstraint(fields=["edition"], condition=Q(state="draft"), name="checklist_one_draft"),
            models.CheckConstraint(condition=Q(state__in=ChecklistState.values), name="checklist_state"),
        ]

    def __str__(self) -> str:
        return f"{self.edition} · {self.version}"


class Competence(models.Model):
    """One line of a checklist, of a module or of all of them; judged by oneself from 1 to 5."""

    checklist = models.ForeignKey(Checklist, models.CASCADE, verbose_name=_("checklist"), related_name="competences")
    position = models.PositiveSmallIntegerField(_("place in the list"))
    module_no = models.PositiveSmallIntegerField(_("module"), null=True, blank=True)
    text = models.CharField(_("text"), max_length=300)
    short = models.CharField(_("short title"), max_length=60)

    class Meta:
        verbose_name = _("competence")
        verbose_name_plural = _("competences")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["checklist", "position"], name="competence_position_once")]

    def __str__(self) -> str:
        return self.text


class SelfAssessmentQuerySet(models.QuerySet["SelfAssessment"]):
    def visible_to(self, user: "User") -> "SelfAssessmentQuerySet":
        """Listeners see their own, trainers those of their cohorts, administrators those that are not private."""
        mine = Q(enrolment__listener__user=user)
        if user.is_trainer:
            mine |= Q(enrolment__cohort__in=Cohort.trainers.through.objects.filter(user=user).values("cohort"))
        if user.is_administrator:
            mine |= Q(is_private=False)
        return self.filter(mine)


class SelfAssessment(models.Model):
    """One listener's answers at entry or at exit: a level from 1 to 5 by the position of the competence."""

    class Moment(models.TextChoices):
        ENTRY = "entry", _("at entry")
        EXIT = "exit", _("at exit")

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, verbose_name=_("enrolment"), related_name="self_assessments"
    )
    checklist = models.ForeignKey(Checklist, models.PROTECT, verbose_name=_("checklist"), related_name="answers")
    moment = models.CharField(_("moment"), max_length=10, choices=Moment)
    levels = models.JSONField(_("levels by competence"), default=dict)
    words = models.TextField(_("in one's own words"), max_length=5000, blank=True)
    is_private = models.BooleanField(_("for the trainer and me only"), default=False)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    answered_at = models.DateTimeField(_("answered at"))

    objects = SelfAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("self-assessment")
        verbose_name_plural = _("self-assessments")
        ordering = ["enrolment", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "moment"], name="self_assessment_once"),
            models.CheckConstraint(condition=Q(moment__in=["entry", "exit"]), name="self_assessment_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.get_moment_display()}"
