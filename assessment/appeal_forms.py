"""Text and files into an appeal, and into its decision."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from assessment.models import AppealState
from enrollment.forms.fields import ChosenField, DayField
from enrollment.forms.requests import papers_field
from enrollment.models import Body, CommissionMember


class AppealForm(forms.Form):
    """What the listener does not agree with, and papers."""

    words = forms.CharField(
        label=gettext_lazy("What do you not agree with, and why?"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=5000,
    )
    papers = papers_field()


class DecisionForm(forms.Form):
    """The commission's decision."""

    state = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[(AppealState.UPHELD, AppealState.UPHELD.label), (AppealState.REJECTED, AppealState.REJECTED.label)],
        widget=forms.RadioSelect,
    )
    decision = forms.CharField(
        label=gettext_lazy("Reason (the listener reads it)"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
    )
    held_on = DayField(label=gettext_lazy("Date of the session"), initial=timezone.localdate)
    members = ChosenField(
        label=gettext_lazy("Members present"),
        queryset=CommissionMember.objects.filter(body=Body.ATTESTATION),
        widget=forms.CheckboxSelectMultiple,
    )
