"""A listener's own data: what is kept, and all of it to take away."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from core.errors import DomainError
from core.throttle import limit
from course_admin.people import dossier
from course_admin.people.pages import zip_response
from enrollment.models import Listener

EXPORTS_PER_MINUTE = 3
SHOWN = 10


def _me(request: HttpRequest) -> Listener:
    mine = Listener.objects.visible_to(request.user).select_related("employer", "consent", "user")
    return get_object_or_404(mine, user=request.user)


def _my_data(request: HttpRequest, refusal: DomainError | None = None) -> HttpResponse:
    listener = _me(request)
    context = {
        "listener": listener,
        "exports": listener.exports.select_related("by")[:SHOWN],
        "years": settings.RETENTION_YEARS,
        "refusal": refusal,
    }
    return render(request, "people/my_data.html", context, status=refusal.status if refusal else 200)


@require_safe
def my_data(request: HttpRequest) -> HttpResponse:
    """What the institute keeps about the listener, until when, and who took it away."""
    return _my_data(request)


@require_POST
def my_data_export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Everything as a ZIP; posted, because that it was made is written down."""
    listener = _me(request)
    try:
        limit(request, what="own data", per_minute=EXPORTS_PER_MINUTE)
        return zip_response(dossier.record_export(listener=listener, by=request.user))
    except DomainError as refusal:
        return _my_data(request, refusal)
