"""Appeals: the listener's page, the commission's pages, and the papers."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessment.appeal_forms import AppealForm, DecisionForm
from assessment.appealing import appeal_until, decide_appeal, file_appeal, take_back, why_not
from assessment.models import Appeal, AppealPaper, AppealState, Outcome
from core.errors import DomainError
from core.private_files import sent
from enrollment.models import Body, CommissionMember
from enrollment.posting import carried_out, posted, posted_files, status_of

asks = require_http_methods(["GET", "HEAD", "POST"])


def _own_outcome(request: HttpRequest, pk: int) -> Outcome:
    own = Outcome.objects.visible_to(request.user).filter(attempt__enrolment__listener__user=request.user)
    return get_object_or_404(
        own.select_related("protocol", "band", "attempt__enrolment__cohort__edition", "appeal"), pk=pk
    )


@never_cache
@asks
def my_appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """A listener files an appeal against an outcome, and follows it."""
    outcome = _own_outcome(request, pk)
    appeal = getattr(outcome, "appeal", None)
    refusal = why_not(outcome, timezone.localdate())
    form = AppealForm(posted(request), posted_files(request))
    if appeal is None and form.is_valid():
        filed = carried_out(form, file_appeal, outcome=outcome, by=request.user, **form.cleaned_data)
        if filed:
            messages.success(request, _("Your appeal is filed. You get a letter when it is decided."))
            return redirect("my_appeal", pk=pk)
    context = {
        "outcome": outcome,
        "appeal": appeal,
        "trail": list(appeal.audit_trail()) if appeal else [],
        "until": appeal_until(outcome),
        "refusal": refusal,
        "form": form,
    }
    status = status_of(form) if request.method == "POST" else 200
    return render(request, "assessment/my_appeal.html", context, status=status)


@require_POST
def my_appeal_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the appeal back while nobody has decided it."""
    outcome = _own_outcome(request, pk)
    appeal = get_object_or_404(Appeal.objects.visible_to(request.user), outcome=outcome)
    try:
        take_back(appeal=appeal, by=request.user)
        messages.success(request, _("Your appeal is taken back."))
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
    return redirect("my_appeal", pk=pk)


def _to_decide(request: HttpRequest) -> QuerySet[Appeal]:
    """Those before a commission in which this person sits, or all for administrators."""
    visible = Appeal.objects.visible_to(request.user)
    if not request.user.is_administrator:
        visible = visible.exclude(outcome__attempt__enrolment__listener__user=request.user)
    return visible.select_related(
        "outcome__protocol", "outcome__band", "outcome__attempt__enrolment__listener", "correction",
        "outcome__attempt__enrolment__cohort__edition", "outcome__attempt__enrolment__cohort__rubric",
    ).prefetch_related("papers", "members")  # fmt: skip


@never_cache
@require_safe
def appeal_list(request: HttpRequest) -> HttpResponse:
    """Appeals before my commission: those that wait first."""
    appeals = sorted(_to_decide(request), key=lambda one: (one.state != AppealState.FILED, one.filed_at))
    return render(request, "assessment/appeal_list.html", {"appeals": appeals})


@never_cache
@asks
def appeal_show(request: HttpRequest, pk: int) -> HttpResponse:
    """One appeal with what was decided before, and the chair's decision."""
    appeal = get_object_or_404(_to_decide(request), pk=pk)
    serving = list(CommissionMember.objects.serving_on(timezone.localdate(), Body.ATTESTATION))
    form = DecisionForm(posted(request), initial={"members": [member.pk for member in serving]})
    if form.is_valid() and carried_out(form, decide_appeal, appeal=appeal, by=request.user, **form.cleaned_data):
        messages.success(request, _("The appeal is decided. The listener gets a letter."))
        return redirect("appeal_show", pk=pk)
    outcome = appeal.outcome
    criteria = list(outcome.attempt.enrolment.cohort.rubric.criteria.all())
    context = {
        "appeal": appeal,
        "outcome": outcome,
        "points": [(criterion, outcome.points.get(criterion.code)) for criterion in criteria],
        "trail": list(appeal.audit_trail()),
        "is_chair": any(one.is_chair and one.user_id == request.user.pk for one in serving),
        "form": form,
    }
    return render(request, "assessment/appeal_show.html", context, status=status_of(form))


@never_cache
@require_safe
def appeal_paper(request: HttpRequest, pk: int) -> FileResponse:
    """A paper of an appeal, for the listener, the commission and administrators."""
    paper = get_object_or_404(AppealPaper, pk=pk, appeal__in=Appeal.objects.visible_to(request.user))
    return sent(paper)
