"""Error pages: a sentence in the reader's language, with the right status."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def _page(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    return render(request, "errors/error.html", {"title": title, "sentence": sentence, "status": status}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400"""
    return _page(request, 400, _("The request could not be read"), _("Please go back and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403"""
    return _page(
        request,
        403,
        _("This page is not open to you"),
        _("You are signed in, but your role does not include this page."),
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was open too long, or came from elsewhere."""
    return _page(
        request,
        403,
        _("The form has become too old"),
        _("Nothing was saved. Please open the page again and repeat the entry."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404"""
    return _page(
        request, 404, _("There is no such page"), _("The address may be mistyped, or the page is not open to you.")
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: rendered without the request's context, which may be what failed."""
    sentence = _(
        "Nothing was lost. Please try again in a minute; if it happens again, tell the administrator the time."
    )
    return HttpResponse(f"<!doctype html><meta charset=utf-8><title>500</title><h1>500</h1><p>{sentence}", status=500)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: a limit on requests is reached."""
    return _page(request, 429, _("Too many attempts"), _("Please wait a few minutes and try again."))
