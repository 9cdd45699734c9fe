"""Text into values for corrections of names. Nothing here writes."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.names import LONGEST
from enrollment import identity
from enrollment.correcting import Name, name_of
from enrollment.forms.fields import read_with
from enrollment.models import Listener


class CorrectionForm(forms.Form):
    """The wanted spelling, and why."""

    surname = forms.CharField(label=gettext_lazy("Surname"), max_length=LONGEST)
    given_name = forms.CharField(label=gettext_lazy("Given name"), max_length=LONGEST)
    patronymic = forms.CharField(
        label=gettext_lazy("Patronymic"),
        max_length=LONGEST,
        required=False,
        help_text=gettext_lazy("Leave it empty when the identity card has none."),
    )
    words = forms.CharField(
        label=gettext_lazy("In your own words"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For example: which letter is wrong, or since when you bear another surname."),
    )

    def __init__(self, *args: Any, listener: Listener, **kwargs: Any) -> None:
        kwargs["initial"] = name_of(listener)._asdict()
        super().__init__(*args, **kwargs)
        self.notices: list[str] = []

    def _clean_name(self, field: str) -> str:
        name = read_with(identity.read_name, self.cleaned_data[field])
        self.notices += name.notices
        return name.value

    def clean_surname(self) -> str:
        """As `core.names` writes it; what was changed is noticed."""
        return self._clean_name("surname")

    def clean_given_name(self) -> str:
        """See `clean_surname`."""
        return self._clean_name("given_name")

    def clean_patronymic(self) -> str:
        """See `clean_surname`; may be empty."""
        return self._clean_name("patronymic") if self.cleaned_data["patronymic"].strip() else ""

    def wanted(self) -> dict[str, Any]:
        """The cleaned form as the verb takes it."""
        parts = Name(*(self.cleaned_data[name] for name in Name._fields))
        return {"name": parts, "words": self.cleaned_data["words"]}


class DecisionForm(forms.Form):
    """What an administrator decides about a correction."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[("make", gettext_lazy("make the correction")), ("refuse", gettext_lazy("refuse, with an answer"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether the correction is made or refused.")},
    )
    answer = forms.CharField(
        label=gettext_lazy("Answer to the listener"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """A refusal needs an answer."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("decision") == "refuse" and not cleaned.get("answer", "").strip():
            self.add_error("answer", _("Say why the name is not corrected; the listener reads it."))
        return cleaned
