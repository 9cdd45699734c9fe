"""Issuing from a protocol: choose, look at the first paper as it will be, confirm."""

import base64
from typing import Any

from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from assessment.models import Protocol, ProtocolState
from certificates.blanks import free_blanks
from certificates.candidates import Candidate, candidates
from certificates.forms import IssueForm
from certificates.issuing import (
    check_terms,
    validity_of,
    wish_documents,
)
from certificates.models import Kind
from certificates.numbering import next_number
from certificates.papers import page_pictures, render_paper
from certificates.registering import check_printable
from certificates.snapshots import take_snapshot
from core.errors import DomainError, Refused
from enrollment.confirming import Standing
from enrollment.models import Signatory

SPECIMEN_ADDRESS = "https://example.invalid/specimen"
DPI = 90


def issue_view(request: HttpRequest, protocol_pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """The choice; then, from the same form, the confirmation and the wish."""
    closed = Protocol.objects.select_related("cohort__edition").filter(state=ProtocolState.CLOSED)
    protocol = get_object_or_404(closed, pk=protocol_pk)
    everybody = candidates(protocol)
    form = IssueForm(
        request.POST if request.method == "POST" else None, protocol=protocol, everybody=everybody, free=free_blanks()
    )
    context: dict[str, Any] = {
        **register.admin_site.each_context(request),
        "title": _("Issue documents: %(protocol)s") % {"protocol": protocol},
        "opts": register.opts,
        "protocol": protocol,
        "candidates": everybody,
        "able": any(not candidate.reason for candidate in everybody),
        "form": form,
    }
    status = 422
    if form.is_valid():
        try:
            return _step(request, protocol, form, everybody, context)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
            status = refusal.status
    context["chosen"] = set(form["outcomes"].value() or [])
    context["nobody_signs"] = not form.fields["signatory"].queryset.exists()  # type: ignore[attr-defined]
    return render(request, "admin/certificates/issue.html", context, status=status if form.is_bound else 200)


def _step(
    request: HttpRequest, protocol: Protocol, form: IssueForm, everybody: list[Candidate], context: dict[str, Any]
) -> HttpResponse:
    """The confirmation after the choice; the wish after the confirmation."""
    values, chosen = form.cleaned_data, form.chosen(everybody)
    terms = {"protocol": protocol, "signatory": values["signatory"], "issued_on": values["issued_on"]}
    unconfirmed = [c for c in chosen if not c.reason and c.name == Standing.OPEN]
    names_missed = "confirm" in request.POST and bool(unconfirmed) and "names_compared" not in request.POST
    if "confirm" in request.POST and not names_missed:
        batch = wish_documents(
            **terms,
            outcomes=[c.outcome for c in chosen],
            language=values["language"],
            on_blanks=values["on_blanks"],
            by=request.user,
        )
        return redirect("admin:certificates_batch", batch.pk)
    check_terms(**terms)
    able = [candidate for candidate in chosen if not candidate.reason]
    if not able:
        raise Refused(_("There is nobody left to issue to among those chosen."))
    context |= {
        "title": _("Look at the first document and confirm"),
        "chosen_candidates": able,
        "counts": {kind: sum(c.kind == kind for c in able) for kind in (Kind.CERTIFICATE, Kind.ATTENDANCE)},
        "pictures": specimen(able[0], **values),
        "unconfirmed": unconfirmed,
        "names_missed": names_missed,
    }
    return render(request, "admin/certificates/issue_confirm.html", context, status=422 if names_missed else 200)


def specimen(candidate: Candidate, *, signatory: Signatory, issued_on: Any, language: str, **_others: Any) -> list[str]:
    """Pictures (data: addresses) of the candidate's paper as it will look, marked as a specimen; nothing is stored."""
    snapshot = take_snapshot(
        kind=candidate.kind,
        outcome=candidate.outcome,
        signatory=signatory,
        issued_on=issued_on,
        valid_until=validity_of(candidate.kind, issued_on),
        number=next_number(candidate.kind, issued_on.year),
        verification_url=SPECIMEN_ADDRESS,
        second_language=language,
    )
    check_printable(snapshot)
    pages = page_pictures(render_paper(snapshot, specimen=True), dpi=DPI)
    return [f"data:image/png;base64,{base64.b64encode(page).decode()}" for page in pages]
