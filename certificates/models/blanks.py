"""Security blanks, accounted for one by one (R3): deliveries, blanks, acts of write-off, printers."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from certificates.models.documents import Document
from core.states import Stateful

MOST_MM = Decimal(20)


class BlankState(models.TextChoices):
    IN_STOCK = "in_stock", _("in stock")
    RESERVED = "reserved", _("reserved")
    USED = "used", _("used")
    SPOILED = "spoiled", _("spoiled")
    LOST = "lost", _("lost")
    WRITTEN_OFF = "written_off", _("written off")


HOLDING = (BlankState.RESERVED, BlankState.USED)


class BlankDelivery(models.Model):
    """Blanks of one series that came together, first to last number."""

    series = models.CharField(_("series"), max_length=8)
    first = models.PositiveIntegerField(_("first number"))
    last = models.PositiveIntegerField(_("last number"))
    supplier = models.CharField(_("supplier"), max_length=200)
    note = models.CharField(_("delivery note"), max_length=120)
    received_on = models.DateField(_("received on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("delivery of blanks")
        verbose_name_plural = _("deliveries of blanks")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=Q(last__gte=F("first"), first__gt=0), name="delivery_range")]

    def __str__(self) -> str:
        return f"{self.series} {self.first:07}–{self.last:07}"


class WriteOffAct(models.Model):
    """An act by which a commission of three wrote blanks off; `snapshot` is all that its paper prints."""

    number = models.CharField(_("number"), max_length=20, unique=True)
    dated_on = models.DateField(_("date"))
    reason = models.TextField(_("reason"), max_length=500)
    snapshot = models.JSONField(_("as signed"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("act of write-off")
        verbose_name_plural = _("acts of write-off")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"№ {self.number}"


class Blank(Stateful):
    """One numbered blank; it bears at most one document, which lies on no other that is not spoiled or lost."""

    MOVES = {
        BlankState.IN_STOCK: {BlankState.RESERVED, BlankState.SPOILED, BlankState.LOST},
        BlankState.RESERVED: {BlankState.IN_STOCK, BlankState.USED, BlankState.SPOILED, BlankState.LOST},
        BlankState.SPOILED: {BlankState.WRITTEN_OFF},
        BlankState.LOST: {BlankState.WRITTEN_OFF},
    }
    delivery = models.ForeignKey(BlankDelivery, models.PROTECT, verbose_name=_("delivery"), related_name="blanks")
    series = models.CharField(_("series"), max_length=8)
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=12, choices=BlankState, default=BlankState.IN_STOCK, editable=False)
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, verbose_name=_("document"), related_name="blanks", editable=False
    )
    act = models.ForeignKey(
        WriteOffAct,
        models.PROTECT,
        null=True,
        verbose_name=_("act of write-off"),
        related_name="blanks",
        editable=False,
    )

    class Meta:
        verbose_name = _("security blank")
        verbose_name_plural = _("security blanks")
        ordering = ["series", "number"]
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="blank_once"),
            models.UniqueConstraint(
                fields=["document"], condition=Q(state__in=["reserved", "used"]), name="blank_one_of_a_document"
            ),
            models.CheckConstraint(condition=Q(state__in=BlankState.values), name="blank_state"),
            models.CheckConstraint(
                condition=Q(state="in_stock", document=None)
                | Q(state__in=["reserved", "used"], document__isnull=False)
                | Q(state__in=["spoiled", "lost", "written_off"]),
                name="blank_bears",
            ),
            models.CheckConstraint(
                condition=Q(state="written_off", act__isnull=False) | (~Q(state="written_off") & Q(act=None)),
                name="blank_written_off",
            ),
        ]
        indexes = [models.Index(fields=["series", "number"], condition=Q(state="in_stock"), name="blank_free")]

    def __str__(self) -> str:
        return f"{self.series} {self.number:07}"


class Printer(models.Model):
    """How far a printer is out: what is printed on it is moved by so many millimetres."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    right_mm = models.DecimalField(
        _("to the right, mm"),
        max_digits=4,
        decimal_places=1,
        default=0,
        validators=[MinValueValidator(-MOST_MM), MaxValueValidator(MOST_MM)],
    )
    down_mm = models.DecimalField(
        _("down, mm"),
        max_digits=4,
        decimal_places=1,
        default=0,
        validators=[MinValueValidator(-MOST_MM), MaxValueValidator(MOST_MM)],
    )

    class Meta:
        verbose_name = _("printer")
        verbose_name_plural = _("printers")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(right_mm__gte=-MOST_MM, right_mm__lte=MOST_MM, down_mm__gte=-MOST_MM, down_mm__lte=MOST_MM),
                name="printer_offset",
            )
        ]

    def __str__(self) -> str:
        return self.name
