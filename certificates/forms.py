"""Forms about documents: text in, values out."""

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment.models import Protocol
from certificates.asking import LONGEST_BASIS, LONGEST_WORDS
from certificates.candidates import Candidate
from certificates.models import Cause
from certificates.revoking import LONGEST
from enrollment.models import Signatory


class LookupForm(forms.Form):
    """The look-up by registration number and surname."""

    number = forms.CharField(
        label=_("Registration number"),
        max_length=40,
        help_text=_("As printed on the paper, for example SK-2026-000001."),
    )
    surname = forms.CharField(label=_("Holder's surname"), max_length=90)


class ListForm(forms.Form):
    """Many numbers and surnames at once, pasted or as a file."""

    text = forms.CharField(
        label=_("Numbers and surnames"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("A document in each line: number, then surname. Two columns copied from a spreadsheet will do."),
    )
    file = forms.FileField(
        label=_("Or a file (XLSX or CSV)"),
        required=False,
        help_text=_("A column with the numbers and one with the surnames."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean(self) -> dict[str, Any]:
        """One of the two."""
        if not self.errors and bool(self.cleaned_data["text"].strip()) == bool(self.cleaned_data["file"]):
            raise forms.ValidationError(_("Please paste a list or choose a file, one of the two."))
        return self.cleaned_data


class SignatoryChoice(forms.ModelChoiceField):
    """Signatories by name, position and whether they act for the head."""

    def label_from_instance(self, obj: Signatory) -> str:
        acting = f" ({_('acting head')})" if obj.is_acting else ""
        return f"{obj.full_name}, {obj.position}{acting}"


class IssueForm(forms.Form):
    """Who is issued to, signed by whom, dated when."""

    outcomes = forms.MultipleChoiceField(
        label=_("People"), error_messages={"required": _("Choose at least one person.")}
    )
    signatory = SignatoryChoice(label=_("Signed by"), queryset=Signatory.objects.none())
    issued_on = forms.DateField(
        label=_("Date of issue"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    language = forms.ChoiceField(
        label=_("Second language on the paper"), choices=[("ru", _("Russian")), ("en", _("English"))]
    )

    on_blanks = forms.BooleanField(label=_("On security blanks (certificates only)"), required=False)

    def __init__(
        self, *args: Any, protocol: Protocol, everybody: list[Candidate], free: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on_blanks"].help_text = _("Free blanks: %(free)s") % {"free": free}
        today = timezone.localdate()
        able = [str(c.outcome.pk) for c in everybody if not c.reason]
        outcomes = cast("forms.MultipleChoiceField", self.fields["outcomes"])
        outcomes.choices = [(str(c.outcome.pk), str(c.outcome.attempt.enrolment.listener)) for c in everybody]
        outcomes.initial = able
        signatory = cast("SignatoryChoice", self.fields["signatory"])
        signatory.queryset = Signatory.objects.able_to_sign_since(protocol.held_on)
        signatory.initial = Signatory.objects.in_power_on(today).first()
        self.fields["issued_on"].initial = today

    def chosen(self, everybody: list[Candidate]) -> list[Candidate]:
        """The chosen candidates, in the order of the list."""
        wanted = set(self.cleaned_data["outcomes"])
        return [c for c in everybody if str(c.outcome.pk) in wanted]


class ReasonForm(forms.Form):
    """Why a document is revoked or issued anew."""

    reason = forms.CharField(label=_("Reason"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3}))


class SignedToday(forms.Form):
    """Who signs what is issued today."""

    signatory = SignatoryChoice(label=_("Signed by"), queryset=Signatory.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        signatory = cast("SignatoryChoice", self.fields["signatory"])
        signatory.queryset = Signatory.objects.in_power_on(timezone.localdate())
        signatory.initial = signatory.queryset.first()


class ReissueForm(ReasonForm, SignedToday):
    """A new document in place of another."""

    field_order = ["reason", "signatory"]


class AskForm(forms.Form):
    """A request about a document: what is wrong, in whose words, on what it rests."""

    cause = forms.ChoiceField(label=_("What is wrong?"), choices=Cause, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What happened, or what is to be corrected"),
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    basis = forms.CharField(
        label=_("What it rests on"),
        max_length=LONGEST_BASIS,
        required=False,
        help_text=_(
            "For a mistake in the name: the identity card or the certificate of marriage, its number and date."
        ),
    )


class CarryOutForm(SignedToday):
    """A request that is carried out."""

    same_name = forms.BooleanField(
        label=_("The name is right as it is printed; the mistake lies elsewhere"), required=False
    )
    field_order = ["signatory", "same_name"]

    def __init__(self, *args: Any, cause: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if cause != Cause.TYPO:
            del self.fields["same_name"]


class RefuseForm(forms.Form):
    """A request that is refused, with words for the holder."""

    answer = forms.CharField(
        label=_("Why not (the holder reads it)"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )
