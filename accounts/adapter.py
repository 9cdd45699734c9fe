"""How sign-in behaves here: by invitation only, letters through the outbox, addresses from PUBLIC_BASE_URL."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from core import outbox
from core.nudge import nudge
from core.throttle import client_address


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation only; no address in a letter comes from a request's Host."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        uidb36, token = key.split("-", 1)
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": token})
        return settings.PUBLIC_BASE_URL + path

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the letter into the outbox; its text is erased once it is sent, as it may hold a one-time link."""
        letter = self.render_mail(template_prefix, email, {"request": current.request, "email": email} | context)
        outbox.write(
            kind=template_prefix.rsplit("/", 1)[-1][:40],
            thing=f"{email[:80]} {timezone.now().isoformat()}",
            recipient=email,
            subject=str(letter.subject),
            body=str(letter.body),
            secret=True,
        )
        nudge("core.send_messages")
