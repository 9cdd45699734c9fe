"""What administrators wish to be issued, person by person."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessment.models import Outcome, Protocol
from certificates.models.documents import Document
from core.models import Leased
from enrollment.models import Signatory


class IssueBatch(models.Model):
    """An administrator's wish to issue documents from a closed protocol; a worker fulfils it."""

    protocol = models.ForeignKey(Protocol, models.PROTECT, verbose_name=_("protocol"), related_name="batches")
    signatory = models.ForeignKey(Signatory, models.PROTECT, verbose_name=_("signatory"), related_name="+")
    issued_on = models.DateField(_("date of issue"))
    language = models.CharField(
        _("second language on the paper"),
        max_length=2,
        choices=[("ru", _("Russian")), ("en", _("English"))],
        default="ru",
    )
    on_blanks = models.BooleanField(_("certificates on security blanks"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("issue of documents")
        verbose_name_plural = _("issues of documents")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.protocol} · {self.created_at:%d.%m.%Y}"


class Wish(Leased):
    """One person in a batch: wished, then issued or refused with a reason in words."""

    class State(models.TextChoices):
        WISHED = "wished", _("waiting")
        ISSUED = "issued", _("issued")
        REFUSED = "refused", _("refused")

    batch = models.ForeignKey(IssueBatch, models.PROTECT, related_name="wishes")
    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WISHED)
    reason = models.TextField(_("reason"), blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("wished document")
        verbose_name_plural = _("wished documents")
        constraints = [
            models.UniqueConstraint(fields=["batch", "outcome"], name="wish_once"),
            models.UniqueConstraint(fields=["outcome"], condition=Q(state="wished"), name="wish_one_open"),
            models.CheckConstraint(condition=Q(state__in=["wished", "issued", "refused"]), name="wish_state"),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(state="wished"), name="wish_open")]

    def __str__(self) -> str:
        return f"{self.batch}: {self.outcome}"
