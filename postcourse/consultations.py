"""What people do with a consultation: confirm, move, note how it went, cancel.

A consultation is its consultant's: only they and administrators act on it.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import states
from core.errors import Conflict, MoveRefused, Refused
from enrollment.models import Listener
from postcourse import notices, offers
from postcourse.models import Consultation, ConsultationState, Reschedule

REASON_LENGTH = 200


@transaction.atomic
def confirm(*, consultation: Consultation, by: User, sequence: int | None = None) -> Consultation:
    """Agree to the proposed time: proposed → scheduled; the listener is told, once.

    Confirming again returns the same consultation. `sequence` is that of the page the person looked at; another
    time since then raises `Conflict`. Raises `Refused` for who is not its consultant, and when its hour has passed;
    `MoveRefused` when it was cancelled or held.
    """
    held = _lock(consultation, by=by, sequence=sequence)
    if held.state == ConsultationState.SCHEDULED:
        return held
    if held.is_open and held.has_begun:
        raise Refused(_("The proposed time has passed. Move the consultation to another hour."))
    states.move(held, ConsultationState.SCHEDULED, by=by)
    notices.tell_scheduled(held, by=by)
    return held


def confirm_all(*, consultant: User, by: User) -> int:
    """Confirm every proposed consultation of `consultant` that is still to come, each by itself; returns how many.

    One that changes in this moment is left to be looked at.
    """
    confirmed = 0
    for consultation in Consultation.objects.given_by(consultant).proposed().order_by("starts_at"):
        if consultation.has_begun:
            continue
        try:
            confirm(consultation=consultation, by=by, sequence=consultation.sequence)
        except Conflict:
            continue
        confirmed += 1
    return confirmed


@transaction.atomic
def move(
    *, consultation: Consultation, starts_at: datetime, by: User, reason: str = "", sequence: int | None = None
) -> Consultation:
    """Give a consultation another hour; the former one stays in its history, and the listener is told.

    A proposed one becomes scheduled: who chooses the hour has agreed to it. The hour must be whole, in the future,
    on a working day of the plan's period, within consultation hours, free for consultant and listener, and within
    the day's limit; otherwise `Refused` says which of these fails. Two people at once cannot take the same hour.
    Moving to the hour it has already changes no time. `sequence` as in `confirm`.
    """
    held = _lock(consultation, by=by, sequence=sequence)
    if not held.is_open:
        raise MoveRefused(_("This consultation is no longer open; its time cannot change."))
    reason = _tidy(reason)
    if held.starts_at == starts_at:
        return confirm(consultation=held, by=by)
    if hindrance := offers.hindrance(held, starts_at):
        raise Refused(hindrance)
    before = held.starts_at
    try:
        with transaction.atomic():
            _set_time(held, starts_at, by=by, reason=reason)
    except IntegrityError as error:
        raise Conflict(_("Somebody else took this hour in this moment. Please choose another.")) from error
    Reschedule.objects.create(consultation=held, from_starts_at=before, to_starts_at=starts_at, by=by, reason=reason)
    notices.tell_moved(held, before=before, by=by, reason=reason)
    return held


@transaction.atomic
def mark_held(*, consultation: Consultation, by: User) -> Consultation:
    """Note that a scheduled consultation took place. Raises `Refused` before its hour. A repeat changes nothing."""
    return _mark(consultation, ConsultationState.HELD, by=by)


@transaction.atomic
def mark_missed(*, consultation: Consultation, by: User) -> Consultation:
    """Note that the listener did not come. Raises `Refused` before its hour. A repeat changes nothing."""
    return _mark(consultation, ConsultationState.MISSED, by=by)


@transaction.atomic
def cancel(*, consultation: Consultation, by: User, reason: str) -> Consultation:
    """Call a consultation off for good, with a reason; its hour is free again and the listener is told.

    A repeat returns the same consultation. Raises `Refused` without a reason.
    """
    held = _lock(consultation, by=by)
    if held.state == ConsultationState.CANCELLED:
        return held
    if not (reason := _tidy(reason)):
        raise Refused(_("Please say why the consultation is cancelled."))
    states.move(held, ConsultationState.CANCELLED, by=by, reason=reason, sequence=held.sequence + 1)
    notices.tell_cancelled(held, by=by, reason=reason)
    return held


@transaction.atomic
def call_off(*, consultation: Consultation, by: User, reason: str) -> Consultation:
    """Cancel a consultation whose ground has gone, whoever `by` is: they closed the protocol that says so."""
    held = _held(consultation)
    if not held.is_open:
        return held
    states.move(held, ConsultationState.CANCELLED, by=by, reason=reason, sequence=held.sequence + 1)
    notices.tell_cancelled(held, by=by, reason=reason)
    return held


def _lock(consultation: Consultation, *, by: User, sequence: int | None = None) -> Consultation:
    """The stored consultation, with listener, consultant and row locked in this order, as everywhere on this floor.

    While it is held nobody else can fill an hour of either person.
    """
    seen = Consultation.objects.with_people().get(pk=consultation.pk)
    if by.pk != seen.consultant_id and not by.is_administrator:
        raise Refused(_("Only its consultant or an administrator may do this."))
    held = _held(seen)
    if sequence is not None and sequence != held.sequence:
        raise Conflict(
            _("The time was changed meanwhile: it is now %(when)s. Please look again.")
            % {"when": notices.when(held.starts_at)}
        )
    return held


def _held(consultation: Consultation) -> Consultation:
    seen = Consultation.objects.with_people().get(pk=consultation.pk)
    Listener.objects.select_for_update(of=("self",)).get(pk=seen.listener.pk)
    User.objects.select_for_update(of=("self",)).get(pk=seen.consultant_id)
    return Consultation.objects.with_people().select_for_update(of=("self",)).get(pk=seen.pk)


def _tidy(reason: str) -> str:
    reason = " ".join(reason.split())
    if len(reason) > REASON_LENGTH:
        raise Refused(_("The reason is longer than %(length)s characters.") % {"length": REASON_LENGTH})
    return reason


def _set_time(held: Consultation, starts_at: datetime, *, by: User, reason: str) -> None:
    if held.state == ConsultationState.PROPOSED:
        later = held.sequence + 1
        states.move(held, ConsultationState.SCHEDULED, by=by, reason=reason, starts_at=starts_at, sequence=later)
        return
    held.starts_at, held.sequence = starts_at, held.sequence + 1
    held.save(update_fields=["starts_at", "sequence"])


def _mark(consultation: Consultation, to: ConsultationState, *, by: User) -> Consultation:
    held = _lock(consultation, by=by)
    if held.state == to:
        return held
    if not held.has_begun:
        raise Refused(_("The consultation has not begun yet."))
    return states.move(held, to, by=by)
