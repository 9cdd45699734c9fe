"""The course agreement: its text in versions, and each listener's acceptance of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from enrollment.models.enrolments import Enrolment


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


class Agreement(models.Model):
    """One listener's agreement: accepted in the cabinet, or on paper with its number and date. Never edited (I10)."""

    class Kind(models.TextChoices):
        ELECTRONIC = "electronic", _("accepted in the cabinet")
        PAPER = "paper", _("on paper")

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
    at = models.DateTimeField(_("accepted or recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="paper", text=None)
                | (Q(kind="electronic", text__isnull=False, snapshot__isnull=False) & ~Q(sha256="")),
                name="agreement_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.get_kind_display()}"
