"""How often the public asked, by day: no address, no person, no time of day."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from certificates.models.documents import Document


class Way(models.TextChoices):
    PAGE = "page", _("QR code")
    API = "api", _("from a program")
    LOOK_UP = "look-up", _("number and surname")
    LIST = "list", _("list")
    FILE = "file", _("file")


class CheckCount(models.Model):
    """How often one document was asked for and found on one day."""

    document = models.ForeignKey(Document, models.PROTECT, verbose_name=_("document"), related_name="check_counts")
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("checks"), default=0)

    class Meta:
        verbose_name = _("checks of a document")
        verbose_name_plural = _("checks of documents")
        ordering = ["-day", "-count"]
        constraints = [models.UniqueConstraint(fields=["document", "day"], name="check_count_once")]

    def __str__(self) -> str:
        return f"{self.document.number} {self.day}: {self.count}"


class CheckDay(models.Model):
    """How often anything was asked for on one day by one way, and how often there was no such document."""

    day = models.DateField(_("day"))
    way = models.CharField(_("way"), max_length=10, choices=Way)
    found = models.PositiveIntegerField(_("found"), default=0)
    not_found = models.PositiveIntegerField(_("not found"), default=0)

    class Meta:
        verbose_name = _("checks of a day")
        verbose_name_plural = _("checks by day")
        ordering = ["-day", "way"]
        constraints = [
            models.UniqueConstraint(fields=["day", "way"], name="check_day_once"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="check_day_way"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.way}: {self.found} + {self.not_found}"
