"""The audit trail and the outbox, to read."""

import re

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _

from core.models import AuditEntry, Message

# A NUL character, or a number that no database column holds.
UNANSWERABLE = re.compile(r"\x00|\d{19}")


class SteadyAdmin(admin.ModelAdmin):
    """A list that answers any address and any selection with a page, also such as no database can compare with."""

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


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "by", "model", "object_id", "from_state", "to_state", "reason", "basis"]
    list_filter = ["model", "to_state"]
    date_hierarchy = "at"
    list_select_related = ["by"]


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "kind", "subject", "recipient", "sent_at", "attempts", "last_error"]
    list_filter = ["kind", ("sent_at", admin.EmptyFieldListFilter)]
    exclude = ["body", "calendar"]
