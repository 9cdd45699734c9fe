"""The letter to a chair for whom a protocol has been drafted (I11)."""

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from assessment.models import Protocol
from core import outbox
from core.letters import letter
from core.nudge import nudge
from enrollment.models import CommissionMember

KIND = "protocol-drafted"


def tell_chair(protocol: Protocol, chair: CommissionMember, by: User) -> None:
    """One letter for each draft and chair; none to who drafted it. What is to be decided stands on the page alone."""
    user = chair.user
    if user is None or user == by or not user.email:
        return
    with translation.override(user.language):
        day = date_format(protocol.held_on, "DATE_FORMAT")
        told = {"code": protocol.cohort.code, "day": day}
        lines = [
            _("The protocol of cohort %(code)s, session of %(day)s, is drafted and waits for you to close it.") % told,
            f"{settings.PUBLIC_BASE_URL}/protocols/{protocol.pk}/",
        ]
        outbox.write(
            kind=KIND,
            thing=f"protocol {protocol.pk} chair {chair.pk}",
            recipient=user.email,
            subject=_("A protocol waits for you: %(code)s") % {"code": protocol.cohort.code},
            body=letter(lines, to=user.full_name),
        )
    nudge("core.send_messages")
