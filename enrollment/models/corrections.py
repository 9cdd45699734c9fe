"""Listeners' requests to have their name corrected."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.states import Stateful
from enrollment.models.people import Listener

if TYPE_CHECKING:
    from accounts.models import User


class CorrectionState(models.TextChoices):
    FILED = "filed", _("filed")
    MADE = "made", _("corrected")
    REFUSED = "refused", _("refused")


class CorrectionQuerySet(models.QuerySet["NameCorrection"]):
    def visible_to(self, user: "User") -> "CorrectionQuerySet":
        """Administrators see all, listeners their own."""
        return self if user.is_administrator else self.filter(listener__user=user)


class NameCorrection(Stateful):
    """How a listener wants the name to be written, and what became of it; the old spelling stays in the history."""

    MOVES = {CorrectionState.FILED: {CorrectionState.MADE, CorrectionState.REFUSED}}
    listener = models.ForeignKey(Listener, models.PROTECT, verbose_name=_("listener"), related_name="corrections")
    state = models.CharField(
        _("state"), max_length=10, choices=CorrectionState, default=CorrectionState.FILED, editable=False
    )
    surname = models.CharField(_("surname"), max_length=90)
    given_name = models.CharField(_("given name"), max_length=90)
    patronymic = models.CharField(_("patronymic"), max_length=90, blank=True)
    words = models.TextField(_("in your own words"), max_length=1000, blank=True)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("filed by"), related_name="+")
    filed_at = models.DateTimeField(_("filed at"), auto_now_add=True)
    answer = models.TextField(_("answer"), max_length=1000, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("name correction")
        verbose_name_plural = _("name corrections")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["listener"], condition=Q(state="filed"), name="correction_one_open"),
            models.CheckConstraint(condition=Q(state__in=CorrectionState.values), name="correction_state"),
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)


class NameConfirmation(models.Model):
    """That a listener found the name right, as it will be printed; it says nothing about a name that came later."""

    listener = models.ForeignKey(Listener, models.PROTECT, verbose_name=_("listener"), related_name="confirmations")
    name = models.CharField(_("full name"), max_length=280)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("confirmed name")
        verbose_name_plural = _("confirmed names")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
