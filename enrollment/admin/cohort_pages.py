"""The steps of a cohort as pages: move it on, admit, enrol by an order, invite, cancel; and one person's way out."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin, site
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from enrollment import cohorts
from enrollment.admin.lists import AutocompleteSeveral
from enrollment.admin.pages import cohort_of, for_people_to_come, page, refused
from enrollment.admission import admit, withdraw
from enrollment.forms import AdmitForm, OrderForm, ReasonForm
from enrollment.hub import STEPS, orders_of
from enrollment.inviting import Invitations, invite_listeners
from enrollment.models import SEATED, Cohort, Enrolment, EnrolmentState, Order
from enrollment.order_candidates import DRAFTED
from enrollment.order_words import HINTS
from enrollment.ordering import enrol
from enrollment.posting import carried_out, posted

asks = require_http_methods(["GET", "HEAD", "POST"])
HUB = "admin:enrollment_cohort_change"


@require_POST
def move_page(request: HttpRequest, pk: int, verb: str, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Carry out one of the steps that need nothing but a click."""
    step = STEPS.get(verb)
    if step is None or step.verb is None:
        raise Http404
    cohort = cohort_of(request, pk)
    try:
        step.verb(cohort=cohort, by=request.user)
    except DomainError as refusal:
        return refused(register, request, cohort, refusal, step.label)
    messages.success(
        request, _("The cohort %(code)s is now: %(state)s.") % {"code": cohort, "state": cohort.get_state_display()}
    )
    return redirect(HUB, pk)


@asks
def cancel_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Cancel the cohort, with the reason."""
    cohort = cohort_of(request, pk)
    form = ReasonForm(posted(request))
    if form.is_valid() and carried_out(form, cohorts.cancel, cohort=cohort, by=request.user, **form.cleaned_data):
        messages.success(request, _("The cohort %(code)s is cancelled.") % {"code": cohort})
        return redirect(HUB, pk)
    warning = _("Everybody who is in it leaves with the same reason. This cannot be undone.")
    return page(
        register, request, "cohort/reason.html", title=STEPS["cancel"].label, form=form, cohort=cohort, warning=warning
    )


@asks
@for_people_to_come("admit")
def admit_page(request: HttpRequest, cohort: Cohort, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Give places to people of the register."""
    form = AdmitForm(posted(request))
    people: Any = form.fields["listeners"]
    people.widget = AutocompleteSeveral(Enrolment._meta.get_field("listener"), site, choices=people.choices)
    if form.is_valid():
        listeners = form.cleaned_data["listeners"].order_by("sort_key")
        if admitted := carried_out(form, admit, cohort=cohort, listeners=listeners, by=request.user):
            messages.success(request, _("People with a place in the cohort now: %(count)s.") % {"count": len(admitted)})
            return redirect(HUB, cohort.pk)
    return page(register, request, "cohort/admit.html", title=STEPS["admit"].label, form=form, cohort=cohort)


@asks
@for_people_to_come("enrol")
def enrol_page(request: HttpRequest, cohort: Cohort, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Enrol the admitted by an order, and send them letters when that is ticked."""
    admitted = list(cohort.enrolments.filter(state=EnrolmentState.ADMITTED).by_name().select_related("agreement"))
    form = OrderForm(posted(request), admitted=admitted)
    if form.is_valid():
        enrolled = form.chosen()
        order = carried_out(
            form,
            enrol,
            enrolments=enrolled,
            number=form.cleaned_data["order_no"],
            date=form.cleaned_data["order_date"],
            backdating_reason=form.cleaned_data["backdating_reason"],
            by=request.user,
        )
        if order:
            messages.success(request, _enrolled(order, len(enrolled)))
            if form.cleaned_data["invite"]:
                tell(request, invite_listeners(enrolments=enrolled, by=request.user))
            return redirect(HUB, cohort.pk)
    ready = {pk for pk, enrolment in form.admitted.items() if enrolment.has_agreement}
    ticked = set(request.POST.getlist("people")) if form.is_bound else ready
    return page(
        register,
        request,
        "cohort/enrol.html",
        title=STEPS["enrol"].label,
        form=form,
        cohort=cohort,
        admitted=admitted,
        ticked=ticked,
        without_agreement=len(admitted) - len(ready),
    )


@require_safe
def orders_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """The orders of a cohort: begin one for its people, or look at those that are there."""
    cohort = cohort_of(request, pk)
    kinds = [(kind, kind.label, HINTS[kind]) for kind in DRAFTED]
    orders = orders_of(Enrolment.objects.visible_to(request.user).filter(cohort=cohort))
    return page(
        register, request, "order/kinds.html", title=STEPS["orders"].label, kinds=kinds, cohort=cohort, orders=orders
    )


@asks
def invite_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Letters to everybody of the cohort who cannot sign in yet."""
    cohort = cohort_of(request, pk)
    people = list(cohort.enrolments.filter(state__in=SEATED).by_name().select_related("listener__user"))
    if request.method == "POST":
        tell(request, invite_listeners(enrolments=people, by=request.user))
        return redirect(HUB, pk)
    waiting = [e for e in people if not (e.listener.user and e.listener.user.has_usable_password())]
    return page(register, request, "cohort/invite.html", title=STEPS["invite"].label, cohort=cohort, waiting=waiting)


@asks
def withdraw_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """One person leaves the cohort, with the reason."""
    enrolments = Enrolment.objects.visible_to(request.user).select_related("cohort", "listener")
    enrolment = get_object_or_404(enrolments, pk=pk)
    form = ReasonForm(posted(request))
    if form.is_valid() and carried_out(form, withdraw, enrolment=enrolment, by=request.user, **form.cleaned_data):
        messages.success(request, _("%(name)s has left the cohort.") % {"name": enrolment.listener})
        return redirect(HUB, enrolment.cohort_id)
    title = _("Withdraw %(name)s") % {"name": enrolment.listener}
    warning = _("The place becomes free and goes to the waiting list. The person comes back only by a new application.")
    return page(
        register, request, "cohort/reason.html", title=title, form=form, cohort=enrolment.cohort, warning=warning
    )


def _enrolled(order: Order, count: int) -> str:
    """What was done, with the ways to the order and its paper."""
    return format_html(
        '{} <a href="{}">{}</a> · <a href="{}">PDF</a>',
        _("Enrolled by the order: %(count)s.") % {"count": count},
        reverse("admin:enrollment_order_change", args=[order.pk]),
        str(order),
        reverse("admin:enrollment_order_paper", args=[order.pk]),
    )


def tell(request: HttpRequest, invitations: Invitations) -> None:
    """Say what became of the invitations."""
    if invitations.invited:
        messages.success(request, _("Letters on their way: %(count)s.") % {"count": len(invitations.invited)})
    if invitations.linked:
        messages.success(
            request, _("An account they already had is now theirs as listeners too: %(names)s.")
            % {"names": _names(invitations.linked)}
        )  # fmt: skip
    if invitations.without_email:
        messages.warning(
            request, _("No e-mail, so no letter: %(names)s.") % {"names": _names(invitations.without_email)}
        )
    for sentence in invitations.refused:
        messages.error(request, sentence)
    if not any((invitations.invited, invitations.linked, invitations.without_email, invitations.refused)):
        messages.info(request, _("Everybody has an account or a letter already."))


def _names(listeners: list) -> str:  # type: ignore[type-arg]
    names = [str(listener) for listener in listeners]
    return ", ".join(names[:20]) + (" …" if len(names) > 20 else "")
