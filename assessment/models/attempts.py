"""Attempts at the assessment and their scores against the rubric."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.states import Stateful
from enrollment.models import Enrolment, OrderLine
from programs.models import Criterion

COMMENT_LENGTH = 500


class AttemptState(models.TextChoices):
    OPEN = "open", _("open")
    SUBMITTED = "submitted", _("complete")
    DECIDED = "decided", _("decided")
    VOID = "void", _("no longer valid")


ENDED = (AttemptState.DECIDED, AttemptState.VOID)


class Attempt(Stateful):
    """One listener's way through the assessment. Decided only by a closed protocol.

    A retake (R6) rests on the line of the order that admitted to it (`admitted_by`), and is void when that order is
    cancelled. A correction stands for a decided attempt (`corrects`), which stays as it was.
    """

    class Kind(models.TextChoices):
        FIRST = "first", _("first")
        RETAKE = "retake", _("retake")
        NEXT_COHORT = "next_cohort", _("with the next cohort")
        CORRECTION = "correction", _("correction of a decision")

    # Decided without points for every criterion: who did not appear at the defence, or broke academic integrity.
    MOVES = {
        AttemptState.OPEN: {AttemptState.SUBMITTED, AttemptState.DECIDED, AttemptState.VOID},
        AttemptState.SUBMITTED: {AttemptState.OPEN, AttemptState.DECIDED, AttemptState.VOID},
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
    admitted_by = models.OneToOneField(
        OrderLine,
        models.PROTECT,
        null=True,
        editable=False,
        verbose_name=_("admitted by the order"),
        related_name="retake",
    )
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, editable=False, verbose_name=_("corrects"), related_name="corrected_by"
    )

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.UniqueConstraint(fields=["enrolment"], condition=Q(kind="first"), name="attempt_one_first"),
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(state__in=["open", "submitted"]), name="attempt_one_undecided"
            ),
            models.CheckConstraint(condition=Q(state__in=AttemptState.values), name="attempt_state"),
            models.CheckConstraint(
                condition=Q(kind__in=["first", "retake", "next_cohort", "correction"]), name="attempt_kind"
            ),
            models.CheckConstraint(condition=~Q(carried_from=F("id")), name="attempt_not_carried_from_itself"),
            models.CheckConstraint(
                condition=Q(kind="retake", admitted_by__isnull=False) | (~Q(kind="retake") & Q(admitted_by=None)),
                name="attempt_retake_by_order",
            ),
            models.CheckConstraint(
                condition=Q(kind="correction", corrects__isnull=False) | (~Q(kind="correction") & Q(corrects=None)),
                name="attempt_correction_of_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.get_kind_display()}"


class Score(models.Model):
    """Whole points for one criterion, 0..max_points (I12), with a comment. `version` rises with every change."""

    attempt = models.ForeignKey(Attempt, models.PROTECT, verbose_name=_("attempt"), related_name="scores")
    criterion = models.ForeignKey(Criterion, models.PROTECT, verbose_name=_("criterion"), related_name="+")
    points = models.PositiveSmallIntegerField(_("points"), null=True)
    max_points = models.PositiveSmallIntegerField(_("maximum"))
    comment = models.CharField(_("comment"), max_length=COMMENT_LENGTH, blank=True)
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
