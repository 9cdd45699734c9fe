"""The register of rooms, and all sessions as a list and as a week."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.models import User
from core.admin import ReadOnlyAdmin, SteadyAdmin
from enrollment.forms import DayField
from enrollment.forms.timetable import RowField
from enrollment.models import Cohort, Room, Session
from enrollment.registers import keep
from enrollment.timetabling.diary import day_begins, local
from enrollment.timetabling.overview import Card, monday_of, week_of
from enrollment.timetabling.wording import span


@admin.register(Room)
class RoomAdmin(SteadyAdmin):
    actions = None
    list_display = ["name", "address", "seats", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "address"]
    fields = ["name", "address", "seats", "is_active"]

    def has_delete_permission(self, request: HttpRequest, obj: Room | None = None) -> bool:
        """A room where something is or was timetabled is put out of use instead."""
        return obj is not None and not obj.sessions.exists()

    def save_model(self, request: HttpRequest, obj: Room, form: Any, change: bool) -> None:
        """Through the register's one way of storing."""
        keep(obj)


class WeekForm(forms.Form):
    """Which week, and of whom."""

    week = DayField(label=gettext_lazy("Week of"), required=False)
    room = RowField(
        label=gettext_lazy("Room"), queryset=Room.objects.all(), required=False, empty_label=gettext_lazy("all")
    )
    trainer = RowField(
        label=gettext_lazy("Trainer"), queryset=User.objects.trainers(), required=False, empty_label=gettext_lazy("all")
    )
    cohort = RowField(
        label=gettext_lazy("Cohort"), queryset=Cohort.objects.all(), required=False, empty_label=gettext_lazy("all")
    )

    def monday(self) -> date:
        """Of the week asked for, or of this one."""
        asked = self.cleaned_data.get("week")
        return monday_of(asked if asked and date(1900, 1, 8) < asked < date(9000, 1, 1) else timezone.localdate())

    def chosen(self) -> dict[str, Any]:
        """The filter."""
        named = {name: self.cleaned_data.get(name) for name in ("room", "trainer", "cohort")}
        return {name: row for name, row in named.items() if row}


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    """All sessions; each is changed on the page of its cohort."""

    list_display = ["when", "cohort", "module_no", "kind", "trainer_shown", "room_shown", "state"]
    list_display_links = None
    list_filter = ["state", "kind", "room", "trainer", "cohort"]
    list_select_related = ["cohort", "module", "trainer", "room"]
    date_hierarchy = "starts_at"
    change_list_template = "admin/enrollment/timetable/change_list.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        return Session.objects.visible_to(request.user)

    @admin.display(description=gettext_lazy("begins"), ordering="starts_at")
    def when(self, session: Session) -> str:
        """When, leading to the page where it is changed."""
        address = reverse("admin:enrollment_cohort_session", args=[session.cohort_id, session.pk])
        shown = f"{local(session.starts_at):%d.%m.%Y} {span(session)}"
        return format_html('<a href="{}">{}</a>', address, shown)

    @admin.display(description=gettext_lazy("trainer"), ordering="trainer__full_name")
    def trainer_shown(self, session: Session) -> str:
        """A name that may take two lines."""
        return str(session.trainer or "–")

    @admin.display(description=gettext_lazy("room"), ordering="room__name")
    def room_shown(self, session: Session) -> str:
        """A name that may take two lines; online ones say so."""
        return str(session.room or (_("online") if session.link else "–"))

    @admin.display(description="№", ordering="module__no")
    def module_no(self, session: Session) -> int:
        """The module's number; its title would fill the list."""
        return session.module.no

    def get_urls(self) -> list[URLPattern]:
        """Adds the week of all cohorts."""
        week = self.admin_site.admin_view(self.week_view)
        return [path("week/", week, name="enrollment_session_week"), *super().get_urls()]

    def week_view(self, request: HttpRequest) -> HttpResponse:
        """One week of everybody, of a room, of a trainer."""
        return all_weeks(request, self)


@require_safe
def all_weeks(request: HttpRequest, register: SessionAdmin) -> HttpResponse:
    """One week of all cohorts, filtered; a number of queries that does not depend on how many sessions there are."""
    form = WeekForm(request.GET)
    form.is_valid()
    monday = form.monday()
    times = Q(starts_at__gte=day_begins(monday), starts_at__lt=day_begins(monday + timedelta(days=7)))
    sessions = Session.objects.visible_to(request.user).standing().filter(times, **form.chosen()).with_place()
    context = register.admin_site.each_context(request) | {
        "opts": register.opts,
        "title": _("Timetable of all cohorts"),
        "form": form,
        "week": week_of(monday, (Card(session, link=session.link) for session in sessions), timezone.localdate()),
        "earlier": monday - timedelta(days=7),
        "later": monday + timedelta(days=7),
        "shows_cohort": True,
        "kept": urlencode({name: row.pk for name, row in form.chosen().items()}),
    }
    return render(request, "admin/enrollment/timetable/all.html", context, status=422 if form.errors else 200)
