"""Rows that every floor uses: audit trail, counters, outgoing messages, signs of life."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AuditEntry(models.Model):
    """One state change of one row: who, when, from, to, why (I5). Never changed, never deleted."""

    model = models.CharField(_("kind of record"), max_length=60)
    object_id = models.BigIntegerField(_("record"))
    from_state = models.CharField(_("from"), max_length=20, blank=True)
    to_state = models.CharField(_("to"), max_length=20)
    reason = models.TextField(_("reason"), blank=True)
    basis = models.CharField(_("basis document"), max_length=200, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty: the system itself."),
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit trail")
        ordering = ["-id"]
        indexes = [models.Index(fields=["model", "object_id", "id"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}: {self.from_state or '–'} → {self.to_state}"


class Counter(models.Model):
    """The last number given out in a series and year; the row is the lock that keeps numbers contiguous (I2)."""

    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    value = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.series}-{self.year}: {self.value}"


class Leased(models.Model):
    """Work that a worker takes for a limited time; the row is the truth about it, a queue message is a hint."""

    lease_until = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    last_error = models.TextField(_("last error"), blank=True, editable=False)

    class Meta:
        abstract = True


class Message(Leased):
    """A mail to send. At most one per thing and kind (I11)."""

    kind = models.CharField(_("kind"), max_length=40)
    thing = models.CharField(_("about"), max_length=120)
    recipient = models.EmailField(_("recipient"))
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    calendar = models.TextField(_("calendar file"), blank=True)
    attachment = models.BinaryField(_("attached PDF"), null=True)
    attachment_name = models.CharField(_("name of the attached PDF"), max_length=80, blank=True)
    secret = models.BooleanField(
        _("holds a one-time link"), default=False, help_text=_("The text is erased once it is sent.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["thing", "kind"], name="message_once")]
        indexes = [models.Index(fields=["id"], condition=Q(sent_at=None), name="message_unsent")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"


class Heartbeat(models.Model):
    """When a part of the machinery was last seen at work."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%H:%M:%S}"
