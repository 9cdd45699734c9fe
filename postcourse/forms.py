"""Forms of consultations: text into values, nothing written."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import formats
from django.utils.translation import gettext_lazy as _

from core.workdays import Period
from postcourse.consultations import REASON_LENGTH
from postcourse.diary import moment, rules

SHORT = "SHORT_DATE_FORMAT"
MAX_SEQUENCE = 2**31 - 1


class SequenceForm(forms.Form):
    """Which time of the consultation the page showed."""

    sequence = forms.IntegerField(min_value=0, max_value=MAX_SEQUENCE, required=False, widget=forms.HiddenInput)


class DayForm(forms.Form):
    """The day whose hours are shown; within the support period."""

    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, period: Period, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.period = period
        self.fields["day"].widget.attrs |= {"min": period.starts_on.isoformat(), "max": period.ends_on.isoformat()}

    def clean_day(self) -> date | None:
        """A day outside the period is refused with the period's dates."""
        day = self.cleaned_data["day"]
        if day and day not in self.period:
            first, last = self.period.starts_on, self.period.ends_on
            raise forms.ValidationError(
                _("Choose a day of the support period, %(first)s – %(last)s."),
                params={"first": formats.date_format(first, SHORT), "last": formats.date_format(last, SHORT)},
            )
        return day


class MoveForm(SequenceForm):
    """Another hour for a consultation."""

    day = forms.DateField(label=_("Day"), widget=forms.HiddenInput)
    hour = forms.TypedChoiceField(
        label=_("Hour"), coerce=int, widget=forms.RadioSelect, error_messages={"required": _("Choose an hour.")}
    )
    reason = forms.CharField(label=_("Reason (the listener reads it)"), required=False, max_length=REASON_LENGTH)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["hour"].choices = [(hour, f"{hour}:00") for hour in rules().hours]  # type: ignore[attr-defined]

    @property
    def starts_at(self) -> datetime:
        """The chosen moment; the form must be valid."""
        return moment(self.cleaned_data["day"], self.cleaned_data["hour"])


class CancelForm(forms.Form):
    """Why a consultation is called off."""

    reason = forms.CharField(
        label=_("Reason (the listener reads it)"),
        max_length=REASON_LENGTH,
        error_messages={"required": _("Please say why the consultation is cancelled.")},
    )
