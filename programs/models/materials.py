"""Course materials: what an edition gives its listeners to study and to work with."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from programs.models.editions import Module, ProgrammeEdition


class MaterialKind(models.TextChoices):
    """The kinds that the programme names."""

    LEGAL = "legal", _("legal acts")
    ANALYTICAL = "analytical", _("analytical and methodical materials")
    PRESENTATION = "presentation", _("presentation")
    CASE = "case", _("practical case")
    TEMPLATE = "template", _("document template")
    DIAGNOSTIC = "diagnostic", _("diagnostic tool")
    CHECKLIST = "checklist", _("competence checklist")
    DIGITAL = "digital", _("digital resource")
    FEEDBACK = "feedback", _("feedback material")


class MaterialQuerySet(models.QuerySet["Material"]):
    def published(self) -> "MaterialQuerySet":
        """Those that trainers and listeners may see."""
        return self.filter(published=True)

    def on_the_shelf(self) -> "MaterialQuerySet":
        """General ones first, then by module and place, with what a list shows."""
        return self.select_related("module").order_by(models.F("module__no").asc(nulls_first=True), "position", "pk")


class Material(models.Model):
    """A file or a link of an edition, of one module or of the whole course. Added also while the edition is in use.

    Who may see it follows from who takes part, so `enrollment.course_materials` knows it.
    """

    edition = models.ForeignKey(ProgrammeEdition, models.CASCADE, verbose_name=_("edition"), related_name="materials")
    module = models.ForeignKey(
        Module,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("module"),
        related_name="materials",
        help_text=_("Empty for the whole course."),
    )
    kind = models.CharField(_("kind"), max_length=20, choices=MaterialKind)
    title = models.CharField(_("title"), max_length=200)
    url = models.URLField(_("web address"), max_length=500, blank=True)
    file = models.FileField(_("file"), max_length=200, blank=True, editable=False)
    name = models.CharField(_("file name"), max_length=120, blank=True, editable=False)
    content_type = models.CharField(max_length=100, blank=True, editable=False)
    size = models.PositiveIntegerField(_("size, bytes"), null=True, editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, editable=False)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=10)
    published = models.BooleanField(
        _("published"), default=True, help_text=_("Trainers and listeners see published materials only.")
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        verbose_name=_("added by"),
        related_name="+",
    )
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)

    objects = MaterialQuerySet.as_manager()

    class Meta:
        verbose_name = _("course material")
        verbose_name_plural = _("course materials")
        ordering = ["edition", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(url="") & ~Q(file="")) | (~Q(url="") & Q(file="")), name="material_file_or_link"
            ),
            models.CheckConstraint(condition=Q(kind__in=MaterialKind.values), name="material_kind"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def ending(self) -> str:
        """The kind of file as people call it, «PDF»; empty for a link."""
        return self.name.rpartition(".")[2].upper()
