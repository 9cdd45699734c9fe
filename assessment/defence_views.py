"""The examiners' pages: my sittings, one defence with its points, what the chair decides."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessment.blindness import own_examiner, visible_points
from assessment.defence_forms import DisputeForm, EndingForm, ExcuseForm, GivingForm, ReasonForm, TopicForm
from assessment.examining import (
    decide_dispute,
    end_without_points,
    excuse,
    give_points,
    judged_criteria,
    name_topic,
    take_back,
)
from assessment.models import Defence, DefenceState, Examiner, Sitting, SittingState
from core.errors import DomainError
from enrollment.models import Cohort
from enrollment.posting import status_of

asks = require_http_methods(["GET", "HEAD", "POST"])


def _defences(request: HttpRequest) -> QuerySet[Defence]:
    """Those that this person judges; nobody else has these pages."""
    mine = Defence.objects.visible_to(request.user).filter(sitting__examiners__member__user=request.user)
    return mine.select_related(
        "sitting__cohort__rubric", "sitting__room", "attempt__enrolment__listener__employer"
    ).prefetch_related(
        "sitting__examiners__member",
        "sitting__cohort__rubric__criteria__levels",
        "given__examiner__member",
        "given__criterion",
    )


@never_cache
@require_safe
def cohort_defences(request: HttpRequest, pk: int) -> HttpResponse:
    """When and where the listeners of a cohort defend, for its trainers to read; nothing of how they are judged."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    sittings = Sitting.objects.visible_to(request.user).filter(cohort=cohort, state=SittingState.PLANNED)
    sittings = sittings.select_related("room").prefetch_related("defences__attempt__enrolment__listener")
    context = {"cohort": cohort, "sittings": sittings.order_by("starts_at", "pk")}
    return render(request, "assessment/cohort_defences.html", context)


@never_cache
@require_safe
def defence_list(request: HttpRequest) -> HttpResponse:
    """My sittings, the next first, each with its defences and whether I have given my points."""
    sittings = (
        Sitting.objects.visible_to(request.user)
        .filter(examiners__member__user=request.user, state=SittingState.PLANNED)
        .select_related("cohort", "room")
        .prefetch_related("examiners__member", "defences__attempt__enrolment__listener")
    )
    given = set(Examiner.objects.filter(member__user=request.user).values_list("given__defence", flat=True).distinct())
    today = timezone.localdate()
    ordered = sorted(sittings, key=lambda one: (timezone.localdate(one.starts_at) < today, one.starts_at))
    return render(request, "assessment/defence_list.html", {"sittings": ordered, "given": given})


def _neighbours(defence: Defence) -> tuple[int | None, int | None]:
    """The defences before and after in the same sitting."""
    keys = list(defence.sitting.defences.live().values_list("pk", flat=True))
    at = keys.index(defence.pk) if defence.pk in keys else 0
    return (keys[at - 1] if at > 0 else None), (keys[at + 1] if at + 1 < len(keys) else None)


def _page(request: HttpRequest, defence: Defence, *, status: int = 200, **forms_: Any) -> HttpResponse:
    examiner = own_examiner(defence, request.user)
    if examiner is None:
        raise Http404
    criteria, shown = judged_criteria(defence), visible_points(defence, request.user)
    before, after = _neighbours(defence)
    excused = {one.examiner_id: one for one in defence.excuses.all()}
    context = {
        "defence": defence,
        "examiner": examiner,
        "criteria": criteria,
        "shown": shown,
        "mine": [one for one in shown if one.examiner_id == examiner.pk],
        "excused": excused,
        "before": before,
        "after": after,
        "may_give": defence.state == DefenceState.SCHEDULED and examiner.pk not in excused,
        "is_early": timezone.localdate(defence.starts_at) > timezone.localdate(),
        "giving": GivingForm(criteria=criteria),
        "dispute": DisputeForm(criteria=criteria),
        "ending": EndingForm(),
        "excusing": ExcuseForm(examiners=defence.sitting.examiners.exclude(pk__in=excused)),
        "taking_back": ReasonForm(),
        "topic": TopicForm(initial={"topic": defence.topic}),
    }
    return render(request, "assessment/defence_show.html", context | forms_, status=status)


@never_cache
@require_safe
def defence_show(request: HttpRequest, pk: int) -> HttpResponse:
    """One defence as its examiner sees it: the project, my points, and the others' once I have given mine."""
    return _page(request, get_object_or_404(_defences(request), pk=pk))


def _act(
    request: HttpRequest, pk: int, name: str, make: Callable[[Defence], forms.Form], verb: Callable[..., Any]
) -> HttpResponse:
    """Carry out what a form of the page asks; a refusal is shown at that form."""
    defence = get_object_or_404(_defences(request), pk=pk)
    form = make(defence)
    if form.is_valid():
        try:
            verb(defence, form)
        except DomainError as refusal:
            form.add_error(None, refusal.sentence)
            form.refusal_status = refusal.status  # type: ignore[attr-defined]
        else:
            messages.success(request, _("Stored."))
            return redirect("defence_show", pk=pk)
    return _page(request, get_object_or_404(_defences(request), pk=pk), status=status_of(form), **{name: form})


@require_POST
def defence_give(request: HttpRequest, pk: int) -> HttpResponse:
    """My points."""
    return _act(
        request,
        pk,
        "giving",
        lambda defence: GivingForm(request.POST, criteria=judged_criteria(defence)),
        lambda defence, form: give_points(
            defence=defence, points=form.points(), note=form.cleaned_data["note"], by=request.user
        ),
    )


@require_POST
def defence_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """The chair's decision of a dispute."""
    return _act(
        request,
        pk,
        "dispute",
        lambda defence: DisputeForm(request.POST, criteria=judged_criteria(defence)),
        lambda defence, form: decide_dispute(
            defence=defence, points=form.points(), reason=form.cleaned_data["reason"], by=request.user
        ),
    )


@require_POST
def defence_end(request: HttpRequest, pk: int) -> HttpResponse:
    """The chair notes an absence or a breach."""
    return _act(
        request,
        pk,
        "ending",
        lambda defence: EndingForm(request.POST),
        lambda defence, form: end_without_points(defence=defence, by=request.user, **form.cleaned_data),
    )


@require_POST
def defence_excuse(request: HttpRequest, pk: int) -> HttpResponse:
    """The chair excuses an examiner."""
    return _act(
        request,
        pk,
        "excusing",
        lambda defence: ExcuseForm(request.POST, examiners=defence.sitting.examiners.all()),
        lambda defence, form: excuse(defence=defence, by=request.user, **form.cleaned_data),
    )


@require_POST
def defence_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """The chair takes an absence or a breach back."""
    return _act(
        request,
        pk,
        "taking_back",
        lambda defence: ReasonForm(request.POST),
        lambda defence, form: take_back(defence=defence, by=request.user, **form.cleaned_data),
    )


@require_POST
def defence_topic(request: HttpRequest, pk: int) -> HttpResponse:
    """The topic of the project."""
    return _act(
        request,
        pk,
        "topic",
        lambda defence: TopicForm(request.POST),
        lambda defence, form: name_topic(defence=defence, by=request.user, **form.cleaned_data),
    )
