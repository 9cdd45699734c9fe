"""Requests to be transferred, deferred, reinstated or assessed again, with the papers that support them (R6–R9)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.states import Stateful
from enrollment.models.cohorts import Cohort
from enrollment.models.enrolments import Enrolment

if TYPE_CHECKING:
    from accounts.models import User


class Way(models.TextChoices):
    """The ways that the programme leaves open (R6–R9), and the ones back and out."""

    RETAKE = "retake", _("retake of the final assessment")  # R6
    NEXT_COHORT = "next_cohort", _("assessment with a following cohort")  # R7
    TRANSFER = "transfer", _("transfer to another cohort")  # R8
    DEFERRAL = "deferral", _("deferral")  # R9
    REINSTATEMENT = "reinstatement", _("reinstatement")
    WITHDRAWAL = "withdrawal", _("withdrawal at one's own wish")


class Reason(models.TextChoices):
    """What counts as a valid reason; words are added to it."""

    ILLNESS = "illness", _("illness")
    FAMILY = "family", _("family circumstances")
    LEAVE = "leave", _("maternity or childcare leave")
    WORK = "work", _("business trip or urgent work")
    OTHER = "other", _("another valid reason")


class RequestState(models.TextChoices):
    FILED = "filed", _("filed")
    ORDERED = "ordered", _("carried out by an order")
    REFUSED = "refused", _("refused")
    TAKEN_BACK = "taken_back", _("taken back")


class RequestQuerySet(models.QuerySet["MovementRequest"]):
    def visible_to(self, user: "User") -> "RequestQuerySet":
        """Administrators see every request, listeners their own."""
        return self if user.is_administrator else self.filter(enrolment__listener__user=user)


class MovementRequest(Stateful):
    """A listener's request, or one that an administrator wrote down for a listener; an order carries it out."""

    MOVES = {
        RequestState.FILED: {RequestState.ORDERED, RequestState.REFUSED, RequestState.TAKEN_BACK},
        RequestState.ORDERED: {RequestState.FILED},  # the order was cancelled
    }
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, verbose_name=_("enrolment"), related_name="requests")
    way = models.CharField(_("what is asked for"), max_length=20, choices=Way)
    state = models.CharField(
        _("state"), max_length=20, choices=RequestState, default=RequestState.FILED, editable=False
    )
    reason = models.CharField(_("reason"), max_length=20, choices=Reason)
    words = models.TextField(_("in your own words"), max_length=2000)
    cohort = models.ForeignKey(
        Cohort, models.PROTECT, null=True, blank=True, verbose_name=_("to the cohort"), related_name="+"
    )
    until = models.DateField(_("until"), null=True, blank=True)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("filed by"), related_name="+")
    filed_at = models.DateTimeField(_("filed at"), auto_now_add=True)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)

    objects = RequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["enrolment"], condition=Q(state="filed"), name="request_one_open"),
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="request_state"),
            models.CheckConstraint(condition=Q(way__in=Way.values), name="request_way"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.get_way_display()}"


class PaperQuerySet(models.QuerySet["SupportingPaper"]):
    def visible_to(self, user: "User") -> "PaperQuerySet":
        """Administrators only: papers tell of illness and family."""
        return self if user.is_administrator else self.none()


class SupportingPaper(models.Model):
    """A paper that supports a request (PDF, JPEG, PNG); its name on the disk tells nothing."""

    request = models.ForeignKey(MovementRequest, models.PROTECT, verbose_name=_("request"), related_name="papers")
    name = models.CharField(_("name"), max_length=120)
    file = models.FileField(_("file"), max_length=200)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField(_("size, bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("uploaded by"), related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("supporting paper")
        verbose_name_plural = _("supporting papers")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
