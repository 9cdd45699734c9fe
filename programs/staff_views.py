"""Pages of the admin panel about an edition and its rubrics: preview, steps, copies. The admin site guards them."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError, MoveRefused
from programs import publishing
from programs.forms import ApprovalForm, NewEditionForm, StepForm
from programs.models import EditionState, ProgrammeEdition, Rubric, RubricState
from programs.outlines import outline_of
from programs.steps import BY_NAME, COPY, PUBLISH_RUBRIC, open_steps
from programs.views import page_of

ASKED_OR_SENT = require_http_methods(["GET", "HEAD", "POST"])


def _edition(request: HttpRequest, pk: int) -> ProgrammeEdition:
    return get_object_or_404(ProgrammeEdition.objects.visible_to(request.user), pk=pk)


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _carry_out(form: forms.Form, verb: Callable[..., Any]) -> tuple[Any, int]:
    """What the verb gives for a sent and valid form, or None and the status of the page that says why not."""
    if not form.is_bound:
        return None, 200
    if not form.is_valid():
        return None, 422
    try:
        return verb(**form.cleaned_data), 200
    except DomainError as error:
        form.add_error(None, error.sentence)
        return None, error.status


def _step_page(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    context |= {"title": context["step"].title, **admin.site.each_context(request)}
    return render(request, "admin/programs/step.html", context, status=status)


@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """The edition as the public would see it, in whatever state it is."""
    page = page_of(_edition(request, pk), request.GET.get("q", ""))
    return render(request, "programs/programme_show.html", page | {"preview": True})


@ASKED_OR_SENT
def take_step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A step of the edition: what it means, what the audit trail shall keep, and the step itself on POST."""
    edition = _edition(request, pk)
    step = BY_NAME.get(name)
    if step is None:
        raise Http404
    if not edition.can_move(step.to):
        raise MoveRefused()
    outline = outline_of(edition)
    approving = step.to == EditionState.APPROVED
    form = ApprovalForm(_sent(request), unallotted=outline.unallotted) if approving else StepForm(_sent(request))
    done, status = _carry_out(form, lambda **kept: step.verb(edition=edition, by=request.user, **kept))
    if done is None:
        return _step_page(request, status, edition=edition, outline=outline, step=step, form=form, show_plan=approving)
    messages.success(request, _("The edition is now in the state “%s”.") % edition.get_state_display())
    return redirect("admin:programs_programmeedition_change", pk)


@ASKED_OR_SENT
def copy_edition(request: HttpRequest, pk: int) -> HttpResponse:
    """A new edition with everything of this one."""
    edition = _edition(request, pk)
    form = NewEditionForm(_sent(request), initial={"year": edition.year + 1})
    draft, status = _carry_out(form, lambda year: publishing.new_edition(edition=edition, year=year, by=request.user))
    if draft is None:
        return _step_page(request, status, edition=edition, step=COPY, form=form)
    messages.success(request, _("The draft of edition %s is ready to be edited.") % draft.year)
    return redirect("admin:programs_programmeedition_change", draft.pk)


@require_POST
def copy_rubric(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft of the edition's next rubric version, to be edited and published."""
    rubric = publishing.new_rubric(edition=_edition(request, pk), by=request.user)
    return redirect("admin:programs_rubric_change", rubric.pk)


@ASKED_OR_SENT
def publish_rubric(request: HttpRequest, pk: int) -> HttpResponse:
    """A rubric version comes into force for the cohorts still to be opened."""
    editions = ProgrammeEdition.objects.visible_to(request.user)
    rubric = get_object_or_404(Rubric.objects.select_related("edition").filter(edition__in=editions), pk=pk)
    if not rubric.can_move(RubricState.PUBLISHED):
        raise MoveRefused()
    form = StepForm(_sent(request))
    done, status = _carry_out(form, lambda **kept: publishing.publish_rubric(rubric=rubric, by=request.user, **kept))
    if done is None:
        return _step_page(request, status, edition=rubric.edition, rubric=rubric, step=PUBLISH_RUBRIC, form=form)
    messages.success(request, _("Version %s of the rubric is published.") % rubric.version)
    return redirect("admin:programs_rubric_change", pk)


def edition_overview(edition: ProgrammeEdition) -> dict[str, Any]:
    """What the edition's page shows above its fields: plan, steps, rubrics and audit trail."""
    labels = dict(EditionState.choices)
    return {
        "edition": edition,
        "outline": outline_of(edition),
        "steps": open_steps(edition),
        "way": [(label, state == edition.state) for state, label in EditionState.choices],
        "rubrics": edition.rubrics.prefetch_related("criteria"),
        "trail": [(entry, labels.get(entry.from_state, ""), labels[entry.to_state]) for entry in edition.audit_trail()],
    }


def rubric_overview(rubric: Rubric) -> dict[str, Any]:
    """What the rubric's page shows: criteria and bands to read, what is wrong with them, the way into force."""
    try:
        publishing.check_rubric(rubric)
        problem = ""
    except DomainError as error:
        problem = error.sentence
    return {
        "rubric": rubric,
        "outline": outline_of(rubric.edition, rubric),
        "problem": problem,
        "may_publish": rubric.can_move(RubricState.PUBLISHED) and rubric.edition.is_in_force,
    }
