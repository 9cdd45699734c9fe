"""That a document be revoked: proposed by one administrator, decided by another."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certificates.models.documents import Document
from core.states import Stateful

if TYPE_CHECKING:
    from accounts.models import User


class RevocationState(models.TextChoices):
    PROPOSED = "proposed", _("waits for a second person")
    APPROVED = "approved", _("approved")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("taken back")


class RevocationQuerySet(models.QuerySet["Revocation"]):
    def visible_to(self, user: "User") -> "RevocationQuerySet":
        """Administrators see all of them, others none."""
        return self if user.is_administrator else self.none()

    def open(self) -> "RevocationQuerySet":
        """Those that wait for a second person, the longest waiting first."""
        return self.filter(state=RevocationState.PROPOSED).order_by("pk")


class Revocation(Stateful):
    """A proposal with its reason, and what a second person made of it. The document stays in force until approval."""

    MOVES = {RevocationState.PROPOSED: {RevocationState.APPROVED, RevocationState.DECLINED, RevocationState.WITHDRAWN}}
    document = models.ForeignKey(Document, models.PROTECT, verbose_name=_("document"), related_name="revocations")
    state = models.CharField(
        _("state"), max_length=10, choices=RevocationState, default=RevocationState.PROPOSED, editable=False
    )
    reason = models.TextField(_("reason for revocation"), max_length=500)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("proposed by"), related_name="+"
    )
    proposed_at = models.DateTimeField(_("proposed"), auto_now_add=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("decided by"), related_name="+"
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    answer = models.TextField(_("answer"), max_length=500, blank=True)

    objects = RevocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("revocation")
        verbose_name_plural = _("revocations")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["document"], condition=Q(state="proposed"), name="revocation_one_open"),
            models.CheckConstraint(condition=Q(state__in=RevocationState.values), name="revocation_state"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by=None)
                | Q(state="withdrawn", decided_by=F("proposed_by"))
                | Q(state__in=["approved", "declined"]) & Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by")),
                name="revocation_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document.number}: {self.get_state_display()}"
