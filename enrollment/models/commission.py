"""The commission that reviews applications and breaches: its members and what it decided (R10)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User


class Body(models.TextChoices):
    """The institute's two commissions; who sits in both has an entry in each."""

    REVIEW = "review", _("commission that reviews applications")
    ATTESTATION = "attestation", _("attestation commission")


class MemberQuerySet(models.QuerySet["CommissionMember"]):
    def serving_on(self, day: "date", body: str = Body.REVIEW) -> "MemberQuerySet":
        """Who is a member of that commission on that day, the chair first."""
        period = Q(valid_to=None) | Q(valid_to__gte=day)
        return self.filter(period, body=body, valid_from__lte=day).order_by("-is_chair", "full_name")


class CommissionMember(models.Model):
    """A member of one of the commissions, for a period. Who judges defences or closes protocols has an account."""

    body = models.CharField(_("commission"), max_length=20, choices=Body, default=Body.REVIEW)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("account"),
        related_name="commission_memberships",
        help_text=_("Needed to judge defences and to close protocols."),
    )
    full_name = models.CharField(_("full name"), max_length=120)
    position = models.CharField(_("position"), max_length=200)
    is_chair = models.BooleanField(_("chair"), default=False)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("commission member")
        verbose_name_plural = _("commission members")
        ordering = ["-is_chair", "full_name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="commission_member_period"
            ),
            models.CheckConstraint(condition=Q(body__in=Body.values), name="commission_member_body"),
        ]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.position}"

    @property
    def is_used(self) -> bool:
        """Whether a decision that a signed order rests on names this member; what papers print is then frozen."""
        return self.pk is not None and self.decisions.filter(orders__state__in=["signed", "cancelled"]).exists()


class DecisionQuerySet(models.QuerySet["CommissionDecision"]):
    def visible_to(self, user: "User") -> "DecisionQuerySet":
        """Administrators see every decision, nobody else any."""
        return self if user.is_administrator else self.none()


class CommissionDecision(models.Model):
    """What the commission decided about whom. A decision that a signed order rests on never changes (I10)."""

    number = models.CharField(_("number"), max_length=30)
    year = models.PositiveSmallIntegerField(_("year"), editable=False)
    held_on = models.DateField(_("date of the session"))
    members = models.ManyToManyField(CommissionMember, verbose_name=_("members present"), related_name="decisions")
    question = models.TextField(_("question"), max_length=1000)
    decision = models.TextField(_("decision"), max_length=2000)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, verbose_name=_("by"), related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("commission's decision")
        verbose_name_plural = _("commission's decisions")
        ordering = ["-held_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "number"],
                name="decision_number_once",
                violation_error_message=_("A decision with this number is already there in this year."),
            ),
            models.CheckConstraint(condition=~Q(number=""), name="decision_has_number"),
        ]

    def __str__(self) -> str:
        return f"№\N{NO-BREAK SPACE}{self.number}, {self.held_on:%d.%m.%Y}"

    def save(self, *args, **kwargs):  # type: ignore[no-untyped-def]
        self.year = self.held_on.year
        super().save(*args, **kwargs)

    @property
    def is_used(self) -> bool:
        """Whether a signed order rests on it; it is then frozen, here and by a trigger."""
        return self.pk is not None and self.orders.filter(state__in=["signed", "cancelled"]).exists()


class DecisionLine(models.Model):
    """What a decision says about one enrolment."""

    class Resolution(models.TextChoices):
        EXPEL = "expel", _("to expel")
        KEEP = "keep", _("not to expel")
        TRANSFER = "transfer", _("to transfer")
        DEFER = "defer", _("to defer")
        REINSTATE = "reinstate", _("to reinstate")
        ADMIT = "admit", _("to admit")
        REFUSE = "refuse", _("to refuse")

    decision = models.ForeignKey(
        CommissionDecision, models.CASCADE, verbose_name=_("commission's decision"), related_name="lines"
    )
    enrolment = models.ForeignKey(
        "enrollment.Enrolment", models.PROTECT, verbose_name=_("enrolment"), related_name="decision_lines"
    )
    resolution = models.CharField(_("resolution"), max_length=12, choices=Resolution)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("line of a decision")
        verbose_name_plural = _("lines of a decision")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["decision", "enrolment"],
                name="decision_line_once",
                violation_error_message=_("This person stands in the decision already."),
            ),
            models.CheckConstraint(
                condition=Q(resolution__in=["expel", "keep", "transfer", "defer", "reinstate", "admit", "refuse"]),
                name="decision_line_resolution",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision}: {self.enrolment}"
