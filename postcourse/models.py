"""Support after the course, planned from the outcome of the final assessment (R12)."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessment.models import Outcome
from core.states import Stateful
from enrollment.models import Enrolment
from programs.models import Criterion

if TYPE_CHECKING:
    from accounts.models import User


class SupportPlan(models.Model):
    """One listener's support after a passed outcome; one plan per outcome, whoever plans it and how often."""

    outcome = models.OneToOneField(Outcome, models.PROTECT, verbose_name=_("outcome"), related_name="support_plan")
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("support plan")
        verbose_name_plural = _("support plans")
        constraints = [models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="plan_period")]

    def __str__(self) -> str:
        return f"{self.outcome.attempt.enrolment}"


class ConsultationState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    SCHEDULED = "scheduled", _("scheduled")
    HELD = "held", _("held")
    CANCELLED = "cancelled", _("cancelled")
    MISSED = "missed", _("missed")


OCCUPYING = (ConsultationState.PROPOSED, ConsultationState.SCHEDULED)


class ConsultationQuerySet(models.QuerySet["Consultation"]):
    def visible_to(self, user: "User") -> "ConsultationQuerySet":
        """Administrators see all; a consultant their own; a listener those of their plan."""
        if user.is_administrator:
            return self
        mine = Q(plan__outcome__attempt__enrolment__in=Enrolment.objects.filter(listener__user=user))
        if user.is_trainer:
            mine |= Q(consultant=user)
        return self.filter(mine)

    def occupying(self) -> "ConsultationQuerySet":
        """Those that take up the consultant's time."""
        return self.filter(state__in=OCCUPYING)


class Consultation(Stateful):
    """A meeting of a consultant and a listener about one topic, on a whole hour of a working day."""

    MOVES = {
        ConsultationState.PROPOSED: {ConsultationState.SCHEDULED, ConsultationState.CANCELLED},
        ConsultationState.SCHEDULED: {
            ConsultationState.HELD,
            ConsultationState.CANCELLED,
            ConsultationState.MISSED,
        },
    }
    plan = models.ForeignKey(SupportPlan, models.PROTECT, verbose_name=_("support plan"), related_name="consultations")
    criterion = models.ForeignKey(
        Criterion,
        models.PROTECT,
        null=True,
        verbose_name=_("weak criterion"),
        related_name="+",
        help_text=_("Empty: a general consultation on introducing the project."),
    )
    consultant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("consultant"), related_name="consultations"
    )
    state = models.CharField(
        _("state"), max_length=20, choices=ConsultationState, default=ConsultationState.PROPOSED, editable=False
    )
    starts_at = models.DateTimeField(_("begins"))
    sequence = models.PositiveIntegerField(default=0, editable=False)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "criterion"], name="consultation_once_per_need"),
            models.UniqueConstraint(fields=["plan"], condition=Q(criterion=None), name="consultation_one_general"),
            models.UniqueConstraint(
                fields=["consultant", "starts_at"],
                condition=Q(state__in=["proposed", "scheduled"]),
                name="consultant_one_place",
            ),
            models.UniqueConstraint(
                fields=["plan", "starts_at"], condition=Q(state__in=["proposed", "scheduled"]), name="listener_one_place"
            ),
            models.CheckConstraint(condition=Q(state__in=ConsultationState.values), name="consultation_state"),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.starts_at:%d.%m.%Y %H:%M}"

    @property
    def topic(self) -> str:
        """What it is about: the weak criterion's topic, or the project in general."""
        return self.criterion.topic if self.criterion else str(_("Introducing the project in your organisation"))

    @property
    def ends_at(self):  # type: ignore[no-untyped-def]
        """The end; the length is CONSULTATION_MINUTES."""
        return self.starts_at + timedelta(minutes=settings.CONSULTATION_MINUTES)


class Reschedule(models.Model):
    """One change of a consultation's time or consultant: history that stays."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="reschedules")
    from_starts_at = models.DateTimeField(_("from"))
    to_starts_at = models.DateTimeField(_("to"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("rescheduling")
        verbose_name_plural = _("reschedulings")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.from_starts_at:%d.%m.%Y %H:%M} → {self.to_starts_at:%d.%m.%Y %H:%M}"
