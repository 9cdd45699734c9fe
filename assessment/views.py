"""The score sheet of a cohort: the page, one cell's saving, and what others changed."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from assessment.forms import read_entry
from assessment.models import Score
from assessment.scoring import ScoreChanged, save_score
from assessment.sheet import Sheet, complete_count, read_mark, read_sheet
from assessment.wording import sentences
from core.errors import DomainError
from enrollment.models import Cohort
from programs.models import Criterion


def _taught(user: User, pk: int) -> Cohort:
    """The cohort, if this person teaches it; otherwise 404, whatever other roles they have."""
    cohorts = Cohort.objects.visible_to(user).filter(trainers=user).select_related("rubric", "edition")
    return get_object_or_404(cohorts.prefetch_related("rubric__criteria", "rubric__bands"), pk=pk)


def _setup(sheet: Sheet) -> dict[str, Any]:
    """What the page's script needs to know: addresses, rubric, bands, sentences."""
    return {
        "save": reverse("score_save", args=[sheet.cohort.pk]),
        "changes": reverse("score_changes", args=[sheet.cohort.pk]),
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
    sheet = read_sheet(_taught(request.user, pk))
    return render(request, "assessment/score_sheet.html", {"sheet": sheet, "setup": _setup(sheet)})


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
        score = save_score(
            enrolment=enrolment, criterion=criterion, points=entry.points, version=entry.version, by=request.user
        )
    except ScoreChanged as error:
        return JsonResponse({"error": error.sentence, "theirs": _theirs(error)}, status=error.status)
    except DomainError as error:
        return JsonResponse({"error": error.sentence}, status=error.status)
    return JsonResponse(_saved(score, cohort))


def _criterion(cohort: Cohort, pk: int) -> Criterion:
    """A criterion of the cohort's rubric, or 404."""
    found = next((criterion for criterion in cohort.rubric.criteria.all() if criterion.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _theirs(error: ScoreChanged) -> dict[str, Any]:
    theirs = error.theirs
    return {
        "points": theirs.points,
        "version": theirs.version,
        "by": str(theirs.by) if theirs.by else "",
        "at": theirs.at and theirs.at.isoformat(),
        "when": theirs.at and date_format(timezone.localtime(theirs.at), "SHORT_DATETIME_FORMAT"),
    }


def _saved(score: Score, cohort: Cohort) -> dict[str, Any]:
    mark = read_mark(cohort, score.attempt if score.attempt_id else None)
    return {
        "points": score.points,
        "version": score.version,
        "total": mark.total,
        "band": mark.band.code if mark.band else None,
        "missing": mark.missing,
        "complete_count": complete_count(cohort),
    }


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
