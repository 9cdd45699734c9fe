"""The register of letters to employers (R11); a letter's own page is where it is sent and its sending recorded."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.admin import ReadOnlyAdmin
from core.kazakh import search_key
from enrollment.admin import notice_pages
from enrollment.admin.lists import KeySearchAdmin
from enrollment.models import EmployerNotice


class OverdueFilter(admin.SimpleListFilter):
    """Letters that should have been sent."""

    title = gettext_lazy("term")
    parameter_name = "overdue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", _("overdue"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[EmployerNotice]) -> QuerySet[EmployerNotice]:
        return (
            queryset.filter(pk__in=EmployerNotice.objects.overdue().order_by().values("pk"))
            if self.value()
            else queryset
        )


@admin.register(EmployerNotice)
class EmployerNoticeAdmin(ReadOnlyAdmin, KeySearchAdmin):
    REFUSES_IIN = True
    actions = None
    list_display = ["number", "listener", "employer", "state_shown", "due_on", "sent_on", "channel"]
    list_filter = ["state", OverdueFilter, "channel", "year"]
    list_select_related = ["employer", "line__enrolment__listener"]
    search_fields = ["number"]
    search_help_text = gettext_lazy("Number, or the name of the listener or the employer.")
    fields = ["number"]
    change_form_template = "admin/enrollment/notice/change.html"

    @admin.display(description=gettext_lazy("listener"), ordering="line__enrolment__listener__sort_key")
    def listener(self, notice: EmployerNotice) -> str:
        """Who was expelled."""
        return notice.line.enrolment.listener.full_name

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, notice: EmployerNotice) -> str:
        """In colour; overdue ones in red."""
        if notice.is_overdue:
            return format_html('<span class="tag tag-bad">{}</span>', _("overdue"))
        css = "tag-warn" if notice.is_due else ""
        return format_html('<span class="tag {}">{}</span>', css, notice.get_state_display())

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[EmployerNotice], search_term: str
    ) -> tuple[QuerySet[EmployerNotice], bool]:
        """By the beginning of the number, or by every word of a name."""
        term = search_term.strip()
        if not term:
            return queryset, False
        by_name = Q()
        for word in search_key(term).split():
            by_name &= Q(line__enrolment__listener__search_key__contains=word) | Q(employer__search_key__contains=word)
        return queryset.filter(Q(number__istartswith=term) | (by_name or Q(pk=None))), False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The letter with what can be done about it."""
        known = object_id.isdecimal() and len(object_id) < 19
        notice = notice_pages.notices(request).filter(pk=object_id).first() if known else None
        context = notice_pages.shown(notice) if notice else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        """The pages of a letter, `admin:enrollment_employernotice_<name>`."""
        pages: list[tuple[str, str, Callable[..., HttpResponse]]] = [
            ("<int:pk>/paper/", "paper", notice_pages.paper_file),
            ("<int:pk>/email/", "email", notice_pages.email_page),
            ("<int:pk>/record/", "record", notice_pages.record_page),
            ("<int:pk>/address/", "address", notice_pages.address_page),
            ("<int:pk>/take-back/", "take_back", notice_pages.take_back_page),
        ]
        own = [
            path(
                route,
                self.admin_site.admin_view(partial(page, register=self)),
                name=f"enrollment_employernotice_{name}",
            )
            for route, name, page in pages
        ]
        return [*own, *super().get_urls()]

    class Media:
        css = {"all": ["enrollment/enrollment.css"]}
