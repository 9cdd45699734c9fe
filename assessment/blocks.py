"""Many cells at once, and what was in one cell before: what the sheet's script asks for beside single savings."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from assessment.forms import ScoreEntry
from assessment.models import Attempt, Score
from assessment.scoring import Entry, ScoreChanged, save_cells
from assessment.sheet import read_mark
from core.errors import DomainError
from enrollment.models import Cohort, Enrolment
from programs.models import Criterion

Answer = dict[str, Any]


def shown_theirs(error: ScoreChanged) -> Answer:
    """What stands in a cell that somebody else changed."""
    theirs = error.theirs
    return {
        "points": theirs.points,
        "version": theirs.version,
        "by": str(theirs.by) if theirs.by else "",
        "at": theirs.at and theirs.at.isoformat(),
        "when": theirs.at and date_format(timezone.localtime(theirs.at), "SHORT_DATETIME_FORMAT"),
    }


def save_block(cohort: Cohort, sent: Sequence[ScoreEntry], by: User) -> list[Answer]:
    """Save entries listener by listener; an answer for each, in the order in which they were sent."""
    criteria = {criterion.pk: criterion for criterion in cohort.rubric.criteria.all()}
    wanted = {entry.enrolment for entry in sent}
    people = {e.pk: e for e in cohort.enrolments.visible_to(by).filter(pk__in=wanted)}
    by_person: dict[int, list[int]] = defaultdict(list)
    answers: list[Answer] = [{} for _entry in sent]
    for place, entry in enumerate(sent):
        if entry.enrolment in people and entry.criterion in criteria:
            by_person[entry.enrolment].append(place)
        else:
            answers[place] = _refused(_("This listener is no longer in your list. Please reload the page."), 404)
    for pk, places in by_person.items():
        entries = [Entry(criteria[sent[p].criterion], sent[p].points, sent[p].version, sent[p].why) for p in places]
        for place, answer in zip(places, _save_person(people[pk], entries, cohort, by), strict=True):
            answers[place] = answer
    return answers


def _save_person(enrolment: Enrolment, entries: list[Entry], cohort: Cohort, by: User) -> list[Answer]:
    try:
        results = save_cells(enrolment=enrolment, entries=entries, by=by)
    except DomainError as refusal:
        return [_refused(refusal.sentence, refusal.status)] * len(entries)
    attempt = next((r.attempt for r in results if isinstance(r, Score) and r.attempt_id), None)
    mark = read_mark(cohort, Attempt.objects.prefetch_related("scores").get(pk=attempt.pk) if attempt else None)
    row = {"total": mark.total, "band": mark.band.code if mark.band else None, "missing": mark.missing}
    return [_answer(result) | row for result in results]


def _answer(result: Score | DomainError) -> Answer:
    if isinstance(result, ScoreChanged):
        return _refused(result.sentence, result.status) | {"theirs": shown_theirs(result)}
    if isinstance(result, DomainError):
        return _refused(result.sentence, result.status)
    return {"status": 200, "points": result.points, "version": result.version, "comment": result.comment}


def _refused(sentence: str, status: int) -> Answer:
    return {"status": status, "error": sentence}


def cell_history(enrolment: Enrolment, criterion: Criterion) -> list[Answer]:
    """Every state of a cell of the latest attempt, the latest first; two queries."""
    states = Score.history.filter(attempt__enrolment=enrolment, criterion=criterion).select_related("history_user")
    steps: list[Answer] = []
    before: Any = None
    for state in states.order_by("history_id"):
        steps.append(
            {
                "who": str(state.history_user or state.entered_by or ""),
                "when": date_format(timezone.localtime(state.history_date), "SHORT_DATETIME_FORMAT"),
                "from": before.points if before else None,
                "to": state.points,
                "comment": state.comment if not before or before.comment != state.comment else None,
                "why": state.history_change_reason or "",
            }
        )
        before = state
    return steps[::-1]
