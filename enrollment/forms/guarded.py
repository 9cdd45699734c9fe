"""A form for strangers that programs find hard to fill in, without asking anybody outside and without puzzles."""

import time
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Nobody reads and fills in a page in less; programs do.
SOONEST = 4  # seconds
# A page left open overnight may bear a text that is not the present one.
LATEST = 12 * 3600  # seconds
SALT = "guarded form"


class GuardedForm(forms.Form):
    """Has a field that people do not see, and a signed note of when and about what the page was made.

    `about` says what was shown (the cohort, the version of a text): a page about something else is refused. Every
    refusal is a sentence, and sending the same page again after reading it is enough.
    """

    website = forms.CharField(
        label=gettext_lazy("Please leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    stamp = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, about: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about
        self.next_stamp = signing.dumps([about, int(time.time())], salt=SALT)

    def clean_website(self) -> str:
        """Empty. A person whose browser has filled it in sends the page again, with the field emptied."""
        if self.cleaned_data["website"]:
            self.add_error(
                None,
                _("A field that people do not see was filled in, as programs do. If you are a person, send it again."),
            )
        return ""

    def clean_stamp(self) -> str:
        """Made here, about what is shown now, neither too soon nor too long ago."""
        stamp: str = self.cleaned_data["stamp"]
        try:
            about, made = signing.loads(stamp, salt=SALT)
        except (signing.BadSignature, ValueError):
            self._refuse(_("The form could not be checked. Please look it through and send it again."))
            return ""
        age = time.time() - made
        if age > LATEST:
            self._refuse(_("The form was open for too long. Please look it through and send it again."))
        elif about != self.about:
            self._refuse(_("The page has changed meanwhile. Please read it again, then send the form."))
        else:
            self.next_stamp = stamp
            if age < SOONEST:
                self._refuse(_("That was quicker than anybody reads. Please look it through and send it again."))
        return stamp

    def _refuse(self, sentence: str) -> None:
        self.add_error(None, ValidationError(sentence, code="guard"))
