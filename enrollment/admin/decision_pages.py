"""A decision of the commission: recorded, corrected while no order rests on it, and its extract."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from enrollment.admin.order_pages import chosen_cohort, pdf_response
from enrollment.admin.pages import page
from enrollment.deciding import change_decision, record_decision
from enrollment.decision_papers import extract_of, render_extract
from enrollment.forms import DecisionForm
from enrollment.models import (
    IN_THE_BOOK,
    Body,
    Cohort,
    CohortState,
    CommissionDecision,
    CommissionMember,
    Enrolment,
    EnrolmentState,
)
from enrollment.posting import carried_out, posted

asks = require_http_methods(["GET", "HEAD", "POST"])
SHOW = "admin:enrollment_commissiondecision_change"
# Nobody decides any more about who was refused or has completed the course.
SETTLED = (EnrolmentState.REFUSED, EnrolmentState.COMPLETED, EnrolmentState.TRANSFERRED)


def _people(cohort: Cohort | None, decided: list[int]) -> list[Enrolment]:
    """Those of the chosen cohort about whom something can be decided, and those decided about already."""
    shown = Enrolment.objects.select_related("cohort", "listener__employer").order_by("listener__sort_key", "pk")
    people = list(shown.filter(pk__in=decided))
    if cohort is not None:
        people += shown.filter(cohort=cohort).exclude(state__in=SETTLED).exclude(pk__in=decided)
    return people


@asks
def record_page(request: HttpRequest, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Write down a session of the commission."""
    cohort = chosen_cohort(request)
    form = DecisionForm(posted(request), people=_people(cohort, []))
    if form.is_valid():
        decision = carried_out(form, record_decision, people=form.resolved(), by=request.user, **form.session())
        if decision:
            messages.success(request, _("The decision is recorded."))
            return redirect(SHOW, decision.pk)
    return _decision_form(register, request, form, cohort, title=_("Record a decision"))


@asks
def edit_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Correct a decision that no order rests on."""
    decision = get_object_or_404(CommissionDecision.objects.visible_to(request.user), pk=pk)
    cohort = chosen_cohort(request)
    decided = {line.enrolment_id: line for line in decision.lines.all()}
    names = ("number", "held_on", "question", "decision")
    initial = {name: getattr(decision, name) for name in names} | {"members": list(decision.members.all())}
    form = DecisionForm(posted(request), people=_people(cohort, [*decided]), decided=decided, initial=initial)
    if form.is_valid():
        changed = carried_out(
            form, change_decision, of=decision, people=form.resolved(), by=request.user, **form.session()
        )
        if changed:
            messages.success(request, _("The decision is recorded."))
            return redirect(SHOW, pk)
    return _decision_form(register, request, form, cohort, title=_("Correct the decision"), decision=decision)


def _decision_form(
    register: ModelAdmin,  # type: ignore[type-arg]
    request: HttpRequest,
    form: DecisionForm,
    cohort: Cohort | None,
    *,
    title: str,
    decision: CommissionDecision | None = None,
) -> HttpResponse:
    """The form over a new or stored decision; one that an order rests on is not offered for change."""
    open_cohorts = Cohort.objects.exclude(state__in=[CohortState.PLANNED, CohortState.CANCELLED])
    return page(
        register,
        request,
        "decision/record.html",
        title=title,
        form=form,
        decision=decision,
        is_used=decision is not None and decision.is_used,
        cohorts=open_cohorts,
        chosen=cohort,
        nobody_serves=not CommissionMember.objects.filter(body=Body.REVIEW).exists(),
    )


def shown(decision: CommissionDecision) -> dict[str, Any]:
    """What the page of a decision shows."""
    lines = decision.lines.select_related("enrolment__listener__employer", "enrolment__cohort")
    return {
        "decision": decision,
        "members": decision.members.order_by("-is_chair", "full_name"),
        "lines": lines.order_by("enrolment__listener__sort_key", "pk"),
        "orders": decision.orders.filter(state__in=IN_THE_BOOK),
        "is_used": decision.is_used,
    }


@require_safe
def extract_file(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """The extract from the minutes."""
    decision = get_object_or_404(CommissionDecision.objects.visible_to(request.user), pk=pk)
    return pdf_response(render_extract(extract_of(decision)), f"{decision.number} {decision.held_on:%Y-%m-%d}.pdf")
