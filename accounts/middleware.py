"""Access is denied by default: every request is held against the policy table before its view runs."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.policy import PUBLIC, SIGNED_IN, STAFF, audience

SECOND_FACTOR_PAGES = {"mfa_activate_totp", "account_logout", "account_reauthenticate", "mfa_reauthenticate"}


class PolicyMiddleware:
    """Refuses what `accounts.policy` does not allow: 404 for unlisted names, sign-in for strangers, 403 for others.

    A public page is let through without looking at the session, so it costs no query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else None
        allowed = audience(name)
        if allowed == PUBLIC:
            return None
        if not allowed:
            raise Http404
        if not request.user.is_authenticated:
            if request.method in ("GET", "HEAD"):
                return redirect_to_login(request.get_full_path())
            raise PermissionDenied
        if allowed != SIGNED_IN and not allowed & request.user.roles:
            raise PermissionDenied
        return self._second_factor(request, name)

    def _second_factor(self, request: HttpRequest, name: str | None) -> HttpResponse | None:
        """Staff without a second factor are sent to set one up, when the setting demands it."""
        if not settings.STAFF_SECOND_FACTOR or name in SECOND_FACTOR_PAGES or not request.user.roles & STAFF:
            return None
        return None if is_mfa_enabled(request.user) else redirect("mfa_activate_totp")
