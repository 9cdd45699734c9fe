"""Accounts for listeners: who has an e-mail gets a letter with a one-time link."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.invitations import invite
from accounts.models import User
from core.kazakh import search_key
from enrollment.models import Enrolment, Listener

# A second click within this time is the same wish; later it is a new letter with a new link.
SAME_WISH = timedelta(minutes=10)


@dataclass
class Invitations:
    """What became of each person."""

    invited: list[Listener] = field(default_factory=list)
    linked: list[Listener] = field(default_factory=list)  # an account they already had is now theirs as listener too
    ready: list[Listener] = field(default_factory=list)  # have an account, or their letter is just out
    without_email: list[Listener] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)  # a sentence for each


@transaction.atomic
def invite_listeners(*, enrolments: Iterable[Enrolment], by: User) -> Invitations:
    """Open an account for each listener who has an e-mail and write the letter, in the cohort's language.

    An account that already has this e-mail is linked only when it bears the same name, because it will see the
    listener's results; a trainer who is also a listener keeps one account. Two listeners with one e-mail are refused,
    both named. Who has no e-mail is listed. A repeat within ten minutes sends nothing new.
    """
    result = Invitations()
    chosen = list(Enrolment.objects.filter(pk__in=[e.pk for e in enrolments]).select_related("cohort").by_name())
    emails = {e.listener.email.lower() for e in chosen if e.listener.email}
    namesakes = _listeners_by_email(emails)
    accounts = {user.email.lower(): user for user in _with_lower_email(User.objects, emails)}
    taken = {listener.user_id: listener for listener in Listener.objects.filter(user__in=accounts.values())}
    for enrolment in chosen:
        listener = Listener.objects.select_for_update().get(pk=enrolment.listener_id)
        if listener.user:
            _remind(listener, listener.user, result, by=by)
        elif not listener.email:
            result.without_email.append(listener)
        else:
            user = accounts.get(listener.email.lower())
            others = [other for other in namesakes[listener.email.lower()] if other.pk != listener.pk]
            if sentence := _objection(listener, user, taken.get(user.pk) if user else None, others):
                result.refused.append(sentence)
            elif user:
                _link(listener, user, result, by=by)
            else:
                _open_account(listener, enrolment.cohort.language, result, by=by)
    return result


def _with_lower_email(manager, emails: set[str]):  # type: ignore[no-untyped-def]
    return manager.annotate(lower_email=Lower("email")).filter(lower_email__in=emails)


def _listeners_by_email(emails: set[str]) -> dict[str, list[Listener]]:
    by_email: dict[str, list[Listener]] = defaultdict(list)
    for listener in _with_lower_email(Listener.objects.current(), emails):
        by_email[listener.email.lower()].append(listener)
    return by_email


def _objection(listener: Listener, user: User | None, holder: Listener | None, others: list[Listener]) -> str:
    """Why this listener cannot have an account at this e-mail; empty when nothing stands against it."""
    if others or holder:
        return _("%(one)s and %(other)s have the same e-mail, %(email)s. Each needs an address of their own.") % {
            "one": listener,
            "other": holder or others[0],
            "email": listener.email,
        }
    if user is None:
        return ""
    if not user.is_active:
        return _("%(name)s: the account of %(email)s is closed.") % {"name": listener, "email": user.email}
    if not _same_person(listener, user):
        return _(
            "%(name)s: the e-mail %(email)s belongs to the account of %(owner)s. If this is one person, give both the "
            "same name; otherwise correct the e-mail."
        ) % {"name": listener, "email": user.email, "owner": user}
    return ""


def _same_person(listener: Listener, user: User) -> bool:
    """Whether the account's name is the listener's, with or without the patronymic, whatever the spelling of ә/а."""
    short = f"{listener.surname} {listener.given_name}"
    return search_key(user.full_name) in {search_key(listener.full_name), search_key(short)}


def _remind(listener: Listener, user: User, result: Invitations, *, by: User) -> None:
    if not user.is_active:
        result.refused.append(
            _("%(name)s: the account of %(email)s is closed.") % {"name": listener, "email": user.email}
        )
    elif user.has_usable_password() or (user.invited_at and timezone.now() - user.invited_at < SAME_WISH):
        result.ready.append(listener)
    else:
        invite(user=user, by=by)
        result.invited.append(listener)


def _link(listener: Listener, user: User, result: Invitations, *, by: User) -> None:
    user.is_listener = True
    user.save(update_fields=["is_listener"])
    listener.user = user
    listener.save(update_fields=["user"])
    if user.has_usable_password():
        result.linked.append(listener)
    else:
        invite(user=user, by=by)
        result.invited.append(listener)


def _open_account(listener: Listener, language: str, result: Invitations, *, by: User) -> None:
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email=listener.email, full_name=listener.full_name[:120], language=language, is_listener=True
            )
    except IntegrityError:
        result.refused.append(_("%(name)s: this e-mail has just got an account. Try again.") % {"name": listener})
        return
    listener.user = user
    listener.save(update_fields=["user"])
    invite(user=user, by=by)
    result.invited.append(listener)
