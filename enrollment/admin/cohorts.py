"""The register of cohorts; a cohort's own page is the hub from which it is run."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from core.admin import SteadyAdmin
from enrollment import cohorts, hub
from enrollment.admin import (
    agreements,
    application_pages,
    cohort_pages,
    generator_pages,
    import_pages,
    timetable_pages,
)
from enrollment.admin.lists import only_view
from enrollment.forms import CohortForm
from enrollment.models import Cohort, CohortState


@admin.register(Cohort)
class CohortAdmin(SteadyAdmin):
    form = CohortForm
    actions = None
    list_display = ["code", "state", "starts_on", "ends_on", "seats", "study_format", "language", "edition_year"]
    list_filter = ["state", "study_format", "language"]
    list_select_related = ["edition"]
    search_fields = ["code"]
    change_form_template = "admin/enrollment/cohort/change_form.html"
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("code", "capacity"),
                    "edition",
                    ("study_format", "language"),
                    ("starts_on", "ends_on"),
                    "trainers",
                ]
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Cohort]:
        return Cohort.objects.with_seats()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The edition is chosen here, not edited."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return only_view(field) if db_field.name == "edition" else field

    @admin.display(description=gettext_lazy("places"), ordering="seats_taken")
    def seats(self, cohort: Cohort) -> str:
        """Taken of all."""
        return f"{cohort.seats_taken} / {cohort.capacity}"  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("edition"), ordering="edition__year")
    def edition_year(self, cohort: Cohort) -> int:
        """The edition's year; its title would fill the list."""
        return cohort.edition.year

    def get_readonly_fields(self, request: HttpRequest, obj: Cohort | None = None) -> list[str]:
        """What the state has frozen is read."""
        return [name for name in cohorts.FROZEN[obj.state] if name != "rubric"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Cohort | None = None) -> bool:
        """A cohort that was opened is cancelled, not deleted."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.state == CohortState.PLANNED)

    def save_model(self, request: HttpRequest, obj: Cohort, form: Any, change: bool) -> None:
        """By the verbs, which pin the rubric and keep what is frozen."""
        (cohorts.change if change else cohorts.plan)(cohort=obj, by=request.user)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """A cohort's page shows the hub above its details."""
        cohort = kwargs.get("obj")
        if cohort is not None:
            context |= hub.gather(cohort, request.GET, request.user)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        """The pages of a cohort's steps, `admin:enrollment_cohort_<name>`."""
        pages: list[tuple[str, str, Callable[..., HttpResponse]]] = [
            ("<int:pk>/move/<slug:verb>/", "move", cohort_pages.move_page),
            ("<int:pk>/cancel/", "cancel", cohort_pages.cancel_page),
            ("<int:pk>/applications/", "applications", application_pages.cohort_page),
            ("<int:pk>/admit/", "admit", cohort_pages.admit_page),
            ("<int:pk>/enrol/", "enrol", cohort_pages.enrol_page),
            ("<int:pk>/orders/", "orders", cohort_pages.orders_page),
            ("<int:pk>/invite/", "invite", cohort_pages.invite_page),
            ("<int:pk>/agreements/", "agreements", agreements.agreements_page),
            ("<int:pk>/import/", "import", import_pages.upload_page),
            ("<int:pk>/import/<int:upload_pk>/", "import_preview", import_pages.preview_page),
            ("import-template/", "import_template", import_pages.template_file),
            ("<int:pk>/timetable/", "timetable", timetable_pages.week_page),
            ("<int:pk>/timetable/make/", "timetable_make", generator_pages.generate_page),
            ("<int:pk>/timetable/add/", "session_add", timetable_pages.session_add_page),
            ("<int:pk>/timetable/check/", "session_check_new", timetable_pages.check_page),
            ("<int:pk>/timetable/calendar/", "calendar_renew", timetable_pages.renew_page),
            ("<int:pk>/timetable/<int:session_pk>/", "session", timetable_pages.session_page),
            ("<int:pk>/timetable/<int:session_pk>/check/", "session_check", timetable_pages.check_page),
            ("<int:pk>/timetable/<int:session_pk>/cancel/", "session_cancel", timetable_pages.session_cancel_page),
            ("<int:pk>/timetable.<slug:ending>", "timetable_file", timetable_pages.file_page),
        ]
        own = [
            path(route, self.admin_site.admin_view(partial(page, register=self)), name=f"enrollment_cohort_{name}")
            for route, name, page in pages
        ]
        return [*own, *super().get_urls()]
