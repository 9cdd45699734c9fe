"""Employers learn of an expulsion by a numbered letter, and its sending is recorded (R11)."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import outbox
from core.counters import take_next
from core.errors import Refused
from core.models import AuditEntry, Message
from core.nudge import nudge
from core.states import born, move
from core.workdays import workdays_later
from enrollment.models import Employer, EmployerNotice, NoticeState, OrderLine
from enrollment.notice_papers import letter_words, render_letter
from enrollment.order_paper_words import LANGUAGES
from enrollment.order_snapshots import in_languages

SERIES = "letter"
MAIL = "employer-notice"


@transaction.atomic
def write_notice(*, line: OrderLine, by: User | None) -> EmployerNotice:
    """The letter about one expulsion, numbered in the transaction of the order (R11, I2).

    It is due EMPLOYER_NOTICE_DAYS working days after today. A person without an employer on record has a letter too:
    the case stays on the front page until somebody has found whom to tell.
    """
    today = timezone.localdate()
    counter = take_next(SERIES, today.year)
    number = settings.LETTER_NUMBER_FORMAT.format(year=today.year, counter=counter)
    notice = EmployerNotice.objects.create(
        line=line,
        employer=line.enrolment.listener.employer,
        year=today.year,
        counter=counter,
        number=number,
        dated_on=today,
        due_on=workdays_later(today, settings.EMPLOYER_NOTICE_DAYS),
        snapshot=_snapshot(line, number, today),
    )
    born([notice], by=by)
    return notice


def _addressee(employer: Employer | None) -> dict[str, str] | None:
    return {"name": employer.name, "address": employer.address} if employer else None


def _snapshot(line: OrderLine, number: str, today: date) -> dict[str, Any]:
    order, listener, cohort = line.order, line.enrolment.listener, line.enrolment.cohort
    employer, decision = listener.employer, order.decision
    return {
        "date": today.isoformat(),
        "institute": settings.INSTITUTE_NAME,
        "city": settings.INSTITUTE_CITY,
        "contact": settings.INSTITUTE_CONTACT,
        "number": number,
        "employer": _addressee(employer),
        "listener": {"name": listener.full_name, "position": listener.position},
        "cohort": {
            "code": cohort.code,
            "from": cohort.starts_on.isoformat(),
            "to": cohort.ends_on.isoformat(),
            "topic": in_languages(cohort.edition, "title", LANGUAGES),
        },
        "order": {"number": order.number, "date": order.date.isoformat()},
        "decision": {"number": decision.number, "date": decision.held_on.isoformat()} if decision else None,
        "signatory": {
            "name": order.signatory.full_name,
            "position": in_languages(order.signatory, "position", LANGUAGES),
            "is_acting": order.signatory.is_acting,
        },
    }


@transaction.atomic
def address_letter(*, notice: EmployerNotice, employer: Employer, by: User) -> EmployerNotice:
    """Say whom to tell when no employer was on record at the expulsion; written into the letter once, for good.

    Raises `Refused` for a letter that has its employer already, is sent, or is not needed any more.
    """
    held = EmployerNotice.objects.select_for_update().get(pk=notice.pk)
    if held.state == NoticeState.DUE and held.employer_id == employer.pk:
        return held
    if held.state != NoticeState.DUE or held.employer_id is not None:
        raise Refused(_("To whom this letter goes is settled already."))
    held.employer, held.snapshot = employer, held.snapshot | {"employer": _addressee(employer)}
    held.save(update_fields=["employer", "snapshot"])
    return held


def send_by_email(*, notice: EmployerNotice, by: User) -> Message:
    """Put the letter, as PDF, into a mail to the employer, and record its sending today (R11).

    The mail waits in the outbox for the worker. Raises `Refused` without an employer or its address, and for a letter
    that is not due. Pressing twice sends once.
    """
    employer = notice.employer
    if employer is None:
        raise Refused(_("No employer is on record for this person. Say first whom to tell."))
    if not employer.email:
        raise Refused(_("The employer has no e-mail on record. Add it there, or send the letter another way."))
    letter = render_letter(notice.snapshot)  # takes its time, so before anything is locked
    with transaction.atomic():
        held = EmployerNotice.objects.select_for_update().get(pk=notice.pk)
        thing = mail_of(held)
        if held.state == NoticeState.SENT and (before := Message.objects.filter(kind=MAIL, thing=thing).first()):
            return before
        if held.state != NoticeState.DUE:
            raise Refused(_("This letter is not waiting to be sent."))
        subject, body = letter_words(held.snapshot)
        message = outbox.write(
            kind=MAIL,
            thing=f"{held._meta.label} {held.pk} sending {_sendings(held) + 1}",
            recipient=employer.email,
            subject=subject,
            body=body,
            attachment=letter,
            attachment_name=f"{held.number}.pdf",
        )
        record_sending(
            notice=held,
            channel=EmployerNotice.Channel.EMAIL,
            sent_on=timezone.localdate(),
            recipient=employer.email,
            by=by,
        )
        nudge("core.send_messages")
    return message


def _sendings(notice: EmployerNotice) -> int:
    """How many times its sending was recorded."""
    return AuditEntry.objects.filter(model=notice._meta.label, object_id=notice.pk, to_state=NoticeState.SENT).count()


def mail_of(notice: EmployerNotice) -> str:
    """What the mail of its last sending is about (I11): each sending is a thing of its own."""
    return f"{notice._meta.label} {notice.pk} sending {_sendings(notice)}"


@transaction.atomic
def record_sending(*, notice: EmployerNotice, channel: str, sent_on: date, recipient: str, by: User) -> EmployerNotice:
    """Due → sent, with how, when and to whom (R11). Repeating the same changes nothing.

    Raises `Refused` without a recipient, for a day in the future or before the letter.
    """
    recipient = " ".join(recipient.split())
    held = EmployerNotice.objects.select_for_update().get(pk=notice.pk)
    if (held.state, held.channel, held.sent_on, held.recipient) == (NoticeState.SENT, channel, sent_on, recipient):
        return held
    if channel not in EmployerNotice.Channel.values:
        raise Refused(_("Choose how the letter was sent."))
    if not recipient:
        raise Refused(_("Say who received the letter."))
    if not held.dated_on <= sent_on <= timezone.localdate():
        raise Refused(_("The day of sending lies between the letter's date and today."))
    return move(
        held, NoticeState.SENT, by=by, channel=channel, sent_on=sent_on, recipient=recipient[:200], recorded_by=by
    )


@transaction.atomic
def take_back_sending(*, notice: EmployerNotice, reason: str, by: User) -> EmployerNotice:
    """Sent → due again: the letter did not arrive. It stands on the front page until another sending is recorded.

    Raises `Refused` without a reason and for a letter that was not sent.
    """
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say why the sending does not count."))
    held = EmployerNotice.objects.select_for_update().get(pk=notice.pk)
    if held.state != NoticeState.SENT:
        raise Refused(_("The sending of this letter is not recorded."))
    return move(held, NoticeState.DUE, by=by, reason=reason, channel="", sent_on=None, recipient="", recorded_by=None)


def void_notice(*, line: OrderLine, by: User | None, basis: str) -> None:
    """The order was cancelled: a letter that nobody has sent is not needed any more."""
    for notice in EmployerNotice.objects.filter(line=line, state=NoticeState.DUE):
        move(notice, NoticeState.VOID, by=by, basis=basis)
