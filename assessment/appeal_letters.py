"""Letters about appeals: to the chair when one is filed, to the listener when it is decided (I11)."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from assessment.models import Appeal
from core import outbox
from core.letters import letter
from core.nudge import nudge
from enrollment.models import Body, CommissionMember

FILED, DECIDED = "appeal-filed", "appeal-decided"


def tell_filed(appeal: Appeal) -> None:
    """The chairs who serve now learn that an appeal waits; its words stand in the cabinet, not in the letter."""
    day = appeal.filed_at.date()
    chairs = CommissionMember.objects.serving_on(day, Body.ATTESTATION).filter(is_chair=True, user__isnull=False)
    for chair in chairs.select_related("user"):
        user = chair.user
        if user is None:
            continue
        with translation.override(user.language):
            body = _("An appeal against a decision of the protocol %(protocol)s has been filed and waits for you.")
            outbox.write(
                kind=FILED,
                thing=f"appeal {appeal.pk} chair {chair.pk}",
                recipient=user.email,
                subject=_("An appeal has been filed"),
                body=letter([body % {"protocol": appeal.outcome.protocol}, f"{settings.PUBLIC_BASE_URL}/appeals/"]),
            )
    nudge("core.send_messages")


def tell_decided(appeal: Appeal) -> None:
    """The listener learns the decision with its reason."""
    listener = appeal.outcome.attempt.enrolment.listener
    address = listener.user.email if listener.user else listener.email
    if not address:
        return
    language = listener.user.language if listener.user else settings.LANGUAGE_CODE
    with translation.override(language):
        outbox.write(
            kind=DECIDED,
            thing=f"appeal {appeal.pk}",
            recipient=address,
            subject=_("Your appeal has been decided"),
            body=letter(
                [
                    _("Your appeal has been decided: %(state)s.") % {"state": appeal.get_state_display()},
                    _("Decision: %(decision)s") % {"decision": appeal.decision},
                ],
                to=listener.full_name,
            ),
        )
    nudge("core.send_messages")
