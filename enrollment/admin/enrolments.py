"""The register of enrolments: read here, changed by the steps of a cohort."""

from functools import partial

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from core.admin import ReadOnlyAdmin
from enrollment.admin.cohort_pages import withdraw_page
from enrollment.admin.lists import ExportedAdmin
from enrollment.exports import CohortRegister
from enrollment.models import Enrolment


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnlyAdmin, ExportedAdmin):
    REFUSES_IIN = True
    REGISTER = CohortRegister
    KEY = "listener__search_key"
    actions = None
    list_display = ["person", "masked", "cohort", "state", "order"]
    list_filter = ["state", ("cohort", admin.RelatedOnlyFieldListFilter), "order__date"]
    list_select_related = ["listener", "cohort", "order"]
    search_fields = ["listener__search_key"]
    search_help_text = gettext_lazy("Name; ә/а, і/и, қ/к and the like are not told apart.")
    ordering = ["listener__sort_key", "pk"]
    fields = ["listener", "cohort", "state", "order"]

    @admin.display(description=gettext_lazy("listener"), ordering="listener__sort_key")
    def person(self, enrolment: Enrolment) -> str:
        """In the order of the Kazakh alphabet."""
        return enrolment.listener.full_name

    @admin.display(description=gettext_lazy("IIN"))
    def masked(self, enrolment: Enrolment) -> str:
        """The last four digits."""
        return enrolment.listener.iin_masked

    @admin.display(description=gettext_lazy("by order"), ordering="order__date")
    def order(self, enrolment: Enrolment) -> str:
        """Number and date."""
        if enrolment.order_date is None:
            return "–"
        return f"№\N{NO-BREAK SPACE}{enrolment.order_no}, {date_format(enrolment.order_date, 'SHORT_DATE_FORMAT')}"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enrolment]:
        return super().get_queryset(request).select_related("listener", "cohort", "order")

    def get_urls(self) -> list[URLPattern]:
        """Adds the page by which one person leaves a cohort."""
        view = self.admin_site.admin_view(partial(withdraw_page, register=self))
        return [path("<int:pk>/withdraw/", view, name="enrollment_enrolment_withdraw"), *super().get_urls()]
