"""Text into values for the commission: its members and what it decided. Nothing here writes."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment.deciding import QUORUM, Resolved, suggested_decision_number
from enrollment.forms.fields import ChosenField, DayField, DayInput
from enrollment.models import Body, CommissionMember, DecisionLine, Enrolment


class MemberForm(forms.ModelForm):
    class Meta:
        model = CommissionMember
        field_classes = {"valid_from": DayField, "valid_to": DayField}
        widgets = {"valid_from": DayInput, "valid_to": DayInput}
        fields = [
            "body",
            "full_name",
            "position_kk",
            "position_ru",
            "position_en",
            "is_chair",
            "user",
            "valid_from",
            "valid_to",
        ]

    def clean(self) -> dict[str, Any]:
        """The period covers every session at which the member was present."""
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk:
            days = self.instance.decisions.order_by("held_on").values_list("held_on", flat=True)
            begins, ends = cleaned.get("valid_from", self.instance.valid_from), cleaned.get("valid_to")
            if days and begins and begins > days[0]:
                self.add_error("valid_from", _("The member was present at a session before that day."))
            if days and ends and ends < list(days)[-1]:
                self.add_error("valid_to", _("The member was present at a session after that day."))
        return cleaned


class DecisionForm(forms.Form):
    """A session, who was present, and what was decided about whom."""

    number = forms.CharField(label=gettext_lazy("Number of the decision"), max_length=30)
    held_on = DayField(label=gettext_lazy("Date of the session"))
    members = ChosenField(
        label=gettext_lazy("Members present"),
        queryset=CommissionMember.objects.filter(body=Body.REVIEW),
        widget=forms.CheckboxSelectMultiple,
    )
    question = forms.CharField(
        label=gettext_lazy("Question"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    decision = forms.CharField(
        label=gettext_lazy("Decision"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(
        self, *args: Any, people: list[Enrolment], decided: dict[int, DecisionLine] | None = None, **kwargs: Any
    ) -> None:
        today = timezone.localdate()
        kwargs["initial"] = {"number": suggested_decision_number(today.year), "held_on": today} | (
            kwargs.get("initial") or {}
        )
        super().__init__(*args, **kwargs)
        self.fields["members"].help_text = _("Who served on that day; at least this many: %(n)s.") % {"n": QUORUM}
        self.people = {str(enrolment.pk): enrolment for enrolment in people}
        for key, enrolment in self.people.items():
            self._add_fields_of(key, enrolment, (decided or {}).get(enrolment.pk))

    def _add_fields_of(self, key: str, enrolment: Enrolment, line: DecisionLine | None) -> None:
        name = enrolment.listener.full_name
        self.fields[f"resolution-{key}"] = forms.ChoiceField(
            label=_("Resolution"),
            choices=[("", "–"), *DecisionLine.Resolution.choices],
            required=False,
            initial=line.resolution if line else "",
            widget=forms.Select(attrs={"aria-label": f"{_('Resolution')}: {name}"}),
        )
        self.fields[f"reason-{key}"] = forms.CharField(
            label=_("Reason"),
            max_length=500,
            required=False,
            initial=line.reason if line else "",
            widget=forms.TextInput(attrs={"aria-label": f"{_('Reason')}: {name}"}),
        )

    def terms(self) -> list[forms.BoundField]:
        """The fields of the session, people apart."""
        return [self[name] for name in ("number", "held_on", "members", "question", "decision")]

    def rows(self) -> Iterator[tuple[Enrolment, list[forms.BoundField]]]:
        """The people with their resolution and its reason."""
        for key, enrolment in self.people.items():
            yield enrolment, [self[f"resolution-{key}"], self[f"reason-{key}"]]

    def people_errors(self) -> list[str]:
        """What is wrong in somebody's fields."""
        return [
            f"{enrolment.listener}: {error}"
            for enrolment, fields in self.rows()
            for field in fields
            for error in field.errors
        ]

    def session(self) -> dict[str, Any]:
        """What the verbs ask for, people apart."""
        names = ("number", "held_on", "question", "decision")
        return {name: self.cleaned_data[name] for name in names} | {"members": list(self.cleaned_data["members"])}

    def resolved(self) -> list[Resolved]:
        """About whom something was decided."""
        cleaned = self.cleaned_data
        return [
            Resolved(enrolment, cleaned[f"resolution-{key}"], cleaned[f"reason-{key}"])
            for key, enrolment in self.people.items()
            if cleaned[f"resolution-{key}"]
        ]
