"""Sessions as a calendar file."""

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from core.calendars import CANCELLED, CONFIRMED, Entry, calendar_file
from enrollment.models import Session


def calendar(
    sessions: Iterable[Session],
    *,
    name: str,
    shows_link: Callable[[Session], bool],
    is_off: Callable[[Session], bool] = lambda session: session.is_cancelled,
) -> str:
    """A calendar file with an event for each session (see `core.calendars`), in the active language.

    `shows_link` says for which of them the reader may have the address of the online meeting. `is_off` says which are
    not to be attended; a session that was given to another trainer is off for the one before. Read the rows
    with `with_place()`.
    """
    entries = (_entry(session, shows_link(session), is_off(session)) for session in sessions)
    return calendar_file(entries, name=name)


def _entry(session: Session, shows_link: bool, is_off: bool) -> Entry:
    link = session.link if shows_link else ""
    return Entry(
        uid=f"session-{session.pk}",
        sequence=session.sequence,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        status=CANCELLED if is_off else CONFIRMED,
        summary=_("№ %(no)s, %(kind)s: %(module)s")
        % {"no": session.module.no, "kind": session.get_kind_display(), "module": session.module.title},
        description="\n".join(filter(None, _lines(session, link))),
        location=place(session, link),
        url=link,
    )


def place(session: Session, link: str) -> str:
    """Where it is held: the room with its address, or the link; empty for neither."""
    if session.room:
        return ", ".join(filter(None, [session.room.name, session.room.address]))
    return link


def _lines(session: Session, link: str) -> list[str]:
    return [
        session.topic,
        _("Cohort: %(cohort)s") % {"cohort": session.cohort},
        _("Academic hours: %(hours)s") % {"hours": session.hours},
        _("Trainer: %(trainer)s") % {"trainer": session.trainer} if session.trainer else "",
        _("Online meeting: %(link)s") % {"link": link} if link else "",
    ]
