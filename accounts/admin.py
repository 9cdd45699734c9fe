"""Accounts in the admin panel: opened here, entered by invitation."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.forms import AccountForm
from accounts.invitations import invite
from accounts.models import User
from core.admin import SteadyAdmin
from core.errors import DomainError


@admin.register(User)
class UserAdmin(SteadyAdmin):
    form = AccountForm
    list_display = [
        "full_name",
        "email",
        "is_administrator",
        "is_trainer",
        "is_listener",
        "is_active",
        "invited_at",
        "last_login",
    ]
    list_filter = ["is_administrator", "is_trainer", "is_listener", "is_active"]
    search_fields = ["full_name", "email"]
    readonly_fields = ["invited_at", "last_login", "created_at"]
    actions = ["send_invitation"]

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Accounts are closed, not deleted: what their owners did keeps its author."""
        return False

    @admin.action(description=gettext_lazy("Send the invitation to set a password"))
    def send_invitation(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Write a letter to each of the chosen people."""
        sent = 0
        for user in queryset:
            try:
                invite(user=user, by=request.user)
                sent += 1
            except DomainError as refusal:
                self.message_user(request, refusal.sentence, messages.ERROR)
        if sent:
            text = ngettext("%(count)s letter is on its way.", "%(count)s letters are on their way.", sent)
            self.message_user(request, text % {"count": sent})

    def save_model(self, request: HttpRequest, obj: User, form: AccountForm, change: bool) -> None:
        """A new account has no password until its owner sets one."""
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not change:
            self.message_user(request, _("The account is open. Send the invitation from the list."), messages.INFO)
