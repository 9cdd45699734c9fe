"""Signatories: who signs, since when and on what basis (R2)."""

from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core.admin import SteadyAdmin
from enrollment.models import Signatory
from enrollment.signing_periods import faults

AHEAD = timedelta(days=60)  # how far the list looks for days on which nobody may sign


@admin.register(Signatory)
class SignatoryAdmin(SteadyAdmin):
    FROZEN = ["full_name", "position_kk", "position_ru", "position_en", "is_acting", "basis", "valid_from"]
    list_display = ["full_name", "position", "is_acting", "basis", "valid_from", "valid_to"]
    fields = [*FROZEN, "valid_to"]
    change_list_template = "admin/enrollment/signatory_list.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list below what is wrong with the periods, told before a batch of documents is begun."""
        today = timezone.localdate()
        found = list(faults(list(Signatory.objects.able_to_sign_since(today)), today, today + AHEAD))
        return super().changelist_view(request, {"faults": found} | (extra_context or {}))

    def has_delete_permission(self, request: HttpRequest, obj: Signatory | None = None) -> bool:
        """Who has signed stays on record."""
        return obj is not None and not obj.has_signed

    def get_readonly_fields(self, request: HttpRequest, obj: Signatory | None = None) -> list[str]:
        """After the first signature only the end of the period can be set."""
        if obj is not None and obj.has_signed:
            return [*self.FROZEN]
        return []
