"""An order's pages: choose its kind, draft it, look at it, sign, discard, cancel; and its paper."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from enrollment.admin.pages import page
from enrollment.forms import CancelOrderForm, ConfirmForm, DraftForm, terms_of
from enrollment.models import Cohort, EnrolmentState, Order, OrderKind, OrderLine, OrderState
from enrollment.order_candidates import DRAFTED, MOST, REQUESTED, candidates, cohorts_to_choose
from enrollment.order_complaints import Complaint
from enrollment.order_judging import complaints_about
from enrollment.order_papers import render_order
from enrollment.order_snapshots import take_snapshot
from enrollment.order_words import HINTS, what_goes_back, what_happens
from enrollment.ordering import cancel_order, change_draft, discard_draft, draft_order, sign_order
from enrollment.posting import carried_out, posted

asks = require_http_methods(["GET", "HEAD", "POST"])
SHOW = "admin:enrollment_order_change"


def orders(request: HttpRequest) -> QuerySet[Order]:
    """Those that this person may see, with what their pages show."""
    visible = Order.objects.visible_to(request.user)
    return visible.select_related("signatory", "decision", "cancels", "created_by")


def lines_of(order: Order) -> list[OrderLine]:
    """The people of an order with all that is judged, told and printed; a constant number of queries."""
    lines = order.lines.select_related(
        "enrolment__listener__employer", "enrolment__cohort__edition", "cohort__edition", "request", "opened__cohort",
        "notice",
    )  # fmt: skip
    return list(lines)


def _draft_of(request: HttpRequest, pk: int) -> Order:
    """The draft of this address, or 404: other orders have no such page."""
    return get_object_or_404(orders(request).filter(state=OrderState.DRAFT), pk=pk)


def chosen_cohort(request: HttpRequest) -> Cohort | None:
    """The cohort by which the list of people is narrowed."""
    asked = request.GET.get("cohort", "")
    known = asked.isascii() and asked.isdigit() and len(asked) < 19
    return Cohort.objects.visible_to(request.user).filter(pk=asked).first() if known else None


@require_safe
def kinds_page(request: HttpRequest, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """What kind of order it shall be."""
    kinds = [(kind, kind.label, HINTS[kind]) for kind in DRAFTED]
    cohort = chosen_cohort(request)
    return page(register, request, "order/kinds.html", title=_("New order"), kinds=kinds, cohort=cohort)


@asks
def draft_page(request: HttpRequest, kind: str, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """A new draft of this kind."""
    if kind not in DRAFTED:
        raise Http404
    cohort = chosen_cohort(request)
    people = candidates(kind, cohort=cohort)
    tick = cohort is not None and kind not in REQUESTED
    form = DraftForm(posted(request), kind=kind, people=people, tick=tick)
    if form.is_valid():
        order = carried_out(form, draft_order, kind=kind, people=form.listed(), by=request.user, **form.order_terms())
        if order:
            messages.success(request, _("The draft is stored. Nobody is moved before it is signed."))
            return redirect(SHOW, order.pk)
    return _draft_form(register, request, form, kind, cohort, title=_("New order: %(kind)s"))


@asks
def edit_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Another version of a draft."""
    order = _draft_of(request, pk)
    cohort = chosen_cohort(request)
    people = candidates(order.kind, cohort=cohort, draft=order)
    form = DraftForm(posted(request), kind=order.kind, people=people, initial=terms_of(order))
    if form.is_valid():
        changed = carried_out(
            form, change_draft, order=order, people=form.listed(), by=request.user, **form.order_terms()
        )
        if changed:
            messages.success(request, _("The draft is stored. Nobody is moved before it is signed."))
            return redirect(SHOW, pk)
    return _draft_form(register, request, form, order.kind, cohort, title=_("Change the draft: %(kind)s"), order=order)


def _draft_form(
    register: ModelAdmin,  # type: ignore[type-arg]
    request: HttpRequest,
    form: DraftForm,
    kind: str,
    cohort: Cohort | None,
    *,
    title: str,
    order: Order | None = None,
) -> HttpResponse:
    return page(
        register,
        request,
        "order/draft.html",
        title=title % {"kind": OrderKind(kind).label},
        form=form,
        kind=kind,
        hint=HINTS[OrderKind(kind)],
        chosen=cohort,
        cohorts=cohorts_to_choose(kind),
        is_cut=len(form.candidates) >= MOST,
        by_request=kind in REQUESTED,
        order=order,
    )


def shown(order: Order) -> dict[str, Any]:
    """What the page of an order shows, and what its state allows."""
    labels, states = dict(OrderState.choices), dict(EnrolmentState.choices)
    return {
        "order": order,
        "lines": [
            {
                "line": line,
                "happens": what_happens(order, line) if order.is_draft else "",
                "from": states.get(line.from_state, ""),
                "to": states.get(line.to_state, ""),
            }
            for line in lines_of(order)
        ],
        "is_draft": order.is_draft,
        "can_cancel": order.can_move(OrderState.CANCELLED) and order.kind != OrderKind.CANCELLATION,
        "has_paper": order.state != OrderState.DISCARDED,
        "cancelled_by": Order.objects.filter(cancels=order).first(),
        "trail": [
            {"entry": entry, "from": labels.get(entry.from_state, ""), "to": labels.get(entry.to_state, "")}
            for entry in order.audit_trail()
        ],
    }


def _by_line(lines: list[OrderLine], complaints: list[Complaint]) -> list[tuple[OrderLine, list[str]]]:
    """Each line with the sentences of what is against it."""
    return [(line, [c.about(line) for c in complaints if line in c.lines]) for line in lines]


@asks
def sign_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """What signing will do to whom, who does not fit and why; then the signing."""
    order = get_object_or_404(orders(request), pk=pk)
    form = ConfirmForm(posted(request))
    if form.is_valid() and (signed := carried_out(form, sign_order, order=order, by=request.user)):
        done = _("The order %(order)s is signed. People: %(count)s.")
        messages.success(request, done % {"order": signed, "count": signed.lines.count()})
        return redirect(SHOW, pk)
    lines = lines_of(order)
    complaints = complaints_about(order, lines) if order.is_draft else []
    return page(
        register,
        request,
        "order/sign.html",
        title=_("Sign the order"),
        form=form,
        order=order,
        rows=[(line, [what_happens(order, line)], against) for line, against in _by_line(lines, complaints)],
        general=[complaint.refusal.sentence for complaint in complaints if not complaint.lines],
        unfit=len({line for complaint in complaints for line in complaint.lines}),
        fits=order.is_draft and not complaints,
    )


@asks
def discard_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """A draft that is not wanted."""
    order = get_object_or_404(orders(request), pk=pk)
    form = ConfirmForm(posted(request))
    if form.is_valid() and carried_out(form, discard_draft, order=order, by=request.user):
        messages.success(request, _("The draft is discarded; its number is free again."))
        return redirect("admin:enrollment_order_changelist")
    return page(register, request, "order/discard.html", title=_("Discard the draft"), form=form, order=order)


@asks
def cancel_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """What goes back when a signed order is cancelled; then the order that cancels it."""
    order = get_object_or_404(orders(request), pk=pk)
    form = CancelOrderForm(posted(request))
    if form.is_valid() and (by := carried_out(form, cancel_order, order=order, by=request.user, **form.cleaned_data)):
        messages.success(request, _("The order is cancelled by the order %(order)s.") % {"order": by})
        return redirect(SHOW, by.pk)
    lines = lines_of(order)
    in_force = order.state == OrderState.SIGNED and order.kind != OrderKind.CANCELLATION
    undoing = Order(kind=OrderKind.CANCELLATION, cancels=order, date=timezone.localdate(), signatory=order.signatory)
    complaints = complaints_about(undoing, lines, terms=False) if in_force else []
    return page(
        register,
        request,
        "order/cancel.html",
        title=_("Cancel the order"),
        form=form,
        order=order,
        rows=[(line, what_goes_back(line), against) for line, against in _by_line(lines, complaints)],
        in_force=in_force,
        fits=in_force and not complaints,
    )


@require_safe
def paper_file(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """The paper: of a signed order from its snapshot, of a draft as it would be printed, marked as a draft."""
    order = get_object_or_404(orders(request).exclude(state=OrderState.DISCARDED), pk=pk)
    if order.snapshot is None:
        content = render_order(take_snapshot(order, lines_of(order)), draft=True)
    else:
        content = render_order(order.snapshot)
    return pdf_response(content, f"{order.number} {order.date:%Y-%m-%d}.pdf")


def pdf_response(content: bytes, filename: str) -> HttpResponse:
    """A PDF to keep; its name without what a file's name cannot hold."""
    name = "".join("-" if character in '/\\:*?"<>|' else character for character in filename)
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name),
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)
