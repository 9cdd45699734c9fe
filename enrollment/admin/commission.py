"""The commission: who serves on it, and the register of what it decided."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy

from core.admin import SteadyAdmin
from core.kazakh import search_key
from enrollment.admin import decision_pages
from enrollment.admin.lists import KeySearchAdmin
from enrollment.forms import MemberForm
from enrollment.models import CommissionDecision, CommissionMember, DecisionLine
from enrollment.registers import keep


@admin.register(CommissionMember)
class CommissionMemberAdmin(SteadyAdmin):
    FROZEN = ["body", "full_name", "position_kk", "position_ru", "position_en", "is_chair", "valid_from"]
    form = MemberForm
    actions = None
    list_display = ["full_name", "position", "body", "is_chair", "valid_from", "valid_to"]
    list_filter = ["body"]
    list_select_related = ["user"]
    autocomplete_fields = ["user"]
    fields = [*FROZEN, "user", "valid_to"]

    def get_readonly_fields(self, request: HttpRequest, obj: CommissionMember | None = None) -> list[str]:
        """What papers print about a member stays once an order rests on a decision; the period can end."""
        return [*self.FROZEN] if obj is not None and obj.is_used else []

    def has_delete_permission(self, request: HttpRequest, obj: CommissionMember | None = None) -> bool:
        """Who was present at a session stays on record."""
        return super().has_delete_permission(request, obj) and obj is not None and not obj.decisions.exists()

    def save_model(self, request: HttpRequest, obj: CommissionMember, form: Any, change: bool) -> None:
        """Through the register's one way of storing."""
        keep(obj)


@admin.register(CommissionDecision)
class CommissionDecisionAdmin(KeySearchAdmin):
    REFUSES_IIN = True
    actions = None
    list_display = ["number", "held_on", "question", "people", "used"]
    list_filter = ["year", "lines__resolution"]
    search_fields = ["number"]
    search_help_text = gettext_lazy("Number, or the name of somebody it is about.")
    fields = ["number"]
    readonly_fields = ["number"]
    change_form_template = "admin/enrollment/decision/change.html"

    def has_change_permission(self, request: HttpRequest, obj: CommissionDecision | None = None) -> bool:
        """Decisions are corrected by a page of their own."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: CommissionDecision | None = None) -> bool:
        """What was decided stays on record."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[CommissionDecision]:
        in_book = Q(orders__state__in=["signed", "cancelled"])
        return (
            super()
            .get_queryset(request)
            .annotate(line_count=Count("lines", distinct=True), order_count=Count("orders", in_book, distinct=True))
        )

    @admin.display(description=gettext_lazy("people"), ordering="line_count")
    def people(self, decision: CommissionDecision) -> int:
        """About how many it decided."""
        return decision.line_count  # type: ignore[attr-defined, no-any-return]

    @admin.display(description=gettext_lazy("an order rests on it"), boolean=True, ordering="order_count")
    def used(self, decision: CommissionDecision) -> bool:
        """From the first signed order on it is frozen."""
        return bool(decision.order_count)  # type: ignore[attr-defined]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[CommissionDecision], search_term: str
    ) -> tuple[QuerySet[CommissionDecision], bool]:
        """By the beginning of the number, or by every word of somebody's name."""
        term = search_term.strip()
        if not term:
            return queryset, False
        named = DecisionLine.objects.all()
        words = search_key(term).split()
        for word in words:
            named = named.filter(enrolment__listener__search_key__contains=word)
        by_name = Q(pk__in=named.values("decision")) if words else Q(pk=None)
        return queryset.filter(Q(number__istartswith=term) | by_name), False

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A page of its own: the people are chosen by cohort."""
        return decision_pages.record_page(request, register=self)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The decision with its people and the orders that rest on it."""
        known = object_id.isdecimal() and len(object_id) < 19
        decision = CommissionDecision.objects.visible_to(request.user).filter(pk=object_id).first() if known else None
        context = decision_pages.shown(decision) if decision else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        """The pages of a decision, `admin:enrollment_commissiondecision_<name>`."""
        pages: list[tuple[str, str, Callable[..., HttpResponse]]] = [
            ("<int:pk>/edit/", "edit", decision_pages.edit_page),
            ("<int:pk>/extract/", "extract", decision_pages.extract_file),
        ]
        own = [
            path(
                route,
                self.admin_site.admin_view(partial(page, register=self)),
                name=f"enrollment_commissiondecision_{name}",
            )
            for route, name, page in pages
        ]
        return [*own, *super().get_urls()]
