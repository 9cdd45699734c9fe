"""The register of documents: to search, download, revoke and replace; nothing in it is edited."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates.admin import issue
from certificates.forms import ReasonForm, ReissueForm
from certificates.models import Document, DocumentState
from certificates.rendering import try_again
from certificates.revoking import reissue, revoke
from core.admin import ReadOnlyAdmin
from core.errors import DomainError
from core.kazakh import search_key


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = ["number", "holder", "kind", "state", "issued_on", "valid_until", "file_link"]
    list_filter = ["kind", "state", "year", "issued_on"]
    search_fields = ["number"]
    search_help_text = gettext_lazy("Number or name")
    ordering = ["-id"]
    fields = [
        "number", "kind", "state", "holder", "issued_on", "valid_until", "signatory", "issued_by", "address",
        "file_link", "size", "sha256", "ready_at", "replaces", "revoked_on", "revocation_reason", "attempts", "last_error",
    ]
    readonly_fields = ["address", "file_link"]
    change_form_template = "admin/certificates/document_change.html"

    @admin.display(description=gettext_lazy("file"))
    def file_link(self, document: Document) -> str:
        """The way to the PDF, once it is made."""
        if not document.file:
            return "–"
        return format_html('<a href="{}">PDF</a>', reverse("document_download", args=[document.pk]))

    @admin.display(description=gettext_lazy("verification address"))
    def address(self, document: Document) -> str:
        """The address in the QR code."""
        return format_html('<a href="{0}">{0}</a>', document.verification_url)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Document], search_term: str) -> tuple[QuerySet[Document], bool]:
        """By the beginning of the number, or by name with letters folded as typists exchange them."""
        term = search_term.strip()
        if not term:
            return queryset, False
        return queryset.filter(Q(number__startswith=term.upper()) | Q(holder_key__contains=search_key(term))), False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("issue/<int:protocol_pk>/", wrap(issue.issue_view(self)), name="certificates_issue"),
            path("<int:pk>/revoke/", wrap(self.revoke_view), name="certificates_document_revoke"),
            path("<int:pk>/reissue/", wrap(self.reissue_view), name="certificates_document_reissue"),
            path("<int:pk>/try-again/", wrap(self.try_again_view), name="certificates_document_try_again"),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The document with what can be done about it now, and its history of states."""
        document = Document.objects.filter(pk=object_id).first() if object_id.isdecimal() and len(object_id) < 19 else None
        context = {
            "document": document,
            "can_revoke": document is not None and document.can_move(DocumentState.REVOKED),
            "can_reissue": document is not None and document.can_move(DocumentState.REPLACED),
            "can_try_again": document is not None and document.state == DocumentState.RESERVED and bool(document.last_error),
            "trail": document.audit_trail() if document else [],
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def revoke_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Revoke with a reason."""
        document = get_object_or_404(Document, pk=pk)
        form = ReasonForm(request.POST or None)

        def act() -> Document:
            return revoke(document=document, reason=form.cleaned_data["reason"], by=request.user)

        return self._decide(request, document, form, act, _("Revoke"), _("It is revoked. Verification says so from now on."))

    def reissue_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Issue anew with a new number; the old one is replaced."""
        document = get_object_or_404(Document, pk=pk)
        form = ReissueForm(request.POST or None)

        def act() -> Document:
            values = form.cleaned_data
            return reissue(document=document, reason=values["reason"], signatory=values["signatory"], by=request.user)

        return self._decide(request, document, form, act, _("Replace by a new document"), _("The new document is being made."))

    def try_again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Give a failed file another round."""
        document = get_object_or_404(Document, pk=pk)
        if request.method == "POST":
            try_again(document=document, by=request.user)
            self.message_user(request, _("The worker tries again."))
        return redirect("admin:certificates_document_change", document.pk)

    def _decide(self, request: HttpRequest, document: Document, form: forms.Form, act: Any, title: str, done: str) -> HttpResponse:
        """One question with a reason: asked, refused in words, or carried out."""
        if request.method == "POST" and form.is_valid():
            try:
                result = act()
            except DomainError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                self.message_user(request, done, messages.SUCCESS)
                return redirect("admin:certificates_document_change", result.pk)
        context = {**self.admin_site.each_context(request), "title": title, "form": form, "document": document, "opts": self.opts}
        return render(request, "admin/certificates/document_decide.html", context, status=422 if form.errors else 200)
