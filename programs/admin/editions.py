"""Editions and rubrics in the admin panel: read while they are closed, edited while they are drafts."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin
from django.db import IntegrityError, models
from django.db.models import F, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline, TranslationTabularInline

from core.admin import SteadyAdmin
from core.errors import Conflict
from programs import staff_views
from programs.forms import (
    EditionForm,
    ModuleForm,
    ModuleFormSet,
    NumberedFormSet,
    OrderedFormSet,
    PositionForm,
    SourceForm,
    WrappingLine,
)
from programs.models import (
    Band,
    Criterion,
    EditionItem,
    Module,
    ProgrammeEdition,
    Rubric,
    Source,
    Term,
)


def _languages(*names: str) -> list[tuple[str, ...]]:
    """Each translated field as one line of three."""
    return [tuple(f"{name}_{code}" for code in ("kk", "ru", "en")) for name in names]


class Roomy:
    """Titles are long: they wrap, so that three languages stand side by side."""

    longest_line = 120

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, models.TextField):
            kwargs["widget"] = forms.Textarea(attrs={"rows": 7})
        elif (
            isinstance(db_field, models.CharField)
            and (db_field.max_length or 0) >= self.longest_line
            and not db_field.choices
        ):
            kwargs["widget"] = WrappingLine()
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]


class ModuleInline(Roomy, TranslationStackedInline):
    model = Module
    form = ModuleForm
    formset = ModuleFormSet
    extra = 0
    classes = ["collapse"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("no", "lecture", "practice", "self_study", "is_final"),
                    *_languages("title", "task", "outcome", "summary"),
                ]
            },
        )
    ]


class ItemInline(Roomy, TranslationTabularInline):
    model = EditionItem
    form = PositionForm
    formset = OrderedFormSet
    extra = 0
    classes = ["collapse"]
    fields = ["kind", "position", "text_kk", "text_ru", "text_en"]


class TermInline(Roomy, TranslationStackedInline):
    model = Term
    form = PositionForm
    formset = OrderedFormSet
    extra = 0
    classes = ["collapse"]
    fieldsets = [(None, {"fields": ["position", *_languages("term", "definition")]})]


class SourceInline(admin.TabularInline):
    model = Source
    form = SourceForm
    formset = NumberedFormSet
    extra = 0
    classes = ["collapse"]
    fields = ["section", "no", "title", "url"]
    formfield_overrides = {models.TextField: {"widget": WrappingLine}}


class ClosedWithItsState(SteadyAdmin):
    """Records that are born by a verb and edited while `may_edit`; then their page shows the overview alone."""

    overview: Callable[[Any], dict[str, Any]]  # what the page shows above the fields

    def may_edit(self, obj: Any) -> bool:
        """Drafts only."""
        return bool(obj.is_editable)

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        context |= self.overview(obj)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return super().get_fieldsets(request, obj) if self.may_edit(obj) else []

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return super().get_inlines(request, obj) if self.may_edit(obj) else []

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or self.may_edit(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and obj is not None and self.may_edit(obj)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Django's page; what the database refuses becomes a sentence."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except IntegrityError as error:
            raise Conflict(
                _("Somebody else changed this record meanwhile, or two rows have the same code. Nothing was saved.")
            ) from error


@admin.register(ProgrammeEdition)
class EditionAdmin(Roomy, ClosedWithItsState, TranslationAdmin):
    overview = staticmethod(staff_views.edition_overview)
    form = EditionForm
    list_display = ["__str__", "state", "volume_hours", "plan_hours"]
    list_filter = ["state"]
    change_form_template = "admin/programs/edition_change.html"
    inlines = [ModuleInline, ItemInline, TermInline, SourceInline]
    fieldsets = [
        (
            _("Texts of the edition"),
            {
                "classes": ["collapse"],
                "fields": [("year", "volume_hours"), "formats", *_languages("title", "kind", "audience", "summary")],
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ProgrammeEdition]:
        rows = Sum(F("modules__lecture") + F("modules__practice") + F("modules__self_study"))
        return super().get_queryset(request).annotate(plan_hours=rows)

    @admin.display(description=_("hours in the plan"), ordering="plan_hours")
    def plan_hours(self, edition: ProgrammeEdition) -> int:
        return edition.plan_hours or 0  # type: ignore[attr-defined]

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/preview/", guard(staff_views.preview), name="programs_programmeedition_preview"),
            path("<int:pk>/step/<slug:name>/", guard(staff_views.take_step), name="programs_programmeedition_step"),
            path("<int:pk>/copy/", guard(staff_views.copy_edition), name="programs_programmeedition_copy"),
            path("<int:pk>/rubric/", guard(staff_views.copy_rubric), name="programs_programmeedition_rubric"),
            *super().get_urls(),
        ]


class CriterionInline(Roomy, TranslationStackedInline):
    model = Criterion
    form = PositionForm
    formset = OrderedFormSet
    extra = 0
    fieldsets = [(None, {"fields": [("position", "code", "max_points"), *_languages("title", "short", "topic")]})]


class BandInline(Roomy, TranslationStackedInline):
    model = Band
    extra = 0
    fieldsets = [(None, {"fields": [("code", "from_total", "to_total", "passed"), *_languages("title", "short")]})]


@admin.register(Rubric)
class RubricAdmin(ClosedWithItsState):
    overview = staticmethod(staff_views.rubric_overview)
    list_display = ["edition", "version", "state", "points"]
    list_filter = ["state"]
    list_select_related = ["edition"]
    change_form_template = "admin/programs/rubric_change.html"
    exclude = ["edition"]
    inlines = [CriterionInline, BandInline]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rubric]:
        return super().get_queryset(request).select_related("edition").annotate(points=Sum("criteria__max_points"))

    @admin.display(description=_("sum of the criteria"), ordering="points")
    def points(self, rubric: Rubric) -> int:
        return rubric.points or 0  # type: ignore[attr-defined]

    def get_urls(self) -> list[URLPattern]:
        publish = self.admin_site.admin_view(staff_views.publish_rubric)
        return [path("<int:pk>/publish/", publish, name="programs_rubric_publish"), *super().get_urls()]
