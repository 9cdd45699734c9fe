"""Requests without a network: straight into the WSGI application, with the whole middleware around the view."""

import io
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse
from django.urls import clear_url_caches, path, set_urlconf
from django.views.decorators.http import require_safe

from accounts import policy
from course_admin.urls import *  # noqa: F403 - this module is the address table of measurements
from course_admin.urls import urlpatterns as ours

CONSTANT = "/bench/constant/"


@require_safe
def constant(request: HttpRequest) -> HttpResponse:
    """A view that does nothing."""
    return HttpResponse("<!doctype html><title>constant</title>")


urlpatterns = [path(CONSTANT[1:], constant, name="bench_constant"), *ours]


def application() -> WSGIHandler:
    """Our application with the constant view beside ours, open to everybody."""
    policy.POLICY["bench_constant"] = policy.PUBLIC
    settings.ROOT_URLCONF = "bench.pages"
    set_urlconf(None)
    clear_url_caches()
    return WSGIHandler()


def getter(handler: WSGIHandler, path: Callable[[], str], cookies: str = "") -> Callable[[], None]:
    """A function that gets one page and fails unless it is answered with 200."""
    seen: list[str] = []

    def start_response(status: str, headers: list[tuple[str, str]], error: Any = None) -> None:
        seen.append(status)

    def get() -> None:
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path(),
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_COOKIE": cookies,
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
            "wsgi.multithread": False,
            "wsgi.multiprocess": False,
        }
        response = handler(environ, start_response)
        for _ in response:
            pass
        response.close()
        if (status := seen.pop()) != "200 OK":
            raise AssertionError(f"{environ['PATH_INFO']}: {status}")

    return get
