"""Consultations as a calendar file."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.calendars import CANCELLED, CONFIRMED, TENTATIVE, Entry, calendar_file
from postcourse.models import Consultation, ConsultationState

STATUS = {
    ConsultationState.PROPOSED: TENTATIVE,
    ConsultationState.SCHEDULED: CONFIRMED,
    ConsultationState.HELD: CONFIRMED,
    ConsultationState.MISSED: CONFIRMED,
    ConsultationState.CANCELLED: CANCELLED,
}


def calendar(consultations: Iterable[Consultation], *, name: str = "") -> str:
    """A calendar file with an event for each consultation (see `core.calendars`); read the rows `with_people()`."""
    return calendar_file(map(_entry, consultations), name=name or _("Consultations"))


def _entry(consultation: Consultation) -> Entry:
    return Entry(
        uid=f"consultation-{consultation.pk}",
        sequence=consultation.sequence,
        starts_at=consultation.starts_at,
        ends_at=consultation.ends_at,
        status=STATUS[ConsultationState(consultation.state)],
        summary=_("Consultation: %(topic)s") % {"topic": consultation.topic},
        description=_("Listener: %(listener)s\nConsultant: %(consultant)s")
        % {"listener": consultation.listener.full_name, "consultant": consultation.consultant.full_name},
    )
