"""Sessions that were held and attended, for the demonstration: taken by their trainers with the verbs people use."""

import random

from django.utils import timezone

from accounts.models import User
from enrollment.attendance import roster
from enrollment.models import AttendanceMark, Cohort, SessionState
from enrollment.recording import Entry, hold_session, record

REASONS = ["ауырып қалды, анықтама бар", "облыстық кеңес, шақыру хаты бар"]


def attend(cohort: Cohort, trainers: list[User], *, seed: int) -> None:
    """Take the attendance of every session of the cohort that is over.

    Two people come to half of the sessions only, so that the warning below the minimum is seen.
    """
    draw = random.Random(seed)  # noqa: S311 - the same demonstration every time
    over = cohort.sessions.filter(state=SessionState.PLANNED, ends_at__lt=timezone.now())
    for session in over.select_related("cohort", "trainer"):
        by = session.trainer or trainers[0]
        entries = [_entry(e.pk, place, draw) for place, e in enumerate(roster(session))]
        record(session=session, entries=entries, by=by)
        hold_session(session=session, by=by)


def _entry(enrolment: int, place: int, draw: random.Random) -> Entry:
    chance = draw.random()
    if chance > (0.5 if place in (3, 11) else 0.96):
        return Entry(enrolment, AttendanceMark.ABSENT)
    if chance < 0.03:
        return Entry(enrolment, AttendanceMark.EXCUSED, reason=draw.choice(REASONS))
    return Entry(enrolment, AttendanceMark.PRESENT, minutes=60 if chance < 0.06 else None)
