"""When and where a cohort meets, and who was there."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.states import Stateful
from enrollment.models.cohorts import Cohort
from enrollment.models.enrolments import Enrolment
from programs.models import Module

if TYPE_CHECKING:
    from accounts.models import User


class Room(models.Model):
    """A room of the institute or of a host."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    seats = models.PositiveSmallIntegerField(_("seats"), default=30, validators=[MinValueValidator(1)])
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class SessionKind(models.TextChoices):
    LECTURE = "lecture", _("lecture")
    PRACTICE = "practice", _("practice")
    SELF_STUDY = "self_study", _("self-study")
    ATTESTATION = "attestation", _("final attestation")


class SessionState(models.TextChoices):
    PLANNED = "planned", _("planned")
    HELD = "held", _("held")
    CANCELLED = "cancelled", _("called off")


class SessionQuerySet(models.QuerySet["Session"]):
    def visible_to(self, user: "User") -> "SessionQuerySet":
        """Administrators see all; trainers those of their cohorts and those they teach; listeners their cohorts'."""
        if user.is_administrator:
            return self
        mine = Q(cohort__in=Enrolment.objects.seated().filter(listener__user=user).values("cohort"))
        if user.is_trainer:
            taught = Cohort.trainers.through.objects.filter(user=user).values("cohort")
            mine |= Q(cohort__in=taught) | Q(trainer=user)
        return self.filter(mine)

    def taught_by(self, user: "User") -> "SessionQuerySet":
        """Those of the cohorts that this trainer teaches, and those given to the trainer by name."""
        taught = Cohort.trainers.through.objects.filter(user=user).values("cohort")
        return self.filter(Q(cohort__in=taught) | Q(trainer=user)) if user.is_trainer else self.none()

    def taken_by(self, user: "User") -> "SessionQuerySet":
        """Those whose attendance this person records: administrators all, trainers those they teach."""
        return self if user.is_administrator else self.taught_by(user)

    def standing(self) -> "SessionQuerySet":
        """Not cancelled."""
        return self.exclude(state=SessionState.CANCELLED)

    def with_place(self) -> "SessionQuerySet":
        """In order of time, with what a list of sessions shows."""
        return self.select_related("cohort", "module", "trainer", "room").order_by("starts_at", "pk")


class Session(Stateful):
    """One meeting of a cohort. `hours` are academic hours (ACADEMIC_HOUR_MINUTES, 45 by default).

    `sequence` rises with every change, as calendar files count (RFC 5545); `told_sequence` is the last one that people
    know of, by a letter or because nobody relied on the timetable yet. While they differ, `changed_from` is how the
    session stood when they last heard (see `enrollment.timetabling.telling`), empty for a session that is new to them.
    """

    MOVES = {SessionState.PLANNED: {SessionState.HELD, SessionState.CANCELLED}}
    cohort = models.ForeignKey(Cohort, models.PROTECT, verbose_name=_("cohort"), related_name="sessions")
    module = models.ForeignKey(Module, models.PROTECT, verbose_name=_("module"), related_name="sessions")
    kind = models.CharField(_("kind"), max_length=20, choices=SessionKind)
    state = models.CharField(
        _("state"), max_length=20, choices=SessionState, default=SessionState.PLANNED, editable=False
    )
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"), editable=False)
    hours = models.PositiveSmallIntegerField(
        _("academic hours"), validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    trainer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("trainer"),
        related_name="sessions",
    )
    room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, verbose_name=_("room"), related_name="sessions"
    )
    link = models.URLField(_("link to the online meeting"), max_length=500, blank=True)
    topic = models.CharField(_("topic"), max_length=250, blank=True)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    told_sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(_("changed at"), null=True, editable=False)
    changed_from = models.JSONField(default=dict, editable=False)
    history = HistoricalRecords(excluded_fields=["told_sequence", "changed_at", "changed_from"])

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SessionState.values), name="session_state"),
            models.CheckConstraint(condition=Q(kind__in=SessionKind.values), name="session_kind"),
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=10), name="session_hours"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="session_times"),
            models.CheckConstraint(condition=Q(told_sequence__lte=F("sequence")), name="session_told"),
        ]
        indexes = [
            models.Index(fields=["cohort", "starts_at"], name="session_cohort"),
            models.Index(fields=["trainer", "starts_at"], name="session_trainer"),
            models.Index(fields=["room", "starts_at"], name="session_room"),
            models.Index(fields=["changed_at"], condition=~Q(told_sequence=F("sequence")), name="session_untold"),
        ]

    def __str__(self) -> str:
        return f"{self.cohort} · {timezone.localtime(self.starts_at):%d.%m.%Y %H:%M}"

    @property
    def is_planned(self) -> bool:
        """Whether it is still to be held, so that it may change."""
        return self.state == SessionState.PLANNED

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called off."""
        return self.state == SessionState.CANCELLED

    @property
    def is_today(self) -> bool:
        """Whether it begins today, by the clock of Almaty."""
        return timezone.localtime(self.starts_at).date() == timezone.localdate()


class CalendarAddress(models.Model):
    """How often the address of somebody's, or of a cohort's, calendar was renewed; without a row: never.

    The address itself is signed, not stored (`enrollment.timetabling.addresses`); the version in it must be this one.
    """

    class Kind(models.TextChoices):
        LISTENER = "listener", _("of a listener")
        TRAINER = "trainer", _("of a trainer")
        COHORT = "cohort", _("of a cohort")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    owner = models.PositiveBigIntegerField(_("account or cohort"))
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        constraints = [
            models.UniqueConstraint(fields=["kind", "owner"], name="calendar_address_once"),
            models.CheckConstraint(condition=Q(kind__in=["listener", "trainer", "cohort"]), name="calendar_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.owner}, {self.version}"


class AttendanceMark(models.TextChoices):
    PRESENT = "present", _("present")
    ABSENT = "absent", _("absent")
    EXCUSED = "excused", _("excused")


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def visible_to(self, user: "User") -> "AttendanceQuerySet":
        """The records of the enrolments that this person may see."""
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))


class Attendance(models.Model):
    """Whether one person was at one session. No record is not presence.

    `minutes` is how long when it was not the whole session (1..its length); `version` rises with every change.
    """

    class Source(models.TextChoices):
        TRAINER = "trainer", _("marked by the trainer")
        CODE = "code", _("checked in by the code")

    session = models.ForeignKey(Session, models.PROTECT, verbose_name=_("session"), related_name="attendance")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, verbose_name=_("enrolment"), related_name="attendance")
    mark = models.CharField(_("attendance"), max_length=10, choices=AttendanceMark)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    source = models.CharField(_("how it was recorded"), max_length=10, choices=Source)
    version = models.PositiveIntegerField(_("version"), default=1)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("recorded by"), related_name="+"
    )
    recorded_at = models.DateTimeField(_("recorded at"))
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance record")
        verbose_name_plural = _("attendance")
        constraints = [
            models.UniqueConstraint(fields=["session", "enrolment"], name="attendance_once"),
            models.CheckConstraint(condition=Q(mark__in=AttendanceMark.values), name="attendance_mark"),
            models.CheckConstraint(
                condition=Q(minutes=None) | Q(mark="present", minutes__gte=1), name="attendance_minutes"
            ),
            models.CheckConstraint(condition=~Q(mark="excused") | ~Q(reason=""), name="attendance_excused_why"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.get_mark_display()}"
