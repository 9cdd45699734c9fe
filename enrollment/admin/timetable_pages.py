"""The timetable of a cohort in the admin panel: its week, one session, the generator, files."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enrollment.admin.pages import cohort_of, page
from enrollment.forms.timetable import CancelSessionForm, SessionForm
from enrollment.models import CalendarAddress, Cohort, Session
from enrollment.posting import carried_out, posted
from enrollment.timetabling import booking, exports
from enrollment.timetabling.addresses import address_of, renew_address
from enrollment.timetabling.diary import clock, local
from enrollment.timetabling.overview import Overview, monday_of, overview, week_of

asks = require_http_methods(["GET", "HEAD", "POST"])
COHORT = CalendarAddress.Kind.COHORT


def at(cohort: Cohort, day: date | None = None) -> str:
    """The address of the cohort's week page; of the week of `day` if there is one."""
    address = reverse("admin:enrollment_cohort_timetable", args=[cohort.pk])
    return f"{address}?week={monday_of(day).isoformat()}" if day else address


def asked_day(request: HttpRequest, cohort: Cohort) -> date:
    """`?week=2026-09-07`; else today while the course runs, its first day before and its last day after."""
    try:
        asked = parse_date(request.GET.get("week", ""))
    except ValueError:
        asked = None
    if asked and date(1900, 1, 8) < asked < date(9000, 1, 1):
        return asked
    return min(max(timezone.localdate(), cohort.starts_on), cohort.ends_on)


def week_context(cohort: Cohort, day: date, found: Overview) -> dict[str, Any]:
    """What the week view needs: the week, its neighbours, the bar of hours."""
    monday = monday_of(day)
    cards = [card for card in found.cards if monday_of(local(card.session.starts_at).date()) == monday]
    first, last = monday_of(cohort.starts_on), monday_of(cohort.ends_on)
    return {
        "cohort": cohort,
        "overview": found,
        "week": week_of(monday, cards, timezone.localdate(), first=cohort.starts_on, last=cohort.ends_on),
        "earlier": monday - timedelta(days=7) if monday > first else None,
        "later": monday + timedelta(days=7) if monday < last else None,
        "number": (monday - first).days // 7 + 1,
        "of": (last - first).days // 7 + 1,
    }


@require_safe
def week_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """One week of the cohort, with what is wrong and what is missing."""
    cohort = cohort_of(request, pk)
    found = overview(cohort)
    return page(
        register,
        request,
        "timetable/week.html",
        title=_("Timetable: %(cohort)s") % {"cohort": cohort},
        calendar=address_of(COHORT, cohort.pk),
        can_change=cohort.state in booking.CHANGEABLE,
        cancelled=list(cohort.sessions.filter(state="cancelled").with_place()),
        **week_context(cohort, asked_day(request, cohort), found),
    )


def session_of(request: HttpRequest, cohort: Cohort, pk: int) -> Session:
    """The session of this address, or 404."""
    return get_object_or_404(Session.objects.visible_to(request.user).with_place(), pk=pk, cohort=cohort)


def _form_page(
    register: ModelAdmin,  # type: ignore[type-arg]
    request: HttpRequest,
    form: SessionForm,
    *,
    title: object,
    check: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    session = form.session
    return page(
        register,
        request,
        "timetable/session.html",
        title=title,
        form=form,
        status=status,
        cohort=form.cohort,
        session=session,
        check=check,
        is_followed=booking.is_followed(form.cohort, timezone.localdate()),
        versions=list(session.history.select_related("history_user", "room", "trainer")[:10]) if session else [],
        back=at(form.cohort, local(session.starts_at).date() if session else None),
    )


def check_of(form: SessionForm) -> dict[str, Any]:
    """What the form would come to if it were stored: when it ends, what speaks against it, hours against the plan."""
    if not form.is_valid():
        return {"errors": form.errors}
    details = form.details()
    draft = Session(pk=form.session.pk if form.session else None, cohort=form.cohort)
    for name in booking.FIELDS:
        setattr(draft, name, getattr(details, name))
    draft.ends_at = clock().ends(details.starts_at, details.hours)
    found = overview(form.cohort, instead=draft)
    return {"card": next(card for card in found.cards if card.session is draft), "overview": found}


@asks
def session_add_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """A new session; “Check” says what would come of it."""
    cohort = cohort_of(request, pk)
    form = SessionForm(posted(request), cohort=cohort, initial=_first_values(request, cohort))
    if "check" in request.POST:
        return _form_page(register, request, form, title=_("Add a session"), check=check_of(form))
    if form.is_valid():
        stored = carried_out(form, booking.add_session, cohort=cohort, details=form.details(), by=request.user)
        if stored:
            messages.success(request, _("The session is in the timetable."))
            return redirect(at(cohort, local(stored.starts_at).date()))
    return _form_page(register, request, form, title=_("Add a session"))


def _first_values(request: HttpRequest, cohort: Cohort) -> dict[str, Any]:
    """The day that the link names, and two hours."""
    try:
        day = parse_date(request.GET.get("day", ""))
    except ValueError:
        day = None
    return {"day": day or cohort.starts_on, "hours": 2}


@asks
def session_page(request: HttpRequest, pk: int, session_pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Move or change a session; what somebody else made of it in between is shown, not overwritten."""
    cohort = cohort_of(request, pk)
    session = session_of(request, cohort, session_pk)
    form = SessionForm(posted(request), cohort=cohort, session=session, initial=SessionForm.initial_of(session))
    title = _("Change the session")
    if "check" in request.POST:
        return _form_page(register, request, form, title=title, check=check_of(form))
    if form.is_valid():
        seen = form.cleaned_data["sequence"]
        details = form.details()
        stored = carried_out(
            form, booking.change_session, session=session, details=details, by=request.user, sequence=seen
        )
        if stored:
            messages.success(request, _("The session is changed."))
            return redirect(at(cohort, local(stored.starts_at).date()))
    return _form_page(register, request, form, title=title)


@require_POST
def check_page(request: HttpRequest, pk: int, session_pk: int = 0, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """The part of the form's page that says, while one edits, what would come of it. Stores nothing."""
    cohort = cohort_of(request, pk)
    session = session_of(request, cohort, session_pk) if session_pk else None
    form = SessionForm(request.POST, cohort=cohort, session=session)
    return render(request, "admin/enrollment/timetable/_check.html", {"check": check_of(form), "cohort": cohort})


@asks
def session_cancel_page(request: HttpRequest, pk: int, session_pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Call a session off with the reason; from a draft it is simply removed."""
    cohort = cohort_of(request, pk)
    session = session_of(request, cohort, session_pk)
    followed = booking.is_followed(cohort, timezone.localdate())
    form = CancelSessionForm(posted(request), needs_reason=followed)
    back = at(cohort, local(session.starts_at).date())
    if form.is_valid():
        if followed:
            verb, more = booking.cancel_session, {"reason": form.cleaned_data["reason"]}
        else:
            verb, more = booking.remove_session, {}  # type: ignore[assignment]
        carried_out(form, verb, session=session, by=request.user, **more)
        if not form.errors:
            messages.success(request, _("The session is cancelled.") if followed else _("The session is removed."))
            return redirect(back)
    title = _("Cancel the session") if followed else _("Remove the session")
    return page(
        register,
        request,
        "timetable/cancel.html",
        title=title,
        form=form,
        cohort=cohort,
        session=session,
        is_followed=followed,
        back=back,
    )


@require_safe
def file_page(request: HttpRequest, pk: int, ending: str, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """The whole timetable to print or to work on."""
    if ending not in exports.WRITERS:
        raise Http404
    return exports.file_response(cohort_of(request, pk), ending)


@require_POST
def renew_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Another address for the cohort's calendar."""
    cohort = cohort_of(request, pk)
    renew_address(kind=COHORT, pk=cohort.pk)
    messages.success(request, _("The calendar has a new address; the ones before do not work any more."))
    return redirect(at(cohort))
