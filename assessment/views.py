"""The score sheet of a cohort: the page, one cell's saving, and what others changed."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from assessment.blocks import cell_history, save_block, shown_theirs
from assessment.forms import ScoreEntry, read_entries, read_entry
from assessment.models import Score
from assessment.scoring import ScoreChanged, comment_score, save_score
from assessment.sheet import Sheet, complete_count, read_mark, read_sheet
from assessment.wording import sentences
from core.errors import DomainError
from core.kazakh import FOLDED
from enrollment.models import Cohort, Enrolment
from programs.models import Criterion


def _taught(user: User, pk: int) -> Cohort:
    """The cohort, if this person teaches it; otherwise 404, whatever other roles they have."""
    cohorts = Cohort.objects.visible_to(user).filter(trainers=user).select_related("rubric", "edition")
    return get_object_or_404(cohorts.prefetch_related("rubric__criteria", "rubric__bands"), pk=pk)


def _setup(sheet: Sheet, user: User) -> dict[str, Any]:
    """What the page's script needs to know: addresses, rubric, bands, sentences."""
    return {
        "save": reverse("score_save", args=[sheet.cohort.pk]),
        "changes": reverse("score_changes", args=[sheet.cohort.pk]),
        "saveMany": reverse("score_save_many", args=[sheet.cohort.pk]),
        "history": reverse("score_history", args=[sheet.cohort.pk, 0, 0]),
        "fold": FOLDED,
        "user": user.pk,
        "criteria": [
            {"id": c.pk, "code": c.code, "max": c.max_points, "title": c.title, "short": c.short}
            for c in sheet.criteria
        ],
        "bands": [
            {"code": b.code, "from": b.from_total, "to": b.to_total, "passed": b.passed, "short": b.short}
            for b in sheet.bands
        ],
        "sentences": sentences(),
    }


@never_cache
@require_safe
def score_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """A cohort's scores as a table to fill in like a spreadsheet."""
    cohort = _taught(request.user, pk)
    prefetch_related_objects([cohort], "rubric__criteria__levels")
    sheet = read_sheet(cohort)
    return render(request, "assessment/score_sheet.html", {"sheet": sheet, "setup": _setup(sheet, request.user)})


@require_POST
def score_save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save one cell, sent as JSON `{enrolment, criterion, points, version}`.

    200 with what stands now; 400 unreadable, 404 not this trainer's, 409 with `theirs` when somebody changed the cell
    in between, 422 with the sentence that says why not.
    """
    cohort = _taught(request.user, pk)
    try:
        entry = read_entry(request.body)
        enrolment = get_object_or_404(cohort.enrolments.visible_to(request.user), pk=entry.enrolment)
        criterion = _criterion(cohort, entry.criterion)
        score = _written(enrolment, criterion, entry, request.user)
    except ScoreChanged as error:
        return JsonResponse({"error": error.sentence, "theirs": shown_theirs(error)}, status=error.status)
    except DomainError as error:
        return JsonResponse({"error": error.sentence}, status=error.status)
    return JsonResponse(_saved(score, cohort))


def _written(enrolment: Enrolment, criterion: Criterion, entry: ScoreEntry, by: User) -> Score:
    place = {"enrolment": enrolment, "criterion": criterion, "version": entry.version, "by": by}
    if entry.comment is not None:
        return comment_score(comment=entry.comment, **place)
    return save_score(points=entry.points, why=entry.why, **place)


def _criterion(cohort: Cohort, pk: int) -> Criterion:
    """A criterion of the cohort's rubric, or 404."""
    found = next((criterion for criterion in cohort.rubric.criteria.all() if criterion.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _saved(score: Score, cohort: Cohort) -> dict[str, Any]:
    mark = read_mark(cohort, score.attempt if score.attempt_id else None)
    return {
        "points": score.points,
        "comment": score.comment,
        "version": score.version,
        "total": mark.total,
        "band": mark.band.code if mark.band else None,
        "missing": mark.missing,
        "complete_count": complete_count(cohort),
    }


@require_POST
def score_save_many(request: HttpRequest, pk: int) -> HttpResponse:
    """Save many cells: a block, a fill, an undo; JSON `{entries: [{enrolment, criterion, points, version}], why}`.

    One transaction for each listener. 200 with a result for each entry in its place: what stands now, or `error`, with
    `theirs` where somebody changed the cell in between; and each listener's total. Sent twice it changes nothing more.
    """
    cohort = _taught(request.user, pk)
    try:
        entries = read_entries(request.body)
    except DomainError as error:
        return JsonResponse({"error": error.sentence}, status=error.status)
    answers = save_block(cohort, entries, request.user)
    return JsonResponse({"results": answers, "complete_count": complete_count(cohort)})


@never_cache
@require_safe
def score_history(request: HttpRequest, pk: int, enrolment: int, criterion: int) -> HttpResponse:
    """What was in a cell: who, when, from what to what, the comment, and why; the latest first."""
    cohort = _taught(request.user, pk)
    held = get_object_or_404(cohort.enrolments.visible_to(request.user), pk=enrolment)
    return JsonResponse({"steps": cell_history(held, _criterion(cohort, criterion))})


@never_cache
@require_safe
def score_changes(request: HttpRequest, pk: int) -> HttpResponse:
    """Every written cell with its version, so that a page that is open elsewhere can take over what it has not seen.

    All of them each time (some 30 bytes a cell): a "since" would lose what commits late.
    """
    sheet = read_sheet(_taught(request.user, pk))
    written = [(row, cell.score) for row in sheet.rows for cell in row.cells if cell.score]
    return JsonResponse(
        {
            "cells": [[row.enrolment.pk, s.criterion_id, s.points, s.version, s.entered_by_id] for row, s in written],
            "authors": {score.entered_by_id: str(score.entered_by) for _row, score in written},
            "open": [row.enrolment.pk for row in sheet.rows if not row.closed],
            "closed": [row.enrolment.pk for row in sheet.rows if row.closed],
        }
    )
