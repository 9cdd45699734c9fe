"""The register of documents: to search, download, revoke and replace; nothing in it is edited."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates import watching
from certificates.admin import decisions, issue
from certificates.admin.checks import pillars_of
from certificates.blanks import blank_of
from certificates.models import Document, DocumentState
from core.admin import ReadOnlyAdmin
from core.kazakh import search_key


class MakingFilter(admin.SimpleListFilter):
    """Documents whose file is being made, or could not be made."""

    title = gettext_lazy("the making of the file")
    parameter_name = "making"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", _("being made")), ("failed", _("failed, waits for a person"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Document]) -> QuerySet[Document]:
        if self.value() == "waiting":
            return queryset.filter(state=DocumentState.RESERVED, attempts__lt=settings.RENDER_ATTEMPTS)
        if self.value() == "failed":
            return queryset.filter(state=DocumentState.RESERVED, attempts__gte=settings.RENDER_ATTEMPTS)
        return queryset


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = ["number", "holder", "kind", "standing", "issued", "until", "file_link"]
    list_filter = ["kind", "state", MakingFilter, "year", ("enrolment__cohort", admin.RelatedOnlyFieldListFilter)]
    search_fields = ["number"]
    search_help_text = gettext_lazy("Number or name")
    ordering = ["-id"]
    fields = [
        *("number", "kind", "standing", "holder", "cohort", "issued_on", "valid_until", "signatory", "issued_by"),
        *(
            "address",
            "file_link",
            "blank",
            "size",
            "sha256",
            "signed_by",
            "ready_at",
            "replaces",
            "replacement",
            "revoked_on",
        ),
        *("revocation_reason", "last_error"),
    ]
    readonly_fields = ["blank", "standing", "cohort", "address", "file_link", "replacement"]
    change_form_template = "admin/certificates/document_change.html"

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def standing(self, document: Document) -> str:
        """The state, and whether the validity has run out or the making of the file has failed."""
        if document.is_given_up:
            return _("failed, waits for a person")
        if document.state == DocumentState.READY and document.is_expired():
            return _("ready, validity expired")
        return document.get_state_display()

    @admin.display(description=gettext_lazy("cohort"), ordering="enrolment__cohort__code")
    def cohort(self, document: Document) -> str:
        return document.enrolment.cohort.code

    @admin.display(description=gettext_lazy("issued on"), ordering="issued_on")
    def issued(self, document: Document) -> str:
        return date_format(document.issued_on, "SHORT_DATE_FORMAT")

    @admin.display(description=gettext_lazy("valid until"), ordering="valid_until")
    def until(self, document: Document) -> str:
        return date_format(document.valid_until, "SHORT_DATE_FORMAT") if document.valid_until else "–"

    @admin.display(description=gettext_lazy("file"))
    def file_link(self, document: Document) -> str:
        """The way to the PDF, once it is made."""
        if not document.file:
            return "–"
        return format_html('<a href="{}">PDF</a>', reverse("document_download", args=[document.pk]))

    @admin.display(description=gettext_lazy("security blank"))
    def blank(self, document: Document) -> str:
        """The blank that it lies on, or will."""
        return str(blank_of(document) or "–")

    @admin.display(description=gettext_lazy("verification address"))
    def address(self, document: Document) -> str:
        """The address in the QR code."""
        return format_html('<a href="{0}">{0}</a>', document.verification_url)

    @admin.display(description=gettext_lazy("replaced by"))
    def replacement(self, document: Document) -> str:
        """The document that took this one's place."""
        newer = Document.objects.filter(replaces=document).first()
        if newer is None:
            return "–"
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:certificates_document_change", args=[newer.pk]), newer.number
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Document], search_term: str
    ) -> tuple[QuerySet[Document], bool]:
        """By the beginning of the number, or by every word of the name with letters folded as typists exchange them."""
        term = search_term.strip()
        if not term:
            return queryset, False
        by_name = Q()
        for word in search_key(term).split():
            by_name &= Q(holder_key__contains=word)
        return queryset.filter(Q(number__startswith=term.upper()) | (by_name or Q(pk=None))), False

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        pages = [
            ("issue/<int:protocol_pk>/", issue.issue_view, "certificates_issue"),
            ("<int:pk>/revoke/", decisions.revoke_view, "certificates_document_revoke"),
            ("revocation/<int:pk>/", decisions.revocation_view, "certificates_revocation_decide"),
            ("<int:pk>/reissue/", decisions.reissue_view, "certificates_document_reissue"),
            ("<int:pk>/try-again/", decisions.try_again_view, "certificates_document_try_again"),
        ]
        return [
            *(path(route, wrap(view), {"register": self}, name=name) for route, view, name in pages),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The document with what can be done about it now, and its history of states."""
        known = object_id.isdecimal() and len(object_id) < 19
        document = Document.objects.filter(pk=object_id).first() if known else None
        context = decisions.offered(document) if document else {}
        if document:
            checks = watching.days_of(document, timezone.localdate())
            context |= {"checked": sum(one.found for one in checks), "pillars": pillars_of(checks)}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))
