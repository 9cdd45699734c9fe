"""Text into a correction: the session, why, and other points or another ending for the decisions it is about."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from assessment.correcting import Corrected
from assessment.models import Ending, Outcome, Protocol
from assessment.protocol_forms import SessionForm
from programs.models import Criterion


class CorrectionForm(SessionForm):
    """Each decision with its points; what is changed becomes a line. `terms` are the session, the reason, the basis."""

    reason = forms.CharField(
        label=gettext_lazy("Reason for the correction"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )
    basis = forms.CharField(
        label=gettext_lazy("Basis"),
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("For example the decision on an appeal, with its date."),
    )

    def __init__(
        self,
        *args: Any,
        protocol: Protocol,
        draft: Protocol | None,
        outcomes: Iterable[Outcome],
        criteria: Sequence[Criterion],
        **kwargs: Any,
    ) -> None:
        drafted = {one.outcome_id: one for one in draft.corrections.all()} if draft else {}
        said = {"reason": draft.reason, "basis": draft.basis} if draft else {}
        kwargs["initial"] = said | (kwargs.get("initial") or {})
        super().__init__(*args, cohort=protocol.cohort, draft=draft, **kwargs)
        self.outcomes, self.criteria = list(outcomes), criteria
        for outcome in self.outcomes:
            line = drafted.get(outcome.pk, outcome)
            self.fields[f"ending-{outcome.pk}"] = forms.ChoiceField(choices=Ending.choices, initial=line.ending)
            for criterion in criteria:
                self.fields[f"points-{outcome.pk}-{criterion.code}"] = forms.IntegerField(
                    label=criterion.title,
                    required=False,
                    min_value=0,
                    max_value=criterion.max_points,
                    initial=line.points.get(criterion.code),
                )

    def terms(self) -> list[forms.BoundField]:
        """The fields of the session, then why."""
        return [*super().terms(), self["reason"], self["basis"]]

    def rows(self) -> list[tuple[Outcome, forms.BoundField, list[forms.BoundField]]]:
        """Each decision with its fields: the ending, and points in the rubric's order."""
        return [
            (one, self[f"ending-{one.pk}"], [self[f"points-{one.pk}-{c.code}"] for c in self.criteria])
            for one in self.outcomes
        ]

    def lines(self) -> list[Corrected]:
        """What was changed; for an ending without a total the points stay as they were given."""
        found = []
        for outcome in self.outcomes:
            ending = self.cleaned_data[f"ending-{outcome.pk}"]
            given = {c.code: self.cleaned_data[f"points-{outcome.pk}-{c.code}"] for c in self.criteria}
            points = {code: value for code, value in given.items() if value is not None or code in outcome.points}
            if (ending, points) != (outcome.ending, outcome.points):
                found.append(Corrected(outcome, points, ending))
        return found

    def correction(self) -> dict[str, Any]:
        """What the verb asks for."""
        names = ("held_on", "chair", "reason", "basis")
        asked = {name: self.cleaned_data[name] for name in names}
        return asked | {"members": list(self.cleaned_data["members"]), "lines": self.lines()}
