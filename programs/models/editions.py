"""An edition of a programme: texts, plan, lists, glossary, reading list."""

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.states import Stateful

if TYPE_CHECKING:
    from accounts.models import User
    from programs.models.rubrics import Rubric


class StudyFormat(models.TextChoices):
    """How a course is held (оқыту нысандары)."""

    FULL_TIME = "full_time", _("full-time")
    DISTANCE = "distance", _("distance")
    BLENDED = "blended", _("blended (full-time and distance)")


class Programme(models.Model):
    code = models.SlugField(_("code"), unique=True)
    title = models.CharField(_("title"), max_length=250)

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return self.title


class EditionState(models.TextChoices):
    DRAFT = "draft", _("draft")
    DISCUSSION = "discussion", _("public discussion")
    AGREED = "agreed", _("agreed")
    APPROVED = "approved", _("approved")
    IN_USE = "in_use", _("in use")
    ARCHIVED = "archived", _("archived")


# An edition that cohorts may run on, and that the public sees.
IN_FORCE = (EditionState.APPROVED, EditionState.IN_USE)


class EditionQuerySet(models.QuerySet["ProgrammeEdition"]):
    def visible_to(self, user: "User") -> "EditionQuerySet":
        """Administrators see every edition, everybody else those in force."""
        return self if user.is_authenticated and user.is_administrator else self.in_force()

    def in_force(self) -> "EditionQuerySet":
        """Approved or in use."""
        return self.filter(state__in=IN_FORCE)


class ProgrammeEdition(Stateful):
    """A programme as approved for a year: volume, plan, outcomes, rubric. In use it never changes (I10)."""

    MOVES = {
        EditionState.DRAFT: {EditionState.DISCUSSION},
        EditionState.DISCUSSION: {EditionState.DRAFT, EditionState.AGREED},
        EditionState.AGREED: {EditionState.DRAFT, EditionState.APPROVED},
        EditionState.APPROVED: {EditionState.IN_USE, EditionState.ARCHIVED},
        EditionState.IN_USE: {EditionState.ARCHIVED},
    }
    programme = models.ForeignKey(Programme, models.PROTECT, verbose_name=_("programme"), related_name="editions")
    year = models.PositiveSmallIntegerField(_("edition"))
    state = models.CharField(
        _("state"), max_length=20, choices=EditionState, default=EditionState.DRAFT, editable=False
    )
    title = models.CharField(_("title"), max_length=250)
    kind = models.CharField(_("kind"), max_length=250)
    audience = models.CharField(_("for whom"), max_length=250)
    summary = models.TextField(_("summary"), blank=True)
    volume_hours = models.PositiveSmallIntegerField(
        _("declared volume"), help_text=_("Academic hours, as printed on documents."), validators=[MinValueValidator(1)]
    )
    formats = models.JSONField(_("formats"), default=list)
    acknowledgement = models.TextField(
        _("acknowledgement of the difference"),
        blank=True,
        help_text=_("The approver's words when the plan's rows fall short of the declared volume."),
    )
    acknowledged_by = models.CharField(_("acknowledged by"), max_length=200, blank=True)

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme edition")
        verbose_name_plural = _("programme editions")
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "year"], name="edition_once_a_year"),
            models.CheckConstraint(condition=Q(state__in=EditionState.values), name="edition_state"),
            models.CheckConstraint(condition=Q(volume_hours__gte=1), name="edition_volume"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.year})"

    @property
    def is_locked(self) -> bool:
        """Whether plan, rubric and texts refuse to change."""
        return self.state in (EditionState.APPROVED, EditionState.IN_USE, EditionState.ARCHIVED)

    @property
    def is_in_force(self) -> bool:
        """Whether cohorts may run on it."""
        return self.state in IN_FORCE

    @property
    def is_editable(self) -> bool:
        """Whether its texts may be edited now: what is discussed or agreed goes back to a draft first."""
        return self.state == EditionState.DRAFT

    def current_rubric(self) -> "Rubric | None":
        """The rubric that a new cohort is judged by: the latest published version."""
        return self.rubrics.published().order_by("-version").first()


class Module(models.Model):
    """One row of the plan; the final attestation is the last of them. Hours are academic hours of 45 minutes."""

    edition = models.ForeignKey(ProgrammeEdition, models.CASCADE, verbose_name=_("edition"), related_name="modules")
    no = models.PositiveSmallIntegerField("№")
    is_final = models.BooleanField(_("final attestation"), default=False)
    title = models.CharField(_("title"), max_length=250)
    task = models.CharField(_("task"), max_length=300, blank=True)
    outcome = models.CharField(_("expected outcome"), max_length=300, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    lecture = models.PositiveSmallIntegerField(_("lecture, hours"), default=0)
    practice = models.PositiveSmallIntegerField(_("practice, hours"), default=0)
    self_study = models.PositiveSmallIntegerField(_("self-study, hours"), default=0)

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        ordering = ["no"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "no"], name="module_no_once"),
            models.UniqueConstraint(
                fields=["edition"],
                condition=Q(is_final=True),
                name="module_one_final",
                violation_error_message=_("Only one row can be the final attestation."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def hours(self) -> int:
        """The row's total, academic hours."""
        return self.lecture + self.practice + self.self_study


class EditionItem(models.Model):
    """A line of one of the edition's lists: approaches, principles, outcomes, project kinds, support strands."""

    class Kind(models.TextChoices):
        CROSS_CUTTING = "cross_cutting", _("cross-cutting approach")
        PRINCIPLE = "principle", _("didactic principle")
        KNOWLEDGE = "knowledge", _("knowledge")
        SKILL = "skill", _("skill")
        PROJECT_KIND = "project_kind", _("kind of final project")
        STRAND = "strand", _("strand of post-course support")
        METHOD = "method", _("method of post-course support")

    edition = models.ForeignKey(ProgrammeEdition, models.CASCADE, verbose_name=_("edition"), related_name="items")
    kind = models.CharField(_("list"), max_length=20, choices=Kind)
    position = models.PositiveSmallIntegerField(_("place in the list"))
    text = models.CharField(_("text"), max_length=300)

    class Meta:
        verbose_name = _("list line")
        verbose_name_plural = _("list lines")
        ordering = ["kind", "position"]
        constraints = [models.UniqueConstraint(fields=["edition", "kind", "position"], name="item_position_once")]

    def __str__(self) -> str:
        return self.text


class Term(models.Model):
    """A glossary entry with a definition of our own."""

    edition = models.ForeignKey(ProgrammeEdition, models.CASCADE, verbose_name=_("edition"), related_name="terms")
    position = models.PositiveSmallIntegerField(_("place in the list"))
    term = models.CharField(_("term"), max_length=200)
    definition = models.TextField(_("definition"))

    class Meta:
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["edition", "position"], name="term_position_once")]

    def __str__(self) -> str:
        return self.term


class Source(models.Model):
    """An entry of the reading list, titled as published."""

    class Section(models.TextChoices):
        MAIN = "main", _("main")
        ADDITIONAL = "additional", _("additional")

    edition = models.ForeignKey(ProgrammeEdition, models.CASCADE, verbose_name=_("edition"), related_name="sources")
    section = models.CharField(_("section"), max_length=10, choices=Section)
    no = models.PositiveSmallIntegerField("№")
    title = models.TextField(_("title"))
    url = models.URLField(_("web address"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("reading list")
        ordering = ["section", "no"]
        constraints = [models.UniqueConstraint(fields=["edition", "section", "no"], name="source_no_once")]

    def __str__(self) -> str:
        return self.title

    @property
    def host(self) -> str:
        """The site that the link leads to; empty without a link."""
        return urlsplit(self.url).netloc.removeprefix("www.")
