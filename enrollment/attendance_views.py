"""Pages of attendance: a session's sheet and code, a cohort's table and journal, a listener's check-in."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from enrollment import checking_in, journals
from enrollment.attendance import read_register, roster
from enrollment.attendance_sheet import Sheet, as_values, read_sheet, sentences
from enrollment.forms.attendance import CheckInForm, read_entries, read_form
from enrollment.models import Attendance, AttendanceMark, Cohort, Session
from enrollment.recording import RecordChanged, Recorded, hold_session, record

STOP_POLLING = 286  # htmx: shown, and not asked for again
asks = require_http_methods(["GET", "HEAD", "POST"])


def _session(request: HttpRequest, pk: int) -> Session:
    """The session, if this person records its attendance; otherwise 404."""
    sessions = Session.objects.visible_to(request.user).taken_by(request.user)
    return get_object_or_404(sessions.select_related("cohort", "module", "room", "trainer"), pk=pk)


def _cohort(request: HttpRequest, pk: int) -> Cohort:
    """The cohort, if this person teaches or administers it; otherwise 404."""
    cohorts = Cohort.objects.visible_to(request.user).select_related("edition")
    return get_object_or_404(cohorts if request.user.is_administrator else cohorts.filter(trainers=request.user), pk=pk)


def _page(request: HttpRequest, sheet: Sheet, *, refusal: DomainError | None = None, status: int = 200) -> HttpResponse:
    pk = sheet.session.pk
    setup = {
        "session": pk,
        "save": reverse("attendance_save", args=[pk]),
        "changes": reverse("attendance_changes", args=[pk]),
        "length": sheet.length,
        "marks": {mark.value: str(mark.label) for mark in AttendanceMark},
        "sentences": sentences(),
    }
    context = {"sheet": sheet, "session": sheet.session, "setup": setup, "refusal": refusal}
    status = refusal.status if refusal else status
    return render(request, "enrollment/attendance_sheet.html", context, status=status)


@never_cache
@asks
def attendance_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Who was at the session: one form for everybody; its script saves each tap at once."""
    session = _session(request, pk)
    if request.method != "POST":
        return _page(request, read_sheet(session))
    entries = read_form(request.POST, roster(session))
    kept = {entry.enrolment: entry for entry in entries}
    try:
        done = record(session=session, entries=entries, by=request.user, correction=request.POST.get("correction", ""))
        if done.refused:
            sheet = read_sheet(session, kept={pk: kept[pk] for pk in done.refused}, refused=done.refused)
            return _page(request, sheet, status=done.status)
        if "hold" in request.POST:
            hold_session(session=session, by=request.user)
    except DomainError as refusal:
        return _page(request, read_sheet(session, kept=kept), refusal=refusal)
    messages.success(
        request, _("The attendance of the session is taken.") if "hold" in request.POST else _("Attendance is saved.")
    )
    return redirect("attendance_sheet", pk=pk)


@require_POST
def attendance_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save some people, sent as JSON `{entries: [{enrolment, mark, minutes, reason, version}]}`.

    Answers `{rows}`, for each what stands now or `error`, with `theirs` when somebody recorded in between; the status
    is that of the first refusal. `{error}` when nothing can be recorded (422) or read (400).
    """
    session = _session(request, pk)
    try:
        done = record(session=session, entries=read_entries(request.body), by=request.user)
    except DomainError as refusal:
        return JsonResponse({"error": refusal.sentence}, status=refusal.status)
    return JsonResponse({"rows": _rows(done)}, status=done.status)


def _rows(done: Recorded) -> list[dict[str, Any]]:
    refused = [
        {"enrolment": pk, "error": refusal.sentence}
        | ({"theirs": as_values(refusal.theirs)} if isinstance(refusal, RecordChanged) else {})
        for pk, refusal in done.refused.items()
    ]
    return [as_values(row) for row in done.saved.values()] + refused


@never_cache
@require_safe
def attendance_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """Every record of the session, for pages that are open elsewhere; also who checked in by the code."""
    session = _session(request, pk)
    people = [enrolment.pk for enrolment in roster(session)]
    records = session.attendance.select_related("recorded_by")
    return JsonResponse({"rows": [as_values(row) for row in records], "people": people, "state": session.state})


@never_cache
@require_safe
def attendance_code(request: HttpRequest, pk: int) -> HttpResponse:
    """The code to show in the room; the page asks for the next one by itself."""
    session = _session(request, pk)
    address = f"{settings.PUBLIC_BASE_URL}{reverse('check_in')}"
    context: dict[str, Any] = {"session": session, "address": address.rsplit("://", maxsplit=1)[-1]}
    part = request.headers.get("HX-Request") == "true"
    template = "enrollment/_code.html" if part else "enrollment/attendance_code.html"
    try:
        context["shown"] = checking_in.shown_now(session)
    except DomainError as refusal:
        context["refusal"] = refusal
        return render(request, template, context, status=STOP_POLLING if part else refusal.status)
    context["present"] = session.attendance.filter(mark=AttendanceMark.PRESENT).count()
    return render(request, template, context)


@require_safe
def cohort_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """People × sessions of a cohort, with each person's share and who is below the minimum."""
    context = {"register": read_register(_cohort(request, pk)), "minimum": settings.ATTENDANCE_MINIMUM}
    return render(request, "enrollment/cohort_attendance.html", context)


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def journal_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The cohort's journal of attendance to print and sign."""
    register = read_register(_cohort(request, pk))
    return _file(journals.render_pdf(register), "application/pdf", f"{register.cohort.code}-journal.pdf")


@require_safe
def journal_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a spreadsheet, in the reader's language."""
    register = read_register(_cohort(request, pk))
    return _file(journals.write_workbook(register), journals.XLSX, f"{register.cohort.code}-journal.xlsx")


@never_cache
@asks
def check_in(request: HttpRequest) -> HttpResponse:
    """A listener enters the code that is shown in the room."""
    form = CheckInForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            checking_in.check_in(user=request.user, code=form.cleaned_data["code"])
        except DomainError as refusal:
            form.add_error("code", refusal.sentence)
            status = refusal.status
        else:
            messages.success(request, _("You are checked in."))
            return redirect("check_in")
    running = checking_in.running_for(request.user)
    records = Attendance.objects.visible_to(request.user).filter(session__in=[s.pk for s, _e in running])
    known = {(r.session_id, r.enrolment_id): r for r in records}
    context = {"form": form, "running": [(s, known.get((s.pk, e.pk))) for s, e in running]}
    return render(request, "enrollment/check_in.html", context, status=status)
