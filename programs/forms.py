"""Forms of the editions' pages in the admin panel."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from programs.models import Module, ProgrammeEdition, StudyFormat
from programs.programme_file import MOST_HOURS
from programs.publishing import FIRST_YEAR, LAST_YEAR


class EditionForm(forms.ModelForm):
    """An edition's own fields; formats as boxes to tick."""

    year = forms.IntegerField(label=_("Edition"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    volume_hours = forms.IntegerField(
        label=_("Declared volume"), min_value=1, max_value=MOST_HOURS, help_text=_("Academic hours, as printed on documents.")
    )
    formats = forms.MultipleChoiceField(label=_("Formats"), choices=StudyFormat, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = ProgrammeEdition
        fields: list[str] = []


class ModuleForm(forms.ModelForm):
    """A row of the plan."""

    no = forms.IntegerField(label=_("No"), min_value=1, max_value=1000)
    lecture = forms.IntegerField(label=_("Lecture"), min_value=0, max_value=MOST_HOURS)
    practice = forms.IntegerField(label=_("Practice"), min_value=0, max_value=MOST_HOURS)
    self_study = forms.IntegerField(label=_("Self-study"), min_value=0, max_value=MOST_HOURS)

    class Meta:
        model = Module
        fields: list[str] = []


class ModuleFormSet(forms.BaseInlineFormSet):
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
