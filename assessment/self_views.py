"""Self-assessment: the listener's two checklists as one picture, the form, and what a cohort's trainers see."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessment.models import Checklist, SelfAssessment
from assessment.self_assessing import (
    ENTRY,
    EXIT,
    answer_checklist,
    checklist_of,
    seen_by,
    stands,
)
from assessment.self_assessing import set_privacy as keep_privacy
from assessment.self_forms import MEANINGS, ChecklistForm
from assessment.self_pictures import FEWEST
from assessment.self_reading import drawn, mean_picture, not_answered
from enrollment.models import Cohort, Enrolment
from enrollment.posting import carried_out, posted, status_of

asks = require_http_methods(["GET", "HEAD", "POST"])


def _own(request: HttpRequest, pk: int) -> Enrolment:
    own = Enrolment.objects.visible_to(request.user).filter(listener__user=request.user)
    return get_object_or_404(own.select_related("cohort__edition", "listener", "order"), pk=pk)


def _given(enrolment: Enrolment) -> list[SelfAssessment]:
    return list(enrolment.self_assessments.select_related("checklist").order_by("pk"))


@never_cache
@require_safe
def my_self_assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """Both checklists as one picture, and what can be answered now."""
    enrolment = _own(request, pk)
    given = _given(enrolment)
    checklist = checklist_of(enrolment, given)
    context = {
        "enrolment": enrolment,
        "stands": stands(enrolment, given, timezone.localdate()),
        "picture": drawn(checklist, given) if checklist and given else None,
        "is_private": any(one.is_private for one in given),
        "given": given,
        "has_checklist": checklist is not None,
    }
    return render(request, "assessment/my_self_assessment.html", context)


@never_cache
@asks
def my_checklist(request: HttpRequest, pk: int, moment: str) -> HttpResponse:
    """The checklist to be answered, or changed while it is open."""
    enrolment = _own(request, pk)
    given = _given(enrolment)
    checklist = checklist_of(enrolment, given)
    if checklist is None or moment not in (ENTRY, EXIT):
        raise Http404
    before = next((one for one in given if one.moment == moment), None)
    private = any(one.is_private for one in given)
    form = ChecklistForm(posted(request), competences=checklist.competences.all(), given=before, is_private=private)
    if form.is_valid() and carried_out(
        form, answer_checklist, enrolment=enrolment, moment=moment, by=request.user, **form.answer()
    ):
        messages.success(request, _("Your answers are stored."))
        return redirect("my_self_assessment", pk=pk)
    stand = next(one for one in stands(enrolment, given, timezone.localdate()) if one.moment == moment)
    context = {"enrolment": enrolment, "form": form, "stand": stand, "meanings": MEANINGS.items()}
    return render(request, "assessment/my_checklist.html", context, status=status_of(form))


@require_POST
def my_self_assessment_privacy(request: HttpRequest, pk: int) -> HttpResponse:
    """Make both answers private, or not any more."""
    keep_privacy(enrolment=_own(request, pk), is_private=request.POST.get("private") == "1", by=request.user)
    messages.success(request, _("Stored."))
    return redirect("my_self_assessment", pk=pk)


@never_cache
@require_safe
def cohort_self_assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """Who of a cohort has answered, each person's picture, and the mean of at least five."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user).select_related("edition"), pk=pk)
    answers = seen_by(request.user, cohort)
    checklists = {
        one.pk: one for one in Checklist.objects.filter(answers__in=answers).distinct().prefetch_related("competences")
    }
    people: dict[int, list[SelfAssessment]] = {}
    for one in answers:
        people.setdefault(one.enrolment_id, []).append(one)
    rows = [(given[0].enrolment, given, drawn(checklists[given[0].checklist_id], given)) for given in people.values()]
    context = {
        "cohort": cohort,
        "rows": sorted(rows, key=lambda row: (row[0].listener.sort_key, row[0].pk)),
        "picture": mean_picture(answers, checklists),
        "fewest": FEWEST,
        "missing": not_answered(request.user, cohort, answers),
    }
    return render(request, "assessment/cohort_self_assessment.html", context)
