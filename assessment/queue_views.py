"""The trainers' queue of handed-in work: the list, one work with the answer to it, words that one writes often."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessment.answering import answer
from assessment.comment_templates import drop_template, keep_template
from assessment.likening import likenesses_of
from assessment.models import CommentTemplate, Submission, Version
from assessment.queue_forms import AnswerForm, QueueFilter, TemplateForm
from assessment.work_queue import is_overdue, listed, place_of, points_of, waiting, with_versions, workdays_waited
from enrollment.posting import carried_out, posted, status_of

asks = require_http_methods(["GET", "HEAD", "POST"])
PAGE = 50


def _tail(chosen: dict[str, int]) -> str:
    """The filter as the end of an address."""
    return f"?{urlencode(chosen)}" if chosen else ""


@never_cache
@require_safe
def work_queue(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first."""
    form = QueueFilter(request.GET, user=request.user)
    chosen = form.chosen()
    page = Paginator(listed(waiting(request.user, **chosen)), PAGE).get_page(request.GET.get("page"))
    today = timezone.localdate()
    rows = [
        (
            one,
            workdays_waited(one.waiting_since, today),
            is_overdue(one.waiting_since, settings.WORK_ANSWER_DAYS, today),
        )
        for one in page
    ]
    context = {"form": form, "page": page, "rows": rows, "tail": _tail(chosen), "chosen": chosen}
    return render(request, "assessment/work_queue.html", context)


def _submission(request: HttpRequest, pk: int) -> Submission:
    """A work that this person may answer; visible enrolments of one's own course are not among them."""
    found = Submission.objects.visible_to(request.user).exclude(enrolment__listener__user=request.user)
    return get_object_or_404(with_versions(found), pk=pk)


@never_cache
@asks
def work_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One work: everything that was handed in and answered, and the answer; after it comes the next one."""
    submission = _submission(request, pk)
    chosen = QueueFilter(request.GET, user=request.user).chosen()
    place = place_of(pk, list(waiting(request.user, **chosen).values_list("pk", flat=True)))
    versions = list(submission.versions.all())
    form = _form(request, versions)
    if "insert" not in request.POST and form.is_valid() and _answered(request, form, versions):
        return _onward(request, place.following, chosen)
    seen = sum(len(version.feedback.all()) for version in versions)
    inserting = "insert" in request.POST  # without script; what was seen before stays what was seen
    context = {
        "submission": submission,
        "versions": versions,
        "newest": (inserting and form["version"].value()) or versions[0].pk,
        "seen": (inserting and form["seen"].value()) or seen,
        "form": form,
        "place": place,
        "tail": _tail(chosen),
        "score": points_of(submission),
        "likenesses": likenesses_of(submission, request.user),
        "templates": CommentTemplate.objects.filter(owner=request.user),
    }
    return render(request, "assessment/work_answer.html", context, status=status_of(form))


def _form(request: HttpRequest, versions: list[Version]) -> AnswerForm:
    """The answer that was sent, or with `insert` the same with a template's words below what was written."""
    if "insert" not in request.POST:
        return AnswerForm(posted(request))
    chosen = request.POST.get("template", "")
    template = CommentTemplate.objects.filter(owner=request.user, pk=int(chosen) if chosen.isdecimal() else 0).first()
    written = [request.POST.get("words", ""), template.words if template else ""]
    kept = {name: request.POST.get(name) for name in ("verdict", "version", "seen")}
    return AnswerForm(initial={"words": "\n".join(filter(None, written)), **kept})


def _answered(request: HttpRequest, form: AnswerForm, versions: list[Version]) -> Any:
    values = form.cleaned_data
    version = get_object_or_404(Version, pk=values["version"], submission=versions[0].submission_id)
    arguments = {"verdict": values["verdict"], "words": values["words"], "seen": values["seen"]}
    return carried_out(form, answer, version=version, by=request.user, **arguments)


def _onward(request: HttpRequest, following: int | None, chosen: dict[str, int]) -> HttpResponseRedirect:
    messages.success(request, _("The answer is stored; the listener gets a letter."))
    if following is None:
        return redirect(reverse("work_queue") + _tail(chosen))
    return redirect(reverse("work_answer", args=[following]) + _tail(chosen))


@never_cache
@asks
def comment_templates(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """One's own templates: add one, or with `pk` change it."""
    own = CommentTemplate.objects.filter(owner=request.user)
    template = get_object_or_404(own, pk=pk) if pk else CommentTemplate(owner=request.user)
    form = TemplateForm(posted(request), instance=template)
    if form.is_valid() and carried_out(form, keep_template, template=form.instance, by=request.user):
        messages.success(request, _("Stored."))
        return redirect("comment_templates")
    context = {"form": form, "templates": own, "template": template if pk else None}
    return render(request, "assessment/comment_templates.html", context, status=status_of(form))


@require_POST
def comment_template_drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete one's own template."""
    drop_template(template=get_object_or_404(CommentTemplate, pk=pk, owner=request.user), by=request.user)
    messages.success(request, _("Deleted."))
    return redirect("comment_templates")
