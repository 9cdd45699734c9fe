"""Mail: written down in the transaction of what it tells, sent by the worker, once (I11)."""

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from core.leases import claim_one, release
from core.models import Message

log = logging.getLogger(__name__)
PATIENCE = 8  # attempts before a message waits for a person


def write(
    *,
    kind: str,
    thing: str,
    recipient: str,
    subject: str,
    body: str,
    calendar: str = "",
    secret: bool = False,
    attachment: bytes | None = None,
    attachment_name: str = "",
) -> Message:
    """Put one message in the outbox; a second one of the same kind about the same thing is the first one (I11).

    `attachment` is a PDF; it is erased once the message is sent, its name stays.
    """
    message, _ = Message.objects.get_or_create(
        thing=thing,
        kind=kind,
        defaults={
            "recipient": recipient,
            "subject": " ".join(subject.split())[:200],
            "body": body,
            "calendar": calendar,
            "secret": secret,
            "attachment": attachment,
            "attachment_name": attachment_name,
        },
    )
    return message


def send_due() -> int:
    """Send every unsent message that no other worker holds; returns how many were sent.

    A message is marked after the mail server took it: a crash between the two may send it twice, never not at all.
    """
    sent = 0
    while message := claim_one(Message.objects.filter(sent_at=None, attempts__lt=PATIENCE).order_by("id")):
        mail = EmailMessage(message.subject, message.body, settings.DEFAULT_FROM_EMAIL, [message.recipient])
        mail.extra_headers["Message-ID"] = f"<message-{message.pk}@{settings.PUBLIC_HOST}>"
        if message.calendar:
            mail.attach("calendar.ics", message.calendar, "text/calendar")
        if message.attachment is not None:
            mail.attach(message.attachment_name, bytes(message.attachment), "application/pdf")
        try:
            mail.send()
        except OSError as error:
            log.warning("message %s was not sent: %s", message.pk, type(error).__name__)
            release(message, error=str(error), wait_seconds=min(3600, 30 * 2**message.attempts))
            continue
        message.sent_at, message.lease_until, message.last_error = timezone.now(), None, ""
        message.attachment = None
        if message.secret:
            message.body = ""
        message.save(update_fields=["sent_at", "lease_until", "last_error", "body", "attachment"])
        sent += 1
    return sent
