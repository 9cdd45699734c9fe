"""Letters to listeners about their defence: when and where, once for each time (I11)."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessment.models import Defence, DefenceState
from core import outbox
from core.calendars import CANCELLED, CONFIRMED, Entry, calendar_file
from core.letters import letter
from core.nudge import nudge

KIND = "defence"


def when(defence: Defence) -> str:
    """Date and time by the institute's clocks, in the active language."""
    at = timezone.localtime(defence.starts_at)
    return f"{date_format(at, 'DATE_FORMAT')}, {at:%H:%M}"


def where(defence: Defence) -> str:
    """The room, the link, or both."""
    sitting = defence.sitting
    return ", ".join(filter(None, (str(sitting.room) if sitting.room else "", sitting.link)))


def tell(defence: Defence) -> None:
    """Write to the listener when the defence is placed, moved or called off; nothing for one without an address."""
    listener = defence.attempt.enrolment.listener
    if not listener.email:
        return
    language = listener.user.language if listener.user else settings.LANGUAGE_CODE
    with translation.override(language):
        gone = defence.state == DefenceState.CANCELLED
        subject = _("The defence of your project is called off") if gone else _("The defence of your project: %(when)s")
        lead = _("The defence of %(when)s will not take place.") if gone else _("You defend your project on %(when)s.")
        paragraphs = [
            lead % {"when": when(defence)},
            "" if gone else _("Where: %(where)s") % {"where": where(defence)},
            _("Reason: %(reason)s") % {"reason": defence.grounds} if gone else "",
        ]
        outbox.write(
            kind=KIND,
            thing=f"defence {defence.pk} {defence.starts_at:%Y%m%d%H%M} {'off' if gone else 'on'}",
            recipient=listener.email,
            subject=subject % {"when": when(defence)},
            body=letter(paragraphs, to=listener.full_name),
            calendar=calendar_file([_entry(defence)], name=str(defence.attempt.enrolment.cohort)),
        )
    nudge("core.send_messages")


def _entry(defence: Defence) -> Entry:
    gone = defence.state == DefenceState.CANCELLED
    return Entry(
        uid=f"defence-{defence.pk}@{settings.PUBLIC_HOST}",
        sequence=int(timezone.now().timestamp()) // 60,  # rises with every change
        starts_at=defence.starts_at,
        ends_at=defence.starts_at + timedelta(minutes=defence.sitting.slot_minutes),
        status=CANCELLED if gone else CONFIRMED,
        summary=_("Defence of the project"),
        description=defence.topic,
        location=where(defence),
    )
