"""Defences of the final project: when and where, before whom, and what each examiner gave, blind."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessment.models.attempts import Attempt
from core.states import Stateful
from enrollment.models import Cohort, CommissionMember, Room
from programs.models import Criterion

if TYPE_CHECKING:
    from accounts.models import User


class SittingState(models.TextChoices):
    PLANNED = "planned", _("planned")
    CANCELLED = "cancelled", _("called off")


class SittingQuerySet(models.QuerySet["Sitting"]):
    def visible_to(self, user: "User") -> "SittingQuerySet":
        """Administrators see all, examiners their own, trainers those of their cohorts; listeners see defences."""
        if user.is_administrator:
            return self
        mine = Q(examiners__member__user=user)
        if user.is_trainer:
            mine |= Q(cohort__in=Cohort.trainers.through.objects.filter(user=user).values("cohort"))
        return self.filter(pk__in=self.model.objects.filter(mine).values("pk"))


class Sitting(Stateful):
    """A day of defences of one cohort before one commission: a room or a link, and slots of equal length."""

    MOVES = {SittingState.PLANNED: {SittingState.CANCELLED}}
    cohort = models.ForeignKey(Cohort, models.PROTECT, verbose_name=_("cohort"), related_name="sittings")
    state = models.CharField(
        _("state"), max_length=20, choices=SittingState, default=SittingState.PLANNED, editable=False
    )
    starts_at = models.DateTimeField(_("begins"))
    slot_minutes = models.PositiveSmallIntegerField(
        _("minutes for each"), default=20, validators=[MinValueValidator(5), MaxValueValidator(120)]
    )
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, verbose_name=_("room"), related_name="+")
    link = models.URLField(_("link"), max_length=500, blank=True)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, verbose_name=_("by"), related_name="+"
    )

    objects = SittingQuerySet.as_manager()

    class Meta:
        verbose_name = _("sitting of the commission")
        verbose_name_plural = _("sittings of the commission")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SittingState.values), name="sitting_state"),
            models.CheckConstraint(condition=Q(slot_minutes__gte=5, slot_minutes__lte=120), name="sitting_minutes"),
            models.CheckConstraint(condition=Q(room__isnull=False) | ~Q(link=""), name="sitting_somewhere"),
        ]

    def __str__(self) -> str:
        return f"{self.cohort} · {self.starts_at:%d.%m.%Y}"


class Examiner(models.Model):
    """A member of the attestation commission who judges the defences of a sitting."""

    sitting = models.ForeignKey(Sitting, models.PROTECT, verbose_name=_("sitting"), related_name="examiners")
    member = models.ForeignKey(CommissionMember, models.PROTECT, verbose_name=_("member"), related_name="sittings")
    is_chair = models.BooleanField(_("chair"), default=False)

    class Meta:
        verbose_name = _("examiner")
        verbose_name_plural = _("examiners")
        ordering = ["-is_chair", "member__full_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "member"], name="examiner_once"),
            models.UniqueConstraint(fields=["sitting"], condition=Q(is_chair=True), name="examiner_one_chair"),
        ]

    def __str__(self) -> str:
        return self.member.full_name


class DefenceState(models.TextChoices):
    SCHEDULED = "scheduled", _("scheduled")
    DISPUTED = "disputed", _("waits for the chair")
    SETTLED = "settled", _("judged")
    NO_SHOW = "no_show", _("did not appear")
    BREACH = "breach", _("breach of academic integrity")
    CANCELLED = "cancelled", _("called off")


# Points or an ending came out of it.
CONCLUDED = (DefenceState.SETTLED, DefenceState.NO_SHOW, DefenceState.BREACH)


class DefenceQuerySet(models.QuerySet["Defence"]):
    def visible_to(self, user: "User") -> "DefenceQuerySet":
        """Defences of the sittings that this person may see, and a listener's own."""
        return self.filter(Q(sitting__in=Sitting.objects.visible_to(user)) | Q(attempt__enrolment__listener__user=user))

    def live(self) -> "DefenceQuerySet":
        """Those that were not called off."""
        return self.exclude(state=DefenceState.CANCELLED)


class Defence(Stateful):
    """One listener's defence. Its points go into the attempt's scores once the examiners, or the chair, settled them.

    `points` are what came out, by criterion code. `grounds` are the chair's where the chair decided, and say why for
    an absence, a breach and a defence that was called off.
    """

    MOVES = {
        DefenceState.SCHEDULED: {
            DefenceState.DISPUTED,
            DefenceState.SETTLED,
            DefenceState.NO_SHOW,
            DefenceState.BREACH,
            DefenceState.CANCELLED,
        },
        DefenceState.DISPUTED: {DefenceState.SETTLED, DefenceState.BREACH},
        DefenceState.SETTLED: {DefenceState.BREACH},
        # A mistaken absence, a charge that fell: back to the schedule while no protocol has decided.
        DefenceState.NO_SHOW: {DefenceState.SCHEDULED},
        DefenceState.BREACH: {DefenceState.SCHEDULED},
    }
    sitting = models.ForeignKey(Sitting, models.PROTECT, verbose_name=_("sitting"), related_name="defences")
    attempt = models.ForeignKey(Attempt, models.PROTECT, verbose_name=_("attempt"), related_name="defences")
    starts_at = models.DateTimeField(_("begins"))
    topic = models.CharField(_("topic of the project"), max_length=300, blank=True)
    state = models.CharField(
        _("state"), max_length=20, choices=DefenceState, default=DefenceState.SCHEDULED, editable=False
    )
    points = models.JSONField(_("points by criterion"), default=dict, editable=False)
    grounds = models.TextField(_("grounds"), max_length=1000, blank=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, verbose_name=_("by"), related_name="+"
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, editable=False)

    objects = DefenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("defence")
        verbose_name_plural = _("defences")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["attempt"], condition=~Q(state="cancelled"), name="defence_one_live"),
            models.UniqueConstraint(
                fields=["sitting", "starts_at"], condition=~Q(state="cancelled"), name="defence_one_in_a_slot"
            ),
            models.CheckConstraint(condition=Q(state__in=DefenceState.values), name="defence_state"),
            models.CheckConstraint(
                condition=~Q(state__in=["no_show", "breach", "cancelled"]) | ~Q(grounds=""), name="defence_grounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt} · {self.starts_at:%d.%m.%Y}"


class DefenceScore(models.Model):
    """What one examiner gave for one criterion. Final when given; the others see it only after giving their own."""

    defence = models.ForeignKey(Defence, models.PROTECT, verbose_name=_("defence"), related_name="given")
    examiner = models.ForeignKey(Examiner, models.PROTECT, verbose_name=_("examiner"), related_name="given")
    criterion = models.ForeignKey(Criterion, models.PROTECT, verbose_name=_("criterion"), related_name="+")
    points = models.PositiveSmallIntegerField(_("points"))
    max_points = models.PositiveSmallIntegerField(_("maximum"))
    note = models.CharField(_("note"), max_length=500, blank=True)
    given_at = models.DateTimeField(_("given at"), auto_now_add=True)

    class Meta:
        verbose_name = _("examiner's points")
        verbose_name_plural = _("examiners' points")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["defence", "examiner", "criterion"], name="defence_score_once"),
            models.CheckConstraint(condition=Q(points__lte=F("max_points")), name="defence_score_within_maximum"),
        ]

    def __str__(self) -> str:
        return f"{self.defence}: {self.examiner}"


class Excuse(models.Model):
    """An examiner who could not judge one defence: absent, or too close to the listener. Written down by the chair."""

    defence = models.ForeignKey(Defence, models.PROTECT, verbose_name=_("defence"), related_name="excuses")
    examiner = models.ForeignKey(Examiner, models.PROTECT, verbose_name=_("examiner"), related_name="excuses")
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("excused examiner")
        verbose_name_plural = _("excused examiners")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["defence", "examiner"], name="excuse_once")]

    def __str__(self) -> str:
        return f"{self.defence}: {self.examiner}"
