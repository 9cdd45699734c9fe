"""The register of attendance records with their history, to read: who recorded what, when, and why it was corrected."""

from django.contrib import admin
from django.utils.translation import gettext_lazy
from simple_history.admin import SimpleHistoryAdmin

from core.admin import ReadOnlyAdmin
from enrollment.models import Attendance


@admin.register(Attendance)
class AttendanceAdmin(ReadOnlyAdmin, SimpleHistoryAdmin):
    list_display = ["person", "session", "mark", "minutes", "source", "recorded_by", "recorded_at", "version"]
    list_filter = ["mark", "source", ("session__cohort", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["enrolment__listener", "session__cohort", "recorded_by"]
    search_fields = ["enrolment__listener__search_key"]
    search_help_text = gettext_lazy("Name; ә/а, і/и, қ/к and the like are not told apart.")
    date_hierarchy = "session__starts_at"
    ordering = ["-session__starts_at", "enrolment__listener__sort_key"]
    fields = ["person", "session", "mark", "minutes", "reason", "source", "recorded_by", "recorded_at", "version"]
    history_list_display = ["mark", "minutes", "reason", "source"]

    @admin.display(description=gettext_lazy("listener"), ordering="enrolment__listener__sort_key")
    def person(self, record: Attendance) -> str:
        """In the order of the Kazakh alphabet."""
        return record.enrolment.listener.full_name
