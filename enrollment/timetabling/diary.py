"""What the timetable's arithmetic needs, read from rows; and times as the institute's clocks show them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from core.workdays import days_off
from enrollment.models import Cohort, CohortState, Room, Session
from enrollment.models.timetable import SessionQuerySet
from enrollment.timetabling.checks import Finding, Frame, House, Meeting, clashes, of_one
from enrollment.timetabling.lengths import Clock

# Whoever is in the cohort by then has come; before that its places may still fill.
FILLED = (CohortState.RUNNING, CohortState.ASSESSING, CohortState.CLOSED)


def clock() -> Clock:
    """Lengths from the settings ACADEMIC_HOUR_MINUTES and ACADEMIC_BREAK_MINUTES."""
    return Clock(settings.ACADEMIC_HOUR_MINUTES, settings.ACADEMIC_BREAK_MINUTES)


def local(at: datetime) -> datetime:
    """A moment as the institute's clocks show it, without a zone."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).replace(tzinfo=None)


def moment(at: datetime) -> datetime:
    """The moment at which the institute's clocks show `at`."""
    return at.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))


def day_begins(day: date) -> datetime:
    """The moment at which `day` begins."""
    return moment(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - the zone is put on here


def meeting_of(session: Session) -> Meeting:
    """A row, stored or not, as plain values."""
    return Meeting(
        cohort=session.cohort_id,
        module=session.module_id,
        kind=session.kind,
        starts=local(session.starts_at),
        ends=local(session.ends_at),
        hours=session.hours,
        trainer=session.trainer_id,
        room=session.room_id,
        is_online=bool(session.link),
        key=session.pk,
    )


def frame_of(cohort: Cohort) -> Frame:
    """What the cohort's sessions must fit into; two queries."""
    filled = cohort.state in FILLED
    people = cohort.enrolments.seated().count() if filled else cohort.capacity
    trainers = Cohort.trainers.through.objects.filter(cohort=cohort).values_list("user", flat=True)
    return Frame(cohort.starts_on, cohort.ends_on, people, frozenset(trainers))


def house(years: Iterable[int]) -> House:
    """The rooms in use and the holidays of these years; one query."""
    seats = dict(Room.objects.filter(is_active=True).values_list("pk", "seats"))
    return House(seats, frozenset(day for year in sorted(set(years)) for day in days_off(year)))


def around(meeting: Meeting) -> SessionQuerySet:
    """Standing sessions at the same time that share cohort, trainer or room with `meeting`."""
    shared = Q(cohort=meeting.cohort)
    if meeting.trainer is not None:
        shared |= Q(trainer=meeting.trainer)
    if meeting.room is not None:
        shared |= Q(room=meeting.room)
    times = Q(starts_at__lt=moment(meeting.ends), ends_at__gt=moment(meeting.starts))
    return Session.objects.standing().filter(shared & times).exclude(pk=meeting.key or 0).with_place()


@dataclass(frozen=True)
class Judged:
    """What speaks against sessions of a cohort: the findings, the rows they clash with, what they must fit into."""

    findings: list[Finding]
    others: Mapping[int, Session]
    frame: Frame

    @property
    def forbidding(self) -> list[Finding]:
        """Those that forbid it; the others are warnings."""
        return [finding for finding in self.findings if finding.forbids]


def judge(meeting: Meeting, cohort: Cohort) -> Judged:
    """Everything that speaks against one session; four queries."""
    others = {session.pk: session for session in around(meeting)}
    frame = frame_of(cohort)
    alone = of_one(meeting, frame, house([meeting.starts.year]))
    return Judged(clashes(meeting, map(meeting_of, others.values())) + alone, others, frame)


def busy_times(
    field: str, keys: Collection[int], first: date, last: date, *, but: Collection[int] = ()
) -> Mapping[int, list[tuple[datetime, datetime]]]:
    """When each of these trainers (`field` "trainer"), rooms or cohorts is taken between two days.

    Sessions with ids in `but` do not count.
    """
    taken: dict[int, list[tuple[datetime, datetime]]] = {key: [] for key in keys}
    rows = Session.objects.standing().filter(
        **{f"{field}__in": list(keys)},
        ends_at__gt=day_begins(first),
        starts_at__lt=day_begins(last + timedelta(days=1)),
    )
    for key, starts, ends in rows.exclude(pk__in=list(but)).values_list(field, "starts_at", "ends_at"):
        taken[key].append((local(starts), local(ends)))
    return taken
