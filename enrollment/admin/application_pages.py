"""Applications as an administrator decides them: many on one page, one held against the register."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from enrollment import deciding_applications as deciding
from enrollment.admin.pages import cohort_of, page
from enrollment.cohorts import names_of
from enrollment.forms import DecideForm, TakeOverForm, WordsForm
from enrollment.models import Application, ApplicationQuerySet, Cohort, Enrolment, EnrolmentState
from enrollment.posting import carried_out

asks = require_http_methods(["GET", "HEAD", "POST"])
SHOWN = 200  # applications on one page; the rest comes up as these are decided
TITLE = gettext_lazy("Applications")


def _seen(request: HttpRequest) -> ApplicationQuerySet:
    return Application.objects.visible_to(request.user).select_related(
        "cohort__edition", "group", "consent", "enrolment__listener__employer", "name_settled_by"
    )


@dataclass(frozen=True)
class Row:
    """One application in the list: what stands against accepting it, in words."""

    application: Application
    is_waiting: bool
    is_held: bool
    name_differs: bool

    @property
    def can_be_ticked(self) -> bool:
        """Whether it may be decided here; a held one is looked at on its own page first."""
        return not self.is_held


def _rows(applications: ApplicationQuerySet) -> list[Row]:
    """To decide first, in the order in which they were confirmed; then the waiting list in its order."""
    open_ones = applications.to_decide().order_by("confirmed_at", "pk")[:SHOWN]
    waiting = applications.filter(enrolment__state=EnrolmentState.WAITING)
    found = [*open_ones, *waiting.order_by("enrolment__waiting_since", "pk")[:SHOWN]]
    return [
        Row(
            application=one,
            is_waiting=bool(one.enrolment and one.enrolment.state == EnrolmentState.WAITING),
            is_held=one.enrolment is None,
            name_differs=one.name_differs,
        )
        for one in found
    ]


@asks
def decide_page(request: HttpRequest, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Every application that is to be decided, of all cohorts."""
    return _decide(request, register, _seen(request), None)


@asks
def cohort_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """The applications of one cohort and its waiting list."""
    cohort = cohort_of(request, pk)
    return _decide(request, register, _seen(request).filter(cohort=cohort), cohort)


def _decide(
    request: HttpRequest,
    register: ModelAdmin,  # type: ignore[type-arg]
    applications: ApplicationQuerySet,
    cohort: Cohort | None,
) -> HttpResponse:
    rows = _rows(applications)
    offered = [row.application for row in rows if row.can_be_ticked]
    form = DecideForm(request.POST if request.method == "POST" else None, offered=offered)
    if form.is_valid() and _carry_out(request, form):
        return redirect(request.path)
    ticked = set(request.POST.getlist("people")) if form.is_bound else set()
    places = {held.pk: held for held in Cohort.objects.with_seats().filter(pk__in={o.cohort_id for o in offered})}
    return page(
        register,
        request,
        "application/decide.html",
        title=TITLE,
        form=form,
        cohort=cohort,
        rows=rows,
        ticked=ticked,
        places=places.values(),
    )


def _carry_out(request: HttpRequest, form: DecideForm) -> bool:
    """Carry out the button that was pressed; whether it was done."""
    enrolments: list[Enrolment] = [one.enrolment for one in form.chosen() if one.enrolment]
    verb = request.POST.get("decision", "")
    if verb == "admit":
        decided = carried_out(form, deciding.admit_applicants, enrolments=enrolments, by=request.user)
        return bool(decided) and _say(request, decided)
    if verb == "wait":
        listed = carried_out(form, deciding.put_on_waiting_list, enrolments=enrolments, by=request.user)
        return listed is not None and _say(request, deciding.Decided(waiting=listed))
    if verb == "refuse":
        reason = form.cleaned_data["reason"]
        refused = carried_out(form, deciding.refuse_applicants, enrolments=enrolments, reason=reason, by=request.user)
        if refused is not None:
            messages.success(request, _("Refused and told so: %(count)s.") % {"count": len(refused)})
        return refused is not None
    form.add_error(None, _("Choose what is to be done with them."))
    return False


def _say(request: HttpRequest, decided: deciding.Decided) -> bool:
    if decided.admitted:
        messages.success(request, _("Have a place and are told so: %(names)s.") % {"names": names_of(decided.admitted)})
    if decided.waiting:
        messages.info(request, _("Stand on the waiting list: %(names)s.") % {"names": names_of(decided.waiting)})
    return True


@require_safe
def one_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """What was written beside what the register has, and what can be done."""
    return _one(request, get_object_or_404(_seen(request), pk=pk), register)


def _one(
    request: HttpRequest,
    application: Application,
    register: ModelAdmin,  # type: ignore[type-arg]
    refusal: DomainError | None = None,
) -> HttpResponse:
    enrolment = application.enrolment
    labels = dict(EnrolmentState.choices)
    trail = [(entry, labels.get(entry.to_state, "")) for entry in enrolment.audit_trail()] if enrolment else []
    is_held = bool(application.confirmed_at and enrolment is None and application.set_aside_at is None)
    return page(
        register,
        request,
        "application/show.html",
        title=application.full_name,
        status=refusal.status if refusal else 200,
        application=application,
        cohort=application.cohort,
        listener=enrolment.listener if enrolment else None,
        is_held=is_held,
        against=deciding.hold_of(application) if is_held else [],
        differences=deciding.differences(application),
        is_asking=bool(enrolment and enrolment.state in (EnrolmentState.APPLIED, EnrolmentState.WAITING)),
        trail=trail,
        refusal=refusal,
    )


def _settle(application: Application, request: HttpRequest) -> str:
    deciding.settle_name(application=application, reason=_words(request), by=request.user)
    return _("Noted that it is the same person; the application can be accepted.")


def _take_over(application: Application, request: HttpRequest) -> str:
    form = TakeOverForm(request.POST)
    names = form.cleaned_data["names"] if form.is_valid() else []
    deciding.take_over(application=application, names=names, by=request.user)
    return _("Taken over into the register.")


def _let_count(application: Application, request: HttpRequest) -> str:
    deciding.let_count(application=application, by=request.user)
    return _("The application counts now.")


def _set_aside(application: Application, request: HttpRequest) -> str:
    deciding.set_aside(application=application, reason=_words(request), by=request.user)
    return _("The application is refused; the applicant is told.")


def _words(request: HttpRequest) -> str:
    form = WordsForm(request.POST)
    return str(form.cleaned_data["reason"]) if form.is_valid() else ""


DEEDS: dict[str, Callable[[Application, HttpRequest], str]] = {
    "settle": _settle,
    "take-over": _take_over,
    "count": _let_count,
    "set-aside": _set_aside,
}


@require_POST
def deed_page(request: HttpRequest, pk: int, deed: str, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Do one thing with one application; a refusal is shown on its page."""
    if deed not in DEEDS:
        raise Http404
    application = get_object_or_404(_seen(request), pk=pk)
    try:
        messages.success(request, DEEDS[deed](application, request))
    except DomainError as refusal:
        return _one(request, application, register, refusal)
    return redirect("admin:enrollment_application_change", pk)
