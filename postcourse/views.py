"""Pages of consultations: the consultant's, the listener's, and both calendar files."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.calendars import calendar_response
from core.errors import DomainError, Refused
from postcourse import consultations, moving
from postcourse.agenda import agenda
from postcourse.calendars import calendar
from postcourse.forms import SequenceForm
from postcourse.models import Consultation, ConsultationQuerySet, SupportPlan

RECENT = 20


def _given(request: HttpRequest) -> ConsultationQuerySet:
    return Consultation.objects.visible_to(request.user).given_by(request.user).with_people()


def _received(request: HttpRequest) -> ConsultationQuerySet:
    return Consultation.objects.visible_to(request.user).received_by(request.user).with_people()


def _consultant_page(request: HttpRequest, *, refusal: DomainError | None = None) -> HttpResponse:
    given = _given(request)
    context = {
        "agenda": agenda(given.occupying(), timezone.now()),
        "recent": list(given.over()[:RECENT]),
        "refusal": refusal,
    }
    status = refusal.status if refusal else 200
    return render(request, "postcourse/consultation_list.html", context, status=status)


@require_safe
def consultation_list(request: HttpRequest) -> HttpResponse:
    """What the signed-in trainer consults on: proposals first, then what is agreed, by weeks."""
    return _consultant_page(request)


def _act(request: HttpRequest, pk: int, verb: Callable[..., Consultation], done: str, **more: Any) -> HttpResponse:
    """Let the signed-in trainer do one thing with a consultation of theirs; a refusal is shown above the list."""
    consultation = get_object_or_404(_given(request), pk=pk)
    try:
        verb(consultation=consultation, by=request.user, **more)
    except DomainError as refusal:
        return _consultant_page(request, refusal=refusal)
    messages.success(request, done % {"listener": consultation.listener})
    return redirect("consultation_list")


@require_POST
def consultation_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to the proposed time."""
    form = SequenceForm(request.POST)
    if not form.is_valid():
        return _consultant_page(request, refusal=Refused(_("The form could not be read. Please try again.")))
    done = _("Confirmed: the consultation with %(listener)s.")
    return _act(request, pk, consultations.confirm, done, **form.cleaned_data)


@require_POST
def consultation_confirm_all(request: HttpRequest) -> HttpResponse:
    """Agree to every proposed time that is still to come."""
    count = consultations.confirm_all(consultant=request.user, by=request.user)
    messages.success(request, _("Consultations confirmed: %(count)s.") % {"count": count})
    return redirect("consultation_list")


@require_POST
def consultation_held(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that it took place."""
    return _act(request, pk, consultations.mark_held, _("Noted: the consultation with %(listener)s was held."))


@require_POST
def consultation_missed(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the listener did not come."""
    return _act(request, pk, consultations.mark_missed, _("Noted: %(listener)s did not come."))


@require_http_methods(["GET", "HEAD", "POST"])
def consultation_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose another hour: free ones of a day, and for the others what takes them."""
    consultation = get_object_or_404(_given(request), pk=pk)
    page = moving.move_page(request, consultation)
    if page.done:
        messages.success(request, _("The consultation has a new time; the listener is told."))
        return redirect("consultation_list")
    return render(request, "postcourse/consultation_move.html", page.context, status=page.status)


@require_http_methods(["GET", "HEAD", "POST"])
def consultation_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call it off, with a reason."""
    consultation = get_object_or_404(_given(request), pk=pk)
    page = moving.cancel_page(request, consultation)
    if page.done:
        messages.success(request, _("The consultation is cancelled; the listener is told."))
        return redirect("consultation_list")
    return render(request, "postcourse/consultation_cancel.html", page.context, status=page.status)


@require_safe
def consultation_calendar(request: HttpRequest) -> HttpResponse:
    """The trainer's consultations as a calendar file."""
    return _calendar_file(_given(request), name=_("Consultations I give"))


@require_safe
def my_consultations(request: HttpRequest) -> HttpResponse:
    """The signed-in listener's consultations."""
    received = _received(request)
    context = {
        "plans": SupportPlan.objects.visible_to(request.user).of_listener(request.user),
        "ahead": list(received.ahead()),
        "behind": list(received.behind()),
    }
    return render(request, "postcourse/my_consultations.html", context)


@require_safe
def my_consultation_calendar(request: HttpRequest) -> HttpResponse:
    """The listener's consultations as a calendar file."""
    return _calendar_file(_received(request), name=_("My consultations"))


def _calendar_file(consultations: ConsultationQuerySet, *, name: str) -> HttpResponse:
    return calendar_response(calendar(consultations.lately(), name=name), filename="consultations.ics")
