"""Letters about consultations: to the listener in the listener's language, with a calendar file (I11)."""

from datetime import datetime

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext as _

from accounts.models import User
from core import outbox
from core.models import Message
from core.nudge import nudge
from postcourse.calendars import calendar
from postcourse.diary import local
from postcourse.models import Consultation

SCHEDULED, MOVED, CANCELLED = "consultation-scheduled", "consultation-moved", "consultation-cancelled"
REMINDER = "consultation-reminder"


def thing(consultation: Consultation) -> str:
    """What a letter is about: the consultation at its present time. A move makes it another thing (I11)."""
    return f"consultation {consultation.pk} sequence {consultation.sequence}"


def when(at: datetime) -> str:
    """Weekday, date and time by the institute's clocks in the active language."""
    at = local(at)
    return f"{formats.date_format(at, 'l')}, {formats.date_format(at, 'DATE_FORMAT')}, {at:%H:%M}"


def tell_scheduled(consultation: Consultation, *, by: User) -> None:
    """Tell the listener, and the consultant if another person did it, that the time is agreed."""
    with translation.override(consultation.letter_language):
        lead = _("Your consultation after the course is agreed.")
        _to_listener(SCHEDULED, consultation, subject=_("Your consultation: %(when)s"), lead=lead)
    _to_consultant(SCHEDULED, consultation, by=by)
    nudge("core.send_messages")


def tell_moved(consultation: Consultation, *, before: datetime, by: User, reason: str) -> None:
    """Tell the listener, and the consultant if another person did it, the new time and the one before."""
    with translation.override(consultation.letter_language):
        lead = _("Your consultation has another time now. Before it was: %(before)s.") % {"before": when(before)}
        subject = _("New time of your consultation: %(when)s")
        _to_listener(MOVED, consultation, subject=subject, lead=lead, reason=reason)
    _to_consultant(MOVED, consultation, by=by, reason=reason)
    nudge("core.send_messages")


def tell_cancelled(consultation: Consultation, *, by: User, reason: str) -> None:
    """Tell the listener, and the consultant if another person did it, that it will not take place."""
    with translation.override(consultation.letter_language):
        lead = _("Your consultation is cancelled and will not take place.")
        _to_listener(CANCELLED, consultation, subject=_("Consultation cancelled: %(when)s"), lead=lead, reason=reason)
    _to_consultant(CANCELLED, consultation, by=by, reason=reason)
    nudge("core.send_messages")


def remind_listener(consultation: Consultation) -> Message | None:
    """Write the reminder of a consultation to come; None when there is no address to write to."""
    with translation.override(consultation.letter_language):
        lead = _("We remind you of your consultation.")
        return _to_listener(REMINDER, consultation, subject=_("Reminder: consultation, %(when)s"), lead=lead)


def _to_listener(kind: str, consultation: Consultation, *, subject: str, lead: str, reason: str = "") -> Message | None:
    """Put a letter in the outbox in the active language; None for a listener without e-mail, who is skipped."""
    if not consultation.address:
        return None
    greeting = _("Good day, %(name)s!") % {"name": consultation.listener.full_name}
    question = _("Questions? Write to the consultant: %(email)s") % {"email": consultation.consultant.email}
    return _write(
        kind,
        consultation,
        recipient=consultation.address,
        subject=subject % {"when": when(consultation.starts_at)},
        paragraphs=[greeting, lead, _details(consultation), _reason(reason), question, _signature()],
    )


def _to_consultant(kind: str, consultation: Consultation, *, by: User, reason: str = "") -> None:
    """Tell the consultant what somebody else did with a consultation of theirs; nothing when they did it themselves."""
    if by == consultation.consultant:
        return
    with translation.override(consultation.consultant.language):
        lead = {
            SCHEDULED: _("%(by)s confirmed a consultation of yours."),
            MOVED: _("%(by)s moved a consultation of yours."),
            CANCELLED: _("%(by)s cancelled a consultation of yours."),
        }[kind] % {"by": by}
        _write(
            kind,
            consultation,
            about=f"{thing(consultation)} consultant",
            recipient=consultation.consultant.email,
            subject=lead,
            paragraphs=[lead, _details(consultation), _reason(reason), _signature()],
        )


def _write(
    kind: str, consultation: Consultation, *, recipient: str, subject: str, paragraphs: list[str], about: str = ""
) -> Message:
    return outbox.write(
        kind=kind,
        thing=about or thing(consultation),
        recipient=recipient,
        subject=subject,
        body="\n\n".join(filter(None, paragraphs)) + "\n",
        calendar=calendar([consultation]),
    )


def _details(consultation: Consultation) -> str:
    return _(
        "Topic: %(topic)s\nTime: %(when)s (Kazakhstan time)\nConsultant: %(consultant)s\nListener: %(listener)s"
    ) % {
        "topic": consultation.topic,
        "when": when(consultation.starts_at),
        "consultant": consultation.consultant.full_name,
        "listener": consultation.listener.full_name,
    }


def _reason(reason: str) -> str:
    return _("Reason: %(reason)s") % {"reason": reason} if reason else ""


def _signature() -> str:
    language = translation.get_language() or settings.LANGUAGE_CODE
    return f"{settings.INSTITUTE_NAME[language]}\n{settings.PUBLIC_BASE_URL}"
