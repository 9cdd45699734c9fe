"""What administrators do about people's entries: merged, told apart, handed out."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from enrollment.models.people import Listener

if TYPE_CHECKING:
    from accounts.models import User


class MergeQuerySet(models.QuerySet["ListenerMerge"]):
    def visible_to(self, user: "User") -> "MergeQuerySet":
        """Administrators only."""
        return self if user.is_administrator else self.none()

    def standing(self) -> "MergeQuerySet":
        """Those that nobody has undone, the latest first."""
        return self.filter(undone_at=None).order_by("-pk")


class ListenerMerge(models.Model):
    """Two entries of one person brought together: which stayed, what was moved to it. It can be undone from this row.

    `moved` holds the keys of the moved rows by "app.Model.field"; `before` what the entry that stays and the accounts
    were before.
    """

    stays = models.ForeignKey(Listener, models.PROTECT, verbose_name=_("entry that stays"), related_name="merges")
    goes = models.ForeignKey(
        Listener, models.PROTECT, verbose_name=_("entry not used any more"), related_name="merge_of"
    )
    moved = models.JSONField(_("what was moved"), default=dict)
    before = models.JSONField(_("what was before"), default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("at"), auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("undone by"), related_name="+"
    )
    undone_at = models.DateTimeField(_("undone at"), null=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merging of two entries")
        verbose_name_plural = _("mergings of entries")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["goes"], condition=Q(undone_at=None), name="listener_merged_once"),
            models.CheckConstraint(condition=~Q(stays=F("goes")), name="listener_merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.goes_id} → {self.stays_id}"


class DifferentPeople(models.Model):
    """Two entries that look alike and belong to two people: they are not proposed for merging again."""

    one = models.ForeignKey(Listener, models.PROTECT, verbose_name=_("listener"), related_name="+")
    other = models.ForeignKey(Listener, models.PROTECT, verbose_name=_("another listener"), related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("two different people")
        verbose_name_plural = _("pairs of different people")
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="different_people_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="different_people_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} ≠ {self.other_id}"


class DataExport(models.Model):
    """That somebody took away everything about a listener: who, when, on what ground."""

    listener = models.ForeignKey(Listener, models.PROTECT, verbose_name=_("listener"), related_name="exports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("at"), auto_now_add=True)
    ground = models.CharField(_("ground"), max_length=300, blank=True)
    with_iin = models.BooleanField(_("with the IIN"))

    class Meta:
        verbose_name = _("export of a person's data")
        verbose_name_plural = _("exports of people's data")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.listener_id} · {self.at:%d.%m.%Y}"
