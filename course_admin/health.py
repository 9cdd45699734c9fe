"""Signs of life for whoever watches the service."""

from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.models import Heartbeat


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers."""
    return JsonResponse({"process": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 when database, queue, beat and worker are all at work; 503 and which one is not, otherwise.

    The worker writes its heartbeat on a message that beat put into the queue, so a young one proves all three.
    """
    try:
        beat = Heartbeat.objects.filter(name="worker").first()
    except DatabaseError:
        return JsonResponse({"database": "unreachable"}, status=503)
    age = (timezone.now() - beat.at) if beat else None
    alive = age is not None and age < timedelta(seconds=4 * settings.SWEEP_SECONDS)
    answer = {
        "database": "ok",
        "worker": "ok" if alive else "silent",
        "worker_age_seconds": round(age.total_seconds(), 1) if age else None,
    }
    return JsonResponse(answer, status=200 if alive else 503)
