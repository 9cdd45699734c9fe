"""Consultations as a calendar file (RFC 5545) that any calendar program takes in."""

from collections.abc import Iterable
from datetime import UTC

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress, vText

from postcourse.models import Consultation, ConsultationState

STATUS = {
    ConsultationState.PROPOSED: "TENTATIVE",
    ConsultationState.SCHEDULED: "CONFIRMED",
    ConsultationState.HELD: "CONFIRMED",
    ConsultationState.MISSED: "CONFIRMED",
    ConsultationState.CANCELLED: "CANCELLED",
}


def calendar(consultations: Iterable[Consultation], *, name: str = "") -> str:
    """A calendar file with an event for each consultation, in the active language; lines end with CRLF.

    An event keeps its UID for ever and its SEQUENCE rises with every move, so a program that reads a later file
    moves the event instead of adding another. Times are UTC. Read the rows with `with_people()`.
    """
    file = Calendar()
    file.add("prodid", f"-//{settings.PUBLIC_HOST}//course//{_language().upper()}")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", name or _("Consultations"))
    file.add("x-wr-timezone", settings.TIME_ZONE)
    for consultation in consultations:
        file.add_component(_event(consultation))
    return file.to_ical().decode()


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _event(consultation: Consultation) -> Event:
    event = Event()
    event.add("uid", f"consultation-{consultation.pk}@{settings.PUBLIC_HOST}")
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("sequence", consultation.sequence)
    event.add("dtstart", consultation.starts_at.astimezone(UTC))
    event.add("dtend", consultation.ends_at.astimezone(UTC))
    event.add("status", STATUS[ConsultationState(consultation.state)])
    event.add("summary", _("Consultation: %(topic)s") % {"topic": consultation.topic})
    event.add(
        "description",
        _("Listener: %(listener)s\nConsultant: %(consultant)s")
        % {"listener": consultation.listener.full_name, "consultant": consultation.consultant.full_name},
    )
    event.add("organizer", _organizer())
    return event


def _organizer() -> vCalAddress:
    organizer = vCalAddress(f"mailto:{settings.DEFAULT_FROM_EMAIL}")
    organizer.params["CN"] = vText(settings.INSTITUTE_NAME[_language()])
    return organizer
