"""A list of listeners into a cohort: upload, look through, take in."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.spreadsheets import write_xlsx
from enrollment.admin.cohort_pages import HUB
from enrollment.admin.pages import cohort_of, for_people_to_come, page
from enrollment.forms import ListForm, PapersForm
from enrollment.hub import STEPS
from enrollment.import_columns import HEADINGS, REQUIRED, template_headings
from enrollment.importing import Fate, ImportPlan
from enrollment.models import Cohort, ListenerImport
from enrollment.posting import carried_out, posted
from enrollment.uploads import discard, keep, plan_of, take_in

asks = require_http_methods(["GET", "HEAD", "POST"])
SHOWN, SHOWN_BAD = 200, 500


@asks
@for_people_to_come("import")
def upload_page(request: HttpRequest, cohort: Cohort, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Choose a file; it is kept sealed and shown."""
    form = ListForm(posted(request), request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        upload = carried_out(form, keep, cohort=cohort, content=file.read(), filename=file.name, by=request.user)
        if upload:
            return redirect("admin:enrollment_cohort_import_preview", cohort.pk, upload.pk)
    columns = [
        {"names": [by_language[code][0] for code in ("kk", "ru", "en")], "required": column in REQUIRED}
        for column, by_language in HEADINGS.items()
    ]
    return page(
        register, request, "import/upload.html", title=STEPS["import"].label, form=form, cohort=cohort, columns=columns
    )


@asks
def preview_page(request: HttpRequest, pk: int, upload_pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """What the list would do, row by row; taken in when the papers are confirmed."""
    cohort = cohort_of(request, pk)
    upload = get_object_or_404(ListenerImport, pk=upload_pk, cohort=cohort)
    if request.method == "POST" and "discard" in request.POST:
        discard(upload=upload, by=request.user)
        return redirect("admin:enrollment_cohort_import", pk)
    if upload.applied_at:
        messages.info(request, _("This list was imported already; nothing new was done."))
        return redirect(HUB, pk)
    form = PapersForm(posted(request))
    if form.is_valid():
        imported = carried_out(
            form, take_in, upload=upload, by=request.user, consented_on=form.cleaned_data["papers_on"]
        )
        if imported:
            text = _("Imported. New listeners: %(new)s, changed: %(changed)s, admitted to the cohort: %(admitted)s.")
            messages.success(request, text % vars(imported))
        if imported or not form.errors:
            return redirect(HUB, pk)
    plan = plan_of(upload)
    return page(
        register,
        request,
        "import/preview.html",
        title=STEPS["import"].label,
        form=form,
        cohort=cohort,
        upload=upload,
        **_shown(plan),
    )


def _shown(plan: ImportPlan) -> dict[str, Any]:
    """The rows with mistakes first, then as many of the others as a page can bear."""
    bad = plan.bad_rows
    good = [row for row in plan.rows if row.fate != Fate.BAD]
    return {
        "plan": plan,
        "counts": plan.counts(),
        "bad_rows": bad[:SHOWN_BAD],
        "bad_left": max(0, len(bad) - SHOWN_BAD),
        "good_rows": good[:SHOWN],
        "good_left": max(0, len(good) - SHOWN),
    }


@require_safe
def template_file(request: HttpRequest, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """The file to fill in, with the headings in the reader's language."""
    content = write_xlsx([], header=template_headings(get_language() or "kk"), title=_("Listeners"))
    return HttpResponse(
        content,
        content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={"Content-Disposition": 'attachment; filename="listeners.xlsx"'},
    )
