"""Appeals to read; they are decided by the chair on the commission's page."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from assessment.models import Appeal
from core.admin import ReadOnlyAdmin


@admin.register(Appeal)
class AppealAdmin(ReadOnlyAdmin):
    list_display = ["listener", "cohort", "state", "filed_at", "decided_at", "correction"]
    list_filter = ["state", "outcome__protocol__cohort"]
    list_select_related = ["outcome__attempt__enrolment__listener", "outcome__protocol__cohort", "correction__cohort"]
    search_fields = ["outcome__attempt__enrolment__listener__search_key"]
    date_hierarchy = "filed_at"
    fields = readonly_fields = (
        *("outcome", "state", "words", "filed_by", "filed_at", "held_on", "decision", "decided_by", "decided_at"),
        *("correction", "page"),
    )

    @admin.display(description=_("listener"), ordering="outcome__attempt__enrolment__listener__sort_key")
    def listener(self, appeal: Appeal) -> str:
        return appeal.outcome.attempt.enrolment.listener.full_name

    @admin.display(description=_("cohort"), ordering="outcome__protocol__cohort__code")
    def cohort(self, appeal: Appeal) -> str:
        return appeal.outcome.protocol.cohort.code

    @admin.display(description=_("page"))
    def page(self, appeal: Appeal) -> str:
        return format_html('<a href="{}">{}</a>', reverse("appeal_show", args=[appeal.pk]), _("Papers and trail"))
