"""When the final assessment begins, who has not confirmed the name is asked to by one letter (I11)."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import outbox
from core.letters import letter
from core.models import Message
from core.nudge import nudge
from enrollment.confirming import Standing, standings
from enrollment.models import CohortState, Enrolment, EnrolmentState

KIND = "name-check"
AT_ONCE = 200
FROM_HOUR, TO_HOUR = 8, 21  # by the clocks of Almaty


def ask() -> int:
    """Write to those in assessment whose name nobody has confirmed; how many letters. None at night; safe to repeat."""
    if not FROM_HOUR <= timezone.localtime().hour < TO_HOUR:
        return 0
    people = Enrolment.objects.filter(
        state=EnrolmentState.ENROLLED, cohort__state=CohortState.ASSESSING, listener__user__is_active=True
    ).select_related("listener__user")
    things = {thing_of(person): person for person in people.order_by("pk")}
    told = set(Message.objects.filter(kind=KIND, thing__in=list(things)).values_list("thing", flat=True))
    where = standings([person.listener for person in things.values()])
    new = [
        person
        for thing, person in things.items()
        if thing not in told and where[person.listener_id] == Standing.OPEN and person.listener.user
    ][:AT_ONCE]
    for person in new:
        _write(person)
    if new:
        nudge("core.send_messages")
    return len(new)


def thing_of(enrolment: Enrolment) -> str:
    """By which the outbox knows what the letter is about."""
    return f"enrolment {enrolment.pk}"


@transaction.atomic
def _write(enrolment: Enrolment) -> None:
    user, listener = enrolment.listener.user, enrolment.listener
    if user is None:
        raise AssertionError("asked for by the caller")
    with translation.override(user.language):
        outbox.write(
            kind=KIND,
            thing=thing_of(enrolment),
            recipient=user.email,
            subject=_("Please check the spelling of your name"),
            body=letter(
                [
                    _("On your document the name will be printed like this:") + f"\n{listener.full_name}",
                    _("Please compare it with your identity card, then confirm it or ask for a correction:")
                    + f"\n{settings.PUBLIC_BASE_URL}{reverse('my_name')}",
                ],
                to=listener.full_name,
            ),
        )
