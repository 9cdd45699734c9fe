"""Pages of the timetable for those who follow it: a trainer's, a cohort's, a listener's, and their calendar files."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from core.calendars import calendar_response
from enrollment.models import CalendarAddress, Cohort, Enrolment, Session
from enrollment.models.timetable import SessionQuerySet
from enrollment.timetabling import exports
from enrollment.timetabling.addresses import Owner, address_of, owner_of, renew_address
from enrollment.timetabling.calendars import calendar
from enrollment.timetabling.diary import day_begins
from enrollment.timetabling.overview import Card, monday_of, overview, week_of

Kind = CalendarAddress.Kind
REMEMBERED = timedelta(days=60)  # how far back calendar files go
NEXT = 3


def _asked(request: HttpRequest, otherwise: date) -> date:
    """The Monday of `?week=2026-09-07`, or of the day given."""
    try:
        asked = parse_date(request.GET.get("week", ""))
    except ValueError:
        asked = None
    return monday_of(asked if asked and date(1900, 1, 8) < asked < date(9000, 1, 1) else otherwise)


def _in_week(sessions: SessionQuerySet, monday: date) -> SessionQuerySet:
    return sessions.filter(
        starts_at__gte=day_begins(monday), starts_at__lt=day_begins(monday + timedelta(days=7))
    ).with_place()


def _taught_by(user: User) -> SessionQuerySet:
    return Session.objects.visible_to(user).filter(trainer=user)


def _attended_by(user: User) -> SessionQuerySet:
    mine = Enrolment.objects.seated().filter(listener__user=user)
    return Session.objects.visible_to(user).filter(cohort__in=mine.values("cohort"))


def _open_links(user: User) -> Callable[[Session], bool]:
    """Whether a listener may have a session's link: only where the agreement is accepted. One query."""
    agreed = Enrolment.objects.seated().filter(listener__user=user, agreement__isnull=False)
    cohorts = set(agreed.values_list("cohort", flat=True))
    return lambda session: session.cohort_id in cohorts


def _every_link(session: Session) -> bool:
    return True


def _no_link(session: Session) -> bool:
    return False


def _cards(sessions: Iterable[Session], may_open: Callable[[Session], bool]) -> list[Card]:
    return [Card(session, link=session.link if may_open(session) else "") for session in sessions]


def _ahead(sessions: SessionQuerySet) -> list[Session]:
    """The next few that are not over and not cancelled."""
    return list(sessions.standing().filter(ends_at__gt=timezone.now()).with_place()[:NEXT])


def _week_page(
    request: HttpRequest,
    template: str,
    sessions: SessionQuerySet,
    *,
    kind: str,
    may_open: Callable[[Session], bool] = _every_link,
    **context: object,
) -> HttpResponse:
    """The week asked for; without a wish that of the next session or of the last, so that nobody sees an empty page."""
    ahead = _ahead(sessions)
    today = timezone.localdate()
    nearest = ahead[0] if ahead else sessions.standing().order_by("starts_at").last()
    monday = _asked(request, timezone.localdate(nearest.starts_at) if nearest else today)
    shown = {
        "week": week_of(monday, _cards(_in_week(sessions, monday), may_open), today),
        "earlier": monday - timedelta(days=7),
        "later": monday + timedelta(days=7),
        "ahead": _cards(ahead, may_open),
        "calendar": address_of(kind, request.user.pk),
    }
    return render(request, template, shown | context)


@require_safe
def trainer_timetable(request: HttpRequest) -> HttpResponse:
    """A trainer's sessions of all cohorts."""
    return _week_page(
        request, "enrollment/trainer_timetable.html", _taught_by(request.user), kind=Kind.TRAINER, shows_cohort=True
    )


@require_safe
def my_timetable(request: HttpRequest) -> HttpResponse:
    """A listener's sessions; the link of an online one only after the agreement."""
    may_open = _open_links(request.user)
    sessions = _attended_by(request.user)
    cohorts = {session.cohort_id: session for session in sessions.standing().exclude(link="").only("cohort_id")}
    return _week_page(
        request,
        "enrollment/my_timetable.html",
        sessions,
        kind=Kind.LISTENER,
        may_open=may_open,
        hides_links=not all(may_open(session) for session in cohorts.values()),
        shows_cohort=sessions.values("cohort").distinct().count() > 1,
    )


@require_safe
def cohort_timetable(request: HttpRequest, pk: int) -> HttpResponse:
    """A cohort's week as its trainers see it. Administrators move sessions, because rooms and trainers are shared."""
    cohort = get_object_or_404(
        Cohort.objects.visible_to(request.user).filter(trainers=request.user).select_related("edition"), pk=pk
    )
    found = overview(cohort)
    otherwise = min(max(timezone.localdate(), cohort.starts_on), cohort.ends_on)
    monday = _asked(request, otherwise)
    cards = [card for card in found.cards if monday_of(timezone.localdate(card.session.starts_at)) == monday]
    context = {
        "cohort": cohort,
        "overview": found,
        "week": week_of(monday, cards, timezone.localdate(), first=cohort.starts_on, last=cohort.ends_on),
        "earlier": monday - timedelta(days=7),
        "later": monday + timedelta(days=7),
        "calendar": address_of(Kind.COHORT, cohort.pk),
    }
    return render(request, "enrollment/cohort_timetable.html", context)


@require_safe
def cohort_timetable_file(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The cohort's timetable to print or to work on."""
    cohort = get_object_or_404(
        Cohort.objects.visible_to(request.user).filter(trainers=request.user).select_related("edition"), pk=pk
    )
    if ending not in exports.WRITERS:
        raise Http404
    return exports.file_response(cohort, ending)


@require_safe
def trainer_calendar(request: HttpRequest) -> HttpResponse:
    """The trainer's sessions as a calendar file."""
    return _file(Owner(Kind.TRAINER, request.user.pk))


@require_safe
def my_calendar(request: HttpRequest) -> HttpResponse:
    """The listener's sessions as a calendar file."""
    return _file(Owner(Kind.LISTENER, request.user.pk))


@require_safe
def session_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """A calendar to subscribe to, for whoever has the address; 404 for one that is forged, renewed or closed."""
    owner = owner_of(token)
    if owner is None:
        raise Http404
    return _file(owner)


def _file(owner: Owner) -> HttpResponse:
    """The calendar file of an owner, in the owner's language."""
    if owner.kind == Kind.COHORT:
        cohort = get_object_or_404(Cohort, pk=owner.pk)
        with translation.override(cohort.language):
            return _response(cohort.sessions.all(), name=cohort.code, shows_link=_no_link)
    user = get_object_or_404(User, pk=owner.pk, is_active=True)
    if owner.kind not in user.roles:
        raise Http404
    with translation.override(user.language):
        if owner.kind == Kind.TRAINER:
            return _response(_taught_by(user), name=_("My sessions as a trainer"), shows_link=_every_link)
        return _response(_attended_by(user), name=_("My course timetable"), shows_link=_open_links(user))


def _response(sessions: SessionQuerySet, *, name: str, shows_link: Callable[[Session], bool]) -> HttpResponse:
    lately = sessions.filter(starts_at__gte=timezone.now() - REMEMBERED).with_place()
    return calendar_response(calendar(lately, name=name, shows_link=shows_link), filename="timetable.ics")


@require_POST
def trainer_calendar_renew(request: HttpRequest) -> HttpResponse:
    """Another address for the trainer's calendar."""
    return _renewed(request, Kind.TRAINER, "trainer_timetable")


@require_POST
def my_calendar_renew(request: HttpRequest) -> HttpResponse:
    """Another address for the listener's calendar."""
    return _renewed(request, Kind.LISTENER, "my_timetable")


def _renewed(request: HttpRequest, kind: str, page: str) -> HttpResponse:
    renew_address(kind=kind, pk=request.user.pk)
    messages.success(request, _("The calendar has a new address; the ones before do not work any more."))
    return redirect(page)
