"""Appeals against an outcome: filed by the listener in time, decided by the commission with a reason.

Each verb holds the outcome's enrolment, so that an appeal is filed once and decided once.
"""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from assessment import appeal_letters, work_files
from assessment.models import Appeal, AppealState, Attempt, Outcome, Protocol, ProtocolKind, ProtocolState
from core import states
from core.errors import MoveRefused, Refused
from core.private_files import Checked, Upload
from core.workdays import workdays_later
from enrollment.deciding import QUORUM
from enrollment.models import Body, CommissionMember, Enrolment

LONGEST = 5000


def appeal_until(outcome: Outcome) -> date:
    """The last day for an appeal, which counts to its end: APPEAL_WORKDAYS working days after the closing."""
    closed_at = outcome.protocol.closed_at
    if closed_at is None:
        raise AssertionError("an outcome is of a closed protocol")
    return workdays_later(timezone.localdate(closed_at), settings.APPEAL_WORKDAYS)


def why_not(outcome: Outcome, today: date) -> str:
    """Why no appeal can be filed against this outcome today, as a sentence; empty when it can."""
    if hasattr(outcome, "appeal"):
        return _("An appeal against this decision has been filed already.")
    if Attempt.objects.filter(corrects=outcome.attempt_id).exists():
        return _("A later protocol has corrected this decision.")
    if today > (until := appeal_until(outcome)):
        return _("The time for an appeal was over on %(day)s.") % {"day": date_format(until, "SHORT_DATE_FORMAT")}
    return ""


def _lock(outcome: Outcome) -> Outcome:
    Enrolment.objects.select_for_update(of=("self",)).get(attempts=outcome.attempt_id)
    return Outcome.objects.select_related("protocol", "attempt__enrolment__listener__user").get(pk=outcome.pk)


def file_appeal(*, outcome: Outcome, words: str, papers: Sequence[Upload], by: User) -> Appeal:
    """File an appeal in the listener's own words, with papers (PDF, JPEG, PNG) that support it.

    The same words again return the appeal that is there. Raises `Refused` for anybody but the listener, without words,
    past the last day, against a corrected decision, a second one, and for a paper that is not taken.
    """
    checked = work_files.check(papers, office=False)  # outside the transaction: it takes its time
    return _file(outcome, words.strip(), checked, by)


@transaction.atomic
def _file(outcome: Outcome, words: str, papers: Sequence[Checked], by: User) -> Appeal:
    held = _lock(outcome)
    if held.attempt.enrolment.listener.user_id != by.pk:
        raise Refused(_("An appeal is filed by the listener."))
    if not words:
        raise Refused(_("Say in your own words what you do not agree with."))
    if len(words) > LONGEST:
        raise Refused(_("The text is longer than %(length)s characters.") % {"length": LONGEST})
    known = Appeal.objects.filter(outcome=held).first()
    if known is not None and known.words == words and known.filed_by_id == by.pk:
        return known
    if reason := why_not(held, timezone.localdate()):
        raise Refused(reason)
    appeal = Appeal(outcome=held, words=words, filed_by=by)
    appeal.save()
    states.born([appeal], by=by)
    work_files.store_papers(appeal, papers)
    appeal_letters.tell_filed(appeal)
    return appeal


@transaction.atomic
def take_back(*, appeal: Appeal, by: User) -> Appeal:
    """The listener takes the appeal back while it is not decided. Raises `Refused`, `MoveRefused`."""
    held = _lock(appeal.outcome)
    if held.attempt.enrolment.listener.user_id != by.pk:
        raise Refused(_("An appeal is taken back by the listener."))
    return states.move(appeal, AppealState.TAKEN_BACK, by=by)


@transaction.atomic
def decide_appeal(
    *,
    appeal: Appeal,
    state: str,
    decision: str,
    held_on: date,
    members: Sequence[CommissionMember],
    by: User,
) -> Appeal:
    """Uphold or reject an appeal, with the reason; `by` chairs the attestation commission on that day.

    The listener is told. What an upheld appeal changes is said by a correction that rests on it. Raises `Refused` for
    anybody but a chair, fewer than the quorum, members who did not serve on that day, no reason, a session before the
    filing or in the future; `MoveRefused` for a decided one.
    """
    _lock(appeal.outcome)
    held = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    decision = decision.strip()
    if state not in (AppealState.UPHELD, AppealState.REJECTED):
        raise Refused(_("An appeal is upheld or rejected."))
    if not decision:
        raise Refused(_("Give the decision with its reason."))
    if not timezone.localdate(held.filed_at) <= held_on <= timezone.localdate():
        raise Refused(_("The session lies between the filing of the appeal and today."))
    serving = {one.pk: one for one in CommissionMember.objects.serving_on(held_on, Body.ATTESTATION)}
    if any(member.pk not in serving for member in members) or len({member.pk for member in members}) < QUORUM:
        raise Refused(
            _("At least %(n)s members of the attestation commission who serve on that day decide.") % {"n": QUORUM}
        )
    if not any(one.is_chair and one.user_id == by.pk for one in members):
        raise Refused(_("An appeal is decided by the chair of the attestation commission."))
    if not held.can_move(state):
        raise MoveRefused()
    held.members.set(members)
    states.move(
        held, state, by=by, reason=decision, decision=decision, held_on=held_on, decided_by=by,
        decided_at=timezone.now(),
    )  # fmt: skip
    appeal_letters.tell_decided(held)
    return held


@transaction.atomic
def link_correction(*, appeal: Appeal, protocol: Protocol) -> Appeal:
    """Note which correction carries an upheld appeal out. Raises `Refused` for another protocol or appeal."""
    held = Appeal.objects.select_for_update(of=("self",)).get(pk=appeal.pk)
    right = protocol.kind == ProtocolKind.CORRECTION and protocol.state == ProtocolState.CLOSED
    if held.state != AppealState.UPHELD or not right or not protocol.corrections.filter(outcome=held.outcome).exists():
        raise Refused(_("This protocol does not correct the decision of an upheld appeal."))
    held.correction = protocol
    held.save(update_fields=["correction"])
    return held
