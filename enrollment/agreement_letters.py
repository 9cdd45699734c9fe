"""Whoever is admitted hears once, by mail, that the course agreement waits in the cabinet (I11)."""

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from core import outbox
from core.models import Message
from core.nudge import nudge
from enrollment.agreeing import AT_WORK
from enrollment.models import AgreementText, Enrolment

KIND = "agreement"


def thing_of(enrolment: Enrolment) -> str:
    """By which the outbox knows what the letter is about."""
    return f"enrolment {enrolment.pk}"


def tell_waiting() -> int:
    """Write to everybody who has an account, an enrolment at work and no agreement; returns how many letters are new.

    However they were admitted: by hand, from an application, from the waiting list. Each enrolment has one letter, so
    this is safe to repeat and to lose.
    """
    if not AgreementText.objects.exists():
        return 0
    waiting = list(
        Enrolment.objects.without_agreement()
        .filter(cohort__state__in=AT_WORK, listener__user__is_active=True, listener__user__is_listener=True)
        .select_related("listener__user", "cohort__edition")
        .order_by("pk")
    )
    things = [thing_of(enrolment) for enrolment in waiting]
    told = set(Message.objects.filter(kind=KIND, thing__in=things).values_list("thing", flat=True))
    new = [enrolment for enrolment in waiting if thing_of(enrolment) not in told]
    for enrolment in new:
        _write(enrolment)
    if new:
        nudge("core.send_messages")
    return len(new)


def _write(enrolment: Enrolment) -> None:
    user, cohort = enrolment.listener.user, enrolment.cohort
    if user is None:
        raise AssertionError("asked for by the caller")
    with translation.override(user.language):
        outbox.write(
            kind=KIND,
            thing=thing_of(enrolment),
            recipient=user.email,
            subject=_("The course agreement waits for you: %(cohort)s") % {"cohort": cohort.code},
            body=_(
                "Good day, %(name)s!\n\nYou have been admitted to the course:\n%(topic)s\n\nPlease read the course "
                "agreement in your cabinet and accept it:\n\n%(link)s\n\nThe course materials open after that, and the "
                "order of enrolment is signed. If you have no password yet, first follow the link in the letter of "
                "invitation."
            )
            % {
                "name": user.full_name,
                "topic": cohort.edition.title,
                "link": settings.PUBLIC_BASE_URL + reverse("my_agreement", args=[enrolment.pk]),
            },
        )
