"""The commission's protocols, who sat, and the outcomes they decided."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assessment.models.attempts import Attempt
from core.states import Stateful
from enrollment.models import Cohort, CommissionMember, Enrolment
from programs.models import Band

if TYPE_CHECKING:
    from accounts.models import User


class ProtocolState(models.TextChoices):
    DRAFT = "draft", _("draft")
    CLOSED = "closed", _("closed")
    DISCARDED = "discarded", _("discarded")


class ProtocolKind(models.TextChoices):
    ATTESTATION = "attestation", _("final attestation")
    CORRECTION = "correction", _("correction of a decision")


class ProtocolQuerySet(models.QuerySet["Protocol"]):
    def visible_to(self, user: "User") -> "ProtocolQuerySet":
        """Administrators see every protocol, members of the commission those of their own sessions."""
        if user.is_administrator:
            return self
        mine = ProtocolMember.objects.filter(member__user=user).values("protocol")
        return self.filter(pk__in=mine)


class Protocol(Stateful):
    """The record of a session of the attestation commission. Closed it never changes (I10).

    A draft is prepared by an administrator, closed by the session's chair; it gets its number, 1, 2, … of the cohort,
    when it is closed. What was left out goes into the next one. A correction supersedes lines of an earlier protocol,
    with its reason and basis. `snapshot` is all that is printed.
    """

    MOVES = {ProtocolState.DRAFT: {ProtocolState.CLOSED, ProtocolState.DISCARDED}}
    cohort = models.ForeignKey(Cohort, models.PROTECT, verbose_name=_("cohort"), related_name="protocols")
    kind = models.CharField(_("kind"), max_length=20, choices=ProtocolKind, default=ProtocolKind.ATTESTATION)
    no = models.PositiveSmallIntegerField(_("number"), null=True, editable=False)
    state = models.CharField(
        _("state"), max_length=20, choices=ProtocolState, default=ProtocolState.DRAFT, editable=False
    )
    held_on = models.DateField(_("date of the session"))
    left_out = models.JSONField(_("left out, with reasons"), default=dict, editable=False)
    reason = models.TextField(_("reason for the correction"), max_length=1000, blank=True)
    basis = models.CharField(_("basis of the correction"), max_length=300, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, verbose_name=_("drafted by"), related_name="+"
    )
    drafted_at = models.DateTimeField(_("drafted at"), auto_now_add=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        verbose_name=_("closed by"),
        related_name="+",
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    snapshot = models.JSONField(_("as closed"), null=True, editable=False)

    objects = ProtocolQuerySet.as_manager()

    class Meta:
        verbose_name = _("protocol")
        verbose_name_plural = _("protocols")
        ordering = ["cohort", F("no").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "no"], name="protocol_no_once"),
            models.UniqueConstraint(fields=["cohort"], condition=Q(state="draft"), name="protocol_one_draft"),
            models.CheckConstraint(condition=Q(state__in=ProtocolState.values), name="protocol_state"),
            models.CheckConstraint(condition=Q(kind__in=ProtocolKind.values), name="protocol_kind"),
            models.CheckConstraint(
                condition=Q(state="closed", no__isnull=False, closed_at__isnull=False, closed_by__isnull=False)
                | (~Q(state="closed") & Q(no=None, closed_at=None, closed_by=None)),
                name="protocol_closed_has_number",
            ),
            models.CheckConstraint(
                condition=~Q(kind="correction") | (~Q(reason="") & ~Q(basis="")), name="protocol_correction_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cohort} · № {self.no}" if self.no else f"{self.cohort} · {self.get_state_display()}"


class ProtocolMember(models.Model):
    """Who sat in the session, with a special opinion if there is one."""

    protocol = models.ForeignKey(Protocol, models.CASCADE, verbose_name=_("protocol"), related_name="members")
    member = models.ForeignKey(
        CommissionMember, models.PROTECT, verbose_name=_("commission member"), related_name="protocols"
    )
    is_chair = models.BooleanField(_("chair"), default=False)
    special_opinion = models.TextField(_("special opinion"), max_length=2000, blank=True)
    opinion_at = models.DateTimeField(_("given at"), null=True, editable=False)

    class Meta:
        verbose_name = _("member of the session")
        verbose_name_plural = _("members of the session")
        ordering = ["-is_chair", "member__full_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["protocol", "member"], name="protocol_member_once"),
            models.UniqueConstraint(fields=["protocol"], condition=Q(is_chair=True), name="protocol_one_chair"),
        ]

    def __str__(self) -> str:
        return self.member.full_name


class Ending(models.TextChoices):
    """How an attempt ended. Who did not appear, or broke academic integrity, has no total: that is no low score."""

    SCORED = "scored", _("judged by points")
    NO_SHOW = "no_show", _("did not appear")
    BREACH = "breach", _("breach of academic integrity")


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    def visible_to(self, user: "User") -> "OutcomeQuerySet":
        """Outcomes of the enrolments that this person may see."""
        return self.filter(attempt__enrolment__in=Enrolment.objects.visible_to(user))

    def in_force(self) -> "OutcomeQuerySet":
        """Those that no later protocol has corrected."""
        return self.filter(attempt__corrected_by=None)


class Outcome(models.Model):
    """A decision of a closed protocol about one attempt: points, total, band. Never edited (I4, I10)."""

    attempt = models.OneToOneField(Attempt, models.PROTECT, verbose_name=_("attempt"), related_name="outcome")
    protocol = models.ForeignKey(Protocol, models.PROTECT, verbose_name=_("protocol"), related_name="outcomes")
    ending = models.CharField(_("ending"), max_length=10, choices=Ending, default=Ending.SCORED)
    band = models.ForeignKey(Band, models.PROTECT, null=True, verbose_name=_("band"), related_name="+")
    points = models.JSONField(_("points by criterion"))
    total = models.PositiveSmallIntegerField(_("total"), null=True)
    passed = models.BooleanField(_("passed"))
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        constraints = [
            models.CheckConstraint(condition=Q(total=None) | Q(total__lte=100), name="outcome_total"),
            models.CheckConstraint(
                condition=Q(ending="scored", total__isnull=False, band__isnull=False)
                | Q(ending__in=["no_show", "breach"], total=None, band=None, passed=False),
                name="outcome_ending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt}: {self.get_ending_display() if self.total is None else self.total}"


class CorrectionLine(models.Model):
    """What a drafted correction will say about one outcome: another ending, or other points for every criterion."""

    protocol = models.ForeignKey(Protocol, models.CASCADE, verbose_name=_("protocol"), related_name="corrections")
    outcome = models.ForeignKey(Outcome, models.PROTECT, verbose_name=_("outcome"), related_name="corrections")
    ending = models.CharField(_("ending"), max_length=10, choices=Ending, default=Ending.SCORED)
    points = models.JSONField(_("points by criterion"))

    class Meta:
        verbose_name = _("line of a correction")
        verbose_name_plural = _("lines of a correction")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["protocol", "outcome"], name="correction_line_once"),
            models.CheckConstraint(condition=Q(ending__in=Ending.values), name="correction_line_ending"),
        ]

    def __str__(self) -> str:
        return f"{self.protocol}: {self.outcome}"

    @property
    def total(self) -> int:
        """The sum of the new points."""
        return sum(points for points in self.points.values() if points is not None)
