"""Calendar files (RFC 5545) that any calendar program takes in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from icalendar import Calendar, Event, vCalAddress, vText

TENTATIVE, CONFIRMED, CANCELLED = "TENTATIVE", "CONFIRMED", "CANCELLED"


@dataclass(frozen=True)
class Entry:
    """One event. `uid` is its own for ever; `sequence` rises with every change; times are aware.

    `status` is TENTATIVE, CONFIRMED or CANCELLED.
    """

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    status: str
    summary: str
    description: str = ""
    location: str = ""
    url: str = ""


def calendar_file(entries: Iterable[Entry], *, name: str) -> str:
    """A calendar file with an event for each entry, named and signed in the active language; lines end with CRLF.

    An event keeps its UID for ever and its SEQUENCE rises with every change, so a program that reads a later file
    moves the event instead of adding another. Times carry the institute's zone, whose rules stand in the file.
    """
    file = Calendar()
    file.add("prodid", f"-//{settings.PUBLIC_HOST}//course//{_language().upper()}")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add("x-wr-calname", name)
    file.add("x-wr-timezone", settings.TIME_ZONE)
    entries = list(entries)
    for entry in entries:
        file.add_component(_event(entry))
    if entries:
        first = min(entry.starts_at for entry in entries)
        file.add_missing_timezones(first_date=first.date() - timedelta(days=2))
    return file.to_ical().decode()


def calendar_response(text: str, *, filename: str) -> HttpResponse:
    """A calendar file to download or to subscribe to; nobody between keeps a copy."""
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def _event(entry: Entry) -> Event:
    zone = ZoneInfo(settings.TIME_ZONE)
    event = Event()
    event.add("uid", f"{entry.uid}@{settings.PUBLIC_HOST}")
    event.add("dtstamp", timezone.now().astimezone(UTC))
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("status", entry.status)
    event.add("summary", entry.summary)
    for key, value in (("description", entry.description), ("location", entry.location), ("url", entry.url)):
        if value:
            event.add(key, value)
    event.add("organizer", _organizer())
    return event


def _organizer() -> vCalAddress:
    organizer = vCalAddress(f"mailto:{settings.DEFAULT_FROM_EMAIL}")
    organizer.params["CN"] = vText(settings.INSTITUTE_NAME[_language()])
    return organizer
