"""The administrators' pages of requests: one request, its refusal, its papers, and filing one for a listener."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.private_files import sent
from enrollment import requesting
from enrollment.admin.pages import page
from enrollment.asking import file_from, request_form, way_of_address
from enrollment.forms import AnswerForm, PaperForm
from enrollment.models import Enrolment, MovementRequest, RequestState, SupportingPaper, Way
from enrollment.options import AFTER_AN_ORDER, courses_of, option_of
from enrollment.posting import carried_out, posted, posted_files
from enrollment.request_targets import WITH_COHORT, why_not_into

asks = require_http_methods(["GET", "HEAD", "POST"])
PAGE = "admin:enrollment_movementrequest_change"
Register = ModelAdmin  # type: ignore[type-arg]


def draft_address(requests: Sequence[MovementRequest]) -> str:
    """The page that drafts an order with these requests filled in; empty where there is none."""
    try:
        address = reverse("admin:enrollment_order_draft")
    except NoReverseMatch:
        return ""
    asked = QueryDict(mutable=True)
    asked.setlist("request", [str(request.pk) for request in requests])
    return f"{address}?{asked.urlencode()}"


def _asked(request: HttpRequest, pk: object) -> MovementRequest:
    """The request of this address, or 404."""
    if not (str(pk).isascii() and str(pk).isdecimal() and len(str(pk)) < 19):
        raise Http404
    found = MovementRequest.objects.visible_to(request.user).with_people().select_related("filed_by")
    return get_object_or_404(found.prefetch_related("papers"), pk=pk)


def _enrolment(request: HttpRequest, pk: int) -> Enrolment:
    """The enrolment of this address, once an order has entered it, or 404."""
    enrolments = Enrolment.objects.visible_to(request.user).filter(state__in=AFTER_AN_ORDER)
    return get_object_or_404(enrolments.select_related("cohort__edition", "listener"), pk=pk)


def _hindrance(asked: MovementRequest, why_not: str) -> str:
    """Why an order on the request would be refused if it were signed today, as a sentence; empty when it would not."""
    if not asked.is_open or why_not:
        return why_not if asked.is_open else ""
    if asked.cohort and asked.way in WITH_COHORT:
        return why_not_into(asked.cohort, asked.enrolment, Way(asked.way), timezone.localdate())
    return ""


@require_safe
def request_page(request: HttpRequest, pk: object, *, register: Register) -> HttpResponse:
    """One request: what is asked for, the papers, how the person stands, and what can be done."""
    asked = _asked(request, pk)
    course = courses_of([asked.enrolment])[0]
    option = next(option for option in course.options if option.way == asked.way)
    states = dict(RequestState.choices)
    return page(
        register,
        request,
        "movementrequest/request.html",
        title=_("Request of %(name)s") % {"name": asked.enrolment.listener},
        asked=asked,
        course=course,
        option=option,
        hindrance=_hindrance(asked, option.out.why_not),
        others=[other for other in course.requests if other.pk != asked.pk],
        lines=asked.order_lines.select_related("order").order_by("order__date", "pk"),
        draft_address=draft_address([asked]) if asked.is_open else "",
        may_take_back=asked.is_open and asked.filed_by_id == request.user.pk,
        trail=[(entry, states.get(entry.to_state, entry.to_state)) for entry in asked.audit_trail()],
    )


@asks
def refuse_page(request: HttpRequest, pk: int, *, register: Register) -> HttpResponse:
    """Refuse a request, with an answer."""
    asked = _asked(request, pk)
    form = AnswerForm(posted(request))
    if form.is_valid() and carried_out(
        form, requesting.refuse_request, request=asked, by=request.user, **form.cleaned_data
    ):
        messages.success(request, _("The request is refused; the listener gets the answer by letter."))
        return redirect(PAGE, asked.pk)
    return page(register, request, "movementrequest/refuse.html", title=_("Refuse the request"), form=form, asked=asked)


@asks
def papers_page(request: HttpRequest, pk: int, *, register: Register) -> HttpResponse:
    """Add papers that came on paper or by mail."""
    asked = _asked(request, pk)
    form = PaperForm(posted(request), posted_files(request))
    if form.is_valid() and carried_out(
        form, requesting.add_papers, request=asked, uploads=form.cleaned_data["papers"], by=request.user
    ):
        messages.success(request, _("The papers are added to the request."))
        return redirect(PAGE, asked.pk)
    return page(register, request, "movementrequest/papers.html", title=_("Add papers"), form=form, asked=asked)


@require_POST
def take_back_page(request: HttpRequest, pk: int, *, register: Register) -> HttpResponse:
    """Take back what one wrote down by mistake; the refusal of a verb is a page."""
    asked = _asked(request, pk)
    requesting.take_back(request=asked, by=request.user)
    messages.success(request, _("The request is taken back and its papers are erased."))
    return redirect(PAGE, asked.pk)


@require_safe
def paper_download(request: HttpRequest, pk: int, *, register: Register) -> FileResponse:
    """A supporting paper, to keep, never to show in the browser: it comes from a stranger."""
    paper = get_object_or_404(SupportingPaper.objects.visible_to(request.user), pk=pk)
    return sent(paper)


@require_safe
def ways_page(request: HttpRequest, pk: int, *, register: Register) -> HttpResponse:
    """What a person can ask for, as that person sees it, with the requests."""
    enrolment = _enrolment(request, pk)
    return page(
        register,
        request,
        "movementrequest/ways.html",
        title=_("Options of %(name)s") % {"name": enrolment.listener},
        cohort=enrolment.cohort,
        course=courses_of([enrolment])[0],
    )


@asks
def ask_page(request: HttpRequest, pk: int, way: str, *, register: Register) -> HttpResponse:
    """Write down a request that a listener made on paper or by word."""
    enrolment = _enrolment(request, pk)
    option = option_of(enrolment, way_of_address(way))
    form: Any = request_form(request, enrolment, option)
    if filed := file_from(form, enrolment=enrolment, option=option, by=request.user):
        messages.success(request, _("The request is filed."))
        return redirect(PAGE, filed.pk)
    return page(
        register,
        request,
        "movementrequest/ask.html",
        title=f"{enrolment.listener}: {option.label}",
        form=form,
        cohort=enrolment.cohort,
        enrolment=enrolment,
        option=option,
    )
