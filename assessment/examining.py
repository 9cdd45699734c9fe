"""Judging a defence: each examiner by themselves, then their mean, or the chair's decision with its grounds.

Every verb locks the enrolment and then the defence, so that two examiners who give their points in one moment make one
settlement, and nothing slips in while a protocol is closed.
"""

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from assessment.marking import is_whole
from assessment.models import (
    CONCLUDED,
    ENDED,
    Defence,
    DefenceScore,
    DefenceState,
    Examiner,
    Excuse,
)
from assessment.scoring import write_points
from assessment.settling import FEWEST, settle
from core import states
from core.errors import Refused
from enrollment.models import Enrolment
from programs.models import Criterion

LONGEST = 1000


def judged_criteria(defence: Defence) -> list[Criterion]:
    """The criteria that the commission judges at a defence, in the rubric's order."""
    return [c for c in defence.sitting.cohort.rubric.criteria.all() if c.at_defence]


def _lock(defence: Defence) -> Defence:
    """The stored defence of an attempt that no protocol has decided on."""
    Enrolment.objects.select_for_update(of=("self",)).get(attempts__defences=defence.pk)
    held = (
        Defence.objects.select_for_update(of=("self",))
        .select_related("sitting__cohort__rubric", "attempt__enrolment__cohort__rubric", "attempt__enrolment__listener")
        .get(pk=defence.pk)
    )
    if held.attempt.state in ENDED:
        raise Refused(_("The protocol is closed: these points no longer change."))
    return held


def _examiner(defence: Defence, by: User) -> Examiner:
    """This person as an examiner of the defence; raises `Refused` for anybody else, and for their own work."""
    examiner = defence.sitting.examiners.filter(member__user=by).first()
    if examiner is None:
        raise Refused(_("Points are given by the members of this commission."))
    if defence.attempt.enrolment.listener.user_id == by.pk:
        raise Refused(_("Nobody scores their own work."))
    return examiner


def _chair(defence: Defence, by: User) -> Examiner:
    examiner = _examiner(defence, by)
    if not examiner.is_chair:
        raise Refused(_("This is decided by the chair of the commission."))
    return examiner


def _worded(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise Refused(_("Give the reason."))
    if len(reason) > LONGEST:
        raise Refused(_("The reason is longer than %(length)s characters.") % {"length": LONGEST})
    return reason


def _check_points(points: Mapping[str, int | None], criteria: list[Criterion]) -> None:
    if set(points) != {criterion.code for criterion in criteria}:
        raise Refused(_("Give points for every criterion of the defence."))
    for criterion in criteria:
        if not is_whole(points[criterion.code], criterion.max_points):
            raise Refused(
                _("“%(criterion)s”: only a whole number from 0 to %(maximum)s.")
                % {"criterion": criterion.title, "maximum": criterion.max_points}
            )


@transaction.atomic
def give_points(*, defence: Defence, points: Mapping[str, int], by: User, note: str = "") -> Defence:
    """One examiner's points for every criterion of the defence, by code; final once given.

    When every examiner who is not excused has given, and at least two have, the defence is settled at once: by the
    mean, or the chair decides where they lie more than DEFENCE_SPREAD per cent of the maximum apart. The same points
    again change nothing; raises `Refused` for other points, before the day of the defence, for anybody but an examiner
    of the sitting, and for points that are not whole or out of range.
    """
    held = _lock(defence)
    examiner, criteria = _examiner(held, by), judged_criteria(held)
    _check_points(points, criteria)
    before = {
        one.criterion.code: one.points for one in held.given.filter(examiner=examiner).select_related("criterion")
    }
    if before == dict(points):
        return held
    if before:
        raise Refused(_("You have given your points already; given points are final."))
    if held.state != DefenceState.SCHEDULED:
        raise Refused(_("This defence is not judged now: %(state)s.") % {"state": held.get_state_display()})
    if held.excuses.filter(examiner=examiner).exists():
        raise Refused(_("The chair has excused you from judging this defence."))
    if timezone.localdate(held.starts_at) > timezone.localdate():
        raise Refused(_("Points are given on the day of the defence or later."))
    DefenceScore.objects.bulk_create(
        DefenceScore(
            defence=held,
            examiner=examiner,
            criterion=criterion,
            points=points[criterion.code],
            max_points=criterion.max_points,
            note=" ".join(note.split())[:500],
        )
        for criterion in criteria
    )
    return _settle(held, by)


def _settle(held: Defence, by: User) -> Defence:
    """Settle or dispute the defence if everybody who judges it has given their points."""
    excused = set(held.excuses.values_list("examiner_id", flat=True))
    judging = set(held.sitting.examiners.values_list("pk", flat=True)) - excused
    given = list(held.given.select_related("criterion").order_by("pk"))
    if len(judging) < FEWEST or judging - {one.examiner_id for one in given}:
        return held
    made: dict[str, int] = {}
    for criterion in judged_criteria(held):
        points = [one.points for one in given if one.criterion_id == criterion.pk]
        settled = settle(points, criterion.max_points, settings.DEFENCE_SPREAD).points
        if settled is None:
            return states.move(held, DefenceState.DISPUTED, by=by)
        made[criterion.code] = settled
    return _write(held, made, by, why=_("mean of the commission"))


def _write(held: Defence, points: Mapping[str, int], by: User, *, why: str, grounds: str = "") -> Defence:
    for criterion in judged_criteria(held):
        write_points(attempt=held.attempt, criterion=criterion, points=points[criterion.code], by=by, why=why)
    return states.move(
        held,
        DefenceState.SETTLED,
        by=by,
        reason=grounds,
        points=dict(points),
        grounds=grounds,
        settled_by=by,
        settled_at=timezone.now(),
    )


@transaction.atomic
def decide_dispute(*, defence: Defence, points: Mapping[str, int], reason: str, by: User) -> Defence:
    """The chair's points count where the examiners lie too far apart; with a reason, which the protocol keeps.

    Raises `Refused` for anybody but the chair, without a reason, where nothing is disputed, for points out of range.
    """
    held = _lock(defence)
    _chair(held, by)
    reason = _worded(reason)
    if held.state != DefenceState.DISPUTED:
        raise Refused(_("This defence does not wait for the chair."))
    _check_points(points, judged_criteria(held))
    return _write(held, points, by, why=_("decision of the chair"), grounds=reason)


@transaction.atomic
def excuse(*, defence: Defence, examiner: Examiner, reason: str, by: User) -> Defence:
    """The chair notes that an examiner does not judge this defence: absent, or too close to the listener.

    Raises `Refused` for who has given points already, and when fewer than two would be left to judge.
    """
    held = _lock(defence)
    _chair(held, by)
    reason = _worded(reason)[:300]
    if held.state != DefenceState.SCHEDULED:
        raise Refused(_("This defence is not judged now: %(state)s.") % {"state": held.get_state_display()})
    if examiner.sitting_id != held.sitting_id or held.given.filter(examiner=examiner).exists():
        raise Refused(_("This member has given points already, or is not of this commission."))
    if held.sitting.examiners.count() - held.excuses.exclude(examiner=examiner).count() - 1 < FEWEST:
        raise Refused(_("At least two members judge a defence."))
    Excuse.objects.get_or_create(defence=held, examiner=examiner, defaults={"reason": reason, "by": by})
    return _settle(held, by)


@transaction.atomic
def end_without_points(*, defence: Defence, ending: str, reason: str, by: User) -> Defence:
    """The chair writes down that the listener did not appear, or broke academic integrity: `no_show` or `breach`.

    That is how a protocol ends the attempt then, without a total. A repeat changes nothing. Raises `Refused` for
    anybody but the chair, without a reason, and before the day of the defence.
    """
    held = _lock(defence)
    _chair(held, by)
    if held.state == ending:
        return held
    if ending not in (DefenceState.NO_SHOW, DefenceState.BREACH):
        raise Refused(_("Say what happened: the listener did not appear, or broke academic integrity."))
    if timezone.localtime(held.starts_at) > timezone.localtime():
        raise Refused(_("The defence has not begun yet."))
    if ending == DefenceState.NO_SHOW and held.given.exists():
        raise Refused(_("Points have been given, so the listener did appear."))
    reason = _worded(reason)
    return states.move(held, ending, by=by, reason=reason, grounds=reason, settled_by=by, settled_at=timezone.now())


@transaction.atomic
def take_back(*, defence: Defence, reason: str, by: User) -> Defence:
    """A mistaken absence, a charge that fell: back to the schedule, with points that were given already in force.

    Raises `Refused` for anybody but the chair, and `MoveRefused` for a defence that ended otherwise.
    """
    held = _lock(defence)
    _chair(held, by)
    reason = _worded(reason)
    states.move(
        held, DefenceState.SCHEDULED, by=by, reason=reason, grounds="", settled_by=None, settled_at=None, points={}
    )
    return _settle(held, by)


@transaction.atomic
def name_topic(*, defence: Defence, topic: str, by: User) -> Defence:
    """Enter or correct the topic of the project, until the defence is concluded; by an examiner or an administrator."""
    held = _lock(defence)
    if not by.is_administrator:
        _examiner(held, by)
    if held.state in CONCLUDED:
        raise Refused(_("The defence is judged; its topic no longer changes."))
    held.topic = " ".join(topic.split())[:300]
    held.save(update_fields=["topic"])
    return held
