"""Letters about changes of the timetable, to listeners and trainers in their language, with a calendar file (I11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import formats, translation
from django.utils.translation import gettext as _

from core import outbox
from core.letters import letter
from core.models import Message
from enrollment.models import Room, Session
from enrollment.timetabling.calendars import calendar
from enrollment.timetabling.diary import local

KIND = "timetable-changed"


@dataclass(frozen=True)
class News:
    """One session to tell of: as it is now, and as people last knew it (empty for a new one)."""

    session: Session
    before: Mapping[str, Any]
    reason: str = ""


@dataclass(frozen=True)
class Person:
    """Whom to write to; `trainer` is the account's id for a trainer, who hears of their own sessions only."""

    key: str
    name: str
    address: str
    language: str
    sees_links: bool
    trainer: int | None = None

    def hears(self, news: News) -> bool:
        """Whether this concerns the person."""
        return self.trainer is None or self.trainer in (news.session.trainer_id, news.before.get("trainer"))

    def knew(self, news: News) -> Mapping[str, Any]:
        """The session as this person last knew it: nothing for a trainer who did not give it then."""
        return news.before if self.trainer is None or self.trainer == news.before.get("trainer") else {}

    def has_lost(self, news: News) -> bool:
        """Whether the session was taken from this trainer."""
        return self.trainer is not None and self.trainer != news.session.trainer_id


def write_letter(person: Person, news: Sequence[News], *, rooms: Mapping[int, Room], key: str) -> Message:
    """One letter about all this news, in the outbox; `key` tells this set of changes from any other (I11)."""
    with translation.override(person.language):
        cohort = news[0].session.cohort
        lead = _("The timetable of the course has changed. Cohort: %(cohort)s") % {"cohort": cohort}
        page = "trainer_timetable" if person.trainer else "my_timetable"
        where = _("The whole timetable: %(url)s") % {"url": settings.PUBLIC_BASE_URL + reverse(page)}
        blocks = [_block(person, each, rooms) for each in news]
        lost = {each.session.pk for each in news if person.has_lost(each)}
        return outbox.write(
            kind=KIND,
            thing=f"timetable {cohort.pk} {key} {person.key}",
            recipient=person.address,
            subject=_subject(person, news),
            body=letter([lead, *blocks, where], to=person.name),
            calendar=calendar(
                [each.session for each in news],
                name=cohort.code,
                shows_link=lambda session: person.sees_links,
                is_off=lambda session: session.is_cancelled or session.pk in lost,
            ),
        )


def when(starts_at: datetime, ends_at: datetime) -> str:
    """Weekday, date and times by the institute's clocks in the active language."""
    starts, ends = local(starts_at), local(ends_at)
    return (
        f"{formats.date_format(starts, 'l')}, {formats.date_format(starts, 'DATE_FORMAT')}, {starts:%H:%M}–{ends:%H:%M}"
    )


def _subject(person: Person, news: Sequence[News]) -> str:
    """What happened, when it is one session; else how many."""
    if len(news) > 1:
        return _("Changes in the timetable: %(count)s") % {"count": len(news)}
    (one,) = news
    words = {"when": when(one.session.starts_at, one.session.ends_at)}
    if one.session.is_cancelled:
        return _("Session cancelled: %(when)s") % words
    if person.has_lost(one):
        return _("Session given to another trainer: %(when)s") % words
    if not person.knew(one):
        return _("New session: %(when)s") % words
    return _("Session changed: %(when)s") % words


def _block(person: Person, news: News, rooms: Mapping[int, Room]) -> str:
    """One session: what it is, how it is now, how it was."""
    session = news.session
    title = f"№ {session.module.no}, {session.get_kind_display()}: {session.module.title}"
    now = _line(person, session.starts_at, session.ends_at, session.room, session.link)
    if session.is_cancelled:
        lines = [title, _("Cancelled: %(when)s") % {"when": now}]
        return "\n".join([*lines, *([_("Reason: %(reason)s") % {"reason": news.reason}] if news.reason else [])])
    if person.has_lost(news):
        return "\n".join([title, _("Another trainer gives this session now: %(when)s") % {"when": now}])
    lines = [title, _("Now: %(when)s") % {"when": now}]
    if session.trainer and not person.trainer:
        lines.append(_("Trainer: %(trainer)s") % {"trainer": session.trainer})
    if known := person.knew(news):
        room = rooms.get(known["room"])
        starts_at, ends_at = (datetime.fromisoformat(known[name]) for name in ("starts_at", "ends_at"))
        was = _line(person, starts_at, ends_at, room, known["link"], is_past=True)
        if was != now:
            lines.append(_("Before: %(when)s") % {"when": was})
    return "\n".join(lines)


def _line(
    person: Person, starts_at: datetime, ends_at: datetime, room: Room | None, link: str, *, is_past: bool = False
) -> str:
    """When and where; a link only for those who may have it, and an old one for nobody."""
    place = str(room) if room else ""
    if link and not room:
        place = link if person.sees_links and not is_past else _("online")
    return ", ".join(filter(None, [when(starts_at, ends_at), place]))
