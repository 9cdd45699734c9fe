"""A cohort's assignments, for its trainers and administrators: the table, one assignment, and its steps."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessment import setting_tasks
from assessment.models import Assignment, AssignmentState
from assessment.standard_set import set_up_standard
from assessment.work_forms import AssignmentForm, ScheduleForm, as_initial
from assessment.work_list import read_table
from core.errors import DomainError
from enrollment.models import Cohort
from enrollment.posting import carried_out, posted, status_of

asks = require_http_methods(["GET", "HEAD", "POST"])


def _cohort(request: HttpRequest, pk: int) -> Cohort:
    """The cohort, if this person teaches or administers it; otherwise 404."""
    cohorts = Cohort.objects.visible_to(request.user).select_related("edition", "rubric")
    return get_object_or_404(cohorts if request.user.is_administrator else cohorts.filter(trainers=request.user), pk=pk)


def _assignment(request: HttpRequest, pk: int) -> Assignment:
    """The assignment, if this person teaches or administers its cohort; otherwise 404."""
    visible = Assignment.objects.visible_to(request.user)
    mine = visible if request.user.is_administrator else visible.filter(cohort__trainers=request.user)
    return get_object_or_404(
        mine.select_related("cohort__edition", "cohort__rubric", "module", "criterion").prefetch_related("materials"),
        pk=pk,
    )


@never_cache
@require_safe
def cohort_work(request: HttpRequest, pk: int) -> HttpResponse:
    """The assignments of a cohort: due when, handed in by how many, how many wait for an answer."""
    return render(request, "assessment/cohort_work.html", {"table": read_table(_cohort(request, pk))})


@never_cache
@asks
def assignment_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Draft another assignment."""
    cohort = _cohort(request, pk)
    form = AssignmentForm(posted(request), cohort=cohort)
    if form.is_valid() and carried_out(
        form, setting_tasks.draft_assignment, cohort=cohort, task=form.task(), by=request.user
    ):
        messages.success(request, _("The draft is stored. Listeners see the assignment once it is published."))
        return redirect("cohort_work", pk=pk)
    context = {"cohort": cohort, "assignment": None, "form": form}
    return render(request, "assessment/assignment_edit.html", context, status=status_of(form))


@never_cache
@asks
def assignment_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an assignment: a draft in everything, a published one in its dates and materials."""
    assignment = _assignment(request, pk)
    is_draft = assignment.state == AssignmentState.DRAFT
    form_class = AssignmentForm if is_draft else ScheduleForm
    form = form_class(posted(request), cohort=assignment.cohort, initial=as_initial(assignment))
    if form.is_valid() and _changed(assignment, form, request):
        messages.success(request, _("Stored."))
        return redirect("cohort_work", pk=assignment.cohort_id)
    context = {"cohort": assignment.cohort, "assignment": assignment, "form": form}
    return render(request, "assessment/assignment_edit.html", context, status=status_of(form))


def _changed(assignment: Assignment, form: Any, request: HttpRequest) -> Any:
    """The changed assignment, or None with the refusal at the form."""
    place = {"assignment": assignment, "by": request.user}
    if isinstance(form, AssignmentForm):
        return carried_out(form, setting_tasks.change_draft, task=form.task(), **place)
    return carried_out(form, setting_tasks.reschedule, **form.schedule(), **place)


@require_POST
def cohort_work_standard(request: HttpRequest, pk: int) -> HttpResponse:
    """Set up the standard assignments that the cohort lacks."""
    try:
        made = set_up_standard(cohort=_cohort(request, pk), by=request.user)
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(
            request,
            _("Drafts made: %(count)s. Look them through and publish them.") % {"count": len(made)}
            if made
            else _("The cohort has all standard assignments already."),
        )
    return redirect("cohort_work", pk=pk)


@require_POST
def cohort_work_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish every draft that can be."""
    published, refusals = setting_tasks.publish_drafts(cohort=_cohort(request, pk), by=request.user)
    if published:
        messages.success(request, _("Published: %(count)s.") % {"count": len(published)})
    for sentence in refusals:
        messages.warning(request, sentence)
    return redirect("cohort_work", pk=pk)


def _act(request: HttpRequest, pk: int, verb: Callable[..., Any], done: Callable[[], str]) -> HttpResponse:
    """Carry out one step; a refusal is said on the cohort's page."""
    assignment = _assignment(request, pk)
    try:
        verb(assignment=assignment, by=request.user)
        messages.success(request, done() % {"title": assignment.title})
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
    return redirect("cohort_work", pk=assignment.cohort_id)


@require_POST
def assignment_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the listeners see it."""
    return _act(request, pk, setting_tasks.publish, lambda: _("“%(title)s” is published."))


@require_POST
def assignment_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Take no more work on it."""
    return _act(request, pk, setting_tasks.close_assignment, lambda: _("“%(title)s” is closed."))


@require_POST
def assignment_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Take work on it again."""
    return _act(request, pk, setting_tasks.open_again, lambda: _("“%(title)s” is open again."))


@require_POST
def assignment_discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a draft away."""
    return _act(request, pk, setting_tasks.discard_draft, lambda: _("The draft “%(title)s” is discarded."))
