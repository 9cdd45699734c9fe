"""A batch at work: how far it is, who was refused and why, and everything in one ZIP."""

import zipfile
from tempfile import TemporaryFile
from typing import Any

from django.contrib import admin
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _

from assessment.models import Protocol
from certificates.models import Document, DocumentState, IssueBatch, Wish
from core.admin import ReadOnlyAdmin


@admin.register(IssueBatch)
class IssueBatchAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "issued_on", "signatory", "by", "created_at"]
    list_select_related = ["protocol__cohort", "signatory", "by"]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/progress/", wrap(self.progress_view), name="certificates_batch"),
            path("protocol/<int:pk>/zip/", wrap(self.zip_view), name="certificates_zip"),
            *super().get_urls(),
        ]

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The progress page is the batch's page."""
        if not object_id.isdecimal() or len(object_id) > 18:
            return super().change_view(request, object_id, form_url, extra_context)
        return self.progress_view(request, int(object_id))

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Every person with a state in words; the fragment alone when the page asks for news."""
        batch = get_object_or_404(IssueBatch.objects.select_related("protocol__cohort", "signatory"), pk=pk)
        wishes = list(
            batch.wishes.select_related("document", "outcome__attempt__enrolment__listener").order_by(
                "outcome__attempt__enrolment__listener__sort_key", "pk"
            )
        )
        finished = sum(w.state == Wish.State.REFUSED or _is_made(w) for w in wishes)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Issue of documents: %(protocol)s") % {"protocol": batch.protocol},
            "opts": self.opts,
            "batch": batch,
            "wishes": wishes,
            "finished": finished,
            "running": finished < len(wishes),
        }
        template = "admin/certificates/_progress.html" if request.htmx else "admin/certificates/batch.html"
        return render(request, template, context)

    def zip_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All papers in force of a protocol, named by number."""
        protocol = get_object_or_404(Protocol.objects.select_related("cohort"), pk=pk)
        papers = Document.objects.filter(outcome__protocol=protocol, state=DocumentState.READY).order_by("kind", "counter")
        spool = TemporaryFile()  # noqa: SIM115 - closed by the response
        with zipfile.ZipFile(spool, "w", zipfile.ZIP_STORED) as archive:
            for paper in papers.iterator(chunk_size=200):
                with paper.file.open("rb") as file:
                    archive.writestr(f"{paper.number} {paper.snapshot['holder']['surname']}.pdf", file.read())
        spool.seek(0)
        name = f"{protocol.cohort.code}-{protocol.no}.zip"
        return FileResponse(spool, as_attachment=True, filename=name, content_type="application/zip")


def _is_made(wish: Wish) -> bool:
    return wish.document is not None and wish.document.state != DocumentState.RESERVED
