"""Language by cookie or address only, and refusals as pages."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils import translation

from core.errors import DomainError

# A verification page sets no cookie: who checks a paper leaves no trace in the browser.
COOKIELESS = ("/v/", "/verify/", "/api/", "/healthz", "/readyz")
YEAR = 365 * 24 * 3600


class LanguageMiddleware:
    """Kazakh, unless `?lang=` or the language cookie says otherwise; a browser's Accept-Language is not asked.

    `?lang=ru` also sets the cookie, so that the choice stays.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.GET.get("lang", "")
        known = dict(settings.LANGUAGES)
        language = next(
            (c for c in (chosen, request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")) if c in known),
            settings.LANGUAGE_CODE,
        )
        translation.activate(language)
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if chosen in known and not request.path.startswith(COOKIELESS):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME,
                chosen,
                max_age=YEAR,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


class RefusalMiddleware:
    """Refusals are pages: a `DomainError` that no form showed, and a form that packages show again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        if request.path.startswith("/api/") or request.headers.get("Accept", "").startswith("application/json"):
            return JsonResponse({"error": error.sentence}, status=error.status)
        return render(request, "errors/refused.html", {"sentence": error.sentence}, status=error.status)

    def process_template_response(self, request: HttpRequest, response: TemplateResponse) -> TemplateResponse:
        """A form that packages show again with its errors (admin panel, sign-in) is a 422, as our own are."""
        context = response.context_data or {}
        form = context.get("form")
        refused = context.get("errors") or (isinstance(form, BaseForm) and form.is_bound and form.errors)
        if request.method == "POST" and response.status_code == HTTPStatus.OK and refused:
            response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response
