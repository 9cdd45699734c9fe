"""Sittings of the commission in the panel: plan one, place listeners, move, call off. Points are not shown here."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from assessment.blindness import visible_points
from assessment.defence_forms import ReasonForm, SittingForm
from assessment.models import Defence, DefenceState, Sitting
from assessment.sheet import read_sheet
from assessment.sittings import call_off_defence, call_off_sitting, free_slots, move_defence, place, plan_sitting
from core.admin import ReadOnlyAdmin
from core.errors import DomainError
from enrollment.models import Cohort, Enrolment
from enrollment.posting import carried_out, posted, status_of
from programs.models import Criterion

asks = require_http_methods(["GET", "HEAD", "POST"])
SHOW = "admin:assessment_sitting_change"


def _render(register: ModelAdmin, request: HttpRequest, template: str, status: int = 200, **context: Any):  # type: ignore[type-arg,no-untyped-def]
    shared = register.admin_site.each_context(request) | {"opts": register.opts}
    return render(request, f"admin/assessment/{template}", shared | context, status=status)


@asks
def plan_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """A new sitting of a cohort."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user).select_related("edition"), pk=pk)
    form = SittingForm(posted(request))
    if form.is_valid() and (made := carried_out(form, plan_sitting, cohort=cohort, by=request.user, **form.sitting())):
        messages.success(request, _("The sitting is planned. Now place the listeners."))
        return redirect(SHOW, made.pk)
    return _render(
        register, request, "sitting_plan.html", status_of(form), title=_("New sitting"), cohort=cohort, form=form
    )


def _sitting(request: HttpRequest, pk: str | int) -> Sitting:
    sittings = Sitting.objects.visible_to(request.user).select_related("cohort__rubric", "cohort__edition", "room")
    return get_object_or_404(sittings.prefetch_related("examiners__member"), pk=pk)


def _without_defence(sitting: Sitting) -> list[Enrolment]:
    """Who waits for a decision and has no defence yet."""
    return [row.enrolment for row in read_sheet(sitting.cohort).pending if row.defence is None]


def show_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """A sitting: its slots, who has none yet, and what can be done."""
    sitting = _sitting(request, pk)
    defences = list(
        sitting.defences.live()
        .select_related("attempt__enrolment__listener")
        .prefetch_related("given__examiner__member", "given__criterion")
    )
    free = free_slots(sitting, 3)
    criteria = [c for c in sitting.cohort.rubric.criteria.all() if c.at_defence]
    rows = [(defence, _told(defence, criteria, request)) for defence in defences]
    return _render(
        register,
        request,
        "sitting_show.html",
        title=str(sitting),
        sitting=sitting,
        cohort=sitting.cohort,
        rows=rows,
        free=free,
        waiting=_without_defence(sitting),
        reason=ReasonForm(),
        is_planned=sitting.state == "planned",
    )


def _told(defence: Defence, criteria: Sequence[Criterion], request: HttpRequest) -> str:
    """What came out, as far as an administrator may see it: nothing before it is settled."""
    if defence.state != DefenceState.SETTLED:
        return defence.grounds
    came = ", ".join(str(defence.points[c.code]) for c in criteria)
    each = ", ".join(str(one.points) for one in visible_points(defence, request.user))
    return f"{came} ({each})"


def _then(request: HttpRequest, back: Sitting, verb: Any, done: str, **arguments: Any) -> HttpResponse:
    try:
        verb(by=request.user, **arguments)
        messages.success(request, done)
    except DomainError as refusal:
        messages.error(request, refusal.sentence)
    return redirect(SHOW, back.pk)


@require_POST
def place_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Give everybody ticked the next free slots."""
    sitting = _sitting(request, pk)
    chosen = set(request.POST.getlist("people"))
    people = [one for one in _without_defence(sitting) if str(one.pk) in chosen]
    return _then(request, sitting, place, _("Placed: %(n)s.") % {"n": len(people)}, sitting=sitting, enrolments=people)


@require_POST
def act_on_defence(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a defence to a free slot, or call it off with a reason."""
    defence = get_object_or_404(Defence.objects.visible_to(request.user).select_related("sitting"), pk=pk)
    sitting = _sitting(request, defence.sitting_id)
    slots = {slot.isoformat(): slot for slot in free_slots(sitting, 3)}
    if slot := slots.get(request.POST.get("slot", "")):
        return _then(request, sitting, move_defence, _("The defence is moved."), defence=defence, starts_at=slot)
    reason = request.POST.get("reason", "")
    return _then(request, sitting, call_off_defence, _("The defence is called off."), defence=defence, reason=reason)


@require_POST
def cancel_sitting(request: HttpRequest, pk: int) -> HttpResponse:
    """Call the whole sitting off."""
    sitting, reason = _sitting(request, pk), request.POST.get("reason", "")
    return _then(request, sitting, call_off_sitting, _("The sitting is called off."), sitting=sitting, reason=reason)


@admin.register(Sitting)
class SittingAdmin(ReadOnlyAdmin):
    list_display = ["starts_at", "cohort", "state", "room", "placed", "judged", "disputed"]
    list_filter = ["state", "cohort"]
    list_select_related = ["cohort", "room"]
    date_hierarchy = "starts_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sitting]:
        live = ~Q(defences__state=DefenceState.CANCELLED) & Q(defences__isnull=False)
        concluded = Q(defences__state__in=[DefenceState.SETTLED, DefenceState.NO_SHOW, DefenceState.BREACH])
        return (
            super()
            .get_queryset(request)
            .annotate(
                placed_count=Count("defences", filter=live, distinct=True),
                judged_count=Count("defences", filter=concluded, distinct=True),
                disputed_count=Count("defences", filter=Q(defences__state=DefenceState.DISPUTED), distinct=True),
            )
        )

    @admin.display(description=gettext_lazy("listeners"))
    def placed(self, sitting: Any) -> int:
        return int(sitting.placed_count)

    @admin.display(description=gettext_lazy("judged"))
    def judged(self, sitting: Any) -> int:
        return int(sitting.judged_count)

    @admin.display(description=gettext_lazy("waits for the chair"))
    def disputed(self, sitting: Any) -> int:
        return int(sitting.disputed_count)

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        """The sitting's own page."""
        if not object_id.isdecimal() or len(object_id) > 18:
            return super().change_view(request, object_id, form_url, extra_context)
        return show_page(request, int(object_id), register=self)

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path(
                "plan/<int:pk>/",
                guard(lambda request, pk: plan_page(request, pk, register=self)),
                name="assessment_sitting_plan",
            ),
            path("<int:pk>/place/", guard(place_all), name="assessment_sitting_place"),
            path("<int:pk>/cancel/", guard(cancel_sitting), name="assessment_sitting_cancel"),
            path("defence/<int:pk>/", guard(act_on_defence), name="assessment_defence_act"),
            *super().get_urls(),
        ]
