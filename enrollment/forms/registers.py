"""Text into values for the registers and for the pages of a cohort. Nothing here writes."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core.errors import DomainError
from enrollment import identity
from enrollment.cohorts import refuse_too_few_places
from enrollment.forms.fields import ChosenField, DayField, DayInput, read_with
from enrollment.models import Book, Cohort, ConsentText, Employer, Enrolment, Listener
from enrollment.ordering import suggested_number
from programs.models import ProgrammeEdition

LARGEST_FILE = 10 * 1024 * 1024  # bytes


class EmployerForm(forms.ModelForm):
    class Meta:
        model = Employer
        fields = ["name", "bin", "region", "address", "email"]

    def clean_name(self) -> str:
        """One line, single spaces."""
        return read_with(identity.read_text, self.cleaned_data["name"])

    def clean_email(self) -> str:
        """Lower case; letters about expulsions go there (R11)."""
        return self.cleaned_data["email"].strip().lower()

    def clean_bin(self) -> str:
        """Twelve digits with a right check digit, or nothing."""
        text = self.cleaned_data["bin"]
        return read_with(identity.read_bin, text).value if text else ""


class ListenerForm(forms.ModelForm):
    """The IIN is asked for once; afterwards an empty field keeps it."""

    iin = forms.CharField(
        label=gettext_lazy("IIN"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "vTextField"}),
    )

    class Meta:
        model = Listener
        field_classes = {"consented_on": DayField}
        widgets = {"consented_on": DayInput}
        fields = [
            "surname", "given_name", "patronymic", "position", "employer", "email", "phone", "consent", "consented_on",
        ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notices: list[str] = []
        if "iin" in self.fields and self.instance.pk:
            self.fields["iin"].help_text = _("Stored: %(masked)s. Fill in only to correct it.") % {
                "masked": self.instance.iin_masked
            }

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

    def clean_email(self) -> str:
        """Lower case: one address is one account."""
        return self.cleaned_data["email"].strip().lower()

    def clean_phone(self) -> str:
        """Digits and the marks between them."""
        return read_with(identity.read_phone, self.cleaned_data["phone"])

    def clean_iin(self) -> str:
        """A right IIN that nobody else has."""
        text = self.cleaned_data["iin"]
        if not text:
            if self.instance.pk is None:
                raise ValidationError(_("Give the IIN."), code="required")
            return ""
        iin = read_with(identity.read_iin, text)
        other = Listener.objects.with_iin(iin.value).first()
        if other is not None and other.pk == self.instance.pk and not self.instance.has_iin(iin.value):
            raise ValidationError(
                _(
                    "This IIN belongs to an entry that was merged into this one. If it is the right one, undo the "
                    "merge and let the other entry stay."
                ),
                code="merged",
            )
        if other is not None and other.pk != self.instance.pk:
            raise ValidationError(
                _("This IIN already belongs to a listener: %(name)s."), code="taken", params={"name": other.full_name}
            )
        self.notices += iin.notices
        return iin.value

    def clean(self) -> dict[str, Any]:
        """Consent is a version and a date together; a new IIN goes sealed into the row."""
        cleaned = super().clean() or self.cleaned_data
        given_on: date | None = cleaned.get("consented_on")
        if cleaned.get("consent") and not given_on and "consented_on" not in self.errors:
            self.add_error("consented_on", _("Give the date of the consent."))
        if given_on and not cleaned.get("consent") and "consent" not in self.errors:
            self.add_error("consent", _("Choose the version that was agreed to."))
        if given_on and given_on > timezone.localdate():
            self.add_error("consented_on", _("The consent cannot be given in the future."))
        if cleaned.get("iin"):
            self.instance.set_iin(cleaned["iin"])
        return cleaned


class CohortForm(forms.ModelForm):
    trainers = ChosenField(
        label=gettext_lazy("Trainers"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Cohort
        field_classes = {"starts_on": DayField, "ends_on": DayField}
        widgets = {"starts_on": DayInput, "ends_on": DayInput}
        fields = ["code", "edition", "study_format", "language", "starts_on", "ends_on", "capacity", "trainers"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if "edition" in fields:
            fields["edition"].queryset = ProgrammeEdition.objects.in_force().select_related("programme")
        if "trainers" in fields:
            # Who taught stays listed also when the account is closed, so that saving does not drop them.
            taught = self.instance.trainers.values("pk") if self.instance.pk else []
            fields["trainers"].queryset = User.objects.filter(
                models.Q(is_trainer=True, is_active=True) | models.Q(pk__in=taught)
            ).order_by("full_name")

    def clean_capacity(self) -> int:
        """Never below the places that are taken."""
        capacity: int = self.cleaned_data["capacity"]
        if self.instance.pk:
            try:
                refuse_too_few_places(self.instance, capacity)
            except DomainError as refusal:
                raise ValidationError(refusal.sentence) from refusal
        return capacity

    def clean(self) -> dict[str, Any]:
        """The format is one of the edition's."""
        cleaned = super().clean() or self.cleaned_data
        edition = cleaned.get("edition") or (self.instance.edition if self.instance.pk else None)
        if edition and "study_format" in cleaned and cleaned["study_format"] not in edition.formats:
            self.add_error("study_format", _("The programme edition is not held in this format."))
        return cleaned


class ConsentTextForm(forms.ModelForm):
    class Meta:
        model = ConsentText
        fields = ["text_kk", "text_ru", "text_en"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True


class ListForm(forms.Form):
    """A list of listeners to look through."""

    file = forms.FileField(
        label=gettext_lazy("List, XLSX or CSV"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
        max_length=200,
    )

    def clean_file(self) -> Any:
        """Not larger than a list of people can be."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("The file is larger than 10 MB. A list of people is smaller."))
        return file


class PapersForm(forms.Form):
    """What the administrator vouches for when a list is imported."""

    papers = forms.BooleanField(
        label=gettext_lazy("Signed agreements and consents of all these people are on file on paper."),
        error_messages={"required": gettext_lazy("Confirm that the agreements and consents are on file.")},
    )
    papers_on = DayField(label=gettext_lazy("Dated"))

    def clean_papers_on(self) -> date:
        """Not in the future."""
        day: date = self.cleaned_data["papers_on"]
        if day > timezone.localdate():
            raise ValidationError(_("The consent cannot be given in the future."))
        return day


class AdmitForm(forms.Form):
    """People of the register to take into a cohort."""

    listeners = ChosenField(label=gettext_lazy("Listeners"), queryset=Listener.objects.usable())


class OrderForm(forms.Form):
    """Whom an order enrols."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("People"),
        error_messages={
            "required": gettext_lazy("Choose at least one person."),
            "invalid_choice": gettext_lazy("The list has changed in between. Look through it again."),
        },
    )
    order_no = forms.CharField(label=gettext_lazy("Order No"), max_length=30)
    order_date = DayField(label=gettext_lazy("Order date"), initial=timezone.localdate)
    backdating_reason = forms.CharField(
        label=gettext_lazy("Reason for an earlier date"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Only when the order bears a date before today."),
    )
    invite = forms.BooleanField(
        label=gettext_lazy("Send invitations to those who have an e-mail"), required=False, initial=True
    )

    def __init__(self, *args: Any, admitted: list[Enrolment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["order_no"].initial = suggested_number(Book.LISTENERS, timezone.localdate().year)
        self.admitted = {str(enrolment.pk): enrolment for enrolment in admitted}
        people: Any = self.fields["people"]
        people.choices = [(pk, str(enrolment.listener)) for pk, enrolment in self.admitted.items()]

    def chosen(self) -> list[Enrolment]:
        """The enrolments that were ticked, in the order of the list."""
        ticked = set(self.cleaned_data["people"])
        return [enrolment for pk, enrolment in self.admitted.items() if pk in ticked]


class ReasonForm(forms.Form):
    """Why somebody leaves or a cohort is cancelled."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class IinForm(forms.Form):
    """An IIN to look somebody up by; always posted, never in an address."""

    iin = forms.CharField(
        label=gettext_lazy("IIN"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )

    def clean_iin(self) -> str:
        """A right IIN."""
        return read_with(identity.read_iin, self.cleaned_data["iin"]).value
