"""The generator of a cohort's timetable: what it is made of, the preview, the acceptance."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from enrollment.admin.pages import cohort_of, page
from enrollment.admin.timetable_pages import at
from enrollment.forms.timetable import GenerateForm
from enrollment.models import Cohort, Session
from enrollment.posting import carried_out, posted
from enrollment.timetabling import shortfalls
from enrollment.timetabling.booking import CHANGEABLE, is_followed
from enrollment.timetabling.hours import balance, needs, total
from enrollment.timetabling.overview import Card, weeks_of
from enrollment.timetabling.proposing import Draft, accept, draft, rows_of


def neighbours(request: HttpRequest, cohort: Cohort) -> list[Cohort]:
    """Other cohorts whose dates overlap with this one's and whose timetable may change."""
    others = Cohort.objects.visible_to(request.user).filter(state__in=CHANGEABLE).exclude(pk=cohort.pk)
    return list(others.filter(starts_on__lte=cohort.ends_on, ends_on__gte=cohort.starts_on).select_related("edition"))


def preview_of(found: Draft) -> dict[str, Any]:
    """The proposal as weeks for each cohort, with its hours against the plan; or why there is none."""
    today = timezone.localdate()
    sessions = rows_of(found)
    gone = {session.pk for session in found.replaced}
    parts = []
    for cohort in found.wish.cohorts:
        ours = [session for session in sessions if session.cohort_id == cohort.pk]
        kept = list(cohort.sessions.standing().exclude(pk__in=gone))
        have = [(s.module_id, s.kind, s.hours) for s in (*ours, *kept)]
        parts.append(
            {
                "cohort": cohort,
                "weeks": weeks_of([Card(session) for session in ours], today),
                "total": total(balance(needs(cohort.edition.modules.all()), have)),
                "count": len(ours),
                "hours": sum(session.hours for session in ours),
                "kept": len(kept),
            }
        )
    return {"draft": found, "parts": parts, "shortfalls": shortfalls.sentences(found)}


@require_http_methods(["GET", "HEAD", "POST"])
def generate_page(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
    """Choose, look through, accept. Nothing is stored before “accept”."""
    cohort = cohort_of(request, pk)
    form = GenerateForm(posted(request), cohort=cohort, others=neighbours(request, cohort))
    preview = None
    if form.is_valid():
        wish = form.wish()
        if "accept" in request.POST:
            seen = request.POST.get("fingerprint", "")
            stored = carried_out(form, accept, wish=wish, fingerprint=seen, by=request.user)
            if stored:
                messages.success(request, _("The timetable is stored. Sessions: %(count)s.") % {"count": len(stored)})
                return redirect(at(cohort, timezone.localtime(stored[0].starts_at).date()))
        preview = preview_of(draft(wish))
    planned = Session.objects.filter(cohort=cohort, state="planned").count()
    return page(
        register,
        request,
        "timetable/generate.html",
        title=_("Make a timetable: %(cohort)s") % {"cohort": cohort},
        form=form,
        cohort=cohort,
        planned=planned,
        is_followed=is_followed(cohort, timezone.localdate()) and planned > 0,
        status=422 if preview and preview["shortfalls"] else 200,
        **(preview or {}),
    )
