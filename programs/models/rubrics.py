"""How work of an edition is judged: rubric versions with their criteria and grade bands."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.states import Stateful
from programs.models.editions import ProgrammeEdition


class RubricState(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")


class RubricQuerySet(models.QuerySet["Rubric"]):
    def published(self) -> "RubricQuerySet":
        """Versions that cohorts may be judged by."""
        return self.filter(state=RubricState.PUBLISHED)


class Rubric(Stateful):
    """How work of this edition is judged. A published version never changes; a change is another version (I12)."""

    MOVES = {RubricState.DRAFT: {RubricState.PUBLISHED}}
    edition = models.ForeignKey(ProgrammeEdition, models.CASCADE, verbose_name=_("edition"), related_name="rubrics")
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    state = models.CharField(_("state"), max_length=20, choices=RubricState, default=RubricState.DRAFT, editable=False)

    objects = RubricQuerySet.as_manager()

    class Meta:
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")
        ordering = ["edition", "version"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "version"], name="rubric_version_once"),
            models.UniqueConstraint(fields=["edition"], condition=Q(state="draft"), name="rubric_one_draft"),
            models.CheckConstraint(condition=Q(state__in=RubricState.values), name="rubric_state"),
        ]

    def __str__(self) -> str:
        return f"{self.edition} · {self.version}"

    @property
    def is_editable(self) -> bool:
        """Whether it may be edited now: a draft, of an edition that is one too or is in force."""
        return self.state == RubricState.DRAFT and (self.edition.is_editable or self.edition.is_in_force)


class Criterion(models.Model):
    """What points are given for, 0..max_points."""

    rubric = models.ForeignKey(Rubric, models.CASCADE, verbose_name=_("rubric"), related_name="criteria")
    code = models.SlugField(_("code"), max_length=20)
    position = models.PositiveSmallIntegerField(_("place in the list"))
    max_points = models.PositiveSmallIntegerField(_("maximum"))
    at_defence = models.BooleanField(
        _("judged at the defence"),
        default=False,
        help_text=_(
            "By the commission, for everybody who has a defence; for anybody else the trainer enters the points."
        ),
    )
    title = models.CharField(_("title"), max_length=250)
    short = models.CharField(_("short title"), max_length=40)
    topic = models.CharField(_("consultation topic"), max_length=200)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "code"], name="criterion_code_once"),
            models.UniqueConstraint(fields=["rubric", "position"], name="criterion_position_once"),
            models.CheckConstraint(
                condition=Q(max_points__gte=1, max_points__lte=100),
                name="criterion_max",
                violation_error_message=_("A criterion is worth 1 to 100 points."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Level(models.Model):
    """What work looks like that earns `from_points` to `to_points` of its criterion; shown to who enters points.

    Editable until points were given by the rubric (a trigger of the assessment floor).
    """

    criterion = models.ForeignKey(Criterion, models.CASCADE, verbose_name=_("criterion"), related_name="levels")
    from_points = models.PositiveSmallIntegerField(_("from, points"))
    to_points = models.PositiveSmallIntegerField(_("to, points"))
    title = models.CharField(_("title"), max_length=60)
    text = models.TextField(_("description"), max_length=1000)

    class Meta:
        verbose_name = _("level")
        verbose_name_plural = _("levels")
        ordering = ["-from_points"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "from_points"], name="level_once"),
            models.CheckConstraint(
                condition=Q(from_points__lte=F("to_points")),
                name="level_bounds",
                violation_error_message=_("A level goes from its lower to its upper bound."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Band(models.Model):
    """A grade band; bounds are whole numbers and inclusive."""

    rubric = models.ForeignKey(Rubric, models.CASCADE, verbose_name=_("rubric"), related_name="bands")
    code = models.SlugField(_("code"), max_length=20)
    from_total = models.PositiveSmallIntegerField(_("from, points"))
    to_total = models.PositiveSmallIntegerField(_("to, points"))
    passed = models.BooleanField(_("passed"))
    title = models.CharField(_("title"), max_length=120)
    short = models.CharField(_("short title"), max_length=40)

    class Meta:
        verbose_name = _("band")
        verbose_name_plural = _("bands")
        ordering = ["-from_total"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "code"], name="band_code_once"),
            models.CheckConstraint(
                condition=Q(from_total__lte=F("to_total"), to_total__lte=100),
                name="band_bounds",
                violation_error_message=_("A band goes from its lower to its upper bound, 100 at most."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
