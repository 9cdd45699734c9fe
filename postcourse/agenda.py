"""A consultant's or a listener's consultations in the order in which they ask for attention. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from postcourse.diary import local
from postcourse.models import Consultation, ConsultationState


@dataclass(frozen=True)
class Week:
    """Consultations of one week, Monday first."""

    monday: date
    consultations: list[Consultation]

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


@dataclass(frozen=True)
class Agenda:
    """Open consultations: what waits for a word, what waits to be noted down, and what is to come by weeks.

    `lapsed` are proposals whose hour has passed unconfirmed, `begun` agreed ones whose hour has come.
    """

    proposed: list[Consultation] = field(default_factory=list)
    lapsed: list[Consultation] = field(default_factory=list)
    begun: list[Consultation] = field(default_factory=list)
    weeks: list[Week] = field(default_factory=list)


def agenda(open_ones: Iterable[Consultation], now: datetime) -> Agenda:
    """Sort open consultations (proposed or scheduled) as they stand at `now`."""
    in_order = sorted(open_ones, key=lambda c: (c.starts_at, c.pk))
    proposed = [c for c in in_order if c.state == ConsultationState.PROPOSED]
    agreed = [c for c in in_order if c.state == ConsultationState.SCHEDULED]
    return Agenda(
        proposed=[c for c in proposed if c.starts_at > now],
        lapsed=[c for c in proposed if c.starts_at <= now],
        begun=[c for c in agreed if c.starts_at <= now],
        weeks=by_week(c for c in agreed if c.starts_at > now),
    )


def by_week(consultations: Iterable[Consultation]) -> list[Week]:
    """Consultations in order of time, gathered by local week."""
    return [Week(monday, list(those)) for monday, those in groupby(consultations, key=_monday)]


def _monday(consultation: Consultation) -> date:
    day = local(consultation.starts_at).date()
    return day - timedelta(days=day.weekday())
