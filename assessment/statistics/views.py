"""Pictures of one cohort's results, for its trainers and administrators; of an edition's, for administrators."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from assessment.models import Protocol
from assessment.statistics import drawing
from assessment.statistics.forms import Choice
from assessment.statistics.numbers import ENDS
from assessment.statistics.reading import Figures, cohort_figures, edition_figures
from assessment.statistics.wording import ENDINGS, legend, spread_table, workbook
from enrollment.models import Cohort
from programs.models import ProgrammeEdition

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _drawn(figures: Figures) -> dict[str, Any]:
    spreads_height, spreads = drawing.spreads(figures.criteria)
    stacks_height, stacks = drawing.stacks(figures.cohorts)
    pairs_height, pairs = drawing.pairs(figures.modules)
    return {
        "figures": figures,
        "totals": drawing.totals(figures.bins, figures.bands),
        "spreads": {"height": spreads_height, "rows": spreads, "table": spread_table(figures)},
        "stacks": {"height": stacks_height, "rows": stacks, "legend": legend(figures)},
        "pairs": {"height": pairs_height, "rows": pairs},
        "ends": [(end, ENDINGS[end]) for end in ENDS],
        "width": drawing.WIDTH,
    }


def _file(figures: Figures, name: str) -> HttpResponse:
    response = HttpResponse(workbook(figures), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}-statistics.xlsx"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _cohort(user: User, pk: int) -> Cohort:
    cohorts = Cohort.objects.visible_to(user).select_related("rubric", "edition")
    return get_object_or_404(cohorts.prefetch_related("rubric__criteria", "rubric__bands", "edition__modules"), pk=pk)


@never_cache
@require_safe
def cohort_statistics(request: HttpRequest, pk: int) -> HttpResponse:
    """The pictures of one cohort."""
    cohort = _cohort(request.user, pk)
    return render(request, "assessment/statistics/cohort.html", {"cohort": cohort, **_drawn(cohort_figures(cohort))})


@never_cache
@require_safe
def cohort_statistics_xlsx(request: HttpRequest, pk: int) -> HttpResponse:
    """The numbers of one cohort's pictures."""
    cohort = _cohort(request.user, pk)
    return _file(cohort_figures(cohort), cohort.code)


def edition_statistics(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """A page of the panel; `?format=xlsx` gives the numbers behind it. An unknown choice shows the newest edition."""
    newest = ProgrammeEdition.objects.order_by("-year", "-pk").first()
    form = Choice(request.GET if "edition" in request.GET else {"edition": newest and newest.pk, "year": ""})
    edition = form.cleaned_data["edition"] if form.is_valid() else newest
    year = form.cleaned_data.get("year") if form.is_valid() else None
    if edition is None:
        return render(
            request,
            "assessment/statistics/edition.html",
            {**context, "title": _("Statistics"), "opts": Protocol._meta, "form": form},
        )
    figures = edition_figures(edition, year)
    if request.GET.get("format") == "xlsx":
        return _file(figures, f"{edition.year}-{year}" if year else str(edition.year))
    page = {"title": _("Statistics"), "opts": Protocol._meta, "form": form, "edition": edition, "year": year}
    return render(request, "assessment/statistics/edition.html", {**context, **page, **_drawn(figures)})
