"""Administrators' pages about people: duplicates, everything to take away, erasure after retention."""

from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from course_admin.people import dossier, forms, pseudonymising, retention
from course_admin.people.side_by_side import couple, couples
from enrollment import duplicates, merging
from enrollment.admin.lists import AutocompleteSeveral
from enrollment.models import DifferentPeople, Enrolment, Listener, ListenerMerge
from enrollment.posting import carried_out, posted

PER_PAGE = 10
DUE_PER_PAGE = 50


def _page(request: HttpRequest, template: str, *, title: object, form: Any = None, **context: Any) -> HttpResponse:
    """A page of the admin panel; a form with errors answers 422, or with the status of the verb's refusal."""
    status = getattr(form, "refusal_status", 422) if form is not None and form.errors else 200
    everything = admin.site.each_context(request) | {"title": title, "form": form, "opts": Listener._meta}
    return render(request, f"admin/people/{template}", everything | context, status=status)


def _listener(request: HttpRequest, pk: int) -> Listener:
    return get_object_or_404(Listener.objects.visible_to(request.user).select_related("user", "employer"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """Pairs that may be one person; any other two can be chosen by hand."""
    form = forms.ChooseTwoForm(posted(request))
    form.fields["entries"].widget = AutocompleteSeveral(Enrolment._meta.get_field("listener"), admin.site)
    form.fields["entries"].widget.choices = form.fields["entries"].choices  # type: ignore[attr-defined]
    if form.is_valid():
        one, other = form.cleaned_data["entries"]
        return redirect("admin:people_merge", one.pk, other.pk)
    shown = Paginator(duplicates.probable_pairs(), PER_PAGE).get_page(request.GET.get("page"))
    return _page(
        request,
        "duplicates.html",
        title=_("Probable duplicates"),
        form=form,
        couples=couples(list(shown)),
        pages=shown,
        page_numbers=list(shown.paginator.get_elided_page_range(shown.number)),
        apart=DifferentPeople.objects.count(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, one: int, other: int) -> HttpResponse:
    """Two entries side by side: one person, and which entry stays, or two people."""
    first, second = _listener(request, one), _listener(request, other)
    form = forms.MergeForm(posted(request), one=first, other=second)
    if form.is_valid():
        if form.cleaned_data["decision"] == "apart":
            if carried_out(form, duplicates.tell_apart, one=first, other=second, by=request.user):
                messages.success(request, _("Remembered: these are two people."))
                return redirect("admin:people_duplicates")
        else:
            stays, goes = form.entries[form.cleaned_data["decision"]]
            if carried_out(form, merging.merge, stays=stays, goes=goes, by=request.user):
                messages.success(request, _("Merged. Everything is with this entry now."))
                return redirect("admin:enrollment_listener_change", stays.pk)
    objections = {
        "one": merging.objection(first, second),
        "other": merging.objection(second, first),
    }
    objection = objections["one"] or objections["other"]
    context = {"couple": couple(first, second), "objection": objection}
    return _page(request, "merge.html", title=_("One person or two?"), form=form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def unmerge(request: HttpRequest, pk: int) -> HttpResponse:
    """Take two merged entries apart again."""
    record = get_object_or_404(
        ListenerMerge.objects.visible_to(request.user).select_related("stays", "goes", "by", "undone_by"), pk=pk
    )
    form = forms.NothingForm(posted(request))
    if form.is_valid() and carried_out(form, merging.undo_merge, merge=record, by=request.user):
        messages.success(request, _("The merge is undone: these are two entries again."))
        return redirect("admin:enrollment_listener_change", record.goes_id)
    return _page(request, "unmerge.html", title=_("Undo a merge"), form=form, merge=record)


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, pk: int) -> HttpResponse | StreamingHttpResponse:
    """Take away everything about one person; who took it, when and on what ground is kept."""
    listener = _listener(request, pk)
    form = forms.GroundForm(posted(request))
    if form.is_valid():
        record = carried_out(form, dossier.record_export, listener=listener, by=request.user, **form.cleaned_data)
        if record:
            return zip_response(record)
    made = listener.exports.select_related("by")[:PER_PAGE]
    return _page(
        request, "export.html", title=_("Everything about one person"), form=form, listener=listener, exports=made
    )


def zip_response(record: Any) -> StreamingHttpResponse:
    """The ZIP of a recorded export; its name bears no name."""
    name = f"listener-{record.listener_id}-{timezone.localdate():%Y-%m-%d}.zip"
    return StreamingHttpResponse(
        dossier.stream(record),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"},
    )


@require_safe
def retention_list(request: HttpRequest) -> HttpResponse:
    """Who need not be kept by name any more."""
    shown = Paginator(retention.due(timezone.localdate()), DUE_PER_PAGE).get_page(request.GET.get("page"))
    people = [{"listener": listener, "kept": retention.kept(listener)} for listener in shown]
    return _page(
        request,
        "retention.html",
        title=_("Personal data whose time is over"),
        people=people,
        pages=shown,
        page_numbers=list(shown.paginator.get_elided_page_range(shown.number)),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """Erase who somebody was; asks for the person's number."""
    listener = get_object_or_404(retention.with_dates(), pk=pk)
    form = forms.NumberForm(posted(request))
    if form.is_valid():
        erased = carried_out(form, pseudonymising.pseudonymise, listener=listener, by=request.user, **form.cleaned_data)
        if erased:
            messages.success(request, _("The personal data are erased: %(name)s.") % {"name": erased})
            return redirect("admin:people_retention")
    kept = retention.kept(listener)
    return _page(
        request,
        "erase.html",
        title=_("Erase personal data"),
        form=form,
        listener=listener,
        kept=kept,
        is_over=kept.is_over(timezone.localdate()),
    )
