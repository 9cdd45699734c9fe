"""Text into values for letters to employers. Nothing here writes."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy

from enrollment.forms.fields import DayField
from enrollment.models import Employer, EmployerNotice


class SendingForm(forms.Form):
    """How, when and to whom a letter went (R11)."""

    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=EmployerNotice.Channel)
    sent_on = DayField(label=gettext_lazy("Sent on"))
    recipient = forms.CharField(
        label=gettext_lazy("Recipient"),
        max_length=200,
        help_text=gettext_lazy("An address, a person who took it, or the number in the document system."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"channel": EmployerNotice.Channel.POST, "sent_on": timezone.localdate()} | (
            kwargs.get("initial") or {}
        )
        super().__init__(*args, **kwargs)


class AddresseeForm(forms.Form):
    """Whom to tell, when no employer was on record at the expulsion."""

    employer = forms.ModelChoiceField(label=gettext_lazy("Employer"), queryset=Employer.objects.all())
