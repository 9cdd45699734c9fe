"""A batch at work: how far it is, who was refused and why; and a cohort's papers in one ZIP."""

from typing import Any

from django.contrib import admin, messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from certificates.files import pack
from certificates.models import Document, DocumentState, IssueBatch, Wish
from core.admin import ReadOnlyAdmin
from core.errors import DomainError, Refused
from enrollment.models import Cohort


@admin.register(IssueBatch)
class IssueBatchAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "issued_on", "signatory", "by", "created_at"]
    list_select_related = ["protocol__cohort", "signatory", "by"]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/progress/", wrap(require_safe(self.progress_view)), name="certificates_batch"),
            path("cohort/<int:pk>/zip/", wrap(require_safe(self.zip_view)), name="certificates_zip"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The progress page is the batch's page."""
        if not object_id.isdecimal() or len(object_id) > 18:
            return super().change_view(request, object_id, form_url, extra_context)
        return redirect("admin:certificates_batch", int(object_id))

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Every person with a state in words; the fragment alone when the page asks for news."""
        batch = get_object_or_404(IssueBatch.objects.select_related("protocol__cohort", "signatory"), pk=pk)
        wishes = list(
            batch.wishes.select_related("document", "outcome__attempt__enrolment__listener").order_by(
                "outcome__attempt__enrolment__listener__sort_key", "pk"
            )
        )
        finished = sum(map(_is_over, wishes))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Issue of documents: %(protocol)s") % {"protocol": batch.protocol},
            "opts": self.opts,
            "batch": batch,
            "wishes": wishes,
            "finished": finished,
            "refused": sum(wish.state == Wish.State.REFUSED for wish in wishes),
            "given_up": sum(wish.document is not None and wish.document.is_given_up for wish in wishes),
            "running": finished < len(wishes),
        }
        fragment = bool(request.headers.get("HX-Request"))
        template = "admin/certificates/_progress.html" if fragment else "admin/certificates/batch.html"
        return render(request, template, context)

    def zip_view(self, request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
        """All papers in force of a cohort, or a message that there is none, or why one cannot be read."""
        cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)  # type: ignore[arg-type]
        papers = Document.objects.filter(enrolment__cohort=cohort, state=DocumentState.READY)
        try:
            if not papers.exists():
                raise Refused(_("Cohort %(code)s has no ready document yet.") % {"code": cohort.code})
            archive = pack(papers.order_by("kind", "year", "counter").iterator(chunk_size=200))
        except DomainError as refusal:
            self.message_user(request, refusal.sentence, messages.ERROR)
            return redirect("admin:enrollment_cohort_change", cohort.pk)
        return FileResponse(archive, as_attachment=True, filename=f"{cohort.code}.zip", content_type="application/zip")


def _is_over(wish: Wish) -> bool:
    """Whether nothing more happens to this person without somebody's doing."""
    if wish.document is None:
        return wish.state == Wish.State.REFUSED
    return wish.document.state != DocumentState.RESERVED or wish.document.is_given_up
