"""Documents that are issued once, frozen, and verified for good."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment.models import Outcome
from core.models import Leased
from core.states import Stateful
from enrollment.models import Enrolment, Signatory

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User


class Kind(models.TextChoices):
    CERTIFICATE = "certificate", _("certificate")
    ATTENDANCE = "attendance", _("statement of attendance")
    SUPPORT = "support", _("statement of post-course support")


class DocumentState(models.TextChoices):
    RESERVED = "reserved", _("being made")
    READY = "ready", _("ready")
    REVOKED = "revoked", _("revoked")
    REPLACED = "replaced", _("replaced")


LIVE = (DocumentState.RESERVED, DocumentState.READY)


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: "User") -> "DocumentQuerySet":
        """Administrators see all documents, listeners their own; trainers none."""
        if user.is_administrator:
            return self
        return self.filter(enrolment__listener__user=user)

    def live(self) -> "DocumentQuerySet":
        """Neither revoked nor replaced."""
        return self.filter(state__in=LIVE)

    def to_render(self) -> "DocumentQuerySet":
        """Issued, without a file yet, and not given up."""
        return self.filter(state=DocumentState.RESERVED, attempts__lt=settings.RENDER_ATTEMPTS).order_by("id")


class Document(Stateful, Leased):
    """One issued paper. `snapshot` is all that is printed; nothing on the paper comes from anywhere else."""

    MOVES = {
        # Replaced without a file: only what the journal tells after the database was restored.
        DocumentState.RESERVED: {DocumentState.READY, DocumentState.REVOKED, DocumentState.REPLACED},
        DocumentState.READY: {DocumentState.REVOKED, DocumentState.REPLACED},
    }
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, verbose_name=_("enrolment"), related_name="documents")
    outcome = models.ForeignKey(Outcome, models.PROTECT, null=True, verbose_name=_("outcome"), related_name="documents")
    signatory = models.ForeignKey(Signatory, models.PROTECT, verbose_name=_("signatory"), related_name="+")
    state = models.CharField(
        _("state"), max_length=20, choices=DocumentState, default=DocumentState.RESERVED, editable=False
    )
    year = models.PositiveSmallIntegerField(_("year"))
    counter = models.PositiveIntegerField(_("counter"))
    number = models.CharField(_("registration number"), max_length=40, unique=True)
    token = models.CharField(max_length=64, unique=True, editable=False)
    snapshot = models.JSONField(_("as issued"))
    facts = models.JSONField(_("public facts"), editable=False)  # of the snapshot: `certificates.public`
    holder = models.CharField(_("holder"), max_length=280)
    holder_key = models.CharField(max_length=300, editable=False, db_index=True)
    issued_on = models.DateField(_("issued on"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("issued by"), related_name="+"
    )
    valid_until = models.DateField(_("valid until"), null=True)
    file = models.FileField(_("file"), blank=True, max_length=200)
    size = models.PositiveIntegerField(_("size, bytes"), null=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    signed_by = models.CharField(_("electronic signature"), max_length=200, blank=True)  # empty: the file has none
    ready_at = models.DateTimeField(_("ready at"), null=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, verbose_name=_("replaces"), related_name="replaced_by"
    )
    revoked_on = models.DateField(_("revoked on"), null=True)
    revocation_reason = models.TextField(_("reason for revocation"), blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "kind"], condition=Q(state__in=["reserved", "ready"]), name="document_one_live"
            ),
            models.UniqueConstraint(fields=["kind", "year", "counter"], name="document_number_once"),
            models.CheckConstraint(condition=Q(state__in=DocumentState.values), name="document_state"),
            models.CheckConstraint(
                condition=~Q(state="ready") | (~Q(file="") & Q(size__gt=0) & ~Q(sha256="") & Q(ready_at__isnull=False)),
                name="document_ready_has_file",
            ),
            models.CheckConstraint(
                condition=(Q(kind="certificate") & Q(valid_until__gt=F("issued_on")))
                | (~Q(kind="certificate") & Q(valid_until=None)),
                name="document_validity",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(state="reserved"), name="document_to_render"),
            models.Index(fields=["sha256"], name="document_file"),
            # Once SQLite has counted (ANALYZE), it takes the unique index for useless: most entries are empty.
            models.Index(fields=["replaces"], condition=Q(replaces__isnull=False), name="document_replacing"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.holder}"

    @property
    def verification_url(self) -> str:
        """The permanent address that the QR code bears; built from PUBLIC_BASE_URL, never from a request.

        As issued, also when new documents have another base by now (`certificates.bases`).
        """
        printed = self.snapshot.get("verification_url") if self.snapshot else None
        return printed or f"{settings.PUBLIC_BASE_URL}/v/{self.token}/"

    @property
    def is_given_up(self) -> bool:
        """Whether making the file has failed so often that it waits for a person."""
        return self.state == DocumentState.RESERVED and self.attempts >= settings.RENDER_ATTEMPTS

    @property
    def is_live(self) -> bool:
        """Neither revoked nor replaced."""
        return self.state in LIVE

    def is_expired(self, today: "date | None" = None) -> bool:
        """Whether the validity has run out; the last day still counts (R4)."""
        return self.valid_until is not None and (today or timezone.localdate()) > self.valid_until
