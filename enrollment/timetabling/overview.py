"""A cohort's timetable as its page shows it: sessions by weeks, what is wrong with each, hours against the plan."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from core.workdays import holiday
from enrollment.models import Cohort, Session, SessionKind
from enrollment.timetabling.checks import CLASHES, Finding, after_attestation, all_clashes, of_one
from enrollment.timetabling.diary import Judged, day_begins, frame_of, house, local, meeting_of
from enrollment.timetabling.hours import Balance, Total, balance, needs, total
from enrollment.timetabling.wording import sentence
from programs.models import Module

WEEK = 7


@dataclass(frozen=True)
class Remark:
    """One finding about a session in words."""

    sentence: str
    forbids: bool


@dataclass(frozen=True)
class Card:
    """A session with what is wrong about it, and the link of an online one for a reader who may have it."""

    session: Session
    remarks: Sequence[Remark] = ()
    link: str = ""

    @property
    def is_online(self) -> bool:
        """Whether people meet by a link and in no room."""
        return bool(self.session.link) and self.session.room_id is None

    @property
    def has_clash(self) -> bool:
        """Whether it could not be stored like this today."""
        return any(remark.forbids for remark in self.remarks)


@dataclass(frozen=True)
class WeekDay:
    """One day of a week."""

    day: date
    cards: list[Card]
    holiday: str = ""
    is_today: bool = False
    is_open: bool = True

    @property
    def is_weekend(self) -> bool:
        """Saturday or Sunday."""
        return self.day.weekday() > 4


@dataclass(frozen=True)
class Week:
    """Monday to Sunday; weekend days stand in it only when something is on them."""

    monday: date
    days: list[WeekDay]

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


@dataclass(frozen=True)
class Line:
    """One module and kind against the plan, in words."""

    module: Module
    kind: str
    balance: Balance


@dataclass(frozen=True)
class Overview:
    """Everything that is timetabled for one cohort; `lines` only where hours are missing or over, `all_lines` all."""

    cohort: Cohort
    cards: list[Card]
    all_lines: list[Line]
    total: Total
    judged: Judged
    modules: list[Module]

    @property
    def lines(self) -> list[Line]:
        """Modules and kinds that do not have the plan's hours."""
        return [line for line in self.all_lines if line.balance.missing or line.balance.over]

    @property
    def clashing(self) -> list[Card]:
        """Sessions that something forbids."""
        return [card for card in self.cards if card.has_clash]

    @property
    def warned(self) -> list[Card]:
        """Sessions with warnings and nothing worse."""
        return [card for card in self.cards if card.remarks and not card.has_clash]


def monday_of(day: date) -> date:
    """The Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


def week_of(
    monday: date, cards: Iterable[Card], today: date, *, first: date | None = None, last: date | None = None
) -> Week:
    """The week that begins on `monday`; days before `first` and after `last` are closed."""
    by_day: dict[date, list[Card]] = {}
    for card in cards:
        by_day.setdefault(local(card.session.starts_at).date(), []).append(card)
    days = []
    for offset in range(WEEK):
        day = monday + timedelta(days=offset)
        if offset < 5 or day in by_day:
            is_open = (first is None or first <= day) and (last is None or day <= last)
            days.append(WeekDay(day, by_day.get(day, []), holiday(day), day == today, is_open))
    return Week(monday, days)


def weeks_of(cards: Sequence[Card], today: date) -> list[Week]:
    """The weeks that have cards."""
    mondays = sorted({monday_of(local(card.session.starts_at).date()) for card in cards})
    shown = [(m, [c for c in cards if monday_of(local(c.session.starts_at).date()) == m]) for m in mondays]
    return [week_of(monday, those, today) for monday, those in shown]


def overview(cohort: Cohort, *, instead: Session | None = None) -> Overview:
    """The cohort's standing sessions and how they fare; six queries, however many there are.

    With `instead`, as it would be if this session, stored or not, stood as it is given.
    """
    sessions = list(cohort.sessions.standing().with_place())
    if instead is not None:
        sessions = sorted([*(s for s in sessions if s.pk != instead.pk), instead], key=lambda s: s.starts_at)
    modules = {module.pk: module for module in cohort.edition.modules.all()}
    judged = _judge(cohort, sessions)
    of_session: dict[int, list[Remark]] = {place: [] for place in range(len(sessions))}
    places = {meeting_of(session): place for place, session in enumerate(sessions)}
    for finding in judged.findings:
        place = places[finding.meeting]
        words = sentence(finding, judged, cohort=cohort, session=sessions[place])
        of_session[place].append(Remark(words, finding.forbids))
    rows = balance(needs(modules.values()), [(s.module_id, s.kind, s.hours) for s in sessions])
    kinds = dict(SessionKind.choices)
    return Overview(
        cohort=cohort,
        cards=[Card(session, of_session[place], session.link) for place, session in enumerate(sessions)],
        all_lines=[Line(modules[row.module], str(kinds[row.kind]), row) for row in rows if row.module in modules],
        total=total(rows),
        judged=judged,
        modules=list(modules.values()),
    )


def _judge(cohort: Cohort, sessions: Sequence[Session]) -> Judged:
    """What is wrong with these sessions of the cohort, with each other and with those of other cohorts."""
    frame = frame_of(cohort)
    meetings = [meeting_of(session) for session in sessions]
    others = {session.pk: session for session in _elsewhere(cohort, sessions)}
    known = house({meeting.starts.year for meeting in meetings})
    findings: list[Finding] = all_clashes(meetings, [meeting_of(session) for session in others.values()])
    for session, meeting in zip(sessions, meetings, strict=True):
        if session.is_planned:  # what is held was held
            findings.extend(of_one(meeting, frame, known))
    findings.extend(after_attestation(meetings))
    return Judged(findings, others | {s.pk: s for s in sessions if s.pk}, frame)


def _elsewhere(cohort: Cohort, sessions: Sequence[Session]) -> Iterable[Session]:
    """Other cohorts' standing sessions with the same trainers or rooms in the same weeks."""
    if not sessions:
        return []
    days = [local(session.starts_at).date() for session in sessions]
    times = Q(starts_at__gte=day_begins(min(days)), starts_at__lt=day_begins(max(days) + timedelta(days=1)))
    trainers = {session.trainer_id for session in sessions if session.trainer_id}
    rooms = {session.room_id for session in sessions if session.room_id}
    shared = Q(trainer__in=trainers) | Q(room__in=rooms)
    return Session.objects.standing().filter(times & shared).exclude(cohort=cohort).with_place()


def clashes_of(found: Overview) -> int:
    """How many pairs of sessions of the cohort, or of it and another, want the same at the same time."""
    pairs = {
        frozenset((finding.meeting, finding.other)) for finding in found.judged.findings if finding.trouble in CLASHES
    }
    return len(pairs)
