"""Texts of submitted work as fingerprints, and which of them are alike: a hint, never a verdict."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessment.models.work import Submission, Version
from enrollment.models import Cohort

if TYPE_CHECKING:
    from accounts.models import User


class TextPrint(models.Model):
    """The words of one version, its text and its files together, and their MinHash. Made by the worker.

    A version whose files cannot be read has its print too, with what could be read and `trouble` in one word. It is
    compared in a step of its own (`compared_at`), after it is stored: of two that are made at once the later sees both.
    """

    version = models.OneToOneField(Version, models.PROTECT, verbose_name=_("version"), related_name="print")
    text = models.TextField(_("text"), blank=True)
    words = models.PositiveIntegerField(_("words"), default=0)
    signature = models.BinaryField(editable=False, default=bytes)
    trouble = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    compared_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("text of a version")
        verbose_name_plural = _("texts of versions")
        indexes = [models.Index(fields=["id"], condition=Q(compared_at=None), name="text_print_not_compared")]

    def __str__(self) -> str:
        return str(self.version)


class PrintBand(models.Model):
    """One place of a signature with what stands there: prints that share one are worth comparing word by word."""

    print = models.ForeignKey(TextPrint, models.CASCADE, verbose_name=_("text of a version"), related_name="bands")
    key = models.BigIntegerField(editable=False)

    class Meta:
        verbose_name = _("place of a signature")
        verbose_name_plural = _("places of signatures")
        constraints = [models.UniqueConstraint(fields=["key", "print"], name="print_band_once")]

    def __str__(self) -> str:
        return str(self.key)


class LikenessQuerySet(models.QuerySet["Likeness"]):
    def visible_to(self, user: "User") -> "LikenessQuerySet":
        """Administrators see all, trainers those that concern a cohort of theirs, listeners none, nor their own."""
        if user.is_administrator:
            return self
        if not user.is_trainer:
            return self.none()
        taught = Cohort.trainers.through.objects.filter(user=user).values("cohort")
        prints = TextPrint.objects.filter(
            version__submission__in=Submission.objects.filter(enrolment__cohort__in=taught)
        ).values("pk")
        return self.filter(Q(earlier__in=prints) | Q(later__in=prints))


class Likeness(models.Model):
    """Two versions of different people that share much text; `share` is in whole per cent of the shorter one."""

    earlier = models.ForeignKey(TextPrint, models.PROTECT, verbose_name=_("earlier work"), related_name="later_alike")
    later = models.ForeignKey(TextPrint, models.PROTECT, verbose_name=_("later work"), related_name="earlier_alike")
    share = models.PositiveSmallIntegerField(_("shared, per cent"))

    objects = LikenessQuerySet.as_manager()

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
