"""The register of orders; an order's own page shows what it says, its people, and what can be done about it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kazakh import search_key
from enrollment.admin import order_pages
from enrollment.admin.lists import KeySearchAdmin
from enrollment.models import Enrolment, Order


class BackdatedFilter(admin.SimpleListFilter):
    """Orders that bear a date before the day on which they were signed here."""

    title = gettext_lazy("date")
    parameter_name = "backdated"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", _("back-dated"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:
        return queryset.backdated() if self.value() else queryset  # type: ignore[attr-defined]


class CohortOfPeople(admin.SimpleListFilter):
    """Orders in which somebody of a cohort stands."""

    title = gettext_lazy("cohort")
    parameter_name = "cohort"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        listed = Enrolment.objects.filter(order_lines__isnull=False).order_by("-cohort__starts_on", "cohort__code")
        return [(str(pk), code) for pk, code in listed.values_list("cohort", "cohort__code").distinct()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:
        cohort = self.value() or ""
        if not cohort.isascii() or not cohort.isdigit():
            return queryset
        return queryset.filter(lines__enrolment__cohort=int(cohort)).distinct()


@admin.register(Order)
class OrderAdmin(KeySearchAdmin):
    REFUSES_IIN = True
    actions = None
    list_display = ["number", "dated", "kind", "state_shown", "people", "signatory_name"]
    list_filter = ["kind", "state", "book", "year", BackdatedFilter, CohortOfPeople]
    list_select_related = ["signatory"]
    search_fields = ["number"]
    search_help_text = gettext_lazy("Number, or the name of somebody in the list; ә/а, і/и, қ/к are not told apart.")
    ordering = ["-date", "-id"]
    fields = ["kind"]
    readonly_fields = ["kind"]
    change_form_template = "admin/enrollment/order/change.html"

    def has_change_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        """Orders are changed by their own pages."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        """A draft is discarded, a signed order cancelled."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        return super().get_queryset(request).annotate(line_count=Count("lines", distinct=True))

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_shown(self, order: Order) -> str:
        """In colour."""
        return format_html('<span class="tag state-{}">{}</span>', order.state, order.get_state_display())

    @admin.display(description=gettext_lazy("people"), ordering="line_count")
    def people(self, order: Order) -> int:
        """How many stand in its list."""
        return order.line_count  # type: ignore[attr-defined, no-any-return]

    @admin.display(description=gettext_lazy("signatory"), ordering="signatory__full_name")
    def signatory_name(self, order: Order) -> str:
        return order.signatory.full_name

    @admin.display(description=gettext_lazy("date"), ordering="date")
    def dated(self, order: Order) -> str:
        """In figures; that it is back-dated a reader of the register must see at once."""
        day = date_format(order.date, "SHORT_DATE_FORMAT")
        if order.signed_at is None or not order.is_backdated:
            return day
        mark = '{} <span class="tag tag-warn" title="{}">{}</span>'
        return format_html(mark, day, order.backdating_reason, _("back-dated"))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Order], search_term: str
    ) -> tuple[QuerySet[Order], bool]:
        """By the beginning of the number, or by every word of somebody's name."""
        term = search_term.strip()
        if not term:
            return queryset, False
        named = Enrolment.objects.all()
        words = search_key(term).split()
        for word in words:
            named = named.filter(listener__search_key__contains=word)
        by_name = Q(lines__enrolment__in=named) if words else Q(pk=None)
        return queryset.filter(Q(number__istartswith=term) | by_name).distinct(), False

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """What kind of order it shall be."""
        return order_pages.kinds_page(request, register=self)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The order with its people."""
        known = object_id.isdecimal() and len(object_id) < 19
        order = order_pages.orders(request).filter(pk=object_id).first() if known else None
        context = order_pages.shown(order) if order else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        """The pages of an order, `admin:enrollment_order_<name>`."""
        pages: list[tuple[str, str, Callable[..., HttpResponse]]] = [
            ("add/<slug:kind>/", "draft", order_pages.draft_page),
            ("<int:pk>/edit/", "edit", order_pages.edit_page),
            ("<int:pk>/sign/", "sign", order_pages.sign_page),
            ("<int:pk>/discard/", "discard", order_pages.discard_page),
            ("<int:pk>/cancel/", "cancel", order_pages.cancel_page),
            ("<int:pk>/paper/", "paper", order_pages.paper_file),
        ]
        own = [
            path(route, self.admin_site.admin_view(partial(page, register=self)), name=f"enrollment_order_{name}")
            for route, name, page in pages
        ]
        return [*own, *super().get_urls()]

    class Media:
        css = {"all": ["enrollment/enrollment.css"]}
