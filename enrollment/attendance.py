"""Attendance as it is read: who belongs to a session, what is recorded, each person's share. Reads only."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from core.models import AuditEntry
from enrollment import attendance_rules as rules
from enrollment.admission import AT_WORK
from enrollment.attendance_rules import Part, Share, Stay
from enrollment.models import SEATED, Attendance, Cohort, Enrolment, Session, SessionState

Parts = dict[Part, int]


def length_of(session: Session) -> int:
    """Academic minutes of the session."""
    return rules.length(session.hours, settings.ACADEMIC_HOUR_MINUTES)


def stays(enrolments: Iterable[Enrolment]) -> dict[int, Stay]:
    """When each of them (with `order` loaded) held a place, by the audit trail; one query."""
    people = list(enrolments)
    trail = AuditEntry.objects.filter(model=Enrolment._meta.label, object_id__in=[e.pk for e in people])
    steps: dict[int, list[tuple[datetime, str]]] = defaultdict(list)
    for pk, at, state in trail.order_by("pk").values_list("object_id", "at", "to_state"):
        steps[pk].append((at, state))
    return {e.pk: Stay(steps[e.pk], _since(e)) for e in people}


def _since(enrolment: Enrolment) -> datetime | None:
    if enrolment.order_date is None:
        return None
    return timezone.make_aware(datetime.combine(enrolment.order_date, time.min))


def roster(session: Session) -> list[Enrolment]:
    """Who held a place in the cohort at that time, in the order of the Kazakh alphabet; two queries."""
    people = list(session.cohort.enrolments.by_name())
    stay = stays(people)
    return [e for e in people if stay[e.pk].meets(session.starts_at, session.ends_at)]


# --- A trainer's sessions --------------------------------------------------------------------------


def sessions_to_take(user: User) -> QuerySet[Session]:
    """This trainer's sessions of today, and earlier ones whose attendance is still open, the earliest first.

    Each with `recorded`: how many people have a record.
    """
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    today = Q(starts_at__gte=midnight, starts_at__lt=midnight + timedelta(days=1))
    still_open = Q(state=SessionState.PLANNED, starts_at__lt=midnight, cohort__state__in=AT_WORK)
    return (
        Session.objects.taught_by(user)
        .standing()
        .filter(today | still_open)
        .select_related("cohort", "module", "room")
        .annotate(recorded=Count("attendance", distinct=True))
        .order_by("starts_at", "pk")
    )


# --- Shares ----------------------------------------------------------------------------------------


def _held(cohorts: Iterable[int]) -> dict[int, Parts]:
    """Minutes that each cohort has held, by part."""
    held: dict[int, Parts] = defaultdict(lambda: defaultdict(int))
    rows = Session.objects.filter(cohort__in=set(cohorts), state=SessionState.HELD)
    for cohort, module, kind, hours in rows.values_list("cohort", "module", "kind", "hours"):
        held[cohort][module, kind] += rules.length(hours, settings.ACADEMIC_HOUR_MINUTES)
    return held


def _attended(enrolments: Iterable[int]) -> dict[int, Parts]:
    """Minutes of held sessions that each enrolment attended, by part."""
    attended: dict[int, Parts] = defaultdict(lambda: defaultdict(int))
    rows = Attendance.objects.filter(
        enrolment__in=list(enrolments), session__state=SessionState.HELD, mark=rules.PRESENT
    )
    values = rows.values_list("enrolment", "session__module", "session__kind", "session__hours", "mark", "minutes")
    for enrolment, module, kind, hours, mark, minutes in values:
        whole = rules.length(hours, settings.ACADEMIC_HOUR_MINUTES)
        attended[enrolment][module, kind] += rules.attended_minutes(mark, minutes, whole)
    return attended


def _carried(enrolments: Sequence[Enrolment]) -> dict[int, Parts]:
    """Minutes that each enrolment brought along, by part; two queries for each link of the longest chain."""
    origin_of: dict[int, int] = {e.pk: e.origin_id for e in enrolments if e.origin_id}
    reached = set(origin_of.values())
    attended: dict[int, Parts] = {}
    while reached:
        attended |= _attended(reached - attended.keys())
        links = Enrolment.objects.filter(pk__in=reached, origin__isnull=False).values_list("pk", "origin_id")
        further: dict[int, int] = {pk: origin for pk, origin in links if pk not in origin_of and origin}
        origin_of |= further
        reached = set(further.values())

    def brought(pk: int) -> Parts:
        origin = origin_of.get(pk)
        return rules.going_along(attended.get(origin, {}), brought(origin)) if origin else {}

    return {e.pk: brought(e.pk) for e in enrolments}


def shares(enrolments: Iterable[Enrolment]) -> dict[int, Share]:
    """What each of them attended of what their cohort has held, by enrolment; a constant number of queries."""
    people = list(enrolments)
    if not people:
        return {}
    held = _held(e.cohort_id for e in people)
    own = _attended(e.pk for e in people)
    carried = _carried(people)
    return {e.pk: rules.share(held.get(e.cohort_id, {}), own.get(e.pk, {}), carried[e.pk]) for e in people}


def shares_by_module(enrolments: Iterable[Enrolment]) -> dict[int, Share]:
    """What all of them together attended of what was held for them, by module; a constant number of queries."""
    people = list(enrolments)
    if not people:
        return {}
    held = _held(e.cohort_id for e in people)
    own, carried = _attended(e.pk for e in people), _carried(people)
    together: dict[int, Share] = {}
    for person in people:
        for part, whole in held.get(person.cohort_id, {}).items():
            one = rules.share({part: whole}, own.get(person.pk, {}), carried[person.pk])
            so_far = together.get(part[0], Share())
            together[part[0]] = Share(
                so_far.attended + one.attended, so_far.held + one.held, so_far.carried + one.carried
            )
    return together


def hours_shown(minutes: int) -> Decimal:
    """Academic hours as a page shows them: at most one decimal."""
    return rules.in_hours(minutes, settings.ACADEMIC_HOUR_MINUTES)


# --- The register of a cohort ----------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """One person at one session: the record, if there is one, and whether the person belonged to the cohort then."""

    session: Session
    record: Attendance | None
    belongs: bool

    @property
    def is_partial(self) -> bool:
        """Whether only a part of the session was attended."""
        return self.record is not None and self.record.minutes is not None


@dataclass(frozen=True)
class Line:
    """One person of a cohort with a cell for each session, and the share."""

    enrolment: Enrolment
    cells: Sequence[Cell]
    share: Share

    @property
    def is_below(self) -> bool:
        """Whether it is below ATTENDANCE_MINIMUM."""
        return self.share.is_below(settings.ATTENDANCE_MINIMUM)

    @property
    def attended_hours(self) -> Decimal:
        """Academic hours attended."""
        return hours_shown(self.share.attended)

    @property
    def carried_hours(self) -> Decimal:
        """Academic hours among them that were brought along."""
        return hours_shown(self.share.carried)


@dataclass(frozen=True)
class Register:
    """A cohort's attendance: people by the Kazakh alphabet, sessions by time, cancelled ones left out."""

    cohort: Cohort
    sessions: Sequence[Session]
    lines: Sequence[Line]

    @property
    def held_hours(self) -> int:
        """Academic hours held."""
        return sum(session.hours for session in self.sessions if session.state == SessionState.HELD)

    @property
    def below(self) -> list[Line]:
        """Who is below the minimum now."""
        return [line for line in self.lines if line.is_below]


def read_register(cohort: Cohort) -> Register:
    """Everybody who holds a place, or was recorded, in each session that stands; a constant number of queries."""
    sessions = list(cohort.sessions.standing().select_related("module", "trainer").order_by("starts_at", "pk"))
    records = {
        (record.session_id, record.enrolment_id): record
        for record in Attendance.objects.filter(session__in=[s.pk for s in sessions])
    }
    recorded = {enrolment for _session, enrolment in records}
    people = [e for e in cohort.enrolments.by_name() if e.state in SEATED or e.pk in recorded]
    stay, share = stays(people), shares(people)
    lines = [
        Line(
            e,
            [Cell(s, records.get((s.pk, e.pk)), stay[e.pk].meets(s.starts_at, s.ends_at)) for s in sessions],
            share[e.pk],
        )
        for e in people
    ]
    return Register(cohort, sessions, lines)


@dataclass(frozen=True)
class Own:
    """What a listener sees of one course: the share, and each held session with the record."""

    share: Share
    cells: Sequence[Cell]

    @property
    def is_below(self) -> bool:
        """Whether it is below ATTENDANCE_MINIMUM."""
        return self.share.is_below(settings.ATTENDANCE_MINIMUM)

    @property
    def attended_hours(self) -> Decimal:
        """Academic hours attended."""
        return hours_shown(self.share.attended)

    @property
    def held_hours(self) -> Decimal:
        """Academic hours held."""
        return hours_shown(self.share.held)

    @property
    def carried_hours(self) -> Decimal:
        """Academic hours that were brought along."""
        return hours_shown(self.share.carried)


def read_own(enrolments: Iterable[Enrolment]) -> dict[int, Own]:
    """The attendance of a listener's courses, by enrolment; a constant number of queries."""
    people = list(enrolments)
    share, stay = shares(people), stays(people)
    sessions = Session.objects.filter(cohort__in=[e.cohort_id for e in people], state=SessionState.HELD)
    held = list(sessions.select_related("module").order_by("starts_at", "pk"))
    records = {(r.session_id, r.enrolment_id): r for r in Attendance.objects.filter(enrolment__in=people)}

    def cells(e: Enrolment) -> list[Cell]:
        mine = [s for s in held if s.cohort_id == e.cohort_id]
        return [Cell(s, records.get((s.pk, e.pk)), stay[e.pk].meets(s.starts_at, s.ends_at)) for s in mine]

    return {e.pk: Own(share[e.pk], cells(e)) for e in people}
