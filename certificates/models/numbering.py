"""How registration numbers of one kind of document are written, from a year on."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.models.documents import Kind


class NumberSeries(models.Model):
    """A pattern of numbers from a year on, and the number with which that year begins.

    Without one a kind has its standard pattern and begins with 1. A series whose year has a number is frozen.
    """

    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    from_year = models.PositiveSmallIntegerField(_("from the year"))
    pattern = models.CharField(_("pattern"), max_length=40)
    start = models.PositiveIntegerField(
        _("first number of that year"), default=1, help_text=_("More than 1 if numbers were given on paper before.")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")

    class Meta:
        verbose_name = _("series of numbers")
        verbose_name_plural = _("series of numbers")
        ordering = ["kind", "-from_year"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "from_year"], name="series_once"),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="series_kind"),
            models.CheckConstraint(condition=Q(start__gte=1, start__lte=900_000), name="series_start"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.pattern}"
