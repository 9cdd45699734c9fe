"""Versions of the competence checklist in the panel: a draft is edited, a published one is only read."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from modeltranslation.admin import TranslationStackedInline

from assessment.checklists import draft_checklist, publish_checklist
from assessment.models import Checklist, ChecklistState, Competence
from core.admin import SteadyAdmin
from core.errors import DomainError
from programs.models import ProgrammeEdition


class CompetenceInline(TranslationStackedInline):
    model = Competence
    fields = ("position", "module_no", "text", "short")
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj)


def _is_draft(checklist: Checklist | None) -> bool:
    return checklist is not None and checklist.state == ChecklistState.DRAFT


@admin.register(Checklist)
class ChecklistAdmin(SteadyAdmin):
    """No answers are shown here: whose they are decides who sees them."""

    actions = None
    list_display = ["edition", "version", "state"]
    list_filter = ["state"]
    list_select_related = ["edition"]
    fields = readonly_fields = ("edition", "version", "state")
    inlines = (CompetenceInline,)
    change_form_template = "admin/assessment/checklist/change_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Another version is drafted from the newest one, on its page."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Checklist | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _is_draft(obj)

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/publish/", guard(require_POST(self.publish)), name="assessment_checklist_publish"),
            path("<int:pk>/next/", guard(require_POST(self.next_version)), name="assessment_checklist_next"),
            *super().get_urls(),
        ]

    def publish(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The draft is answered from now on."""
        checklist = get_object_or_404(Checklist, pk=pk)
        try:
            publish_checklist(checklist=checklist, by=request.user)
            messages.success(request, _("The checklist is published."))
        except DomainError as refusal:
            messages.error(request, refusal.sentence)
        return redirect("admin:assessment_checklist_change", pk)

    def next_version(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A draft of the edition's next version."""
        edition = get_object_or_404(ProgrammeEdition, checklists=pk)
        made = draft_checklist(edition=edition, by=request.user)
        return redirect("admin:assessment_checklist_change", made.pk)
