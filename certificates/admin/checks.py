"""How often documents are checked, and what addresses on papers begin with: to read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateformat import format as day_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from certificates import watching
from certificates.models import CheckCount, CheckDay, PublicBase
from certificates.watching import DayOfChecks
from core.admin import ReadOnlyAdmin
from core.templatetags.charts import Bar


def pillars_of(days: list[DayOfChecks]) -> list[Bar]:
    """The days as pillars of what was found, the latest on the right."""
    return [Bar(day_format(one.day, "j"), (one.found,)) for one in reversed(days)]


def double_pillars_of(days: list[DayOfChecks]) -> list[Bar]:
    """The same with what was not found on top."""
    return [Bar(day_format(one.day, "j"), (one.found, one.not_found)) for one in reversed(days)]


@admin.register(CheckDay)
class CheckDayAdmin(ReadOnlyAdmin):
    list_display = ["day", "way", "found", "not_found"]
    list_filter = ["way"]
    date_hierarchy = "day"
    change_list_template = "admin/certificates/check_days.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The picture of the last days above the list."""
        picture = {
            "pillars": double_pillars_of(watching.days_of_all(timezone.localdate())),
            "series": [_("found"), _("not found")],
            "scanning": watching.scanning_now(),
        }
        return super().changelist_view(request, picture | (extra_context or {}))


@admin.register(CheckCount)
class CheckCountAdmin(ReadOnlyAdmin):
    list_display = ["document", "day", "count"]
    list_select_related = ["document"]
    search_fields = ["document__number__startswith"]
    search_help_text = gettext_lazy("Number")
    date_hierarchy = "day"


@admin.register(PublicBase)
class PublicBaseAdmin(ReadOnlyAdmin):
    list_display = ["url", "since", "reason"]
