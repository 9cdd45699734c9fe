"""Text into values: the protocol's draft, its closing, a special opinion."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.models import Protocol
from assessment.protocol_rules import REASON_LENGTH
from assessment.sheet import Row, Sheet
from enrollment.forms.fields import ChosenField, DayField, DayInput
from enrollment.models import Body, Cohort, CommissionMember

FORM_ID = "protocol-form"  # of the element, as the template names it


def _members(held_on: date) -> list[CommissionMember]:
    return list(CommissionMember.objects.serving_on(held_on, Body.ATTESTATION))


class SessionForm(forms.Form):
    """The session: its date, who was present and who chaired."""

    held_on = DayField(label=gettext_lazy("Date of the session"))
    members = ChosenField(
        label=gettext_lazy("Members present"),
        queryset=CommissionMember.objects.filter(body=Body.ATTESTATION),
        widget=forms.CheckboxSelectMultiple,
    )
    chair: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("Chair of the session"),
        queryset=CommissionMember.objects.filter(body=Body.ATTESTATION, user__isnull=False),
        empty_label=None,
    )

    def __init__(self, *args: Any, cohort: Cohort, draft: Protocol | None, **kwargs: Any) -> None:
        kwargs["initial"] = self._initial(draft) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        # Only what the browser's calendar offers; the verb judges.
        days = {"min": cohort.starts_on.isoformat(), "max": timezone.localdate().isoformat()}
        self.fields["held_on"].widget = DayInput(attrs=days)

    @staticmethod
    def _initial(draft: Protocol | None) -> dict[str, Any]:
        """The draft as it stands; otherwise today, with everybody who serves."""
        if draft is not None:
            seated = list(draft.members.all())
            chair = next((one.member_id for one in seated if one.is_chair), None)
            return {"held_on": draft.held_on, "members": [one.member_id for one in seated], "chair": chair}
        serving = _members(timezone.localdate())
        chair = next((member.pk for member in serving if member.is_chair and member.user_id), None)
        return {"held_on": timezone.localdate(), "members": [member.pk for member in serving], "chair": chair}

    def terms(self) -> list[forms.BoundField]:
        """The fields of the session, people apart."""
        return [self[name] for name in ("held_on", "members", "chair")]


class DraftForm(SessionForm):
    """The session: its date, who was present and who chaired, and a reason for each person who cannot be decided on.

    `barred` are enrolments that attended too little where the rule refuses them; `below` are all below the minimum, for
    whom the commission may decide otherwise.
    """

    def __init__(
        self,
        *args: Any,
        sheet: Sheet,
        draft: Protocol | None,
        barred: Collection[int] = (),
        below: Collection[int] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, cohort=sheet.cohort, draft=draft, **kwargs)
        self.barred = barred
        self.incomplete = [r for r in sheet.pending if not r.is_decidable or r.enrolment.pk in barred]
        self.doubtful = [r for r in sheet.pending if r.enrolment.pk in below and r not in self.incomplete]
        written = draft.left_out if draft else {}
        others = [r for r in sheet.pending if str(r.enrolment.pk) in written and r not in self.incomplete]
        self.doubtful += [r for r in others if r not in self.doubtful]
        for row in (*self.incomplete, *self.doubtful):
            # The field stands outside the form's element when the row is one of the doubtful.
            attrs = {"placeholder": _("reason, if left out of this protocol"), "form": FORM_ID}
            self.fields[self._name(row)] = forms.CharField(
                label=row.enrolment.listener.full_name,
                required=False,
                max_length=REASON_LENGTH,
                initial=written.get(str(row.enrolment.pk), ""),
                widget=forms.TextInput(attrs=attrs),
            )

    @staticmethod
    def _name(row: Row) -> str:
        return f"reason_{row.enrolment.pk}"

    def incomplete_rows(self) -> list[tuple[Row, forms.BoundField]]:
        """Each incomplete person with the field for the reason."""
        return [(row, self[self._name(row)]) for row in self.incomplete]

    def reason_of(self, row: Row) -> forms.BoundField | None:
        """The field for the reason of leaving out a person who could be decided on; None for anybody else."""
        return self[self._name(row)] if row in self.doubtful else None

    def session(self) -> dict[str, Any]:
        """What the verb asks for."""
        asked = (*self.incomplete, *self.doubtful)
        written = {row.enrolment.pk: self.cleaned_data[self._name(row)] for row in asked}
        return {
            "held_on": self.cleaned_data["held_on"],
            "members": list(self.cleaned_data["members"]),
            "chair": self.cleaned_data["chair"],
            "leave_out": {pk: reason for pk, reason in written.items() if reason},
        }


class DiscardForm(forms.Form):
    """Why a draft is put away."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=REASON_LENGTH)


class ClosingForm(forms.Form):
    """The chair's confirmation of what was seen."""

    seen = forms.CharField(widget=forms.HiddenInput)
    confirmed = forms.BooleanField(
        label=gettext_lazy("I have checked the points. After closing they can no longer be changed."),
        error_messages={"required": gettext_lazy("Please confirm that you have checked the points.")},
    )


class OpinionForm(forms.Form):
    """A member's special opinion; empty takes it back."""

    opinion = forms.CharField(
        label=gettext_lazy("Special opinion"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
