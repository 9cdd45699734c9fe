"""The journal as the database knows it; a document that only the journal knows can be revoked here."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates import journal
from certificates.forms import ReasonForm
from certificates.models import Document, JournalEntry
from certificates.recovering import in_force, revoke_lost
from core.admin import ReadOnlyAdmin
from core.errors import DomainError


class KnownFilter(admin.SimpleListFilter):
    """Documents that the database lost before it was restored."""

    title = gettext_lazy("what the database knows")
    parameter_name = "known"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("lost", _("documents that only the journal knows"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[JournalEntry]) -> QuerySet[JournalEntry]:
        known = Document.objects.filter(token=OuterRef("token"))
        return queryset.filter(~Exists(known)) if self.value() == "lost" else queryset


@admin.register(JournalEntry)
class JournalEntryAdmin(ReadOnlyAdmin):
    list_display = ["number", "event", "at", "line"]
    list_filter = ["event", KnownFilter]
    search_fields = ["number"]
    search_help_text = gettext_lazy("Number")
    fields = ["number", "event", "holder", "at", "line", "digest"]
    readonly_fields = ["holder"]
    change_form_template = "admin/certificates/journal_change.html"

    @admin.display(description=gettext_lazy("holder"))
    def holder(self, entry: JournalEntry) -> str:
        """Whose document it is, as far as this entry tells."""
        return entry.facts.get("public", {}).get("holder", "–")

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.revoke)
        return [path("<int:pk>/revoke/", page, name="certificates_journalentry_revoke"), *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The entry, and whether its document can be revoked from here."""
        known = object_id.isdecimal() and len(object_id) < 19
        entry = journal.lost_documents().filter(pk=object_id).first() if known else None
        context = {"lost": entry, "can_revoke": entry is not None and in_force(entry)}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def revoke(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Revoke a document that only the journal knows, with a reason."""
        entry = get_object_or_404(journal.lost_documents(), pk=pk)
        form = ReasonForm(request.POST if request.method == "POST" else None)
        status = 422
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            try:
                revoke_lost(entry=entry, reason=reason, by=request.user)  # type: ignore[arg-type]
            except DomainError as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                self.log_change(request, entry, reason)
                self.message_user(request, _("It is revoked. Verification says so from now on."), messages.SUCCESS)
                return redirect("admin:certificates_journalentry_change", entry.pk)
        context = self.admin_site.each_context(request) | {
            "title": _("Revoke"), "form": form, "entry": entry, "opts": self.opts, "holder": self.holder(entry),
        }  # fmt: skip
        return render(request, "admin/certificates/journal_revoke.html", context, status=status if form.errors else 200)
