"""That a document be corrected: asked for by its holder or an administrator, decided by an administrator."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.models.documents import Document
from core.states import Stateful

if TYPE_CHECKING:
    from accounts.models import User


class Cause(models.TextChoices):
    TYPO = "typo", _("a mistake on it")
    LOST = "lost", _("it is lost")
    DAMAGED = "damaged", _("it is damaged")


class CorrectionRequestState(models.TextChoices):
    FILED = "filed", _("waits for a decision")
    CARRIED_OUT = "carried_out", _("carried out")
    REFUSED = "refused", _("refused")
    TAKEN_BACK = "taken_back", _("taken back")


class CorrectionRequestQuerySet(models.QuerySet["CorrectionRequest"]):
    def visible_to(self, user: "User") -> "CorrectionRequestQuerySet":
        """Administrators see all of them, listeners those about their own documents."""
        return self if user.is_administrator else self.filter(document__enrolment__listener__user=user)

    def open(self) -> "CorrectionRequestQuerySet":
        """Those that wait for a decision, the oldest first."""
        return self.filter(state=CorrectionRequestState.FILED).order_by("pk")


class CorrectionRequest(Stateful):
    """What is asked for and why; in the end a duplicate, a corrected document, or words why not."""

    MOVES = {
        CorrectionRequestState.FILED: {
            CorrectionRequestState.CARRIED_OUT,
            CorrectionRequestState.REFUSED,
            CorrectionRequestState.TAKEN_BACK,
        }
    }
    document = models.ForeignKey(
        Document, models.PROTECT, verbose_name=_("document"), related_name="correction_requests"
    )
    state = models.CharField(
        _("state"), max_length=12, choices=CorrectionRequestState, default=CorrectionRequestState.FILED, editable=False
    )
    cause = models.CharField(_("what is wrong"), max_length=10, choices=Cause)
    words = models.TextField(_("in the asker's words"), max_length=1000)
    basis = models.CharField(_("basis"), max_length=300, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("asked by"), related_name="+")
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("decided by"), related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    answer = models.TextField(_("answer"), max_length=500, blank=True)
    result = models.OneToOneField(
        Document, models.PROTECT, null=True, verbose_name=_("new document"), related_name="correction_request"
    )

    objects = CorrectionRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about a document")
        verbose_name_plural = _("requests about documents")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(state="filed"), name="correction_request_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state__in=CorrectionRequestState.values), name="correction_request_state"
            ),
            models.CheckConstraint(condition=Q(cause__in=Cause.values), name="correction_request_cause"),
            models.CheckConstraint(
                condition=Q(state="filed", decided_by=None, result=None)
                | Q(state="carried_out", decided_by__isnull=False, result__isnull=False)
                | Q(state__in=["refused", "taken_back"], decided_by__isnull=False, result=None),
                name="correction_request_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document.number}: {self.get_cause_display()}"
