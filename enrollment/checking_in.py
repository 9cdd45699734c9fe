"""Checking in by the code that the trainer shows in the room: six digits that change every minute."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from accounts.models import User
from core import throttle
from core.errors import Conflict, Refused, TooMany
from enrollment.admission import AT_WORK
from enrollment.attendance import stays
from enrollment.attendance_rules import MARGIN, is_running
from enrollment.models import SEATED, Attendance, AttendanceMark, Enrolment, Session, SessionState

DIGITS = 6
# With two codes in force, guessing through a session of 90 minutes succeeds with a chance of about 1 in 1,000.
ATTEMPTS_PER_MINUTE = 5


class WrongCode(Refused):
    """The code is not one that a running session of this person shows."""


@dataclass(frozen=True)
class Shown:
    """The code of a session now, and the seconds until the next one."""

    code: str
    seconds_left: int

    @property
    def grouped(self) -> str:
        """As it is read aloud and shown: two groups of three digits."""
        return f"{self.code[:3]}\N{NO-BREAK SPACE}{self.code[3:]}"


def _minute(now: datetime) -> int:
    return int(now.timestamp()) // 60


def code_of(session_pk: int, minute: int) -> str:
    """The code of a session in one minute (since 1970): an HMAC with the server's key, so that nobody can tell it."""
    digest = salted_hmac("enrollment.checking_in", f"{session_pk}:{minute}", algorithm="sha256").digest()
    return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"


def shown_now(session: Session) -> Shown:
    """What the trainer shows. Raises `Refused` unless the session runs (from 15 minutes before it to its end)."""
    now = timezone.now()
    if session.state == SessionState.CANCELLED:
        raise Refused(_("The session is cancelled."))
    if session.cohort.state not in AT_WORK or not is_running(session.starts_at, session.ends_at, now):
        raise Refused(_("A code is shown only while the session runs: from 15 minutes before it begins to its end."))
    return Shown(code_of(session.pk, _minute(now)), 60 - int(now.timestamp()) % 60)


def running_for(user: User) -> list[tuple[Session, Enrolment]]:
    """Sessions that run now in cohorts where this listener has a place, with that enrolment; three queries."""
    now = timezone.now()
    people = list(Enrolment.objects.filter(listener__user=user, state__in=SEATED).select_related("order"))
    sessions = (
        Session.objects.standing()
        .filter(cohort__in=[e.cohort_id for e in people], cohort__state__in=AT_WORK)
        .filter(Q(starts_at__lte=now + MARGIN), Q(ends_at__gte=now))
        .select_related("module", "cohort", "room")
        .order_by("starts_at", "pk")
    )
    stay = stays(people)
    by_cohort = {e.cohort_id: e for e in people}
    found = [(session, by_cohort[session.cohort_id]) for session in sessions]
    return [(s, e) for s, e in found if stay[e.pk].meets(s.starts_at, s.ends_at)]


def check_in(*, user: User, code: str) -> Attendance:
    """Record that this listener is present at the session whose code it is, of this minute or the one before.

    Every call counts, right or wrong: beyond ATTEMPTS_PER_MINUTE in a clock minute it raises `TooMany` and looks at
    nothing. Checking in twice changes nothing. Raises `WrongCode`, `Refused` while no session of theirs runs, and
    `Conflict` when a trainer has recorded something other than presence: the trainer's word stands.
    """
    try:
        throttle.count_one(what="check-in", who=str(user.pk), per_minute=ATTEMPTS_PER_MINUTE)
    except TooMany:
        raise TooMany(_("Too many attempts. Wait a minute, then enter the code that is shown.")) from None
    running = running_for(user)
    if not running:
        raise Refused(_("No session of your course is running now. Check in from 15 minutes before it begins."))
    digits = re.sub(r"\s", "", code)
    minute = _minute(timezone.now())
    for session, enrolment in running:
        if digits in (code_of(session.pk, minute), code_of(session.pk, minute - 1)):
            return _record(session, enrolment, user)
    raise WrongCode(
        _("This is not the code of your session now. It changes every minute: enter the one on the screen.")
    )


@transaction.atomic
def _record(session: Session, enrolment: Enrolment, user: User) -> Attendance:
    held = Session.objects.select_for_update().get(pk=session.pk)
    if held.state == SessionState.CANCELLED:
        raise Refused(_("The session is cancelled."))
    if known := held.attendance.filter(enrolment=enrolment).first():
        if known.mark != AttendanceMark.PRESENT:
            raise Conflict(
                _("The trainer has recorded: %(mark)s. Please speak with the trainer.")
                % {"mark": known.get_mark_display()}
            )
        return known
    row = Attendance(
        session=held,
        enrolment=enrolment,
        mark=AttendanceMark.PRESENT,
        source=Attendance.Source.CODE,
        recorded_by=user,
        recorded_at=timezone.now(),
    )
    bulk_create_with_history([row], Attendance, default_user=user)
    return row
