"""Attempts and scores to read, with their history."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from assessment.models import Attempt, Score
from core.admin import ReadOnlyAdmin


class ScoreInline(admin.TabularInline):
    model = Score
    fields = readonly_fields = ("criterion", "points", "max_points", "entered_by", "entered_at", "changes")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Score]:
        return super().get_queryset(request).select_related("criterion", "entered_by")

    @admin.display(description=_("history"))
    def changes(self, score: Score) -> str:
        address = reverse("admin:assessment_score_history", args=[score.pk])
        return format_html('<a href="{}">{}</a>', address, _("version %(version)s") % {"version": score.version})


@admin.register(Attempt)
class AttemptAdmin(ReadOnlyAdmin):
    list_display = ["listener", "cohort", "kind", "state"]
    list_filter = ["state", "kind", "enrolment__cohort"]
    list_select_related = ["enrolment__listener", "enrolment__cohort"]
    search_fields = ["enrolment__listener__search_key"]
    ordering = ["enrolment__cohort", "enrolment__listener__sort_key", "pk"]
    fields = ["enrolment", "kind", "state"]
    inlines = [ScoreInline]

    class Media:
        css = {"all": ["assessment/protocol.css"]}

    @admin.display(description=_("listener"), ordering="enrolment__listener__sort_key")
    def listener(self, attempt: Attempt) -> str:
        return attempt.enrolment.listener.full_name

    @admin.display(description=_("cohort"), ordering="enrolment__cohort__code")
    def cohort(self, attempt: Attempt) -> str:
        return attempt.enrolment.cohort.code


@admin.register(Score)
class ScoreAdmin(ReadOnlyAdmin, SimpleHistoryAdmin):
    list_display = ["listener", "criterion", "points", "max_points", "version", "entered_by", "entered_at"]
    list_filter = ["attempt__enrolment__cohort", "criterion__code"]
    list_select_related = ["attempt__enrolment__listener", "criterion", "entered_by"]
    search_fields = ["attempt__enrolment__listener__search_key"]
    date_hierarchy = "entered_at"
    history_list_display = ["points", "version"]

    @admin.display(description=_("listener"), ordering="attempt__enrolment__listener__sort_key")
    def listener(self, score: Score) -> str:
        return score.attempt.enrolment.listener.full_name
