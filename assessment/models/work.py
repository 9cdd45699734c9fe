"""What listeners hand in: assignments, versions of the work, feedback in words."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.states import Stateful
from enrollment.models import Cohort, Enrolment
from programs.models import Criterion, Material, Module

if TYPE_CHECKING:
    from accounts.models import User


class WorkKind(models.TextChoices):
    """The kinds that the programme names: practical work, self-study, self-assessment (sections 6 and 7)."""

    MANAGEMENT_CASE = "management_case", _("management case")
    DEVELOPMENT_PROGRAMME = "development_programme", _("development-programme draft")
    QUALITY_MONITORING = "quality_monitoring", _("internal quality-monitoring design")
    STAFF_CASE = "staff_case", _("staff-management case")
    DIGITAL_TOOL = "digital_tool", _("digital platform or AI tool exercise")
    LOCAL_ACTS = "local_acts", _("local acts, risk map or resource plan")
    LEGAL_STUDY = "legal_study", _("study of legal acts")
    ANALYTICAL = "analytical", _("analytical task")
    PROJECT = "project", _("final project materials")
    REFLECTION = "reflection", _("reflection")
    REFLECTIVE_TASK = "reflective_task", _("reflective task")
    DECISION_ANALYSIS = "decision_analysis", _("analysis of own management decisions")
    MODEL_EFFECTIVENESS = "model_effectiveness", _("effectiveness of the proposed management models")


class AssignmentState(models.TextChoices):
    DRAFT = "draft", _("in preparation")
    PUBLISHED = "published", _("open for work")
    CLOSED = "closed", _("closed for work")


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user: "User") -> "AssignmentQuerySet":
        """Administrators see all, trainers those of their cohorts, listeners what is published to theirs."""
        if user.is_administrator:
            return self
        mine = Q(cohort__in=Enrolment.objects.filter(listener__user=user).values("cohort")) & ~Q(state="draft")
        if user.is_trainer:
            mine |= Q(cohort__in=Cohort.trainers.through.objects.filter(user=user).values("cohort"))
        return self.filter(mine)


class Assignment(Stateful):
    """A task of a cohort, of one module or the final project, whose work feeds one criterion of the rubric.

    Work is taken until `due_at`, later it is marked late; after `closes_at` (if set) or once closed it is not taken.
    """

    MOVES = {
        AssignmentState.DRAFT: {AssignmentState.PUBLISHED},
        AssignmentState.PUBLISHED: {AssignmentState.CLOSED},
        AssignmentState.CLOSED: {AssignmentState.PUBLISHED},
    }
    cohort = models.ForeignKey(Cohort, models.PROTECT, verbose_name=_("cohort"), related_name="assignments")
    module = models.ForeignKey(Module, models.PROTECT, verbose_name=_("module"), related_name="+")
    criterion = models.ForeignKey(Criterion, models.PROTECT, verbose_name=_("criterion"), related_name="+")
    kind = models.CharField(_("kind"), max_length=30, choices=WorkKind)
    state = models.CharField(
        _("state"), max_length=20, choices=AssignmentState, default=AssignmentState.DRAFT, editable=False
    )
    title = models.CharField(_("title"), max_length=200)
    instructions = models.TextField(_("instructions"), max_length=5000)
    due_at = models.DateTimeField(_("due"))
    closes_at = models.DateTimeField(_("not taken after"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=10)
    materials = models.ManyToManyField(Material, blank=True, verbose_name=_("materials"), related_name="assignments")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = ["cohort", "module__no", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AssignmentState.values), name="assignment_state"),
            models.CheckConstraint(condition=Q(kind__in=WorkKind.values), name="assignment_kind"),
            models.CheckConstraint(
                condition=Q(closes_at=None) | Q(closes_at__gte=models.F("due_at")),
                name="assignment_closes_after_due",
                violation_error_message=_("Work cannot be refused before it is due."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SubmissionState(models.TextChoices):
    HANDED_IN = "handed_in", _("waits for an answer")
    RETURNED = "returned", _("returned for another version")
    ACCEPTED = "accepted", _("accepted")


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def visible_to(self, user: "User") -> "SubmissionQuerySet":
        """Of the enrolments that this person may see."""
        return self.filter(enrolment__in=Enrolment.objects.visible_to(user))

    def unanswered(self) -> "SubmissionQuerySet":
        """Those that wait for a trainer, the oldest first."""
        return self.filter(state=SubmissionState.HANDED_IN).order_by("waiting_since", "pk")


class Submission(Stateful):
    """One listener's work on one assignment; its versions are kept."""

    MOVES = {
        SubmissionState.HANDED_IN: {SubmissionState.RETURNED, SubmissionState.ACCEPTED},
        SubmissionState.RETURNED: {SubmissionState.HANDED_IN, SubmissionState.ACCEPTED},
        SubmissionState.ACCEPTED: {SubmissionState.HANDED_IN, SubmissionState.RETURNED},
    }
    assignment = models.ForeignKey(Assignment, models.PROTECT, verbose_name=_("assignment"), related_name="submissions")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, verbose_name=_("enrolment"), related_name="submissions")
    state = models.CharField(
        _("state"), max_length=20, choices=SubmissionState, default=SubmissionState.HANDED_IN, editable=False
    )
    waiting_since = models.DateTimeField(_("waits since"))

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["assignment", "enrolment__listener__sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "enrolment"], name="submission_once"),
            models.CheckConstraint(condition=Q(state__in=SubmissionState.values), name="submission_state"),
        ]
        indexes = [models.Index(fields=["waiting_since"], condition=Q(state="handed_in"), name="submission_unanswered")]

    def __str__(self) -> str:
        return f"{self.enrolment.listener}: {self.assignment}"


class Version(models.Model):
    """One version of a submission: text, files, or both. Never changed; `is_late` is settled when it is handed in."""

    submission = models.ForeignKey(Submission, models.PROTECT, verbose_name=_("submission"), related_name="versions")
    no = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"), max_length=50_000, blank=True)
    is_late = models.BooleanField(_("late"), default=False)
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    handed_in_at = models.DateTimeField(_("handed in at"))
    request_key = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("version of a submission")
        verbose_name_plural = _("versions of a submission")
        ordering = ["submission", "no"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "no"], name="version_no_once"),
            # The same form sent twice is one version.
            models.UniqueConstraint(
                fields=["submission", "request_key"], condition=~Q(request_key=""), name="version_request_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} · {self.no}"


class SubmittedFileQuerySet(models.QuerySet["SubmittedFile"]):
    def visible_to(self, user: "User") -> "SubmittedFileQuerySet":
        """Files of the submissions that this person may see; an erased one is nobody's."""
        return self.filter(version__submission__in=Submission.objects.visible_to(user)).exclude(file="")


class SubmittedFile(models.Model):
    """A file of a version; its name on the disk tells nothing."""

    version = models.ForeignKey(Version, models.PROTECT, verbose_name=_("version"), related_name="files")
    name = models.CharField(_("name"), max_length=120)
    file = models.FileField(_("file"), max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(_("size, bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)

    objects = SubmittedFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("submitted file")
        verbose_name_plural = _("submitted files")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["version", "sha256"], name="submitted_file_once")]

    def __str__(self) -> str:
        return self.name


class Feedback(models.Model):
    """A trainer's answer to a version, in words. Never changed: another answer follows."""

    class Verdict(models.TextChoices):
        ACCEPTED = "accepted", _("accepted")
        RETURNED = "returned", _("returned for another version")

    version = models.ForeignKey(Version, models.PROTECT, verbose_name=_("version"), related_name="feedback")
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict)
    words = models.TextField(_("feedback"), max_length=5000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("by"), related_name="+")
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=["accepted", "returned"]), name="feedback_verdict")
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.get_verdict_display()}"


class CommentTemplate(models.Model):
    """Words that a trainer writes often."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("owner"), related_name="comment_templates"
    )
    title = models.CharField(_("title"), max_length=80)
    words = models.TextField(_("feedback"), max_length=2000)

    class Meta:
        verbose_name = _("comment template")
        verbose_name_plural = _("comment templates")
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["owner", "title"], name="comment_template_once")]

    def __str__(self) -> str:
        return self.title
