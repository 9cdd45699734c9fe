"""Letters by which employers learn of an expulsion (R11)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.states import Stateful
from enrollment.models.orders import OrderLine
from enrollment.models.people import Employer

if TYPE_CHECKING:
    from accounts.models import User


class NoticeState(models.TextChoices):
    DUE = "due", _("to be sent")
    SENT = "sent", _("sent")
    VOID = "void", _("not needed any more")


class NoticeQuerySet(models.QuerySet["EmployerNotice"]):
    def visible_to(self, user: "User") -> "NoticeQuerySet":
        """Administrators see every letter, nobody else any."""
        return self if user.is_administrator else self.none()

    def due(self) -> "NoticeQuerySet":
        """Those whose sending nobody has recorded, the most urgent first."""
        return self.filter(state=NoticeState.DUE).order_by("due_on", "pk")

    def overdue(self) -> "NoticeQuerySet":
        """Those due whose last day is over (R11)."""
        return self.due().filter(due_on__lt=timezone.localdate())


class EmployerNotice(Stateful):
    """The numbered letter to the employer of somebody expelled; due until its sending is recorded (R11)."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")
        POST = "post", _("post")
        COURIER = "courier", _("by hand")
        SYSTEM = "system", _("electronic document system")

    # Back to due: the letter did not arrive, so the case stands on the front page again.
    MOVES = {NoticeState.DUE: {NoticeState.SENT, NoticeState.VOID}, NoticeState.SENT: {NoticeState.DUE}}
    line = models.OneToOneField(OrderLine, models.PROTECT, verbose_name=_("line of an order"), related_name="notice")
    employer = models.ForeignKey(
        Employer, models.PROTECT, null=True, verbose_name=_("employer"), related_name="notices"
    )
    state = models.CharField(_("state"), max_length=10, choices=NoticeState, default=NoticeState.DUE, editable=False)
    year = models.PositiveSmallIntegerField(_("year"))
    counter = models.PositiveIntegerField(_("counter"))
    number = models.CharField(_("letter No"), max_length=40, unique=True)
    dated_on = models.DateField(_("dated"))
    due_on = models.DateField(_("to be sent by"))
    snapshot = models.JSONField(_("as written"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, blank=True)
    sent_on = models.DateField(_("sent on"), null=True)
    recipient = models.CharField(_("recipient"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, verbose_name=_("recorded by"), related_name="+"
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter to an employer")
        verbose_name_plural = _("letters to employers")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["year", "counter"], name="notice_number_once"),
            models.CheckConstraint(condition=Q(state__in=NoticeState.values), name="notice_state"),
            models.CheckConstraint(
                condition=~Q(state="sent") | (~Q(channel="") & ~Q(recipient="") & Q(sent_on__isnull=False)),
                name="notice_sent_how",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_due(self) -> bool:
        """Whether its sending is still to be recorded."""
        return self.state == NoticeState.DUE

    @property
    def is_overdue(self) -> bool:
        """Whether its last day is over and nobody has recorded that it was sent (R11)."""
        return self.is_due and self.due_on < timezone.localdate()
