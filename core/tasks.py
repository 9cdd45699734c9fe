"""What the worker does for the ground floor."""

from celery import shared_task
from django.utils import timezone

from core import outbox
from core.models import Heartbeat


@shared_task(name="core.beat")
def beat() -> None:
    """Write down that beat, queue and worker are alive: this row exists only if all three worked."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})


@shared_task(name="core.send_messages")
def send_messages() -> None:
    """Send what waits in the outbox."""
    outbox.send_due()
