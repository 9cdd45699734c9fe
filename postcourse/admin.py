"""Support plans and consultations in the admin panel: read as registers, changed by verbs."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.admin import ReadOnlyAdmin
from core.errors import DomainError
from core.kazakh import search_key
from enrollment.models import Listener
from postcourse import consultations, moving
from postcourse.models import Consultation, ConsultationState, SupportPlan
from postcourse.planning import waiting

LISTENER = "plan__outcome__attempt__enrolment__listener"
COHORT = "plan__outcome__attempt__enrolment__cohort"


class ByListener(ReadOnlyAdmin):
    """A register that is searched by the listener's name, in any case and with Kazakh letters folded."""

    listener_path = ""
    search_help_text = gettext_lazy("Listener's name")

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return [f"{self.listener_path}__search_key"]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        return super().get_search_results(request, queryset, search_key(search_term))


@admin.register(SupportPlan)
class SupportPlanAdmin(ByListener):
    listener_path = "outcome__attempt__enrolment__listener"
    list_display = ["listener", "cohort", "period", "progress"]
    list_filter = ["outcome__attempt__enrolment__cohort"]
    date_hierarchy = "starts_on"
    ordering = ["-starts_on", "outcome__attempt__enrolment__listener__sort_key"]
    readonly_fields = (
        "listener",
        "cohort",
        "total",
        "starts_on",
        "ends_on",
        "weak_share",
        "consultations",
        "created_at",
    )
    fields = readonly_fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[SupportPlan]:
        plans = super().get_queryset(request)
        return plans.select_related(
            "outcome__attempt__enrolment__listener", "outcome__attempt__enrolment__cohort"
        ).annotate(
            planned=Count("consultations"),
            held=Count("consultations", filter=Q(consultations__state=ConsultationState.HELD)),
        )

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, (extra_context or {}) | {"waiting": waiting()})

    @admin.display(description=gettext_lazy("listener"), ordering="outcome__attempt__enrolment__listener__sort_key")
    def listener(self, plan: SupportPlan) -> Listener:
        return plan.outcome.attempt.enrolment.listener

    @admin.display(description=gettext_lazy("cohort"), ordering="outcome__attempt__enrolment__cohort__code")
    def cohort(self, plan: SupportPlan) -> str:
        return _unbroken(plan.outcome.attempt.enrolment.cohort.code)

    @admin.display(description=gettext_lazy("support period"), ordering="starts_on")
    def period(self, plan: SupportPlan) -> str:
        return _unbroken(" – ".join(date_format(day, "SHORT_DATE_FORMAT") for day in (plan.starts_on, plan.ends_on)))

    @admin.display(description=gettext_lazy("total"))
    def total(self, plan: SupportPlan) -> int | None:
        return plan.outcome.total

    @admin.display(description=gettext_lazy("consultations held"))
    def progress(self, plan: Any) -> str:
        return _("%(held)s of %(planned)s") % {"held": plan.held, "planned": plan.planned}

    @admin.display(description=gettext_lazy("consultations"))
    def consultations(self, plan: SupportPlan) -> str:
        rows = plan.consultations.select_related("criterion", "consultant")
        return _links((c.pk, f"{c} · {c.consultant} · {c.get_state_display()}") for c in rows)


class WithoutEmail(admin.SimpleListFilter):
    title = gettext_lazy("e-mail of the listener")
    parameter_name = "reach"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("none", _("none: no letters reach them"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.unreachable() if self.value() == "none" else queryset


class ToCome(admin.SimpleListFilter):
    title = gettext_lazy("time")
    parameter_name = "time"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("ahead", _("to come")), ("behind", _("past and cancelled"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "ahead":
            return queryset.ahead()
        return queryset.behind() if self.value() == "behind" else queryset


@admin.register(Consultation)
class ConsultationAdmin(ByListener):
    listener_path = LISTENER
    list_display = ["when", "state", "listener", "topic", "consultant", "cohort"]
    list_filter = ["state", ToCome, WithoutEmail, ("consultant", admin.RelatedOnlyFieldListFilter), COHORT]
    date_hierarchy = "starts_at"
    actions = ["confirm"]
    readonly_fields = ("listener", "cohort", "topic", "consultant", "starts_at", "state", "address", "moves", "audit")
    fields = readonly_fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consultation]:
        return super().get_queryset(request).with_people()  # type: ignore[attr-defined]

    def get_urls(self) -> list[URLPattern]:
        def own(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
            return self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(view))

        return [
            path("<int:pk>/move/", own(self.move_view), name="postcourse_consultation_move"),
            path("<int:pk>/cancel/", own(self.cancel_view), name="postcourse_consultation_cancel"),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("begins"), ordering="starts_at")
    def when(self, consultation: Consultation) -> str:
        return _unbroken(date_format(localtime(consultation.starts_at), "SHORT_DATETIME_FORMAT"))

    @admin.display(description=gettext_lazy("listener"), ordering=f"{LISTENER}__sort_key")
    def listener(self, consultation: Consultation) -> Listener:
        return consultation.listener

    @admin.display(description=gettext_lazy("cohort"), ordering=f"{COHORT}__code")
    def cohort(self, consultation: Consultation) -> str:
        return _unbroken(consultation.enrolment.cohort.code)

    @admin.display(description=gettext_lazy("topic"))
    def topic(self, consultation: Consultation) -> str:
        return consultation.topic

    @admin.display(description=gettext_lazy("letters go to"))
    def address(self, consultation: Consultation) -> str:
        return consultation.address

    @admin.display(description=gettext_lazy("changes of time"))
    def moves(self, consultation: Consultation) -> str:
        return _lines(f"{m} · {m.by} {m.reason}" for m in consultation.reschedules.select_related("by"))

    @admin.display(description=gettext_lazy("audit trail"))
    def audit(self, consultation: Consultation) -> str:
        state, system = dict(ConsultationState.choices), _("the system")
        return _lines(
            f"{localtime(entry.at):%d.%m.%Y %H:%M} · {state[ConsultationState(entry.to_state)]} · "
            f"{entry.by or system} {entry.reason}"
            for entry in consultation.audit_trail()
        )

    @admin.action(description=gettext_lazy("Confirm the proposed times"))
    def confirm(self, request: HttpRequest, queryset: QuerySet[Consultation]) -> None:
        confirmed = 0
        for consultation in queryset:
            try:
                consultations.confirm(consultation=consultation, by=request.user, sequence=consultation.sequence)
            except DomainError as refusal:
                self.message_user(request, f"{consultation.listener}, {consultation}: {refusal}", messages.ERROR)
            else:
                confirmed += 1
        self.message_user(request, _("Consultations confirmed: %(count)s.") % {"count": confirmed})

    def move_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Choose another hour."""
        done = _("The consultation has a new time; the listener is told.")
        return self._answer(request, pk, moving.move_page, "consultation_move.html", _("Move the consultation"), done)

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Call it off, with a reason."""
        done = _("The consultation is cancelled; the listener is told.")
        title = _("Cancel the consultation")
        return self._answer(request, pk, moving.cancel_page, "consultation_cancel.html", title, done)

    def _answer(
        self,
        request: HttpRequest,
        pk: int,
        page_of: Callable[[HttpRequest, Consultation], moving.Page],
        template: str,
        title: str,
        done: str,
    ) -> HttpResponse:
        consultation = get_object_or_404(Consultation.objects.visible_to(request.user).with_people(), pk=pk)
        page, back = page_of(request, consultation), reverse("admin:postcourse_consultation_change", args=[pk])
        if page.done:
            self.message_user(request, done)
            return redirect(back)
        context = self.admin_site.each_context(request) | page.context
        context |= {"title": title, "opts": self.opts, "back": back}
        return render(request, f"admin/postcourse/{template}", context, status=page.status)


def _unbroken(text: str) -> str:
    return format_html('<span class="nowrap">{}</span>', text)


def _lines(lines: Iterable[str]) -> str:
    return format_html_join("", "<div>{}</div>", ((line,) for line in lines)) or "–"


def _links(rows: Iterable[tuple[int, str]]) -> str:
    address = "admin:postcourse_consultation_change"
    pairs = ((reverse(address, args=[pk]), text) for pk, text in rows)
    return format_html_join("", '<div><a href="{}">{}</a></div>', pairs) or "–"
