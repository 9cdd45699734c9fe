"""Assignments to look up; they are set on the cohort's page."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from assessment.models import Assignment
from core.admin import ReadOnlyAdmin


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    list_display = ["title", "cohort", "module", "criterion", "state", "due_at"]
    list_filter = ["state", "kind", "cohort"]
    list_select_related = ["cohort", "module", "criterion"]
    search_fields = ["title_kk", "title_ru", "title_en"]
    date_hierarchy = "due_at"
    fields = readonly_fields = (
        *("cohort", "module", "criterion", "kind", "state", "title", "instructions", "due_at", "closes_at"),
        *("materials", "page"),
    )

    @admin.display(description=_("page"))
    def page(self, assignment: Assignment) -> str:
        address = reverse("cohort_work", args=[assignment.cohort_id])
        return format_html('<a href="{}">{}</a>', address, _("Assignments of the cohort"))
