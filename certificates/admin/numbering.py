"""Series of registration numbers: the pattern, where a year begins, and the number that comes next."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import User
from certificates.models import Kind, NumberSeries
from certificates.numbering import CODES, is_used, keep_series, this_year, written
from core.admin import SteadyAdmin
from core.errors import DomainError


class SeriesForm(forms.ModelForm):  # type: ignore[type-arg]
    """Text into a series; the verb judges it before the page is left."""

    by: User

    class Meta:
        model = NumberSeries
        fields = ["kind", "from_year", "pattern", "start"]
        help_texts = {
            "pattern": gettext_lazy("For example {kind}-{year}-{counter:06}; {kind} is SK, AN or KQ."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "from_year" in self.fields and not self.instance.pk:
            self.initial.setdefault("from_year", timezone.localdate().year)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        try:
            keep_series(series=self.instance, by=self.by)
        except DomainError as refusal:
            self.add_error(None, refusal.sentence)


@admin.register(NumberSeries)
class NumberSeriesAdmin(SteadyAdmin):
    form = SeriesForm
    actions = None
    list_display = ["kind", "from_year", "pattern", "start", "example"]
    change_list_template = "admin/certificates/series_list.html"

    @admin.display(description=gettext_lazy("example"))
    def example(self, series: NumberSeries) -> str:
        """The first number of its first year."""
        return written(series.pattern, series.kind, series.from_year, series.start)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form knows who fills it in."""
        return type("Form", (super().get_form(request, obj, change, **kwargs),), {"by": request.user})

    def save_model(self, request: HttpRequest, obj: NumberSeries, form: Any, change: bool) -> None:
        """The verb has stored it."""

    def has_change_permission(self, request: HttpRequest, obj: NumberSeries | None = None) -> bool:
        """A used series is read."""
        return super().has_change_permission(request, obj) and (obj is None or not is_used(obj))

    def has_delete_permission(self, request: HttpRequest, obj: NumberSeries | None = None) -> bool:
        """A used series stays."""
        return super().has_delete_permission(request, obj) and obj is not None and not is_used(obj)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list below the next number of each kind."""
        labels = dict(Kind.choices)
        following = [(labels[kind], number) for kind, number in this_year().items()]
        return super().changelist_view(request, {"following": following, "codes": CODES} | (extra_context or {}))
