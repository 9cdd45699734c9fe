"""The timetable's findings in words."""

from collections.abc import Iterable

from django.utils import formats
from django.utils.translation import gettext as _

from core.workdays import holiday
from enrollment.models import Cohort, Session
from enrollment.timetabling.checks import Finding, Trouble
from enrollment.timetabling.diary import Judged, local


def span(session: Session) -> str:
    """From when to when, by the institute's clocks: 09:00–10:40."""
    return f"{local(session.starts_at):%H:%M}–{local(session.ends_at):%H:%M}"


def what(session: Session) -> str:
    """A session in a few words: cohort, module, kind, time."""
    return f"{session.cohort.code}, № {session.module.no}, {session.get_kind_display()}, {span(session)}"


def sentences(findings: Iterable[Finding], judged: Judged, *, cohort: Cohort, session: Session) -> list[str]:
    """Each finding about one session as a sentence."""
    return [sentence(finding, judged, cohort=cohort, session=session) for finding in findings]


def sentence(finding: Finding, judged: Judged, *, cohort: Cohort, session: Session) -> str:
    """What is wrong, in the active language."""
    words = {
        Trouble.COHORT_BUSY: _("The cohort already has a session then: %(other)s."),
        Trouble.TRAINER_BUSY: _("The trainer is taken then (%(trainer)s): %(other)s."),
        Trouble.ROOM_BUSY: _("The room is taken then (%(room)s): %(other)s."),
        Trouble.ROOM_TOO_SMALL: _("The room is too small (%(room)s). Seats: %(seats)s, people: %(people)s."),
        Trouble.ROOM_CLOSED: _("This room is not in use: %(room)s."),
        Trouble.NOT_ITS_TRAINER: _(
            "This trainer does not teach the cohort: %(trainer)s. Add them to its trainers first."
        ),
        Trouble.OUTSIDE_DATES: _("The day lies outside the cohort’s dates: %(first)s – %(last)s."),
        Trouble.OVER_MIDNIGHT: _("A session ends on the day on which it begins."),
        Trouble.HOLIDAY: _("This day is a public holiday: %(holiday)s."),
        Trouble.AFTER_ATTESTATION: _("It comes after the final attestation, which should be last."),
        Trouble.NO_TRAINER: _("It has no trainer yet."),
        Trouble.NO_PLACE: _("It has neither room nor link yet."),
    }[finding.trouble]
    other = judged.others.get(finding.other.key or 0) if finding.other else None
    return words % {
        "other": what(other) if other else "",
        "trainer": session.trainer or "",
        "room": session.room or "",
        "seats": session.room.seats if session.room else "",
        "people": judged.frame.people,
        "first": formats.date_format(cohort.starts_on, "SHORT_DATE_FORMAT"),
        "last": formats.date_format(cohort.ends_on, "SHORT_DATE_FORMAT"),
        "holiday": holiday(local(session.starts_at).date()),
    }
