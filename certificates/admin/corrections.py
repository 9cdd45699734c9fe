"""Requests about documents: recorded for a holder, looked at, carried out or refused."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from certificates.answering import carry_out, refuse_request
from certificates.asking import ask_correction, take_back
from certificates.forms import AskForm, CarryOutForm, RefuseForm
from certificates.models import CorrectionRequest, CorrectionRequestState, Document
from core.admin import ReadOnlyAdmin
from core.errors import DomainError


@admin.register(CorrectionRequest)
class CorrectionRequestAdmin(ReadOnlyAdmin):
    list_display = ["document", "cause", "state", "asked_by", "asked_at", "result"]
    list_filter = ["state", "cause"]
    list_select_related = ["document", "asked_by", "result"]

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("about/<int:pk>/", wrap(self.ask_view), name="certificates_correction_ask"),
            path("<int:pk>/carry-out/", wrap(require_POST(self.carry_out_view)), name="certificates_correction_done"),
            path("<int:pk>/refuse/", wrap(require_POST(self.refuse_view)), name="certificates_correction_refuse"),
            path("<int:pk>/take-back/", wrap(require_POST(self.take_back_view)), name="certificates_correction_back"),
            path("<int:pk>/decide/", wrap(self.decide_view), name="certificates_correction_decide"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The page of a request is where it is decided."""
        if not object_id.isdecimal() or len(object_id) > 18:
            return super().change_view(request, object_id, form_url, extra_context)
        return redirect("admin:certificates_correction_decide", int(object_id))

    def ask_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A request that came by letter or word of mouth, recorded for the holder."""
        document = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)  # type: ignore[arg-type]
        form = AskForm(request.POST if request.method == "POST" else None)
        status = 422 if form.errors else 200
        if form.is_valid():
            try:
                asked = ask_correction(document=document, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            except DomainError as refusal:
                form.add_error(None, refusal.sentence)
                status = refusal.status
            else:
                return redirect("admin:certificates_correction_decide", asked.pk)
        context = self.admin_site.each_context(request) | {
            "title": _("Record a request"),
            "meaning": _("What the holder asks for, by letter or in person. It is decided on the next page."),
            "form": form,
            "document": document,
            "opts": Document._meta,
        }
        return render(request, "admin/certificates/document_decide.html", context, status=status)

    def decide_view(self, request: HttpRequest, pk: int, **bound: Any) -> HttpResponse:
        """The request with the name as printed and as it stands in the register, and what can be made of it."""
        asked = self._asked(request, pk)
        refused = [error for form in bound.values() for error in form.non_field_errors()]
        status = bound.pop("status", 422 if bound else 200)
        listener = asked.document.enrolment.listener
        context = self.admin_site.each_context(request) | {
            "title": _("Request about No %(number)s") % {"number": asked.document.number},
            "opts": self.opts,
            "asked": asked,
            "document": asked.document,
            "name_now": listener.full_name,
            "name_differs": listener.full_name != asked.document.holder,
            "is_open": asked.state == CorrectionRequestState.FILED,
            "carry_out": CarryOutForm(cause=asked.cause),
            "refuse": RefuseForm(),
            "refusals": refused,
        }
        return render(request, "admin/certificates/correction_decide.html", context | bound, status=status)

    def carry_out_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The corrected document or the duplicate."""
        asked = self._asked(request, pk)
        form = CarryOutForm(request.POST, cause=asked.cause)
        if form.is_valid():
            try:
                made = carry_out(asked=asked, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            except DomainError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                self.message_user(request, _("The new document is being made."), messages.SUCCESS)
                return redirect("admin:certificates_document_change", made.pk)
        return self.decide_view(request, pk, carry_out=form)

    def refuse_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Words why not."""
        asked = self._asked(request, pk)
        form = RefuseForm(request.POST)
        if form.is_valid():
            try:
                refuse_request(asked=asked, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
            except DomainError as refusal:
                form.add_error(None, refusal.sentence)
            else:
                self.message_user(request, _("The request is refused; the holder is told."), messages.SUCCESS)
                return redirect("admin:certificates_document_change", asked.document_id)
        return self.decide_view(request, pk, refuse=form)

    def take_back_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Whoever recorded it needs it no longer."""
        asked = self._asked(request, pk)
        try:
            take_back(asked=asked, by=request.user)  # type: ignore[arg-type]
        except DomainError as refusal:
            self.message_user(request, refusal.sentence, messages.ERROR)
        return redirect("admin:certificates_document_change", asked.document_id)

    def _asked(self, request: HttpRequest, pk: int) -> CorrectionRequest:
        everything = CorrectionRequest.objects.visible_to(request.user).select_related(  # type: ignore[arg-type]
            "document__enrolment__listener", "asked_by", "decided_by", "result"
        )
        return get_object_or_404(everything, pk=pk)
