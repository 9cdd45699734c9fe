"""Requests to be transferred, deferred, reinstated or assessed again, with the papers that support them (R6–R9)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.states import Stateful
from enrollment.models.cohorts import Cohort
from enrollment.models.enrolments import Enrolment

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User


class Way(models.TextChoices):
    """The ways that the programme leaves open (R6–R9), and the ones back and out."""

    RETAKE = "retake", _("retake of the final assessment")  # R6
    NEXT_COHORT = "next_cohort", _("assessment with a following cohort")  # R7
    TRANSFER = "transfer", _("transfer to another cohort")  # R8
    DEFERRAL = "deferral", _("deferral")  # R9
    REINSTATEMENT = "reinstatement", _("reinstatement")
    WITHDRAWAL = "withdrawal", _("withdrawal at one's own wish")


WITH_REASON = (Way.TRANSFER, Way.DEFERRAL)  # R8, R9: for a valid reason
WITH_PAPERS = (Way.DEFERRAL,)  # R9: and with supporting documents


LONG = 10  # days after which an open request waits long


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

    def open(self) -> "RequestQuerySet":
        """Those that wait for a decision, the longest first."""
        return self.filter(state=RequestState.FILED).order_by("filed_at", "pk")

    def with_people(self) -> "RequestQuerySet":
        """With what a list or a letter says of them."""
        return self.select_related(
            "enrolment__listener__user", "enrolment__listener__employer", "enrolment__cohort__edition", "cohort"
        )


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
    reason = models.CharField(
        _("reason"), max_length=20, choices=Reason, blank=True, help_text=_("Only a transfer and a deferral need one.")
    )
    words = models.TextField(_("in the listener's own words"), max_length=2000, blank=True)
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
            models.CheckConstraint(condition=Q(reason__in=["", *Reason.values]), name="request_reason"),
            models.CheckConstraint(
                condition=~Q(way__in=WITH_REASON) | (~Q(reason="") & ~Q(words="")), name="request_valid_reason"
            ),
            models.CheckConstraint(
                condition=~Q(way="deferral") | Q(until__isnull=False), name="request_deferral_has_date"
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(answer=""), name="request_refused_why"),
        ]
        indexes = [models.Index(fields=["filed_at"], condition=Q(state="filed"), name="request_open")]

    def __str__(self) -> str:
        return f"{self.enrolment} · {self.get_way_display()}"

    @property
    def filed_on(self) -> "date":
        """The local date on which it was filed."""
        return timezone.localdate(self.filed_at)

    @property
    def age(self) -> int:
        """For how many days it has been filed."""
        return (timezone.localdate() - self.filed_on).days

    @property
    def waits_long(self) -> bool:
        """Whether it has been open for so long that the front page says so in red."""
        return self.is_open and self.age >= LONG

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision."""
        return bool(self.state == RequestState.FILED)


class PaperQuerySet(models.QuerySet["SupportingPaper"]):
    def visible_to(self, user: "User") -> "PaperQuerySet":
        """Administrators only: papers tell of illness and family."""
        return self if user.is_administrator else self.none()


class SupportingPaper(models.Model):
    """A paper that supports a request (PDF, JPEG, PNG); its name on the disk tells nothing.

    `size` and `sha256` are those of the stored file: a picture is stored without what its camera wrote into it.
    """

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
        constraints = [
            models.UniqueConstraint(fields=["request", "sha256"], name="paper_once"),
            models.CheckConstraint(
                condition=Q(content_type__in=["application/pdf", "image/jpeg", "image/png"]), name="paper_content_type"
            ),
        ]

    def __str__(self) -> str:
        return self.name
