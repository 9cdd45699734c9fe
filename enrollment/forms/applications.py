"""Text into values for applications: the public's forms and the administrators' decisions. Nothing here writes."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enrollment import identity
from enrollment.applying import Applicant
from enrollment.deciding_applications import CONTACTS
from enrollment.forms.fields import read_with
from enrollment.forms.guarded import GuardedForm
from enrollment.forms.registers import LARGEST_FILE
from enrollment.group_applying import Sender
from enrollment.models import Application, ConsentText, Employer, GroupApplication

# An employer's name stands in letters, so it must not be a way to send people somewhere.
ADDRESS_LIKE = re.compile(r"://|www\.|@|\b[\w-]+\.(?:kz|ru|com|org|net|info|io|me|su|рф|қаз)\b", re.IGNORECASE)


def _length(name: str) -> int:
    return Application._meta.get_field(name).max_length  # type: ignore[union-attr, return-value]


def _text(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs=attrs)


class EmployerFields(GuardedForm):
    """Where somebody works: by the BIN, or by name where the BIN is not known here."""

    employer_bin = forms.CharField(
        label=gettext_lazy("Employer's BIN"),
        required=False,
        max_length=20,
        widget=_text(inputmode="numeric", autocomplete="off"),
        help_text=gettext_lazy("Twelve digits. A BIN that we know finds the name by itself."),
    )
    employer_name = forms.CharField(
        label=gettext_lazy("Employer's name"),
        required=False,
        max_length=_length("employer_name"),
        widget=_text(autocomplete="organization"),
        help_text=gettext_lazy("In full, as in official letters."),
    )

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer_bin"].widget.attrs |= {
            "hx-post": reverse("apply_employer", args=[code]),
            "hx-trigger": "change",
            "hx-target": "#employer-found",
            "hx-params": "employer_bin,csrfmiddlewaretoken",
        }

    def clean_employer_bin(self) -> str:
        """Twelve digits with a right check digit, or nothing."""
        text = self.cleaned_data["employer_bin"]
        return read_with(identity.read_bin, text).value if text.strip() else ""

    def clean_employer_name(self) -> str:
        """One line without an address of the web or of mail."""
        name = read_with(identity.read_text, self.cleaned_data["employer_name"])
        if ADDRESS_LIKE.search(name):
            raise ValidationError(_("Write the name only, without an address of the web or of mail."))
        return name

    def clean(self) -> dict[str, Any]:
        """A BIN that the register knows gives the name; without one the name is written."""
        cleaned = super().clean() or self.cleaned_data
        if bin_ := cleaned.get("employer_bin"):
            known = Employer.objects.filter(bin=bin_).values_list("name", flat=True).first()
            cleaned["employer_name"] = known or cleaned.get("employer_name", "")
        if not cleaned.get("employer_name") and not {"employer_bin", "employer_name"} & set(self.errors):
            sentence = (
                _("We do not know this BIN yet. Write the employer's name.") if bin_ else _("Say where you work.")
            )
            self.add_error("employer_name", sentence)
        return cleaned


class ConsentFields(forms.Form):
    """The two ticks: what the law asks for, and what is up to the person."""

    consent = forms.BooleanField(
        label=gettext_lazy("I have read the consent and agree to the processing of my personal data."),
        error_messages={"required": gettext_lazy("Without the consent the application cannot be taken.")},
    )
    publication = forms.BooleanField(
        label=gettext_lazy("I agree that the page which verifies my document shows my name."),
        required=False,
        help_text=gettext_lazy("Up to you; the application is decided without regard to it."),
    )


class ApplicationForm(ConsentFields, EmployerFields):
    """What somebody writes to ask for a place."""

    surname = forms.CharField(
        label=gettext_lazy("Surname"), max_length=90, widget=_text(autocomplete="family-name", autocapitalize="words")
    )
    given_name = forms.CharField(
        label=gettext_lazy("Given name"), max_length=90, widget=_text(autocomplete="given-name", autocapitalize="words")
    )
    patronymic = forms.CharField(
        label=gettext_lazy("Patronymic"),
        max_length=90,
        required=False,
        widget=_text(autocomplete="additional-name", autocapitalize="words"),
        help_text=gettext_lazy("If the identity card has one."),
    )
    iin = forms.CharField(
        label=gettext_lazy("IIN"),
        max_length=20,
        widget=_text(inputmode="numeric", autocomplete="off"),
        help_text=gettext_lazy("Twelve digits, as in the identity card. We never ask for a copy of it."),
    )
    position = forms.CharField(
        label=gettext_lazy("Job title"), max_length=_length("position"), widget=_text(autocomplete="organization-title")
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("Your own one: a letter with a link comes to it, without which nothing counts."),
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"), max_length=30, widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})
    )
    field_order = ["surname", "given_name", "patronymic", "iin", "position", "employer_bin", "employer_name"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.notices: list[str] = []

    def _read_name(self, field: str) -> str:
        name = read_with(identity.read_name, self.cleaned_data[field])
        self.notices += name.notices
        return name.value

    def clean_surname(self) -> str:
        """As `core.names` writes it; what was put right is noticed."""
        return self._read_name("surname")

    def clean_given_name(self) -> str:
        """See `clean_surname`."""
        return self._read_name("given_name")

    def clean_patronymic(self) -> str:
        """See `clean_surname`; may be empty."""
        return self._read_name("patronymic")

    def clean_iin(self) -> str:
        """A right IIN. Whether the register knows it is not asked."""
        iin = read_with(identity.read_iin, self.cleaned_data["iin"])
        self.notices += iin.notices
        return iin.value

    def clean_position(self) -> str:
        """One line."""
        return read_with(identity.read_text, self.cleaned_data["position"])

    def clean_email(self) -> str:
        """Lower case: one address is one person."""
        return str(self.cleaned_data["email"]).strip().lower()

    def clean_phone(self) -> str:
        """Digits and the marks between them."""
        return read_with(identity.read_phone, self.cleaned_data["phone"])

    def applicant(self) -> Applicant:
        """Who applies."""
        names = ("iin", "surname", "given_name", "patronymic", "email", "position", "employer_name", "employer_bin")
        return Applicant(**{name: self.cleaned_data[name] for name in (*names, "phone")})


class GroupForm(EmployerFields):
    """An employer's list for a cohort."""

    contact_name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=GroupApplication._meta.get_field("contact_name").max_length,
        widget=_text(autocomplete="name", autocapitalize="words"),
    )
    contact_email = forms.EmailField(
        label=gettext_lazy("Your e-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy(
            "A letter with a link comes to it; nobody of the list is written to before you confirm."
        ),
    )
    contact_phone = forms.CharField(
        label=gettext_lazy("Your phone"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    file = forms.FileField(
        label=gettext_lazy("List, XLSX or CSV"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        max_length=200,
    )

    def clean_contact_name(self) -> str:
        """Letters only: it stands in a letter."""
        return read_with(identity.read_name, self.cleaned_data["contact_name"]).value

    def clean_contact_email(self) -> str:
        """Lower case."""
        return str(self.cleaned_data["contact_email"]).strip().lower()

    def clean_contact_phone(self) -> str:
        """Digits and the marks between them."""
        return read_with(identity.read_phone, self.cleaned_data["contact_phone"])

    def clean_file(self) -> Any:
        """Not larger than a list of people can be."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise ValidationError(_("The file is larger than 10 MB. A list of people is smaller."))
        return file

    def sender(self) -> Sender:
        """Who sends the list in."""
        names = ("employer_name", "employer_bin", "contact_name", "contact_email", "contact_phone")
        return Sender(**{name: self.cleaned_data[name] for name in names})


class ConsentForm(ConsentFields):
    """The consent of somebody whom an employer has put on a list, to the version that the page shows."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, text: ConsentText, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text

    def clean(self) -> dict[str, Any]:
        """The text that was read is the present one."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("version") != self.text.version:
            self.add_error(None, _("The page has changed meanwhile. Please read it again, then send the form."))
        return cleaned


class TakeBackForm(forms.Form):
    """That an application is taken back on purpose."""

    sure = forms.BooleanField(
        label=gettext_lazy("Yes, I do not want this place."),
        error_messages={"required": gettext_lazy("Tick that you mean it; nothing was changed.")},
    )


class DecideForm(forms.Form):
    """Which applications are meant, and the reason where one is needed."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("People"),
        error_messages={
            "required": gettext_lazy("Choose at least one person."),
            "invalid_choice": gettext_lazy("The list has changed in between. Look through it again."),
        },
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason for refusing"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Stands in the letter to the applicant."),
    )

    def __init__(self, *args: Any, offered: list[Application], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(application.pk): application for application in offered}
        people: Any = self.fields["people"]
        people.choices = [(pk, application.full_name) for pk, application in self.offered.items()]

    def chosen(self) -> list[Application]:
        """The applications that were ticked, in the order of the list."""
        ticked = set(self.cleaned_data["people"])
        return [application for pk, application in self.offered.items() if pk in ticked]


class WordsForm(forms.Form):
    """A sentence that says why."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class TakeOverForm(forms.Form):
    """What of an application is taken over into the register."""

    names = forms.MultipleChoiceField(
        choices=[(name, name) for name in CONTACTS],
        error_messages={"required": gettext_lazy("Choose what is to be taken over.")},
    )
