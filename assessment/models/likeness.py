"""Texts of submitted work as fingerprints, and which of them are alike: a hint, never a verdict."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessment.models.work import Version


class TextPrint(models.Model):
    """The words of one version, its text and its files together, and their MinHash. Made by the worker.

    A version whose files cannot be read has its print too, with what could be read and `trouble` in one word.
    """

    version = models.OneToOneField(Version, models.PROTECT, verbose_name=_("version"), related_name="print")
    text = models.TextField(_("text"), blank=True)
    words = models.PositiveIntegerField(_("words"), default=0)
    signature = models.BinaryField(editable=False, default=bytes)
    trouble = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)

    class Meta:
        verbose_name = _("text of a version")
        verbose_name_plural = _("texts of versions")

    def __str__(self) -> str:
        return str(self.version)


class Likeness(models.Model):
    """Two versions of different people that share much text; `share` is in whole per cent of the shorter one."""

    earlier = models.ForeignKey(TextPrint, models.PROTECT, verbose_name=_("earlier work"), related_name="later_alike")
    later = models.ForeignKey(TextPrint, models.PROTECT, verbose_name=_("later work"), related_name="earlier_alike")
    share = models.PositiveSmallIntegerField(_("shared, per cent"))

    class Meta:
        verbose_name = _("likeness")
        verbose_name_plural = _("likenesses")
        ordering = ["-share", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["earlier", "later"], name="likeness_once"),
            models.CheckConstraint(condition=~Q(earlier=F("later")), name="likeness_of_two"),
            models.CheckConstraint(condition=Q(share__lte=100), name="likeness_share"),
        ]

    def __str__(self) -> str:
        return f"{self.earlier} ~ {self.later}: {self.share} %"
