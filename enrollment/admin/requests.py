"""The register of requests: who asked for what and since when; each is decided on its own page, or by an order."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin import ReadOnlyAdmin
from enrollment.admin import request_pages
from enrollment.admin.lists import KeySearchAdmin
from enrollment.models import MovementRequest


@admin.register(MovementRequest)
class MovementRequestAdmin(ReadOnlyAdmin, KeySearchAdmin):
    KEY = "enrolment__listener__search_key"
    REFUSES_IIN = True
    list_display = ["person", "cohort_shown", "way", "state", "filed_at", "waits"]
    list_filter = ["state", "way", "reason", ("enrolment__cohort", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["enrolment__listener", "enrolment__cohort"]
    search_fields = ["enrolment__listener__search_key"]
    search_help_text = gettext_lazy("Name; ә/а, і/и, қ/к and the like are not told apart.")
    ordering = ["-filed_at", "-pk"]
    actions = ["prepare_order"]

    @admin.display(description=gettext_lazy("listener"), ordering="enrolment__listener__sort_key")
    def person(self, request: MovementRequest) -> str:
        """In the order of the Kazakh alphabet."""
        return request.enrolment.listener.full_name

    @admin.display(description=gettext_lazy("cohort"), ordering="enrolment__cohort__code")
    def cohort_shown(self, request: MovementRequest) -> str:
        """Where the person is now."""
        return request.enrolment.cohort.code

    @admin.display(description=gettext_lazy("waits, days"), ordering="-filed_at")
    def waits(self, request: MovementRequest) -> str:
        """For how many days an open request has been waiting."""
        return str(request.age) if request.is_open else "–"

    @admin.action(description=gettext_lazy("Prepare one order for these requests"))
    def prepare_order(self, request: HttpRequest, queryset: QuerySet[MovementRequest]) -> HttpResponse | None:
        """Lead to the draft of one order; requests of one kind that are still open."""
        chosen = list(queryset.order_by("filed_at", "pk"))
        if any(not asked.is_open for asked in chosen):
            self.message_user(request, _("Choose open requests only."), messages.ERROR)
        elif len({asked.way for asked in chosen}) > 1:
            self.message_user(request, _("One order is of one kind: choose requests for the same."), messages.ERROR)
        elif address := request_pages.draft_address(chosen):
            return redirect(address)
        return None

    def get_urls(self) -> list[URLPattern]:
        """Adds the decision, more papers and their download, and filing for a listener."""
        wrap = self.admin_site.admin_view
        pages: list[tuple[str, Any, str]] = [
            ("<int:pk>/refuse/", request_pages.refuse_page, "enrollment_request_refuse"),
            ("<int:pk>/papers/", request_pages.papers_page, "enrollment_request_papers"),
            ("<int:pk>/take-back/", request_pages.take_back_page, "enrollment_request_take_back"),
            ("paper/<int:pk>/", request_pages.paper_download, "enrollment_request_paper"),
            ("of/<int:pk>/", request_pages.ways_page, "enrollment_request_ways"),
            ("of/<int:pk>/<slug:way>/", request_pages.ask_page, "enrollment_request_ask"),
        ]
        added = [path(route, wrap(view), {"register": self}, name=name) for route, view, name in pages]
        return [*added, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """One request with all that a decision needs."""
        return request_pages.request_page(request, object_id, register=self)
