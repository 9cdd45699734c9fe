"""What an administrator may decide about one document: revoke it, replace it, have its file made once more."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from certificates.blanks import blank_of
from certificates.forms import ReasonForm, ReissueForm
from certificates.models import Document, DocumentState, Kind, Revocation, RevocationState
from certificates.rendering import try_again
from certificates.revoking import approve_revocation, decline_revocation, propose_revocation, reissue
from core.errors import DomainError


def offered(document: Document) -> dict[str, Any]:
    """What the page of a document offers: decisions that its state allows, and its history in words."""
    words = dict(DocumentState.choices)
    proposals = list(document.revocations.select_related("proposed_by", "decided_by"))
    asked = document.correction_requests.open().select_related("asked_by").first()  # type: ignore[attr-defined]
    waiting = next((one for one in proposals if one.state == RevocationState.PROPOSED), None)
    return {
        "document": document,
        "revocation": waiting,
        "declined": [one for one in proposals if one.state in (RevocationState.DECLINED, RevocationState.WITHDRAWN)],
        "can_give_blank": document.kind == Kind.CERTIFICATE and document.is_live and blank_of(document) is None,
        "request_open": asked,
        "can_ask": document.state == DocumentState.READY and asked is None,
        "can_revoke": document.can_move(DocumentState.REVOKED) and waiting is None,
        "can_reissue": document.state == DocumentState.READY and document.outcome_id is not None,
        "can_try_again": document.is_given_up,
        "trail": [
            {"entry": entry, "from": words.get(entry.from_state, ""), "to": words.get(entry.to_state, entry.to_state)}
            for entry in document.audit_trail()
        ],
    }


def revoke_view(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Propose to revoke, with a reason."""
    document = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)  # type: ignore[arg-type]
    return _decide(
        request,
        register,
        document,
        form=ReasonForm(request.POST if request.method == "POST" else None),
        verb=propose_revocation,
        title=_("Propose to revoke"),
        meaning=_(
            "Once a second administrator has approved it, verification will say “revoked” for good. To correct a "
            "mistake, replace the document instead."
        ),
        done=_("It is proposed. The document stays in force until a second administrator approves."),
    )


@require_POST
def revocation_view(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Approve a proposal, decline it with words, or take one's own back."""
    proposals = Revocation.objects.visible_to(request.user).select_related("document")  # type: ignore[arg-type]
    revocation = get_object_or_404(proposals, pk=pk)
    try:
        if "approve" in request.POST:
            approve_revocation(revocation=revocation, by=request.user)  # type: ignore[arg-type]
            done = _("It is revoked. Verification says so from now on.")
        else:
            answer = request.POST.get("answer", "")
            decline_revocation(revocation=revocation, answer=answer, by=request.user)  # type: ignore[arg-type]
            done = _("The document stays in force.")
    except DomainError as refusal:
        register.message_user(request, refusal.sentence, messages.ERROR)
    else:
        register.message_user(request, done, messages.SUCCESS)
    return redirect("admin:certificates_document_change", revocation.document_id)


def reissue_view(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Issue anew with a new number; the old one is replaced."""
    document = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)  # type: ignore[arg-type]
    return _decide(
        request,
        register,
        document,
        form=ReissueForm(request.POST if request.method == "POST" else None),
        verb=reissue,
        title=_("Replace by a new document"),
        meaning=_(
            "The new document has a new number and today's date; the name is printed as it stands in the register now. "
            "Verification of the old one will name the new number."
        ),
        done=_("The new document is being made."),
    )


@require_POST
def try_again_view(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Give a failed file another round."""
    document = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)  # type: ignore[arg-type]
    try:
        try_again(document=document, by=request.user)  # type: ignore[arg-type]
    except DomainError as refusal:
        register.message_user(request, refusal.sentence, messages.ERROR)
    else:
        register.message_user(request, _("The worker tries again."), messages.SUCCESS)
    return redirect("admin:certificates_document_change", document.pk)


def _decide(
    request: HttpRequest,
    register: ModelAdmin,  # type: ignore[type-arg]
    document: Document,
    *,
    form: forms.Form,
    verb: Callable[..., Document | Revocation],
    title: str,
    meaning: str,
    done: str,
) -> HttpResponse:
    """One question about one document: asked, refused in words, or carried out."""
    status = 422
    if form.is_valid():
        try:
            result = verb(document=document, by=request.user, **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
            status = refusal.status
        else:
            register.message_user(request, done, messages.SUCCESS)
            shown = result.document_id if isinstance(result, Revocation) else result.pk
            return redirect("admin:certificates_document_change", shown)
    context = register.admin_site.each_context(request) | {
        "title": title,
        "meaning": meaning,
        "form": form,
        "document": document,
        "opts": register.opts,
    }
    return render(request, "admin/certificates/document_decide.html", context, status=status if form.errors else 200)
