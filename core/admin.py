"""The audit trail and the outbox, to read."""

from django.contrib import admin

from core.models import AuditEntry, Message


class ReadOnlyAdmin(admin.ModelAdmin):
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
