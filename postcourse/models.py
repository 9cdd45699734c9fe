"""Support after the course, planned from the outcome of the final assessment (R12)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessment.models import Outcome
from core.states import Stateful
from core.workdays import Period
from enrollment.models import Enrolment, Listener
from programs.models import Criterion

if TYPE_CHECKING:
    from accounts.models import User


def _local(at: datetime) -> str:
    return f"{timezone.localtime(at):%d.%m.%Y %H:%M}"


class SupportPlanQuerySet(models.QuerySet["SupportPlan"]):
    def visible_to(self, user: "User") -> "SupportPlanQuerySet":
        """Administrators see all plans, trainers those of their cohorts, listeners their own."""
        return self.filter(outcome__in=Outcome.objects.visible_to(user))

    def of_listener(self, user: "User") -> "SupportPlanQuerySet":
        """The plans of this person as a listener, the latest first, with their cohorts."""
        mine = self.filter(outcome__attempt__enrolment__listener__user=user)
        return mine.select_related("outcome__attempt__enrolment__cohort").order_by("-starts_on")


class SupportPlan(models.Model):
    """One listener's support after a passed outcome; one plan per outcome, whoever plans it and how often."""

    outcome = models.OneToOneField(Outcome, models.PROTECT, verbose_name=_("outcome"), related_name="support_plan")
    starts_on = models.DateField(_("support begins"))
    ends_on = models.DateField(_("support ends"))
    weak_share = models.PositiveSmallIntegerField(
        _("weak below, per cent"), help_text=_("The setting SUPPORT_WEAK_SHARE as it was when this was planned.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = SupportPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("support plan")
        verbose_name_plural = _("support plans")
        constraints = [models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="plan_period")]

    def __str__(self) -> str:
        return f"{self.outcome.attempt.enrolment}"

    @property
    def period(self) -> Period:
        """The days on which its consultations may be."""
        return Period(self.starts_on, self.ends_on)


class ConsultationState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("consultation", "proposed")
    SCHEDULED = "scheduled", pgettext_lazy("consultation", "scheduled")
    HELD = "held", pgettext_lazy("consultation", "held")
    CANCELLED = "cancelled", pgettext_lazy("consultation", "cancelled")
    MISSED = "missed", pgettext_lazy("consultation", "missed")


# Still to come: the time may change, and nobody else may have it.
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

    def over(self) -> "ConsultationQuerySet":
        """Held, missed or cancelled, the latest first."""
        return self.exclude(state__in=OCCUPYING).order_by("-starts_at")

    def ahead(self) -> "ConsultationQuerySet":
        """Those still to come, the next first."""
        return self.occupying().filter(starts_at__gt=timezone.now()).order_by("starts_at", "pk")

    def behind(self) -> "ConsultationQuerySet":
        """All but those still to come, the latest first."""
        return self.exclude(state__in=OCCUPYING, starts_at__gt=timezone.now()).order_by("-starts_at", "pk")

    def lately(self) -> "ConsultationQuerySet":
        """Those of the last twelve months and all to come: what a calendar file holds."""
        return self.filter(starts_at__gte=timezone.now() - timedelta(days=366)).order_by("starts_at", "pk")

    def not_cancelled(self) -> "ConsultationQuerySet":
        """Those that take up, or took up, an hour: what a day's limit counts."""
        return self.exclude(state=ConsultationState.CANCELLED)

    def proposed(self) -> "ConsultationQuerySet":
        """Those that wait for the consultant's word."""
        return self.filter(state=ConsultationState.PROPOSED)

    def scheduled(self) -> "ConsultationQuerySet":
        """Those whose time is agreed."""
        return self.filter(state=ConsultationState.SCHEDULED)

    def given_by(self, user: "User") -> "ConsultationQuerySet":
        """Those at which this person is the consultant."""
        return self.filter(consultant=user)

    def received_by(self, user: "User") -> "ConsultationQuerySet":
        """Those at which this person is the listener."""
        return self.filter(plan__outcome__attempt__enrolment__listener__user=user)

    def unreachable(self) -> "ConsultationQuerySet":
        """Those whose listener has neither account nor e-mail: no letter and no reminder reaches them."""
        listener = "plan__outcome__attempt__enrolment__listener"
        return self.filter(**{f"{listener}__user": None, f"{listener}__email": ""})

    def with_people(self) -> "ConsultationQuerySet":
        """With everything that a list or a letter names, in one query."""
        return self.select_related(
            "consultant",
            "criterion",
            "plan__outcome__attempt__enrolment__listener__user",
            "plan__outcome__attempt__enrolment__cohort",
        )


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
                fields=["plan", "starts_at"],
                condition=Q(state__in=["proposed", "scheduled"]),
                name="listener_one_place",
            ),
            models.CheckConstraint(condition=Q(state__in=ConsultationState.values), name="consultation_state"),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {_local(self.starts_at)}"

    @property
    def topic(self) -> str:
        """What it is about: the weak criterion's topic, or the project in general."""
        return self.criterion.topic if self.criterion else str(_("Introducing the project in your organisation"))

    @property
    def ends_at(self) -> datetime:
        """The end; the length is CONSULTATION_MINUTES."""
        return self.starts_at + timedelta(minutes=settings.CONSULTATION_MINUTES)

    @property
    def enrolment(self) -> Enrolment:
        """Whose course this follows."""
        return self.plan.outcome.attempt.enrolment

    @property
    def listener(self) -> Listener:
        """Who is consulted."""
        return self.enrolment.listener

    @property
    def is_open(self) -> bool:
        """Whether it is still to be held: its time may change."""
        return self.state in OCCUPYING

    @property
    def has_begun(self) -> bool:
        """Whether its hour has come."""
        return self.starts_at <= timezone.now()

    @property
    def address(self) -> str:
        """Where letters to the listener go: the account's e-mail, else the one on file; empty when there is none."""
        return self.listener.user.email if self.listener.user else self.listener.email

    @property
    def letter_language(self) -> str:
        """The language of letters to the listener: the account's, else the cohort's."""
        return self.listener.user.language if self.listener.user else self.enrolment.cohort.language


class Reschedule(models.Model):
    """One change of a consultation's time: history that stays."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="reschedules")
    from_starts_at = models.DateTimeField(_("time before"))
    to_starts_at = models.DateTimeField(_("time after"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("rescheduling")
        verbose_name_plural = _("reschedulings")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{_local(self.from_starts_at)} → {_local(self.to_starts_at)}"
