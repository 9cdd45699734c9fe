"""Text into an answer, a template of words, and the queue's filter. Nothing here writes."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from assessment.answering import LONGEST
from assessment.models import Assignment, CommentTemplate, Feedback
from assessment.work_queue import waiting
from enrollment.models import Cohort


class WordsField(forms.CharField):
    """Text whose line ends count as one character, as the browser counts them."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> Any:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class AnswerForm(forms.Form):
    """Words and a verdict. `version` and `seen` are what the page showed."""

    words = WordsField(
        label=gettext_lazy("Your answer"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 7, "data-keep": ""}),
        error_messages={
            "required": gettext_lazy("Write what is good and what to change: the listener reads these words.")
        },
    )
    verdict = forms.ChoiceField(
        choices=[
            (Feedback.Verdict.ACCEPTED, gettext_lazy("Accept")),
            (Feedback.Verdict.RETURNED, gettext_lazy("Return for another version")),
        ],
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
        label=gettext_lazy("Verdict"),
        error_messages={"required": gettext_lazy("Choose whether the work is accepted or returned.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class TemplateForm(forms.ModelForm):  # type: ignore[type-arg]
    """A title and the words."""

    class Meta:
        model = CommentTemplate
        fields = ["title", "words"]
        field_classes = {"words": WordsField}
        widgets = {"words": forms.Textarea(attrs={"rows": 4})}


class QueueFilter(forms.Form):
    """Of which cohort, of which assignment; only what has something waiting is offered."""

    cohort: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("Cohort"), queryset=Cohort.objects.none(), required=False
    )
    assignment: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("Assignment"), queryset=Assignment.objects.none(), required=False
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        all_ = waiting(user).order_by()
        cohorts, assignments = self.fields["cohort"], self.fields["assignment"]
        cohorts.queryset = Cohort.objects.filter(pk__in=all_.values("assignment__cohort")).order_by("-starts_on")  # type: ignore[attr-defined]
        assignments.queryset = Assignment.objects.filter(pk__in=all_.values("assignment"))  # type: ignore[attr-defined]
        for field in (cohorts, assignments):
            field.widget.attrs["class"] = "form-select"
        cohorts.empty_label = assignments.empty_label = _("all")  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, int]:
        """Keys by name, of what was chosen and exists; anything else counts as not chosen."""
        if not self.is_valid():
            return {}
        return {name: row.pk for name, row in self.cleaned_data.items() if row is not None}
