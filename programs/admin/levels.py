"""Level descriptors in the panel: their words until the rubric is used, their bounds while it is a draft."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin

from core.admin import SteadyAdmin
from core.errors import DomainError
from programs.levels import keep_level
from programs.models import Level, RubricState


@admin.register(Level)
class LevelAdmin(SteadyAdmin, TranslationAdmin):
    actions = None
    list_display = ["criterion", "points", "title", "text"]
    list_filter = ["criterion__rubric", "criterion__code"]
    list_select_related = ["criterion__rubric"]
    ordering = ["criterion__rubric", "criterion__position", "-from_points"]
    fields = ["criterion", "from_points", "to_points", "title", "text"]

    @admin.display(description=_("points"))
    def points(self, level: Level) -> str:
        return f"{level.from_points}–{level.to_points}"

    def get_readonly_fields(self, request: HttpRequest, obj: Level | None = None) -> list[str]:
        """Of a published rubric only the words change: the bounds belong to how it judges."""
        if obj is None:
            return []
        published = obj.criterion.rubric.state == RubricState.PUBLISHED
        return ["criterion", "from_points", "to_points"] if published else ["criterion"]

    def has_delete_permission(self, request: HttpRequest, obj: Level | None = None) -> bool:
        """Only of a draft."""
        return obj is not None and obj.criterion.rubric.state == RubricState.DRAFT

    def save_model(self, request: HttpRequest, obj: Level, form: Any, change: bool) -> None:
        """Through the one way of storing; a refusal is told and nothing is stored."""
        try:
            keep_level(obj)
        except DomainError as refusal:
            request.refused = refusal.sentence  # type: ignore[attr-defined]

    def response_change(self, request: HttpRequest, obj: Level) -> HttpResponse:
        """A refusal instead of the word that it was stored."""
        if sentence := getattr(request, "refused", ""):
            messages.error(request, sentence)
            return self.response_post_save_change(request, obj)
        return super().response_change(request, obj)
