"""Text into values: a sitting, an examiner's points, what the chair decides."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.models import DefenceState, Examiner
from enrollment.forms.fields import ChosenField, DayField
from enrollment.models import Body, CommissionMember, Room
from programs.models import Criterion


def reason_field() -> forms.CharField:
    """Why, in words."""
    return forms.CharField(label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class TimeInput(forms.TimeInput):
    """An hour as the browser's own picker gives it."""

    input_type = "time"


def moment(day: Any, hour: Any) -> datetime:
    """The day and hour by the institute's clocks."""
    return timezone.make_aware(datetime.combine(day, hour))


class SittingForm(forms.Form):
    """When, where and before whom."""

    day = DayField(label=gettext_lazy("Date"))
    hour = forms.TimeField(label=gettext_lazy("Begins at"), widget=TimeInput(format="%H:%M"))
    slot_minutes = forms.IntegerField(label=gettext_lazy("Minutes for each"), min_value=5, max_value=120, initial=20)
    room: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("Room"), queryset=Room.objects.filter(is_active=True), required=False
    )
    link = forms.URLField(label=gettext_lazy("Link"), required=False, assume_scheme="https", max_length=500)
    members = ChosenField(
        label=gettext_lazy("Commission"),
        queryset=CommissionMember.objects.filter(body=Body.ATTESTATION, user__isnull=False),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("At least two; each gives points by themselves."),
    )
    chair: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("Chair"),
        queryset=CommissionMember.objects.filter(body=Body.ATTESTATION, user__isnull=False),
        empty_label=None,
    )

    def sitting(self) -> dict[str, Any]:
        """What the verb asks for."""
        cleaned = self.cleaned_data
        return {
            "starts_at": moment(cleaned["day"], cleaned["hour"]),
            "slot_minutes": cleaned["slot_minutes"],
            "room": cleaned["room"],
            "link": cleaned["link"],
            "members": list(cleaned["members"]),
            "chair": cleaned["chair"],
        }


class ReasonForm(forms.Form):
    """Why."""

    reason = reason_field()


class PointsForm(forms.Form):
    """Whole points for each criterion of the defence."""

    def __init__(self, *args: Any, criteria: list[Criterion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for criterion in criteria:
            self.fields[criterion.code] = forms.IntegerField(
                label=criterion.title,
                min_value=0,
                max_value=criterion.max_points,
                help_text=_("0 to %(maximum)s") % {"maximum": criterion.max_points},
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )

    def points(self) -> dict[str, int]:
        """By criterion code."""
        return {criterion.code: self.cleaned_data[criterion.code] for criterion in self.criteria}

    def rows(self) -> list[tuple[Criterion, forms.BoundField]]:
        """Each criterion with its field."""
        return [(criterion, self[criterion.code]) for criterion in self.criteria]


class GivingForm(PointsForm):
    """An examiner's points, with a note of their own."""

    note = forms.CharField(label=gettext_lazy("Note for the commission"), max_length=500, required=False)


class DisputeForm(PointsForm):
    """The chair's points and why."""

    reason = reason_field()


class EndingForm(ReasonForm):
    """What happened instead of points."""

    ending = forms.ChoiceField(
        label=gettext_lazy("What happened"),
        choices=[
            (DefenceState.NO_SHOW, DefenceState.NO_SHOW.label),
            (DefenceState.BREACH, DefenceState.BREACH.label),
        ],
    )
    field_order = ["ending", "reason"]


class ExcuseForm(ReasonForm):
    """Who does not judge this defence."""

    examiner: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("Member of the commission"), queryset=Examiner.objects.none(), empty_label=None
    )
    field_order = ["examiner", "reason"]

    def __init__(self, *args: Any, examiners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["examiner"].queryset = examiners  # type: ignore[attr-defined]


class TopicForm(forms.Form):
    """The topic of the project."""

    topic = forms.CharField(label=gettext_lazy("Topic of the project"), max_length=300, required=False)
