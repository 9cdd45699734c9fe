"""Forms of the editions' pages in the admin panel."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from programs.models import Module, ProgrammeEdition, Source, StudyFormat
from programs.programme_file import MOST_HOURS
from programs.publishing import FIRST_YEAR, LAST_YEAR

MOST_ROWS, ASIDE = 1000, 20_000  # a place in a list, and what is added to it while places are exchanged


class WrappingLine(forms.Textarea):
    """A single line of text that wraps on the screen; line breaks typed into it become spaces."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 3, "class": "wrapping-line"} | (attrs or {}))

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        value = super().value_from_datadict(data, files, name)
        return None if value is None else " ".join(value.split())


class EditionForm(forms.ModelForm):
    """An edition's own fields; formats as boxes to tick."""

    year = forms.IntegerField(label=_("Edition"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    volume_hours = forms.IntegerField(
        label=_("Declared volume"),
        min_value=1,
        max_value=MOST_HOURS,
        help_text=_("Academic hours, as printed on documents."),
    )
    formats = forms.MultipleChoiceField(label=_("Formats"), choices=StudyFormat, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = ProgrammeEdition
        fields: list[str] = []


class OrderedFormSet(forms.BaseInlineFormSet):
    """Rows with a place of their own in a list, in which two may be exchanged at once."""

    place = "position"

    def save_existing_objects(self, commit: bool = True) -> Any:
        """Before the rows are saved, those that change places or go stand aside, so that none meets another."""
        moving = [f.instance.pk for f in self.initial_forms if self.place in f.changed_data or f in self.deleted_forms]
        if commit and moving:
            self.get_queryset().filter(pk__in=moving).update(**{self.place: F(self.place) + ASIDE})
        return super().save_existing_objects(commit)


class PositionForm(forms.ModelForm):
    """A row of a list."""

    position = forms.IntegerField(label=_("Place in the list"), min_value=1, max_value=MOST_ROWS)


class ModuleForm(forms.ModelForm):
    """A row of the plan."""

    no = forms.IntegerField(label="№", min_value=1, max_value=MOST_ROWS)
    lecture = forms.IntegerField(label=_("Lecture"), min_value=0, max_value=MOST_HOURS)
    practice = forms.IntegerField(label=_("Practice"), min_value=0, max_value=MOST_HOURS)
    self_study = forms.IntegerField(label=_("Self-study"), min_value=0, max_value=MOST_HOURS)

    class Meta:
        model = Module
        fields: list[str] = []


class SourceForm(forms.ModelForm):
    """An entry of the reading list."""

    no = forms.IntegerField(label="№", min_value=1, max_value=MOST_ROWS)
    url = forms.URLField(
        label=_("Web address"), max_length=500, required=False, assume_scheme="https", widget=AdminURLFieldWidget
    )

    class Meta:
        model = Source
        fields: list[str] = []


class NumberedFormSet(OrderedFormSet):
    """Rows that carry a number."""

    place = "no"


class ModuleFormSet(NumberedFormSet):
    """The rows of the plan together: one final attestation at most."""

    def clean(self) -> None:
        super().clean()
        kept = [f.cleaned_data for f in self.forms if f.is_valid() and not f.cleaned_data.get("DELETE")]
        if sum(bool(values.get("is_final")) for values in kept) > 1:
            raise ValidationError(_("Only one row can be the final attestation."))


class StepForm(forms.Form):
    """What the audit trail keeps of a step: the paper it rests on and the reason, both optional."""

    basis = forms.CharField(
        label=_("Basis document"),
        max_length=200,
        required=False,
        help_text=_("For example, the number and date of an order or of minutes."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ApprovalForm(StepForm):
    """A step with the approver's acknowledgement of hours that stand in no row."""

    acknowledgement = forms.CharField(
        label=_("Acknowledgement of the difference"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("In your own words; it is kept with your name and stays visible to staff."),
    )
    field_order = ["acknowledgement", "basis", "reason"]

    def __init__(self, *args: Any, unallotted: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if unallotted <= 0:
            del self.fields["acknowledgement"]


class NewEditionForm(forms.Form):
    """The year of a new edition."""

    year = forms.IntegerField(label=_("Year of the new edition"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
