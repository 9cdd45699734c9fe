"""Changes of the timetable are told, once: which, when and to whom.

Told are another time, place, trainer or content of a session, its cancelling, and a session that is new in a cohort
whose timetable people follow (`booking.is_followed`). Not told: a draft and its changes, a cohort's first timetable,
what lies in the past by the time of telling, and what was changed and changed back. A cohort's changes wait until its
timetable has rested for TIMETABLE_QUIET_MINUTES and then go into one letter for each person; a session that begins
within a day waits only for itself. What is told of a session is written down with the letters, in one transaction:
`told_sequence`.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from core.nudge import nudge
from enrollment.models import Enrolment, EnrolmentState, Room, Session
from enrollment.timetabling import notices
from enrollment.timetabling.booking import how_it_stands
from enrollment.timetabling.notices import News, Person

LISTENING = (EnrolmentState.ADMITTED, EnrolmentState.ENROLLED)
PRESSING = timedelta(days=1)


def tell_changes() -> int:
    """Write the letters that are due; returns how many. Safe to run at any time, any number of times, by several."""
    pending = (
        Session.objects.exclude(told_sequence=F("sequence")).order_by("cohort_id").values_list("cohort_id", flat=True)
    )
    written = sum(_tell(cohort) for cohort in pending.distinct())
    if written:
        nudge("core.send_messages")
    return written


@transaction.atomic
def _tell(cohort: int) -> int:
    """The letters about one cohort's changes that are due now."""
    rows = Session.objects.select_for_update(of=("self",), no_key=True).filter(cohort=cohort)
    pending = list(rows.exclude(told_sequence=F("sequence")).with_place())
    now = timezone.now()
    due = ripe(pending, now)
    letters = _letters([news for session in due if (news := _news(session, now))])
    for session in due:
        session.told_sequence, session.changed_from = session.sequence, {}
    Session.objects.bulk_update(due, ["told_sequence", "changed_from"])
    return letters


def ripe(pending: Sequence[Session], now: datetime) -> list[Session]:
    """Which of a cohort's untold changes are to be told now: all after a rest of the whole, or those that press."""
    quiet = now - timedelta(minutes=settings.TIMETABLE_QUIET_MINUTES)
    rested = [session for session in pending if session.changed_at is None or session.changed_at <= quiet]
    if len(rested) == len(pending):
        return rested
    return [session for session in rested if _first_moment(session) <= now + PRESSING]


def _first_moment(session: Session) -> datetime:
    """When people would come: by what they know or by what is so now, whichever is earlier."""
    known = session.changed_from.get("starts_at")
    return min(session.starts_at, datetime.fromisoformat(known)) if known else session.starts_at


def _news(session: Session, now: datetime) -> News | None:
    """What there is to tell about a session; None for nothing."""
    known = session.changed_from
    if session.starts_at <= now and (not known or datetime.fromisoformat(known["starts_at"]) <= now):
        return None
    if session.is_cancelled:
        return News(session, known, session.audit_trail()[0].reason) if known else None
    if known == how_it_stands(session):
        return None
    return News(session, known)


def _letters(news: Sequence[News]) -> int:
    """One letter for each person about everything that concerns them."""
    if not news:
        return 0
    cohort = news[0].session.cohort
    rooms = {room.pk: room for room in Room.objects.filter(pk__in={n.before.get("room") for n in news} - {None})}
    key = hashlib.sha256(repr([(n.session.pk, n.session.sequence) for n in news]).encode()).hexdigest()[:20]
    count = 0
    for person in [*_listeners(cohort.pk, cohort.language), *_trainers(news)]:
        if theirs := [n for n in news if person.hears(n)]:
            notices.write_letter(person, theirs, rooms=rooms, key=key)
            count += 1
    return count


def _listeners(cohort: int, language: str) -> Iterable[Person]:
    """Who has a place and an address to write to, each in their language."""
    taking_part = Enrolment.objects.filter(cohort=cohort, state__in=LISTENING)
    for enrolment in taking_part.select_related("listener__user", "agreement").order_by("pk"):
        user, listener = enrolment.listener.user, enrolment.listener
        if address := user.email if user else listener.email:
            yield Person(
                key=f"listener {listener.pk}",
                name=listener.full_name,
                address=address,
                language=user.language if user else language,
                sees_links=enrolment.has_agreement,
            )


def _trainers(news: Sequence[News]) -> Iterable[Person]:
    """Whoever teaches one of the sessions now, or did when they last heard."""
    concerned = {n.session.trainer_id for n in news} | {n.before.get("trainer") for n in news}
    for user in User.objects.filter(pk__in=concerned - {None}, is_active=True).order_by("pk"):
        yield Person(
            key=f"trainer {user.pk}",
            name=user.full_name,
            address=user.email,
            language=user.language,
            sees_links=True,
            trainer=user.pk,
        )
