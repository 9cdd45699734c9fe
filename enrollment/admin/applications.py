"""The register of applications and of employers' lists: read here, decided on the pages beside it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from core.admin import ReadOnlyAdmin
from enrollment.admin import application_pages
from enrollment.admin.lists import KeySearchAdmin
from enrollment.following import word_for
from enrollment.models import Application, EnrolmentState, GroupApplication

STAGES: dict[str, tuple[object, Q]] = {
    "open": (
        gettext_lazy("to decide"),
        Q(confirmed_at__isnull=False)
        & (Q(enrolment__state=EnrolmentState.APPLIED) | Q(enrolment=None, set_aside_at=None)),
    ),
    "waiting": (gettext_lazy("on the waiting list"), Q(enrolment__state=EnrolmentState.WAITING)),
    "unconfirmed": (gettext_lazy("not confirmed yet"), Q(confirmed_at=None)),
    "settled": (
        gettext_lazy("decided"),
        Q(set_aside_at__isnull=False)
        | Q(enrolment__isnull=False) & ~Q(enrolment__state__in=[EnrolmentState.APPLIED, EnrolmentState.WAITING]),
    ),
}


class StageFilter(admin.SimpleListFilter):
    """How far an application has come."""

    title = gettext_lazy("stage")
    parameter_name = "stage"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """The stages in the order in which an application goes through them."""
        return [(name, label) for name, (label, _condition) in STAGES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Application]) -> QuerySet[Application]:
        """The applications of one stage."""
        stage = STAGES.get(self.value() or "")
        return queryset.filter(stage[1]) if stage else queryset


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin, KeySearchAdmin):
    REFUSES_IIN = True
    actions = None
    list_display = ["person", "masked", "cohort", "stage", "employer_name", "created_at", "confirmed_at"]
    list_filter = [StageFilter, ("cohort", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["cohort", "enrolment"]
    search_fields = ["search_key"]
    search_help_text = gettext_lazy("Name or employer; ә/а, і/и, қ/к and the like are not told apart.")
    change_list_template = "admin/enrollment/application/change_list.html"

    @admin.display(description=gettext_lazy("who applies"), ordering="surname")
    def person(self, application: Application) -> str:
        """As written."""
        return application.full_name

    @admin.display(description=gettext_lazy("IIN"))
    def masked(self, application: Application) -> str:
        """The last four digits."""
        return application.iin_masked

    @admin.display(description=gettext_lazy("state"), ordering="enrolment__state")
    def stage(self, application: Application) -> str:
        """In a word or two."""
        return word_for(application)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """One application held against the register."""
        application = self.get_object(request, unquote(object_id))
        if application is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        return application_pages.one_page(request, application.pk, register=self)

    def get_urls(self) -> list[URLPattern]:
        """The pages on which applications are decided, `admin:enrollment_application_<name>`."""
        pages: list[tuple[str, str, Callable[..., HttpResponse]]] = [
            ("decide/", "decide", application_pages.decide_page),
            ("<int:pk>/do/<slug:deed>/", "do", application_pages.deed_page),
        ]
        own = [
            path(route, self.admin_site.admin_view(partial(page, register=self)), name=f"enrollment_application_{name}")
            for route, name, page in pages
        ]
        return [*own, *super().get_urls()]


@admin.register(GroupApplication)
class GroupApplicationAdmin(ReadOnlyAdmin):
    actions = None
    list_display = ["employer_name", "cohort", "contact_name", "contact_email", "people", "created_at", "confirmed_at"]
    list_filter = [("cohort", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["cohort"]
    fields = [
        ("employer_name", "employer_bin"),
        ("contact_name", "contact_email", "contact_phone"),
        ("cohort", "people"),
        ("language", "created_at", "confirmed_at"),
    ]
