"""The schedule of defences: a sitting with its commission, listeners in consecutive slots, moves and cancellations."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Role, User
from assessment import defence_letters
from assessment.models import (
    ENDED,
    Attempt,
    AttemptState,
    Defence,
    DefenceState,
    Examiner,
    Sitting,
    SittingState,
)
from assessment.retaking import open_retake
from assessment.scoring import first_attempt
from assessment.settling import FEWEST
from core import states
from core.errors import Conflict, Refused
from enrollment.models import Body, Cohort, CommissionMember, Enrolment, EnrolmentState, Room, Session, SessionState


def _only_administrators(by: User) -> None:
    if Role.ADMINISTRATOR not in by.roles:
        raise Refused(_("Defences are scheduled by an administrator."))


@transaction.atomic
def plan_sitting(
    *,
    cohort: Cohort,
    starts_at: datetime,
    slot_minutes: int,
    members: Sequence[CommissionMember],
    chair: CommissionMember,
    room: Room | None,
    link: str,
    by: User,
) -> Sitting:
    """A sitting of the attestation commission for one cohort.

    Raises `Refused` for fewer than two members, a chair who is not among them, members without an account or who do
    not serve on that day, neither room nor link, and a room that a session occupies at the beginning.
    """
    _only_administrators(by)
    _check_members(members, chair, starts_at)
    if room is None and not link:
        raise Refused(_("Give a room or a link."))
    if room is not None:
        _check_room(room, starts_at)
    sitting = Sitting(
        cohort=cohort, starts_at=starts_at, slot_minutes=slot_minutes, room=room, link=link, planned_by=by
    )
    sitting.save()
    states.born([sitting], by=by)
    Examiner.objects.bulk_create(
        Examiner(sitting=sitting, member=member, is_chair=member.pk == chair.pk) for member in members
    )
    return sitting


def _check_members(members: Sequence[CommissionMember], chair: CommissionMember, starts_at: datetime) -> None:
    day = timezone.localdate(starts_at)
    serving = set(CommissionMember.objects.serving_on(day, Body.ATTESTATION).values_list("pk", flat=True))
    if strangers := [member.full_name for member in members if member.pk not in serving]:
        raise Refused(
            _("They were no members of the attestation commission on %(date)s: %(names)s.")
            % {"date": date_format(day, "SHORT_DATE_FORMAT"), "names": ", ".join(strangers)}
        )
    if bare := [member.full_name for member in members if member.user_id is None]:
        raise Refused(_("Without an account, so they cannot give points: %(names)s.") % {"names": ", ".join(bare)})
    if len({member.user_id for member in members}) < FEWEST:
        raise Refused(_("At least two members judge a defence."))
    if chair.pk not in {member.pk for member in members}:
        raise Refused(_("The chair must be one of the members."))


def _check_room(room: Room, starts_at: datetime) -> None:
    busy = Session.objects.exclude(state=SessionState.CANCELLED).filter(
        room=room, starts_at__lte=starts_at, ends_at__gt=starts_at
    )
    if busy.exists():
        raise Refused(_("The room %(room)s is taken at that time by a session of the timetable.") % {"room": room})


def free_slots(sitting: Sitting, count: int) -> list[datetime]:
    """The next `count` beginnings that no defence of the sitting has."""
    taken = set(sitting.defences.live().values_list("starts_at", flat=True))
    slots: list[datetime] = []
    at = sitting.starts_at
    while len(slots) < count:
        if at not in taken:
            slots.append(at)
        at += timedelta(minutes=sitting.slot_minutes)
    return slots


@transaction.atomic
def place(*, sitting: Sitting, enrolments: Sequence[Enrolment], by: User) -> list[Defence]:
    """Give each of these people the next free slot, in the order given; who has a defence already keeps it.

    The listener is told. Raises `Refused` for somebody of another cohort, who is decided on already, or who sits in
    the commission.
    """
    _only_administrators(by)
    sitting = Sitting.objects.select_for_update(of=("self",)).select_related("cohort", "room").get(pk=sitting.pk)
    if sitting.state != SittingState.PLANNED:
        raise Refused(_("The sitting is called off."))
    placed = []
    for enrolment in enrolments:
        attempt = _attempt(enrolment, sitting, by)
        if attempt.defences.live().exists():
            continue
        defence = Defence(sitting=sitting, attempt=attempt, starts_at=free_slots(sitting, 1)[0])
        defence.save()
        states.born([defence], by=by)
        defence_letters.tell(defence)
        placed.append(defence)
    return placed


def _attempt(enrolment: Enrolment, sitting: Sitting, by: User) -> Attempt:
    """The attempt that the defence belongs to, made if there is none yet."""
    held = Enrolment.objects.select_for_update(of=("self",)).select_related("listener").get(pk=enrolment.pk)
    name = held.listener.full_name
    if held.cohort_id != sitting.cohort_id:
        raise Refused(_("%(name)s is in another cohort.") % {"name": name})
    if held.listener.user_id in set(sitting.examiners.values_list("member__user", flat=True)):
        raise Refused(_("%(name)s sits in the commission and cannot be judged by it.") % {"name": name})
    attempt = held.attempts.exclude(state=AttemptState.VOID).order_by("pk").last()
    if attempt is None and held.state == EnrolmentState.ENROLLED:
        return first_attempt(held, by)
    if held.state == EnrolmentState.NOT_PASSED and (retake := open_retake(held)):
        return retake
    if attempt is None or attempt.state in ENDED:
        raise Refused(_("%(name)s does not wait for a decision.") % {"name": name})
    return attempt


@transaction.atomic
def move_defence(*, defence: Defence, starts_at: datetime, by: User) -> Defence:
    """Another slot of the same sitting. Raises `Conflict` when it is taken, `Refused` once judging has begun."""
    _only_administrators(by)
    held = _schedulable(defence)
    held.starts_at = starts_at
    try:
        with transaction.atomic():
            held.save(update_fields=["starts_at"])
    except IntegrityError as error:
        raise Conflict(_("Another listener has that slot.")) from error
    defence_letters.tell(held)
    return held


@transaction.atomic
def call_off_defence(*, defence: Defence, reason: str, by: User) -> Defence:
    """Take the defence off the schedule; the listener is told and can be placed anew. Raises as `move_defence`."""
    _only_administrators(by)
    held, reason = _schedulable(defence), " ".join(reason.split())
    if not reason:
        raise Refused(_("Give the reason."))
    states.move(held, DefenceState.CANCELLED, by=by, reason=reason, grounds=reason)
    defence_letters.tell(held)
    return held


def _schedulable(defence: Defence) -> Defence:
    held = (
        Defence.objects.select_for_update(of=("self",))
        .select_related("sitting__room", "attempt__enrolment__listener__user", "attempt__enrolment__cohort")
        .get(pk=defence.pk)
    )
    if held.state != DefenceState.SCHEDULED or held.given.exists():
        raise Refused(_("This defence has been judged or called off already."))
    return held


@transaction.atomic
def call_off_sitting(*, sitting: Sitting, reason: str, by: User) -> Sitting:
    """Call off the sitting with every defence that nobody has judged yet. Raises `Refused` when one is under way."""
    _only_administrators(by)
    held = Sitting.objects.select_for_update(of=("self",)).get(pk=sitting.pk)
    for defence in held.defences.filter(state=DefenceState.SCHEDULED):
        call_off_defence(defence=defence, reason=reason, by=by)
    if held.defences.live().exists():
        raise Refused(_("A defence of this sitting has been judged, so the sitting was held."))
    return states.move(held, SittingState.CANCELLED, by=by, reason=" ".join(reason.split()))
