"""A listener's pages: what remains open and until when, and the requests."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError, Refused
from enrollment import requesting
from enrollment.asking import file_from, request_form, way_of_address
from enrollment.forms import PaperForm
from enrollment.models import Enrolment, EnrolmentQuerySet, MovementRequest
from enrollment.options import AFTER_AN_ORDER, courses_of, option_of
from enrollment.posting import carried_out, posted, posted_files, status_of

asks = require_http_methods(["GET", "HEAD", "POST"])


def _own(request: HttpRequest) -> EnrolmentQuerySet:
    own = Enrolment.objects.visible_to(request.user).filter(listener__user=request.user)
    return own.select_related("cohort__edition", "listener").order_by("-cohort__starts_on", "-pk")


def _page(request: HttpRequest, *, refusal: DomainError | None = None) -> HttpResponse:
    context = {"courses": courses_of(list(_own(request).filter(state__in=AFTER_AN_ORDER))), "refusal": refusal}
    return render(request, "enrollment/my_ways.html", context, status=refusal.status if refusal else 200)


@require_safe
def my_ways(request: HttpRequest) -> HttpResponse:
    """For each course what can be asked for and until when, what cannot and why, and the requests."""
    return _page(request)


@asks
def my_way_ask(request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """File a request; a way that is closed says why instead."""
    enrolment = get_object_or_404(_own(request).filter(state__in=AFTER_AN_ORDER), pk=pk)
    option = option_of(enrolment, way_of_address(way))
    if not option.out.is_open:
        return _page(request, refusal=Refused(option.out.why_not))
    form = request_form(request, enrolment, option)
    if file_from(form, enrolment=enrolment, option=option, by=request.user):
        messages.success(request, _("Your request is filed. You get a letter when it is decided."))
        return redirect("my_ways")
    context = {"enrolment": enrolment, "option": option, "form": form}
    return render(request, "enrollment/my_way_ask.html", context, status=status_of(form))


@asks
def my_request_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Add papers to an open request."""
    asked = get_object_or_404(_requests(request), pk=pk)
    form = PaperForm(posted(request), posted_files(request))
    if form.is_valid() and carried_out(
        form, requesting.add_papers, request=asked, uploads=form.cleaned_data["papers"], by=request.user
    ):
        messages.success(request, _("The papers are added to your request."))
        return redirect("my_ways")
    return render(request, "enrollment/my_request_papers.html", {"asked": asked, "form": form}, status=status_of(form))


@require_POST
def my_request_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a request back; its papers are erased."""
    asked = get_object_or_404(_requests(request), pk=pk)
    try:
        requesting.take_back(request=asked, by=request.user)
    except DomainError as refusal:
        return _page(request, refusal=refusal)
    messages.success(request, _("Your request is taken back and its papers are erased."))
    return redirect("my_ways")


def _requests(request: HttpRequest) -> Any:
    own = MovementRequest.objects.visible_to(request.user).filter(enrolment__listener__user=request.user)
    return own.with_people().prefetch_related("papers")
