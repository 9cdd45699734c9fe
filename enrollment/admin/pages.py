"""What the administrators' pages of enrolment have in common."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib.admin import ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from core.errors import DomainError
from enrollment.admission import refuse_unless_taking_people
from enrollment.hub import STEPS
from enrollment.models import Cohort
from enrollment.posting import status_of


def cohort_of(request: HttpRequest, pk: int) -> Cohort:
    """The cohort of this address, or 404."""
    return get_object_or_404(Cohort.objects.visible_to(request.user).select_related("edition"), pk=pk)


def refused(
    register: ModelAdmin, request: HttpRequest, cohort: Cohort, refusal: DomainError, title: object
) -> HttpResponse:  # type: ignore[type-arg]
    """A page that says why a step is not possible, with the way back to the cohort."""
    return page(
        register,
        request,
        "cohort/refused.html",
        title=title,
        status=refusal.status,
        cohort=cohort,
        sentence=refusal.sentence,
    )


def for_people_to_come(name: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page of the step `name` that makes sense only while its cohort takes people; gives the view the cohort."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, pk: int, *, register: ModelAdmin) -> HttpResponse:  # type: ignore[type-arg]
            cohort = cohort_of(request, pk)
            try:
                refuse_unless_taking_people(cohort)
            except DomainError as refusal:
                return refused(register, request, cohort, refusal, STEPS[name].label)
            return view(request, cohort, register=register)

        return guarded

    return decorate


def page(
    register: ModelAdmin,  # type: ignore[type-arg]
    request: HttpRequest,
    template: str,
    *,
    title: object,
    form: forms.Form | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """An administrators' page; a form with errors answers 422, or with the status of the verb's refusal."""
    if form is not None and form.errors:
        status = status_of(form)
    everything = register.admin_site.each_context(request) | {"opts": register.opts, "title": title, "form": form}
    return render(request, f"admin/enrollment/{template}", everything | context, status=status)
