"""Mail is sent once per thing and kind, and waits when the server is away."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from core import outbox
from core.models import Message

pytestmark = pytest.mark.django_db


def write(**fields):  # type: ignore[no-untyped-def]
    values = {"kind": "greeting", "thing": "person 1", "recipient": "a@example.kz", "subject": "Сәлем", "body": "Мәтін"}
    return outbox.write(**(values | fields))


def test_write_twice_about_one_thing_is_one_message():
    assert write().pk == write(body="басқа").pk
    assert Message.objects.get().body == "Мәтін"


def test_send_due_sends_each_once_and_erases_secrets():
    write(secret=True)
    write(thing="person 2")
    assert (outbox.send_due(), outbox.send_due()) == (2, 0)
    assert [m.subject for m in mail.outbox] == ["Сәлем", "Сәлем"]
    assert list(Message.objects.order_by("id").values_list("body", flat=True)) == ["", "Мәтін"]


def test_attachment_is_sent_and_then_erased():
    write(attachment=b"%PDF-1.7 specimen", attachment_name="7-2026.pdf")
    assert outbox.send_due() == 1
    assert [tuple(part) for part in mail.outbox[0].attachments] == [
        ("7-2026.pdf", b"%PDF-1.7 specimen", "application/pdf")
    ]
    message = Message.objects.get()
    assert (message.attachment, message.attachment_name) == (None, "7-2026.pdf")


def test_send_due_leaves_what_another_worker_holds():
    message = write()
    Message.objects.update(lease_until=timezone.now() + timedelta(seconds=30))
    assert outbox.send_due() == 0
    Message.objects.filter(pk=message.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert outbox.send_due() == 1


def test_send_due_with_the_mail_server_away_keeps_the_message(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    write()
    assert outbox.send_due() == 0
    message = Message.objects.get()
    assert (message.sent_at, message.attempts) == (None, 1)
    assert message.lease_until > timezone.now()
    assert message.last_error != ""


def test_subject_with_a_line_break_becomes_one_line():
    assert write(subject="бір\nBcc: x@example.kz").subject == "бір Bcc: x@example.kz"
