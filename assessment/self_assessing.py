"""A listener judges the own competences, at entry and at exit; private answers stay between listener and trainers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from assessment.checklists import current
from assessment.models import LEVELS, Checklist, ChecklistState, Competence, SelfAssessment
from core.errors import Refused
from enrollment.models import Cohort, CohortState, Enrolment, EnrolmentState

ENTRY, EXIT = SelfAssessment.Moment.ENTRY, SelfAssessment.Moment.EXIT
WEEK = timedelta(days=6)  # from its first day to its last
AFTERWARDS = timedelta(days=30)
WORDS = 5000
TAKING = {
    ENTRY: (EnrolmentState.ENROLLED,),
    EXIT: (EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.NOT_PASSED),
}


@dataclass(frozen=True)
class Window:
    """Days from which and until which, both included, answers are given and may be changed."""

    opens_on: date
    closes_on: date

    def is_open(self, today: date) -> bool:
        """Whether answers are taken on this day."""
        return self.opens_on <= today <= self.closes_on


def windows(starts_on: date, ends_on: date, joined_on: date | None) -> dict[str, Window]:
    """Entry: from the joining through the first week of the course, for who joins later through a week from then.

    Exit: from the last week of the course (the second half of a shorter one) until 30 days after it. Entry ends before
    exit begins; who joins after that has none.
    """
    half = timedelta(days=max(1, ((ends_on - starts_on).days + 1) // 2))
    exit_from = max(ends_on - WEEK, starts_on + half)
    began = max(starts_on, joined_on or starts_on)
    entry = Window(min(joined_on or starts_on, starts_on), min(began + WEEK, exit_from - timedelta(days=1)))
    return {ENTRY: entry, EXIT: Window(exit_from, ends_on + AFTERWARDS)}


def window_of(enrolment: Enrolment, moment: str) -> Window:
    """The window of this person (the enrolment with its cohort)."""
    cohort = enrolment.cohort
    return windows(cohort.starts_on, cohort.ends_on, enrolment.order_date)[moment]


def checklist_of(enrolment: Enrolment, given: Iterable[SelfAssessment]) -> Checklist | None:
    """What this person answers: at exit the version of the entry, so that like is compared with like."""
    first = next(iter(given), None)
    return first.checklist if first else current(enrolment.cohort.edition)


def why_not(enrolment: Enrolment, moment: str, today: date) -> str:
    """Why nothing is answered now, as a sentence; empty when it can be."""
    if enrolment.state not in TAKING[SelfAssessment.Moment(moment)] or enrolment.cohort.state == CohortState.CANCELLED:
        return _("The checklist is answered by those who take the course.")
    window = window_of(enrolment, moment)
    if today < window.opens_on:
        return _("It opens on %(day)s.") % {"day": date_format(window.opens_on, "SHORT_DATE_FORMAT")}
    if today > window.closes_on:
        return _("It was open until %(day)s.") % {"day": date_format(window.closes_on, "SHORT_DATE_FORMAT")}
    return ""


@dataclass(frozen=True)
class Stand:
    """One of the two moments as the listener sees it: the answers, the window, and why nothing is answered now."""

    moment: str
    given: SelfAssessment | None
    window: Window
    closed: str


def stands(enrolment: Enrolment, given: Sequence[SelfAssessment], today: date) -> list[Stand]:
    """Entry and exit of one enrolment (with its cohort)."""
    by_moment = {one.moment: one for one in given}
    return [
        Stand(moment, by_moment.get(moment), window_of(enrolment, moment), why_not(enrolment, moment, today))
        for moment in (ENTRY, EXIT)
    ]


def to_answer(enrolments: Sequence[Enrolment]) -> list[tuple[Enrolment, Stand]]:
    """What of these enrolments (with their cohorts) is open and not answered; two queries for any number."""
    today = timezone.localdate()
    given: dict[int, list[SelfAssessment]] = {e.pk: [] for e in enrolments}
    for one in SelfAssessment.objects.filter(enrolment__in=list(given)):
        given[one.enrolment_id].append(one)
    editions = set(
        Checklist.objects.filter(
            edition__in={e.cohort.edition_id for e in enrolments}, state=ChecklistState.PUBLISHED
        ).values_list("edition", flat=True)
    )
    return [
        (enrolment, stand)
        for enrolment in enrolments
        if enrolment.cohort.edition_id in editions
        for stand in stands(enrolment, given[enrolment.pk], today)
        if not stand.closed and stand.given is None
    ]


def _check_own(enrolment: Enrolment, by: User) -> None:
    if enrolment.listener.user_id is None or enrolment.listener.user_id != by.pk:
        raise Refused(_("The checklist is answered by the listener."))


def _check_levels(levels: Mapping[int, int], competences: Iterable[Competence]) -> None:
    places = [competence.position for competence in competences]
    if missing := [place for place in places if place not in levels]:
        raise Refused(_("Choose a level on every line. Left: %(lines)s") % {"lines": ", ".join(map(str, missing))})
    if levels.keys() - set(places) or any(level not in LEVELS for level in levels.values()):
        raise Refused(_("This is not the present checklist. Please open the page again."))


@transaction.atomic
def answer_checklist(
    *, enrolment: Enrolment, moment: str, levels: Mapping[int, int], words: str, is_private: bool, by: User
) -> SelfAssessment:
    """Store a level from 1 to 5 for every position of the checklist, and words; until the window closes, also anew.

    Raises `Refused` for anybody but the listener, outside the window, for a line without a level, and for a level or
    line that the checklist does not have.
    """
    held = Enrolment.objects.select_for_update(of=("self",)).select_related("cohort__edition", "listener")
    enrolment = held.get(pk=enrolment.pk)
    _check_own(enrolment, by)
    if refusal := why_not(enrolment, moment, timezone.localdate()):
        raise Refused(refusal)
    given = list(enrolment.self_assessments.select_related("checklist"))
    checklist = checklist_of(enrolment, given)
    if checklist is None:
        raise Refused(_("There is no checklist for this programme yet."))
    _check_levels(levels, checklist.competences.all())
    words = words.replace("\r\n", "\n").strip()
    if len(words) > WORDS:
        raise Refused(_("The text is longer than %(length)s characters.") % {"length": WORDS})
    row = next((one for one in given if one.moment == moment), None)
    row = row or SelfAssessment(enrolment=enrolment, moment=moment, checklist=checklist)
    row.levels = {str(place): level for place, level in sorted(levels.items())}
    row.words, row.is_private, row.answered_by, row.answered_at = words, is_private, by, timezone.now()
    row.save()
    enrolment.self_assessments.exclude(pk=row.pk).update(is_private=is_private)
    return row


@transaction.atomic
def set_privacy(*, enrolment: Enrolment, is_private: bool, by: User) -> None:
    """Whether both answers are for the trainers and the listener only; at any time, by the listener."""
    Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    _check_own(enrolment, by)
    enrolment.self_assessments.update(is_private=is_private)


def seen_by(user: User, cohort: Cohort) -> list[SelfAssessment]:
    """The answers of a cohort that this person may see: its trainers all, administrators those that are not private."""
    found = SelfAssessment.objects.visible_to(user).filter(enrolment__cohort=cohort)
    return list(found.select_related("enrolment__listener", "checklist").order_by("enrolment", "pk"))
