"""The programme as the public sees it."""

import json
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from programs import glossary
from programs.models import ProgrammeEdition
from programs.outlines import outline_of


def page_of(edition: ProgrammeEdition, wanted: str) -> dict[str, Any]:
    """What the programme's page needs to show an edition and its glossary searched for `wanted`."""
    outline = outline_of(edition)
    wanted = wanted.strip()[: glossary.LONGEST_SEARCH]
    entries = glossary.entries(outline.terms, wanted)
    return {
        "outline": outline,
        "edition": edition,
        "entries": entries,
        "found": sum(entry.found for entry in entries),
        "wanted": wanted,
        "folding": json.dumps(glossary.folding(), ensure_ascii=False),
        "support_months": settings.SUPPORT_MONTHS,
        "certificate_years": settings.CERTIFICATE_YEARS,
    }


@require_safe
def programme(request: HttpRequest) -> HttpResponse:
    """The latest edition in force, or a page that says that there is none yet. Touches no session."""
    edition = ProgrammeEdition.objects.in_force().first()
    if edition is None:
        return render(request, "programs/programme_none.html")
    return render(request, "programs/programme_show.html", page_of(edition, request.GET.get("q", "")))
