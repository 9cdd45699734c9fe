"""Issuing from a protocol: choose, look at the first paper as it will be, confirm."""

import base64
from collections.abc import Callable
from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from assessment.models import Protocol, ProtocolState
from certificates.forms import IssueForm
from certificates.issuing import Candidate, candidates, check_terms, next_number, wish_documents
from certificates.models import Kind
from certificates.papers import page_pictures, render_paper
from certificates.snapshots import take_snapshot
from certificates.validity import valid_until
from core.errors import DomainError


def issue_view(model_admin: ModelAdmin) -> Callable[..., HttpResponse]:
    """The view bound to the admin whose address it hangs under."""

    def view(request: HttpRequest, protocol_pk: int) -> HttpResponse:
        protocol = get_object_or_404(
            Protocol.objects.select_related("cohort__edition"), pk=protocol_pk, state=ProtocolState.CLOSED
        )
        everybody = candidates(protocol)
        able = [candidate for candidate in everybody if not candidate.reason]
        form = IssueForm(request.POST or None, able=able)
        context: dict[str, Any] = {
            **model_admin.admin_site.each_context(request),
            "title": _("Issue documents: %(protocol)s") % {"protocol": protocol},
            "opts": model_admin.opts,
            "protocol": protocol,
            "candidates": everybody,
            "able": able,
            "form": form,
        }
        if request.method == "POST" and form.is_valid():
            try:
                return _step(request, protocol, form, able, context)
            except DomainError as refusal:
                form.add_error(None, refusal.sentence)
        context["chosen"] = set(form["outcomes"].value() or [])
        return render(request, "admin/certificates/issue.html", context, status=422 if form.errors else 200)

    return view


def _step(request: HttpRequest, protocol: Protocol, form: IssueForm, able: list[Candidate], context: dict[str, Any]) -> HttpResponse:
    """The confirmation after the choice; the wish after the confirmation."""
    values, chosen = form.cleaned_data, form.chosen(able)
    terms = {"protocol": protocol, "signatory": values["signatory"], "issued_on": values["issued_on"]}
    if "confirm" in request.POST:
        batch = wish_documents(
            **terms, outcomes=[c.outcome for c in chosen], language=values["language"], by=request.user
        )
        return redirect("admin:certificates_batch", batch.pk)
    check_terms(**terms)
    context |= {
        "title": _("Look at the first document and confirm"),
        "chosen_candidates": chosen,
        "counts": {kind: sum(c.kind == kind for c in chosen) for kind in (Kind.CERTIFICATE, Kind.ATTENDANCE)},
        "pictures": specimen(chosen[0], form),
    }
    return render(request, "admin/certificates/issue_confirm.html", context)


def specimen(candidate: Candidate, form: IssueForm) -> list[str]:
    """Pictures (data: addresses) of the candidate's paper as it will look, marked as a specimen; nothing is numbered."""
    values = form.cleaned_data
    issued_on = values["issued_on"]
    snapshot = take_snapshot(
        kind=candidate.kind,
        outcome=candidate.outcome,
        signatory=values["signatory"],
        issued_on=issued_on,
        valid_until=valid_until(issued_on) if candidate.kind == Kind.CERTIFICATE else None,
        number=next_number(candidate.kind, issued_on.year),
        verification_url="https://example.invalid/specimen",
        second_language=values["language"],
    )
    pages = page_pictures(render_paper(snapshot, specimen=True), dpi=90)
    return [f"data:image/png;base64,{base64.b64encode(page).decode()}" for page in pages]
