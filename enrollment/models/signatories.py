"""Who may sign for the organisation: its head, or who acts as head (R2)."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import date


class SignatoryQuerySet(models.QuerySet["Signatory"]):
    def in_power_on(self, day: "date") -> "SignatoryQuerySet":
        """Who may sign on that day (R2); the acting head before the head."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day).order_by(
            "-is_acting", "-valid_from"
        )

    def able_to_sign_since(self, day: "date") -> "SignatoryQuerySet":
        """Whose period does not end before that day; the acting head before the head."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day)).order_by("-is_acting", "-valid_from")


class Signatory(models.Model):
    """The head of the organisation, or who acts as head, with the period and its basis (R2)."""

    full_name = models.CharField(_("full name"), max_length=120)
    position = models.CharField(_("position"), max_length=200)
    is_acting = models.BooleanField(_("acting head"), default=False)
    basis = models.CharField(
        _("basis"), max_length=200, help_text=_("The order or charter that gives the power to sign.")
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)

    objects = SignatoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")
        ordering = ["-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="signatory_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.position}"

    @property
    def has_signed(self) -> bool:
        """Whether some paper bears this signature (orders, and what lower floors sign); it is then frozen."""
        papers = (f for f in self._meta.get_fields(include_hidden=True) if f.auto_created and not f.concrete)
        return any(f.related_model._base_manager.filter(**{f.field.name: self}).exists() for f in papers)  # type: ignore
