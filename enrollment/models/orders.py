"""Orders (бұйрық) that enter, move, pause and end enrolments, and the commission's decisions they rest on."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.states import Stateful
from enrollment.models.cohorts import Cohort
from enrollment.models.commission import CommissionDecision
from enrollment.models.signatories import Signatory

if TYPE_CHECKING:
    from accounts.models import User


class OrderKind(models.TextChoices):
    ENROLMENT = "enrolment", _("enrolment")
    TRANSFER = "transfer", _("transfer to another cohort")
    DEFERRAL = "deferral", _("deferral")
    REINSTATEMENT = "reinstatement", _("reinstatement")
    EXPULSION = "expulsion", _("expulsion")
    WITHDRAWAL = "withdrawal", _("withdrawal at one's own wish")
    COMPLETION = "completion", _("completion of the course")
    RETAKE = "retake", _("admission to a retake")
    CANCELLATION = "cancellation", _("cancellation of an order")


class Book(models.TextChoices):
    """Each book of orders has a numbering of its own, by year."""

    LISTENERS = "listeners", _("listeners")
    GENERAL = "general", _("general activity")


class OrderState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SIGNED = "signed", _("signed")
    CANCELLED = "cancelled", _("cancelled by an order")
    DISCARDED = "discarded", _("discarded")


IN_THE_BOOK = (OrderState.SIGNED, OrderState.CANCELLED)  # signed once: frozen for good


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, user: "User") -> "OrderQuerySet":
        """Administrators see every order, nobody else any."""
        return self if user.is_administrator else self.none()

    def signed(self) -> "OrderQuerySet":
        """Those in force."""
        return self.filter(state=OrderState.SIGNED)

    def backdated(self) -> "OrderQuerySet":
        """Those signed here later than the date they bear."""
        return self.filter(signed_at__date__gt=F("date"))


class Order(Stateful):
    """An order of the head. Signing it moves its enrolments, all or none; signed it never changes (I10).

    `number` is unique in its book and year. `snapshot` is all that is printed, taken at the signing. A signed order is
    undone by another one, of the kind cancellation (`cancels`). A draft that is not wanted is discarded, not deleted:
    the audit trail keeps who did it, and its number is free again.
    """

    MOVES = {
        OrderState.DRAFT: {OrderState.SIGNED, OrderState.DISCARDED},
        OrderState.SIGNED: {OrderState.CANCELLED},
    }
    kind = models.CharField(_("kind"), max_length=20, choices=OrderKind)
    state = models.CharField(_("state"), max_length=20, choices=OrderState, default=OrderState.DRAFT, editable=False)
    book = models.CharField(_("book"), max_length=20, choices=Book, default=Book.LISTENERS)
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    number = models.CharField(_("order No"), max_length=30)
    date = models.DateField(_("order date"))
    signatory = models.ForeignKey(Signatory, models.PROTECT, verbose_name=_("signatory"), related_name="+")
    basis = models.TextField(
        _("basis"), max_length=500, blank=True, help_text=_("Applications, a memo, documents: what the order rests on.")
    )
    basis_ru = models.TextField(
        _("basis in Russian"),
        max_length=500,
        blank=True,
        help_text=_("For the Russian half of the paper; empty, it says the same as the Kazakh one."),
    )
    decision = models.ForeignKey(
        CommissionDecision,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("commission's decision"),
        related_name="orders",
    )
    backdating_reason = models.CharField(
        _("reason for an earlier date"),
        max_length=300,
        blank=True,
        help_text=_("Needed when the order bears a date before the day on which it is signed here."),
    )
    cancels = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("cancels"), related_name="cancelled_by"
    )
    snapshot = models.JSONField(_("as signed"), null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, verbose_name=_("by"), related_name="+"
    )
    signed_at = models.DateTimeField(_("signed at"), null=True, editable=False)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("order")
        verbose_name_plural = _("orders")
        ordering = ["-date", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["book", "year", "number"],
                condition=~Q(state="discarded"),
                name="order_number_once",
                violation_error_message=_("This book already has an order with this number in this year."),
            ),
            models.CheckConstraint(condition=Q(state__in=OrderState.values), name="order_state"),
            models.CheckConstraint(condition=Q(kind__in=OrderKind.values), name="order_kind"),
            models.CheckConstraint(condition=~Q(number=""), name="order_has_number"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "discarded"], snapshot__isnull=True, signed_at__isnull=True)
                | Q(state__in=["signed", "cancelled"], snapshot__isnull=False, signed_at__isnull=False),
                name="order_signed_has_snapshot",
            ),
            models.CheckConstraint(
                condition=Q(kind="cancellation", cancels__isnull=False)
                | (~Q(kind="cancellation") & Q(cancels__isnull=True))
                | Q(state="discarded", cancels__isnull=True),
                name="order_cancels",
            ),
        ]

    def __str__(self) -> str:
        return f"№\N{NO-BREAK SPACE}{self.number}, {self.date:%d.%m.%Y}"

    def save(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        self.year = self.date.year
        super().save(*args, **kwargs)

    @property
    def is_backdated(self) -> bool:
        """Whether it bears a date before the day on which it was signed here, or would be signed now."""
        return self.date < timezone.localdate(self.signed_at)

    @property
    def is_draft(self) -> bool:
        """Whether nobody has signed it yet and it can still change."""
        return self.state == OrderState.DRAFT


class OrderLine(models.Model):
    """One enrolment in an order: what it does to it. `from_state`, `to_state` and `opened` are set by the signing."""

    order = models.ForeignKey(Order, models.CASCADE, verbose_name=_("order"), related_name="lines")
    position = models.PositiveSmallIntegerField(_("place in the list"))
    enrolment = models.ForeignKey(
        "enrollment.Enrolment", models.PROTECT, verbose_name=_("enrolment"), related_name="order_lines"
    )
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, null=True, blank=True, verbose_name=_("to the cohort"), related_name="+"
    )
    until = models.DateField(_("until"), null=True, blank=True)
    request = models.ForeignKey(
        "enrollment.MovementRequest",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("request"),
        related_name="order_lines",
    )
    note = models.CharField(_("ground"), max_length=300, blank=True)
    from_state = models.CharField(max_length=20, blank=True, editable=False)
    to_state = models.CharField(max_length=20, blank=True, editable=False)
    opened = models.OneToOneField(
        "enrollment.Enrolment", models.PROTECT, null=True, editable=False, related_name="opened_by"
    )

    class Meta:
        verbose_name = _("line of an order")
        verbose_name_plural = _("lines of an order")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "enrolment"],
                name="order_line_once",
                violation_error_message=_("This person stands in the order already."),
            ),
            models.CheckConstraint(condition=~Q(opened=F("enrolment")), name="order_line_opens_another"),
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.enrolment}"
