"""Appeals against an outcome: filed by the listener, decided by the commission with a reason."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment.models.protocols import Outcome, Protocol
from core.states import Stateful
from enrollment.models import Body, CommissionMember, Enrolment

if TYPE_CHECKING:
    from accounts.models import User


class AppealState(models.TextChoices):
    FILED = "filed", _("filed")
    UPHELD = "upheld", _("upheld")
    REJECTED = "rejected", _("rejected")
    TAKEN_BACK = "taken_back", _("taken back")


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, user: "User") -> "AppealQuerySet":
        """Administrators and chairs of the attestation commission see all, its members those of their own sessions,
        listeners their own."""
        chairs = CommissionMember.objects.serving_on(timezone.localdate(), Body.ATTESTATION)
        if user.is_administrator or chairs.filter(is_chair=True, user=user).exists():
            return self
        sat = Q(outcome__protocol__members__member__user=user)
        own = Q(outcome__attempt__enrolment__in=Enrolment.objects.filter(listener__user=user))
        return self.filter(pk__in=self.model.objects.filter(sat | own).values("pk"))


class Appeal(Stateful):
    """One appeal per outcome, filed within the days that the rules give. Decided it never changes (I10)."""

    MOVES = {AppealState.FILED: {AppealState.UPHELD, AppealState.REJECTED, AppealState.TAKEN_BACK}}
    outcome = models.OneToOneField(Outcome, models.PROTECT, verbose_name=_("outcome"), related_name="appeal")
    state = models.CharField(_("state"), max_length=20, choices=AppealState, default=AppealState.FILED, editable=False)
    words = models.TextField(_("in the listener's own words"), max_length=5000)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("filed by"), related_name="+")
    filed_at = models.DateTimeField(_("filed at"), auto_now_add=True)
    held_on = models.DateField(_("date of the session"), null=True, blank=True)
    members = models.ManyToManyField(
        CommissionMember, blank=True, verbose_name=_("members present"), related_name="appeals"
    )
    decision = models.TextField(_("decision with its reason"), max_length=5000, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, verbose_name=_("by"), related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    correction = models.ForeignKey(
        Protocol, models.PROTECT, null=True, editable=False, verbose_name=_("correction"), related_name="appeals"
    )

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AppealState.values), name="appeal_state"),
            models.CheckConstraint(condition=~Q(words=""), name="appeal_words"),
            models.CheckConstraint(
                condition=~Q(state__in=["upheld", "rejected"])
                | (~Q(decision="") & Q(held_on__isnull=False, decided_by__isnull=False, decided_at__isnull=False)),
                name="appeal_decided_why",
            ),
        ]
        indexes = [models.Index(fields=["filed_at"], condition=Q(state="filed"), name="appeal_open")]

    def __str__(self) -> str:
        return f"{self.outcome} · {self.get_state_display()}"


class AppealPaper(models.Model):
    """A paper that supports an appeal (PDF, JPEG, PNG); its name on the disk tells nothing."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, verbose_name=_("appeal"), related_name="papers")
    name = models.CharField(_("name"), max_length=120)
    file = models.FileField(_("file"), max_length=200)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(_("size, bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        verbose_name = _("paper of an appeal")
        verbose_name_plural = _("papers of an appeal")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["appeal", "sha256"], name="appeal_paper_once")]

    def __str__(self) -> str:
        return self.name
