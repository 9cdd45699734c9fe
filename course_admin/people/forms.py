"""Text into values for the pages about people. Nothing here writes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.forms import ChosenField
from enrollment.models import Listener


class ChooseTwoForm(forms.Form):
    """Two entries that no list has put together."""

    entries = ChosenField(label=gettext_lazy("Two entries of one person"), queryset=Listener.objects.usable())

    def clean_entries(self) -> list[Listener]:
        """Exactly two, the older first."""
        chosen = sorted(self.cleaned_data["entries"], key=lambda listener: listener.pk)
        if len(chosen) != 2:
            raise ValidationError(_("Choose two different entries."))
        return chosen


class MergeForm(forms.Form):
    """Which of two entries stays, or that they are two people."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose which entry stays, or that they are two people.")},
    )

    def __init__(self, *args: Any, one: Listener, other: Listener, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = {"one": (one, other), "other": (other, one)}
        field: Any = self.fields["decision"]
        field.choices = [
            ("one", _("One person; the entry that stays: No %(number)s") % {"number": one.pk}),
            ("other", _("One person; the entry that stays: No %(number)s") % {"number": other.pk}),
            ("apart", _("Two different people: do not propose them again")),
        ]


class GroundForm(forms.Form):
    """Why an administrator takes a person's data away."""

    ground = forms.CharField(
        label=gettext_lazy("Ground"),
        max_length=300,
        help_text=gettext_lazy(
            "Who asked for the data and when: the person's application, an inquiry with its number."
        ),
    )


class NumberForm(forms.Form):
    """The number that is typed to confirm what cannot be undone."""

    typed = forms.CharField(
        label=gettext_lazy("Number of the person"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )


class NothingForm(forms.Form):
    """A question that is answered by its button."""
