"""Text into values about agreements. Nothing here writes."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from enrollment import agreement_gaps
from enrollment.forms.fields import DayField
from enrollment.models import AgreementText, Enrolment


class AgreementTextForm(forms.ModelForm):
    """A version of the agreement; every language says the same and is complete."""

    class Meta:
        model = AgreementText
        fields = ["text_kk", "text_ru", "text_en"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True
            field.widget.attrs |= {"rows": 30}
        if "text_kk" in self.fields:
            gaps = format_html_join("; ", "<code>{{{}}}</code> – {}", agreement_gaps.GAPS.items())
            self.fields["text_kk"].help_text = format_html(
                "{} {}",
                _("The first paragraph is the title; an empty line parts paragraphs. What the system fills in:"),
                gaps,
            )
        self.warnings: list[str] = []

    def _clean_text(self, name: str) -> str:
        text: str = self.cleaned_data[name].strip()
        try:
            agreement_gaps.check(text)
        except DomainError as refusal:
            raise ValidationError(refusal.sentence) from refusal
        if lacking := agreement_gaps.missing(text):
            self.warnings.append(
                _("%(field)s: the text does not say %(gaps)s. An agreement should.")
                % {"field": self.fields[name].label, "gaps": ", ".join(lacking)}
            )
        return text

    def clean_text_kk(self) -> str:
        """Only known gaps, nothing unprintable; a missing gap is a warning."""
        return self._clean_text("text_kk")

    def clean_text_ru(self) -> str:
        """See `clean_text_kk`."""
        return self._clean_text("text_ru")

    def clean_text_en(self) -> str:
        """See `clean_text_kk`."""
        return self._clean_text("text_en")


class AcceptForm(forms.Form):
    """The tick, and the fingerprint of what was read."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label=gettext_lazy("I have read the agreement and accept it."),
        error_messages={"required": gettext_lazy("Tick that you have read the agreement and accept it.")},
    )


class PaperAgreementsForm(forms.Form):
    """Whose agreement is on file on paper: number and date."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("People"),
        error_messages={
            "required": gettext_lazy("Choose at least one person."),
            "invalid_choice": gettext_lazy("The list has changed in between. Look through it again."),
        },
    )
    number = forms.CharField(
        label=gettext_lazy("One number for all who have none of their own"), max_length=40, required=False
    )
    dated_on = DayField(label=gettext_lazy("Date of the agreement"))

    def __init__(self, *args: Any, lacking: list[Enrolment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lacking = {str(enrolment.pk): enrolment for enrolment in lacking}
        people: Any = self.fields["people"]
        people.choices = [(pk, str(enrolment.listener)) for pk, enrolment in self.lacking.items()]
        for pk, enrolment in self.lacking.items():
            self.fields[f"number_{pk}"] = forms.CharField(
                label=_("Number of the agreement of %(name)s") % {"name": enrolment.listener},
                max_length=40,
                required=False,
                widget=forms.TextInput(attrs={"size": 12}),
            )

    def rows(self) -> list[tuple[Enrolment, Any, bool]]:
        """Each person without an agreement, the field of their own number, and whether they are ticked."""
        ticked = set(self.data.getlist("people")) if self.is_bound else set()  # type: ignore[attr-defined]
        return [(e, self[f"number_{pk}"], pk in ticked) for pk, e in self.lacking.items()]

    def clean(self) -> dict[str, Any]:
        """Whoever is ticked has a number, their own or the common one."""
        cleaned = super().clean() or self.cleaned_data
        bare = [str(e.listener) for e in self.chosen() if not self.number_of(e)]
        if bare:
            raise ValidationError(_("Give the number of the agreement: %(names)s."), params={"names": ", ".join(bare)})
        return cleaned

    def chosen(self) -> list[Enrolment]:
        """Those ticked, in the order of the list."""
        ticked = set(self.cleaned_data.get("people", []))
        return [enrolment for pk, enrolment in self.lacking.items() if pk in ticked]

    def number_of(self, enrolment: Enrolment) -> str:
        """The person's own number, or the common one."""
        own: str = self.cleaned_data.get(f"number_{enrolment.pk}") or self.cleaned_data.get("number") or ""
        return own.strip()

    @property
    def day(self) -> date:
        """The date on the paper."""
        day: date = self.cleaned_data["dated_on"]
        return day
