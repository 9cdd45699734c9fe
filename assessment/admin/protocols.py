"""Protocols and outcomes to read, and the page on which a cohort's protocol is prepared."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from assessment import protocol_page
from assessment.correction_page import correction
from assessment.models import Outcome, Protocol
from assessment.statistics.views import edition_statistics
from core.admin import ReadOnlyAdmin


class OutcomeInline(admin.TabularInline):
    model = Outcome
    fields = readonly_fields = ("listener", "points_given", "total", "band", "ending", "passed")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Outcome]:
        outcomes = super().get_queryset(request)
        people = outcomes.select_related("band", "attempt__enrolment__listener", "attempt__enrolment__cohort")
        people = people.prefetch_related("attempt__enrolment__cohort__rubric__criteria")
        return people.order_by("attempt__enrolment__listener__sort_key", "pk")

    @admin.display(description=_("listener"))
    def listener(self, outcome: Outcome) -> str:
        return outcome.attempt.enrolment.listener.full_name

    @admin.display(description=_("points"))
    def points_given(self, outcome: Outcome) -> str:
        criteria = outcome.attempt.enrolment.cohort.rubric.criteria.all()
        return " + ".join(str(outcome.points.get(c.code, "–")) for c in criteria)


@admin.register(Protocol)
class ProtocolAdmin(ReadOnlyAdmin):
    list_display = ["cohort", "no", "kind", "state", "held_on", "decided", "closed_by", "closed_at"]
    list_display_links = ["cohort", "no"]
    list_filter = ["state", "cohort"]
    list_select_related = ["cohort", "closed_by"]
    date_hierarchy = "held_on"
    ordering = ["-held_on", "-pk"]
    change_form_template = "admin/assessment/protocol/change_form.html"
    fields = readonly_fields = (
        *("cohort", "no", "kind", "state", "held_on", "present", "reason", "basis"),
        *("closed_by", "closed_at", "people_left_out"),
    )
    inlines = [OutcomeInline]

    class Media:
        css = {"all": ["assessment/protocol.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Protocol]:
        return super().get_queryset(request).annotate(decided=Count("outcomes"))

    @admin.display(description=_("decided on"), ordering="decided")
    def decided(self, protocol: Protocol) -> int:
        return protocol.decided  # type: ignore[attr-defined]

    @admin.display(description=_("members of the session"))
    def present(self, protocol: Protocol) -> str:
        seats = protocol.members.select_related("member")
        return "; ".join(f"{one} ({_('chair')})" if one.is_chair else str(one) for one in seats) or "–"

    @admin.display(description=_("left out, with reasons"))
    def people_left_out(self, protocol: Protocol) -> str:
        return "; ".join(f"{name}: {reason}" for name, reason in protocol_page.left_out([protocol])[protocol.pk]) or "–"

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.cohort_protocol)
        discard = self.admin_site.admin_view(protocol_page.discard_draft)
        return [
            path("statistics/", self.admin_site.admin_view(self.statistics), name="assessment_statistics"),
            path("<int:pk>/correct/", self.admin_site.admin_view(self.correct), name="assessment_protocol_correct"),
            path("cohort/<int:pk>/", page, name="assessment_cohort_protocol"),
            path("cohort/<int:pk>/discard/", discard, name="assessment_protocol_discard"),
            *super().get_urls(),
        ]

    def cohort_protocol(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page on which a cohort's protocol is prepared."""
        return protocol_page.cohort_protocol(request, pk, self.admin_site.each_context(request))

    def correct(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page on which a correction is prepared."""
        return correction(request, pk, self.admin_site.each_context(request))

    def statistics(self, request: HttpRequest) -> HttpResponse:
        """Pictures of an edition's results."""
        return edition_statistics(request, self.admin_site.each_context(request))


@admin.register(Outcome)
class OutcomeAdmin(ReadOnlyAdmin):
    list_display = ["listener", "protocol", "total", "band", "ending", "passed"]
    list_filter = ["passed", "ending", "band__code", "protocol__cohort"]
    list_select_related = ["attempt__enrolment__listener", "protocol__cohort", "band"]
    search_fields = ["attempt__enrolment__listener__search_key"]
    ordering = ["-protocol", "attempt__enrolment__listener__sort_key"]

    @admin.display(description=_("listener"), ordering="attempt__enrolment__listener__sort_key")
    def listener(self, outcome: Outcome) -> str:
        return outcome.attempt.enrolment.listener.full_name
