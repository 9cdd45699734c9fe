"""The account form of the admin panel."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class AccountForm(forms.ModelForm):
    """An account without its password: that is set by its owner, by invitation."""

    class Meta:
        model = User
        fields = ["email", "full_name", "language", "is_administrator", "is_trainer", "is_listener", "is_active"]

    def clean_email(self) -> str:
        """The address in lower case, not taken by another account in any case."""
        email = self.cleaned_data["email"].strip().lower()
        if User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is an account with this e-mail already."))
        return email

    def clean(self) -> dict[str, Any]:
        """The last administrator cannot be shut out."""
        cleaned = super().clean() or {}
        stays = cleaned.get("is_administrator") and cleaned.get("is_active")
        others = User.objects.filter(is_administrator=True, is_active=True).exclude(pk=self.instance.pk)
        if self.instance.pk and self.instance.is_administrator and not stays and not others.exists():
            raise forms.ValidationError(_("This is the last administrator; name another one first."))
        return cleaned
