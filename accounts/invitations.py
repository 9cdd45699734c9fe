"""Invitations: a one-time link, by mail, to set the first password."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.models import User
from core import outbox
from core.errors import Refused
from core.nudge import nudge


def one_time_link(user: User) -> str:
    """The address at which `user` sets a password; dead once used, or after PASSWORD_RESET_TIMEOUT."""
    key = default_token_generator.make_token(user)
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
    return settings.PUBLIC_BASE_URL + path


@transaction.atomic
def invite(*, user: User, by: User) -> None:
    """Write the invitation to `user`, in the user's language. A second call makes a new letter with a new link.

    Raises `Refused` for a closed account.
    """
    if not user.is_active:
        raise Refused(_("The account of %(name)s is closed.") % {"name": user})
    user.invited_at = timezone.now()
    user.save(update_fields=["invited_at"])
    with translation.override(user.language):
        outbox.write(
            kind="invitation",
            thing=f"user {user.pk} {user.invited_at.isoformat()}",
            recipient=user.email,
            subject=_("Your cabinet: %(institute)s") % {"institute": settings.INSTITUTE_NAME[user.language]},
            body=_(
                "Good day, %(name)s!\n\nAn account has been opened for you. Please set a password at this address "
                "(it works once, for seven days):\n\n%(link)s\n\nAfterwards sign in at %(site)s with your e-mail."
            )
            % {"name": user.full_name, "link": one_time_link(user), "site": settings.PUBLIC_BASE_URL},
            secret=True,
        )
    nudge("core.send_messages")
