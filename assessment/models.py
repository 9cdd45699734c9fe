"""Scores against the rubric, the protocol that closes them, and the outcomes it decides."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.states import Stateful
from enrollment.models import Cohort, Enrolment
from programs.models import Band, Criterion

if TYPE_CHECKING:
    from accounts.models import User


class AttemptState(models.TextChoices):
    OPEN = "open", _("open")
    SUBMITTED = "submitted", _("complete")
    DECIDED = "decided", _("decided")


class Attempt(Stateful):
    """One listener's way through the assessment. Decided only by a closed protocol."""

    class Kind(models.TextChoices):
        FIRST = "first", _("first")
        RETAKE = "retake", _("retake")
        NEXT_COHORT = "next_cohort", _("with the next cohort")

    MOVES = {
        AttemptState.OPEN: {AttemptState.SUBMITTED},
        AttemptState.SUBMITTED: {AttemptState.OPEN, AttemptState.DECIDED},
    }
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, verbose_name=_("enrolment"), related_name="attempts")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.FIRST)
    state = models.CharField(_("state"), max_length=20, choices=AttemptState, default=AttemptState.OPEN, editable=False)
    carried_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        verbose_name=_("points taken along from"),
        related_name="carried_to",
        help_text=_("The undecided attempt in the cohort where the course began."),
    )

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.UniqueConstraint(fields=["enrolment"], condition=Q(kind="first"), name="attempt_one_first"),
            models.UniqueConstraint(fields=["enrolment"], condition=~Q(state="decided"), name="attempt_one_undecided"),
            models.CheckConstraint(condition=Q(state__in=AttemptState.values), name="attempt_state"),
            models.CheckConstraint(condition=~Q(carried_from=F("id")), name="attempt_not_carried_from_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.get_kind_display()}"


class Score(models.Model):
    """Whole points for one criterion, 0..max_points (I12). `version` rises with every change."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, verbose_name=_("attempt"), related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, verbose_name=_("criterion"), related_name="+")
    points = models.PositiveSmallIntegerField(_("points"), null=True)
    max_points = models.PositiveSmallIntegerField(_("maximum"))
    version = models.PositiveIntegerField(_("version"), default=1)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("entered by"), related_name="+"
    )
    entered_at = models.DateTimeField(_("entered at"))
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(fields=["attempt", "criterion"], name="score_once"),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | Q(points__lte=F("max_points")), name="score_within_maximum"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.points}/{self.max_points}"


class ProtocolState(models.TextChoices):
    DRAFT = "draft", _("draft")
    CLOSED = "closed", _("closed")


class Protocol(Stateful):
    """The record of a cohort's final attestation. Closed it never changes; what was left out goes into the next one."""

    MOVES = {ProtocolState.DRAFT: {ProtocolState.CLOSED}}
    cohort = models.ForeignKey(Cohort, models.PROTECT, verbose_name=_("cohort"), related_name="protocols")
    no = models.PositiveSmallIntegerField(_("number"))
    state = models.CharField(
        _("state"), max_length=20, choices=ProtocolState, default=ProtocolState.DRAFT, editable=False
    )
    held_on = models.DateField(_("date of the session"))
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        verbose_name=_("closed by"),
        related_name="+",
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    left_out = models.JSONField(_("left out, with reasons"), default=dict, editable=False)

    class Meta:
        verbose_name = _("protocol")
        verbose_name_plural = _("protocols")
        ordering = ["cohort", "no"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "no"], name="protocol_no_once"),
            models.UniqueConstraint(fields=["cohort"], condition=Q(state="draft"), name="protocol_one_draft"),
            models.CheckConstraint(condition=Q(state__in=ProtocolState.values), name="protocol_state"),
        ]

    def __str__(self) -> str:
        return f"{self.cohort} · № {self.no}"


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    def visible_to(self, user: "User") -> "OutcomeQuerySet":
        """Outcomes of the enrolments that this person may see."""
        return self.filter(attempt__enrolment__in=Enrolment.objects.visible_to(user))


class Outcome(models.Model):
    """A decision of a closed protocol about one attempt: points, total, band. Never edited (I4, I10)."""

    attempt = models.OneToOneField(Attempt, models.PROTECT, verbose_name=_("attempt"), related_name="outcome")
    protocol = models.ForeignKey(Protocol, models.PROTECT, verbose_name=_("protocol"), related_name="outcomes")
    band = models.ForeignKey(Band, models.PROTECT, verbose_name=_("band"), related_name="+")
    points = models.JSONField(_("points by criterion"))
    total = models.PositiveSmallIntegerField(_("total"))
    passed = models.BooleanField(_("passed"))

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        constraints = [models.CheckConstraint(condition=Q(total__lte=100), name="outcome_total")]

    def __str__(self) -> str:
        return f"{self.attempt}: {self.total}"
