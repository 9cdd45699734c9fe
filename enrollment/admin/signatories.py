"""Signatories: who signs, since when and on what basis (R2)."""

from django.contrib import admin
from django.http import HttpRequest

from core.admin import SteadyAdmin
from enrollment.models import Signatory


@admin.register(Signatory)
class SignatoryAdmin(SteadyAdmin):
    FROZEN = ["full_name", "position_kk", "position_ru", "position_en", "is_acting", "basis", "valid_from"]
    list_display = ["full_name", "position", "is_acting", "basis", "valid_from", "valid_to"]
    fields = [*FROZEN, "valid_to"]

    def has_delete_permission(self, request: HttpRequest, obj: Signatory | None = None) -> bool:
        """Who has signed stays on record."""
        return obj is not None and not obj.has_signed

    def get_readonly_fields(self, request: HttpRequest, obj: Signatory | None = None) -> list[str]:
        """After the first signature only the end of the period can be set."""
        if obj is not None and obj.has_signed:
            return [*self.FROZEN]
        return []
