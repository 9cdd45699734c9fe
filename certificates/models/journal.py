"""What the journal outside the database says, or is about to: one row for each line."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Event(models.TextChoices):
    ISSUED = "issued", _("issued")
    REVOKED = "revoked", _("revoked")
    REPLACED = "replaced", _("replaced")


class JournalEntry(models.Model):
    """An event in a document's life, stored in the transaction that makes it happen, then copied to the journal's file.

    `line` and `digest` are empty until the file has it, durably. An entry whose token no document has was recovered
    from the file after the database was lost.
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.CharField(_("event"), max_length=10, choices=Event)
    token = models.CharField(max_length=64, editable=False)
    number = models.CharField(_("registration number"), max_length=40, db_index=True)
    facts = models.JSONField(_("facts"))
    at = models.DateTimeField(_("at"))
    line = models.PositiveBigIntegerField(_("line of the journal"), null=True, unique=True)
    digest = models.CharField(_("SHA-256 of the line"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("entry of the journal")
        verbose_name_plural = _("entries of the journal")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["token", "event"], name="journal_event_once"),
            models.CheckConstraint(condition=Q(event__in=Event.values), name="journal_event"),
            models.CheckConstraint(
                condition=Q(line=None, digest="") | Q(line__gt=0) & ~Q(digest=""), name="journal_line"
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(line=None), name="journal_to_write")]

    def __str__(self) -> str:
        return f"{self.number}: {self.get_event_display()}"
