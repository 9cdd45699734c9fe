"""Personal data on this floor, and in the packages by which people sign in."""

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.persons import Held, Person, of_account, scrub

# Addresses of erased accounts; .invalid is nobody's by RFC 2606.
NOWHERE = "listener-{pk}@erased.invalid"


def _escaped(text: str) -> str:
    """As it stands within a JSON text that escapes other letters than Latin ones."""
    return text.encode("ascii", "backslashreplace").decode()


def _named(person: Person) -> Q:
    found = Q(pk__in=[])
    for text in (*person.names, *person.texts):
        found |= Q(object_repr__contains=text) | Q(change_message__contains=text)
        found |= Q(change_message__contains=_escaped(text))
    return found


def _scrub_escaped(value: str, person: Person) -> str:
    value = scrub(value, person)
    for name in person.names:
        value = value.replace(_escaped(name), _escaped(person.pseudonym))
    return value


HELD = [
    Held(
        User,
        whose=of_account("pk"),
        name="account",
        left_out={"password": "secret", "is_administrator": "of staff", "is_trainer": "of staff"},
    ),
    Held(EmailAddress, whose=of_account("user"), name="account_addresses"),
    Held(
        Authenticator,
        whose=of_account("user"),
        name="second_factors",
        title=_("second factors of sign-in"),
        left_out={"data": "secret"},
    ),
    Held(
        LogEntry,
        whose=_named,
        erase={"object_repr": scrub, "change_message": _scrub_escaped},
        why_not="what staff did in the admin panel; the person's own rows are in the other sections",
    ),
]
NOT_HELD = {
    "account.EmailConfirmation": "one-time keys; this installation makes none",
    "sessions.Session": "who is signed in now; gone within hours, and erased with the account",
    "auth.Permission": "rights of the framework, not of people",
    "auth.Group": "rights of the framework, not of people",
    "auth.Group_permissions": "rights of the framework, not of people",
    "contenttypes.ContentType": "names of models",
}


def erase(person: Person) -> None:
    """Close the person's accounts for good: no name, no address, no password, no second factor, nobody signed in."""
    for user in User.objects.filter(pk__in=person.accounts):
        user.full_name, user.email, user.is_active = person.pseudonym, NOWHERE.format(pk=user.pk), False
        user.set_unusable_password()
        user.save(update_fields=["full_name", "email", "is_active", "password"])
    EmailConfirmation.objects.filter(email_address__user__in=person.accounts).delete()
    EmailAddress.objects.filter(user__in=person.accounts).delete()
    Authenticator.objects.filter(user__in=person.accounts).delete()
    signed_in = {str(pk) for pk in person.accounts}
    for session in Session.objects.iterator(chunk_size=500):
        if session.get_decoded().get("_auth_user_id") in signed_in:
            session.delete()
