"""The course agreement: its text in versions, and each listener's acceptance of it."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enrollment.models.enrolments import Enrolment

if TYPE_CHECKING:
    from accounts.models import User


class AgreementText(models.Model):
    """A version of the course agreement (келісім) with named gaps such as {name}; an accepted one never changes."""

    version = models.PositiveSmallIntegerField(_("version"), unique=True)
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("agreement text")
        verbose_name_plural = _("agreement texts")
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"№\N{NO-BREAK SPACE}{self.version}"

    @property
    def is_used(self) -> bool:
        """Whether somebody has accepted this version; it is then frozen, here and by a trigger."""
        return self.pk is not None and self.agreements.exists()


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: "User") -> "AgreementQuerySet":
        """Administrators see every agreement, listeners their own."""
        return self if user.is_administrator else self.filter(enrolment__listener__user=user)


class Agreement(models.Model):
    """One listener's agreement: accepted in the cabinet, or on paper with its number and date. Never edited (I10).

    Every enrolment has a row of its own: whoever continues an earlier enrolment (after a transfer, say) gets one that
    points to the agreement made then, with the same number and date.
    """

    class Kind(models.TextChoices):
        ELECTRONIC = "electronic", _("accepted in the cabinet")
        PAPER = "paper", _("on paper")
        CONTINUED = "continued", _("of the earlier enrolment")

    enrolment = models.OneToOneField(Enrolment, models.PROTECT, verbose_name=_("enrolment"), related_name="agreement")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    number = models.CharField(_("number"), max_length=40, blank=True)
    dated_on = models.DateField(_("dated"))
    text = models.ForeignKey(
        AgreementText, models.PROTECT, null=True, verbose_name=_("version"), related_name="agreements"
    )
    snapshot = models.JSONField(_("as accepted"), null=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        verbose_name=_("accepted or recorded by"),
        related_name="+",
    )
    at = models.DateTimeField(_("accepted or recorded at"), default=timezone.now)
    continues = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        verbose_name=_("the agreement that goes along"),
        related_name="carried_on",
    )

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="paper", text=None, continues=None)
                | (Q(kind="electronic", text__isnull=False, snapshot__isnull=False, continues=None) & ~Q(sha256=""))
                | Q(kind="continued", text=None, continues__isnull=False),
                name="agreement_kind",
            ),
            models.UniqueConstraint(
                fields=["number"], condition=Q(kind="electronic"), name="agreement_electronic_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.get_kind_display()}"

    @property
    def made(self) -> "Agreement":
        """The agreement as it was made: this one, or the one of the earlier enrolment that goes along."""
        return self.continues or self
