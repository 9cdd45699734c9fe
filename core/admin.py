"""The audit trail and the outbox, to read."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest, HttpResponseRedirect
from django.template.defaultfilters import date as date_shown
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.invariants import stateful_models
from core.models import AuditEntry, Message

# A NUL character, or a number that no database column holds.
UNANSWERABLE = re.compile(r"\x00|\d{19}")


def _short(field: Any) -> Callable[[models.Model], str]:
    """The list's column of a date field in figures: in words, the other columns would leave the screen."""
    style = "SHORT_DATETIME_FORMAT" if isinstance(field, models.DateTimeField) else "SHORT_DATE_FORMAT"

    @admin.display(description=field.verbose_name, ordering=field.name)
    def shown(row: models.Model) -> str:
        value = getattr(row, field.name)
        return date_shown(timezone.localtime(value) if isinstance(value, datetime) else value, style)

    shown.__name__ = field.name  # by which the style sheet knows the column
    return shown


class SteadyAdmin(admin.ModelAdmin):
    """A list that answers any address and any selection with a page, also such as no database can compare with."""

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """The columns, dates among them in figures."""
        return [self._column(name) for name in super().get_list_display(request)]

    def _column(self, name: Any) -> Any:
        try:
            field = self.opts.get_field(name)
        except FieldDoesNotExist:
            return name
        return _short(field) if isinstance(field, models.DateField) else name

    def get_changelist_instance(self, request):  # type: ignore[no-untyped-def]
        for name, values in request.GET.lists():
            if name != SEARCH_VAR and any(UNANSWERABLE.search(value) for value in values):
                raise IncorrectLookupParameters
        return super().get_changelist_instance(request)

    def response_action(self, request, queryset):  # type: ignore[no-untyped-def]
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        if not all(re.fullmatch(r"[0-9]{1,18}", pk) for pk in chosen):
            self.message_user(request, _("The selection could not be read. Nothing was changed."), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        return super().response_action(request, queryset)


class ReadOnlyAdmin(SteadyAdmin):
    """A register that is read, never written, in the admin panel."""

    def has_add_permission(self, request, obj=None):  # type: ignore[no-untyped-def]
        return False

    def has_change_permission(self, request, obj=None):  # type: ignore[no-untyped-def]
        return False

    def has_delete_permission(self, request, obj=None):  # type: ignore[no-untyped-def]
        return False


def _states(label: str) -> dict[str, str]:
    """The states of the model with this label, in words."""
    models_by_label = {model._meta.label: model for model in stateful_models()}
    if label not in models_by_label:
        return {}
    return dict(models_by_label[label]._meta.get_field("state").flatchoices)  # type: ignore[union-attr,misc]


class KindOfRecord(admin.SimpleListFilter):
    """The kinds of record whose states are kept, by their names."""

    title = gettext_lazy("kind of record")
    parameter_name = "model"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Every kind, by name."""
        kinds = [(model._meta.label, str(model._meta.verbose_name)) for model in stateful_models()]
        return sorted(kinds, key=lambda kind: kind[1])

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[AuditEntry]) -> models.QuerySet[AuditEntry]:
        """The entries about one kind."""
        return queryset.filter(model=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "by_shown", "record", "from_shown", "to_shown", "reason", "basis")
    list_filter = [KindOfRecord]
    date_hierarchy = "at"
    list_select_related = ["by"]
    fields = ("at", "by_shown", "record", "from_shown", "to_shown", "reason", "basis")
    readonly_fields = fields

    @admin.display(description=gettext_lazy("by"), ordering="by__full_name")
    def by_shown(self, entry: AuditEntry) -> str:
        """Who did it."""
        return str(entry.by or _("the system"))

    @admin.display(description=gettext_lazy("record"), ordering="model")
    def record(self, entry: AuditEntry) -> str:
        """The kind of record by its name, and its number."""
        names = {model._meta.label: model._meta.verbose_name for model in stateful_models()}
        return f"{names.get(entry.model, entry.model)} {entry.object_id}"

    @admin.display(description=gettext_lazy("from"), ordering="from_state")
    def from_shown(self, entry: AuditEntry) -> str:
        """The state before, in words; a dash at birth."""
        return str(_states(entry.model).get(entry.from_state, entry.from_state or "–"))

    @admin.display(description=gettext_lazy("to"), ordering="to_state")
    def to_shown(self, entry: AuditEntry) -> str:
        """The state after, in words."""
        return str(_states(entry.model).get(entry.to_state, entry.to_state))


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "kind", "subject", "recipient", "sent_at", "attempts", "last_error"]
    list_filter = ["kind", ("sent_at", admin.EmptyFieldListFilter)]
    exclude = ["body", "calendar"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Message]:
        """Without what a list does not show and a page must not."""
        return super().get_queryset(request).defer("body", "calendar", "attachment")
