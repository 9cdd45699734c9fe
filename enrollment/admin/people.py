"""Registers of people: employers, listeners, and the consent texts they agree to."""

import re
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from core.admin import SteadyAdmin
from enrollment.admin.lists import Autocomplete, ExportedAdmin, KeySearchAdmin, only_view
from enrollment.exports import ListenerRegister
from enrollment.forms import ConsentTextForm, EmployerForm, IinForm, ListenerForm
from enrollment.hub import orders_of
from enrollment.models import ConsentText, Employer, Enrolment, Listener
from enrollment.registers import keep, keep_consent
from enrollment.spellings import earlier_spellings


@admin.register(Employer)
class EmployerAdmin(KeySearchAdmin):
    form = EmployerForm
    actions = None
    list_display = ["name", "bin", "region", "email", "listener_count"]
    search_fields = ["search_key"]
    search_help_text = gettext_lazy("Name or BIN; ә/а, і/и, қ/к and the like are not told apart.")
    ordering = ["sort_key"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Employer]:
        return super().get_queryset(request).annotate(listener_count=Count("listeners"))

    @admin.display(description=gettext_lazy("listeners"), ordering="listener_count")
    def listener_count(self, employer: Employer) -> int:
        """How many listeners work there."""
        return employer.listener_count  # type: ignore[attr-defined, no-any-return]

    def save_model(self, request: HttpRequest, obj: Employer, form: Any, change: bool) -> None:
        """Through the register's one way of storing."""
        keep(obj)


class ListenerEnrolments(admin.TabularInline):
    """In which cohorts the person is or was."""

    model = Enrolment
    fields = ["cohort", "state", "order"]
    readonly_fields = ["cohort", "state", "order"]
    extra = 0
    can_delete = False
    show_change_link = True
    verbose_name_plural = gettext_lazy("Cohorts")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enrolment]:
        return super().get_queryset(request).select_related("cohort", "listener", "order").order_by("-pk")

    def has_add_permission(self, request: HttpRequest, obj: Listener | None = None) -> bool:
        return False


@admin.register(Listener)
class ListenerAdmin(ExportedAdmin):
    REFUSES_IIN = True
    REGISTER = ListenerRegister
    form = ListenerForm
    actions = None
    list_display = ["full_name_shown", "masked", "employer", "email", "consented", "has_account"]
    list_filter = [
        ("consent", admin.EmptyFieldListFilter),
        ("user", admin.EmptyFieldListFilter),
        ("email", admin.EmptyFieldListFilter),
        ("pseudonymised_at", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["employer"]
    search_fields = ["search_key"]
    search_help_text = gettext_lazy(
        "Name; ә/а, і/и, қ/к and the like are not told apart. An IIN goes into its own form."
    )
    ordering = ["sort_key"]
    readonly_fields = ["user"]
    inlines = [ListenerEnrolments]
    change_form_template = "admin/enrollment/listener/change_form.html"
    change_list_template = "admin/enrollment/listener/change_list.html"
    fieldsets = [
        (None, {"fields": ["surname", "given_name", "patronymic", "iin"]}),
        (gettext_lazy("Place of work"), {"fields": ["position", "employer"]}),
        (gettext_lazy("Contacts"), {"fields": ["email", "phone", "user"]}),
        (gettext_lazy("Consent to the processing of personal data"), {"fields": ["consent", "consented_on"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Listener]:
        """Everywhere, also in choices of other pages: without entries that were merged into another one."""
        return Listener.objects.current().order_by(*self.ordering)

    def has_change_permission(self, request: HttpRequest, obj: Listener | None = None) -> bool:
        """Where personal data are erased nothing is written any more."""
        return super().has_change_permission(request, obj) and not (obj is not None and obj.pseudonymised_at)

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str):  # type: ignore[no-untyped-def]
        """A place is given to nobody whose personal data are erased."""
        if request.path == reverse("admin:autocomplete"):
            queryset = queryset.filter(pseudonymised_at=None)
        return super().get_search_results(request, queryset, search_term)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With earlier spellings and merges; an entry that was merged leads to the one that stays."""
        found = Listener.objects.filter(pk=object_id).first() if re.fullmatch(r"[0-9]{1,18}", object_id) else None
        if found is not None and found.merged_into_id:
            self.message_user(request, _("That entry was merged into this one."), messages.INFO)
            return redirect("admin:enrollment_listener_change", found.merged_into_id)
        more = {}
        if found is not None:
            more = {
                "spellings": earlier_spellings(found),
                "merges": list(found.merges.standing().select_related("goes", "by")),
            }
        return super().change_view(request, object_id, form_url, more | (extra_context or {}))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """A missing employer is added from here; nothing else of other registers is changed."""
        if db_field.name == "employer":
            kwargs["widget"] = Autocomplete(db_field, self.admin_site)
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        return only_view(field, add=db_field.name == "employer") if db_field.name in ("employer", "consent") else field

    @admin.display(description=gettext_lazy("listener"), ordering="sort_key")
    def full_name_shown(self, listener: Listener) -> str:
        """In the order of the Kazakh alphabet."""
        return listener.full_name

    @admin.display(description=gettext_lazy("IIN"))
    def masked(self, listener: Listener) -> str:
        """The last four digits."""
        return listener.iin_masked

    @admin.display(description=gettext_lazy("consent"), boolean=True, ordering="consented_on")
    def consented(self, listener: Listener) -> bool:
        """Whether the consent to the processing of personal data is on record."""
        return listener.consent_id is not None

    @admin.display(description=gettext_lazy("account"), boolean=True, ordering="user")
    def has_account(self, listener: Listener) -> bool:
        """Whether the person can sign in."""
        return listener.user_id is not None

    def get_urls(self) -> list[URLPattern]:
        """Adds the look-up by IIN."""
        find = self.admin_site.admin_view(self.find_view)
        return [path("find/", find, name="enrollment_listener_find"), *super().get_urls()]

    def find_view(self, request: HttpRequest) -> HttpResponse:
        """Whose IIN it is: posted, so that it stands in no address and no log."""
        return find_by_iin(request, self)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """A person's page shows the orders in which the person stands."""
        if (listener := kwargs.get("obj")) is not None:
            context["orders"] = orders_of(Enrolment.objects.filter(listener=listener))
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Listener, form: Any, change: bool) -> None:
        """Through the register's one way of storing; what was put right in the names is said."""
        keep(obj)
        for notice in form.notices:
            self.message_user(request, notice, messages.WARNING)


@require_http_methods(["GET", "HEAD", "POST"])
def find_by_iin(request: HttpRequest, register: ListenerAdmin) -> HttpResponse:
    """The form, or the person's page; a sentence when nobody has this IIN."""
    form = IinForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        listener = Listener.objects.visible_to(request.user).with_iin(form.cleaned_data["iin"]).first()
        if listener is not None:
            return redirect("admin:enrollment_listener_change", listener.pk)
        form.add_error("iin", _("No listener has this IIN."))
    context = register.admin_site.each_context(request) | {
        "form": form,
        "opts": register.opts,
        "title": _("Find a listener by IIN"),
    }
    return render(request, "admin/enrollment/listener/find.html", context, status=422 if form.errors else 200)


@admin.register(ConsentText)
class ConsentTextAdmin(SteadyAdmin):
    form = ConsentTextForm
    actions = None
    list_display = ["version", "created_at", "used_by"]
    fields = ["text_kk", "text_ru", "text_en"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConsentText]:
        return super().get_queryset(request).annotate(listener_count=Count("listener"))

    @admin.display(description=gettext_lazy("agreed to by"), ordering="listener_count")
    def used_by(self, consent: ConsentText) -> int:
        """How many listeners gave this consent; from the first on it is frozen."""
        return consent.listener_count  # type: ignore[attr-defined, no-any-return]

    def has_change_permission(self, request: HttpRequest, obj: ConsentText | None = None) -> bool:
        """A version that somebody agreed to is only read."""
        return super().has_change_permission(request, obj) and not (obj is not None and obj.is_used)

    def has_delete_permission(self, request: HttpRequest, obj: ConsentText | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj is not None and obj.is_used)

    def save_model(self, request: HttpRequest, obj: ConsentText, form: Any, change: bool) -> None:
        """A new text gets the next version."""
        keep_consent(obj)
