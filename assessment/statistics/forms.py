"""Which edition's statistics are shown."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.models import Cohort
from programs.models import ProgrammeEdition


class Choice(forms.Form):
    """Which edition, and the year in which its cohorts began; empty: every year."""

    edition: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("Programme edition"),
        queryset=ProgrammeEdition.objects.order_by("-year", "-pk"),
        empty_label=None,
    )
    year = forms.TypedChoiceField(
        label=gettext_lazy("Cohorts that began in"), required=False, coerce=int, empty_value=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = Cohort.objects.dates("starts_on", "year", order="DESC")
        self.fields["year"].choices = [("", _("every year")), *((day.year, str(day.year)) for day in years)]  # type: ignore[attr-defined]
