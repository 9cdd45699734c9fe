"""Pages for applicants: what one may apply to, the form, and the page behind the link in the letter."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import DomainError
from core.throttle import limit, limit_of_day
from enrollment import applying
from enrollment.following import following
from enrollment.forms import ApplicationForm, ConsentForm, TakeBackForm
from enrollment.forms.guarded import GuardedForm
from enrollment.models import Application, Cohort
from enrollment.registers import current_consent, employer_found

asks = require_http_methods(["GET", "HEAD", "POST"])
View = Callable[..., HttpResponse]
# More letters to one address in a day are somebody else's joke.
LETTERS_A_DAY = 5
TOO_MANY_LETTERS = gettext_lazy(
    "Several letters went to this e-mail today already. Please look for them, also among spam."
)


def private(response: HttpResponse) -> HttpResponse:
    """Neither kept by a browser nor listed by a search engine."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def for_open_cohort(view: View) -> View:
    """A page of applying to one cohort; says in words when it takes no applications (or there is none), as a 404."""

    @wraps(view)
    def guarded(request: HttpRequest, code: str) -> HttpResponse:
        cohort = Cohort.objects.for_applicants().filter(code=code).first()
        if cohort is None:
            return render(request, "enrollment/apply_closed.html", status=404)
        return private(view(request, cohort))

    return guarded


def refused_status(form: Any, refusal: DomainError) -> int:
    """Show the refusal at the form; its status."""
    form.add_error(None, refusal.sentence)
    return refusal.status


def written(form: GuardedForm, request: HttpRequest, *, email: str) -> bool:
    """Whether the form is right and within the limits. Raises `TooMany`."""
    limit(request, what="application", per_minute=settings.APPLICATIONS_PER_MINUTE)
    if not form.is_valid():
        return False
    limit_of_day(form.cleaned_data[email], what="application", most=LETTERS_A_DAY, sentence=TOO_MANY_LETTERS)
    return True


@require_safe
def apply_list(request: HttpRequest) -> HttpResponse:
    """What one may apply to now. Touches no session; one query."""
    return render(request, "enrollment/apply_list.html", {"cohorts": list(Cohort.objects.for_applicants())})


@asks
@for_open_cohort
def apply_form(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """The form. What it answers does not depend on whether the register knows the person."""
    consent = current_consent()
    about = f"{cohort.pk} {consent.version}"
    form = ApplicationForm(request.POST if request.method == "POST" else None, code=cohort.code, about=about)
    status = 200
    if request.method == "POST":
        try:
            if written(form, request, email="email"):
                applying.submit(
                    cohort=cohort,
                    applicant=form.applicant(),
                    consent=consent,
                    publication=form.cleaned_data["publication"],
                    language=get_language() or settings.LANGUAGE_CODE,
                )
                for notice in form.notices:
                    messages.info(request, notice)
                return redirect("apply_sent", cohort.code)
            status = 422
        except DomainError as refusal:
            status = refused_status(form, refusal)
    context = {"cohort": cohort, "form": form, "consent": consent}
    return render(request, "enrollment/apply_form.html", context, status=status)


@require_safe
@for_open_cohort
def apply_sent(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """The same for everybody: look into the mailbox."""
    return render(request, "enrollment/apply_sent.html", {"cohort": cohort, "days": applying.KEPT_DAYS})


@require_POST
@for_open_cohort
def apply_employer(request: HttpRequest, cohort: Cohort) -> HttpResponse:
    """The name of the employer with this BIN, for the form; posted, limited, and nothing else is told."""
    limit(request, what="employer", per_minute=settings.LOOKUPS_PER_MINUTE)
    name, sentence = employer_found(request.POST.get("employer_bin", "")[:40])
    return render(request, "enrollment/_employer_found.html", {"name": name, "sentence": sentence})


def for_applicant(view: View) -> View:
    """A page behind the link in the letter. A link to what is erased says so (410); one that is not ours is a 404."""

    @wraps(view)
    def guarded(request: HttpRequest, key: str) -> HttpResponse:
        mine = Application.objects.with_key(key).select_related(
            "cohort__edition", "group", "consent", "enrolment__listener", "enrolment__cohort"
        )
        application = mine.first()
        if application is None:
            status = 410 if Application.is_key(key) else 404
            return private(render(request, "enrollment/application_gone.html", status=status))
        return private(view(request, application))

    return guarded


def _page(
    request: HttpRequest,
    application: Application,
    *,
    form: ConsentForm | None = None,
    leaving: TakeBackForm | None = None,
    refusal: DomainError | None = None,
) -> HttpResponse:
    """Confirm it, or see how it stands."""
    status = refusal.status if refusal else 422 if (form or leaving) else 200
    context: dict[str, Any] = {"application": application, "cohort": application.cohort, "refusal": refusal}
    if application.confirmed_at is None:
        if application.group:
            text = current_consent()
            context |= {"form": form or ConsentForm(text=text, initial={"version": text.version}), "consent": text}
        return render(request, "enrollment/application_confirm.html", context, status=status)
    context |= {"now": following(application), "leaving": leaving or TakeBackForm()}
    return render(request, "enrollment/application_show.html", context, status=status)


@require_safe
@for_applicant
def application_show(request: HttpRequest, application: Application) -> HttpResponse:
    """What was written and how it stands; looking changes nothing."""
    return _page(request, application)


@require_POST
@for_applicant
def application_confirm(request: HttpRequest, application: Application) -> HttpResponse:
    """The button: the application is mine, and counts."""
    given: dict[str, Any] = {}
    if application.group and application.confirmed_at is None:
        text = current_consent()
        form = ConsentForm(request.POST, text=text)
        if not form.is_valid():
            return _page(request, application, form=form)
        given = {"consent": text, "publication": form.cleaned_data["publication"]}
    try:
        applying.confirm(application=application, **given)
    except DomainError as refusal:
        return _page(request, application, refusal=refusal)
    return redirect("application", application.key)


@require_POST
@for_applicant
def application_take_back(request: HttpRequest, application: Application) -> HttpResponse:
    """The other button: I do not want it. Meant twice, by a tick and a click."""
    form = TakeBackForm(request.POST)
    if application.confirmed_at and not form.is_valid():
        return _page(request, application, leaving=form)
    try:
        applying.take_back(application=application)
    except DomainError as refusal:
        return _page(request, application, refusal=refusal)
    messages.success(request, _("Your application is taken back."))
    return redirect("application", application.key) if application.confirmed_at else redirect("apply_list")
