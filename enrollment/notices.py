"""Employers learn of an expulsion by a numbered letter, and its sending is recorded (R11)."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.counters import take_next
from core.errors import Refused
from core.states import born, move
from core.workdays import is_working
from enrollment.models import EmployerNotice, NoticeState, OrderLine

SERIES = "letter"


def working_days_later(day: date, count: int) -> date:
    """The day `count` working days after `day`."""
    while count:
        day += timedelta(days=1)
        count -= is_working(day)
    return day


@transaction.atomic
def write_notice(*, line: OrderLine, by: User | None) -> EmployerNotice:
    """The letter about one expulsion, numbered in the transaction of the order (R11, I2).

    It is due EMPLOYER_NOTICE_DAYS working days after today. A person without an employer on record has a letter too:
    the case stays on the front page until somebody has found whom to tell.
    """
    today = timezone.localdate()
    counter = take_next(SERIES, today.year)
    notice = EmployerNotice.objects.create(
        line=line,
        employer=line.enrolment.listener.employer,
        year=today.year,
        counter=counter,
        number=settings.LETTER_NUMBER_FORMAT.format(year=today.year, counter=counter),
        dated_on=today,
        due_on=working_days_later(today, settings.EMPLOYER_NOTICE_DAYS),
        snapshot=_snapshot(line, today),
    )
    born([notice], by=by)
    return notice


def _snapshot(line: OrderLine, today: date) -> dict[str, Any]:
    order, listener, cohort = line.order, line.enrolment.listener, line.enrolment.cohort
    employer, decision = listener.employer, order.decision
    return {
        "date": today.isoformat(),
        "institute": settings.INSTITUTE_NAME,
        "city": settings.INSTITUTE_CITY,
        "contact": settings.INSTITUTE_CONTACT,
        "employer": {"name": employer.name, "address": employer.address} if employer else None,
        "listener": {"name": listener.full_name, "position": listener.position},
        "cohort": {
            "code": cohort.code,
            "from": cohort.starts_on.isoformat(),
            "to": cohort.ends_on.isoformat(),
            "topic": {
                code: getattr(cohort.edition, f"title_{code}") or cohort.edition.title_kk for code in ("kk", "ru")
            },
        },
        "order": {"number": order.number, "date": order.date.isoformat()},
        "decision": {"number": decision.number, "date": decision.held_on.isoformat()} if decision else None,
        "signatory": {
            "name": order.signatory.full_name,
            "position": {code: getattr(order.signatory, f"position_{code}") for code in ("kk", "ru")},
            "is_acting": order.signatory.is_acting,
        },
    }


@transaction.atomic
def record_sending(*, notice: EmployerNotice, channel: str, sent_on: date, recipient: str, by: User) -> EmployerNotice:
    """Due → sent, with how, when and to whom (R11). Repeating the same changes nothing.

    Raises `Refused` without a recipient, for a day in the future or before the letter.
    """
    recipient = " ".join(recipient.split())
    held = EmployerNotice.objects.select_for_update().get(pk=notice.pk)
    if (held.state, held.channel, held.sent_on, held.recipient) == (NoticeState.SENT, channel, sent_on, recipient):
        return held
    if not recipient:
        raise Refused(_("Say who received the letter."))
    if not held.dated_on <= sent_on <= timezone.localdate():
        raise Refused(_("The day of sending lies between the letter's date and today."))
    return move(
        held, NoticeState.SENT, by=by, channel=channel, sent_on=sent_on, recipient=recipient[:200], recorded_by=by
    )


def void_notice(*, line: OrderLine, by: User | None, basis: str) -> None:
    """The order was cancelled: a letter that nobody has sent is not needed any more."""
    for notice in EmployerNotice.objects.filter(line=line, state=NoticeState.DUE):
        move(notice, NoticeState.VOID, by=by, basis=basis)
