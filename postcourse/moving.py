"""The pages that move and cancel a consultation, the same for its consultant and for administrators."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.forms import Form
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from core.errors import DomainError
from postcourse import consultations, offers
from postcourse.diary import local
from postcourse.forms import CancelForm, DayForm, MoveForm
from postcourse.models import Consultation


@dataclass(frozen=True)
class Page:
    """What a page answers: done, or the context to show and the status to show it with."""

    done: bool = False
    context: dict[str, Any] = field(default_factory=dict)
    status: int = 200


def move_page(request: HttpRequest, consultation: Consultation) -> Page:
    """Move to the posted hour; or the hours of the day asked for (`?day=2026-10-15`), free ones to choose from."""
    form = MoveForm(_posted(request), initial={"sequence": consultation.sequence})
    if request.method == "POST":
        status = _carry_out(form, lambda: _move(request, consultation, form))
        if status == 0:
            return Page(done=True)
        # What stands now, for the person to look at again.
        consultation.refresh_from_db(fields=["state", "starts_at", "sequence"])
        day_form = DayForm({"day": request.POST.get("day")}, period=consultation.plan.period)
        return Page(context=_week(consultation, day_form) | {"form": form}, status=status)
    day_form = DayForm(request.GET, period=consultation.plan.period)
    return Page(context=_week(consultation, day_form) | {"form": form}, status=200 if day_form.is_valid() else 422)


def cancel_page(request: HttpRequest, consultation: Consultation) -> Page:
    """Cancel with the posted reason; or the form that asks for it."""
    form = CancelForm(_posted(request))
    if request.method == "POST":
        status = _carry_out(form, lambda: _cancel(request, consultation, form))
        return Page(done=status == 0, context={"form": form, "consultation": consultation}, status=status)
    return Page(context={"form": form, "consultation": consultation})


def _posted(request: HttpRequest) -> QueryDict | None:
    """What was posted, also when it is empty; None when nothing was."""
    return request.POST if request.method == "POST" else None


def _carry_out(form: Form, verb: Callable[[], Consultation]) -> int:
    """Do what a form asks; 0 when done, else the status of the page that shows the form with its errors."""
    if not form.is_valid():
        return 422
    try:
        verb()
    except DomainError as refusal:
        form.add_error(None, refusal.sentence)
        return refusal.status
    return 0


def _move(request: HttpRequest, consultation: Consultation, form: MoveForm) -> Consultation:
    return consultations.move(
        consultation=consultation,
        starts_at=form.starts_at,
        by=request.user,
        reason=form.cleaned_data["reason"],
        sequence=form.cleaned_data["sequence"],
    )


def _cancel(request: HttpRequest, consultation: Consultation, form: CancelForm) -> Consultation:
    return consultations.cancel(consultation=consultation, by=request.user, reason=form.cleaned_data["reason"])


def _week(consultation: Consultation, day_form: DayForm) -> dict[str, Any]:
    """The week around the chosen day, by default the consultation's own, and that day's hours."""
    period, today = consultation.plan.period, local(timezone.now()).date()
    present = min(max(local(consultation.starts_at).date(), today, period.starts_on), period.ends_on)
    chosen: date = (day_form.is_valid() and day_form.cleaned_data["day"]) or present
    days = offers.week(consultation, chosen)
    monday = days[0].day
    earlier, later = monday - timedelta(days=3), monday + timedelta(days=7)  # the Friday before, the Monday after
    return {
        "consultation": consultation,
        "day_form": day_form,
        "days": days,
        "chosen": offers.on(consultation, chosen, days),
        "earlier": earlier if earlier in period and monday > today else None,
        "later": later if later in period else None,
        "history": list(consultation.reschedules.select_related("by")),
    }
