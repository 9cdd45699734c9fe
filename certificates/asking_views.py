"""A listener asks for a corrected document or a duplicate, and may take the request back."""

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from certificates.asking import ask_correction, take_back
from certificates.forms import AskForm
from certificates.models import CorrectionRequest, Document, DocumentState
from core.errors import DomainError

if TYPE_CHECKING:
    from accounts.models import User


@require_http_methods(["GET", "HEAD", "POST"])
def document_ask(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; after it the cabinet, where the request stands beside the document."""
    user = cast("User", request.user)
    own = Document.objects.visible_to(user).filter(enrolment__listener__user=user, state=DocumentState.READY)
    document = get_object_or_404(own, pk=pk)
    form = AskForm(request.POST if request.method == "POST" else None)
    status = 422 if form.errors else 200
    if form.is_valid():
        try:
            ask_correction(document=document, by=user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
            status = refusal.status
        else:
            messages.success(request, _("The request is filed. The institute will answer by letter and here."))
            return redirect("my_course")
    return render(request, "certificates/document_ask.html", {"form": form, "document": document}, status=status)


@require_POST
def document_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The listener needs it no longer."""
    user = cast("User", request.user)
    asked = get_object_or_404(CorrectionRequest.objects.visible_to(user), pk=pk)
    take_back(asked=asked, by=user)
    messages.success(request, _("The request is taken back."))
    return redirect("my_course")
