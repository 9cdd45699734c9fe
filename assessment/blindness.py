"""The one place that says whose points of a defence a person may see. Nothing else reads them for a page or a file."""

from collections.abc import Sequence

from accounts.models import User
from assessment.models import Defence, DefenceScore, DefenceState, Examiner

# All have given theirs, or the chair has excused who has not.
OPEN_TO_EXAMINERS = (DefenceState.DISPUTED, DefenceState.SETTLED)


def own_examiner(defence: Defence, user: User) -> Examiner | None:
    """This person as an examiner of the defence; `sitting.examiners` and their members should be prefetched."""
    return next((one for one in defence.sitting.examiners.all() if one.member.user_id == user.pk), None)


def visible_points(defence: Defence, user: User) -> Sequence[DefenceScore]:
    """What the examiners gave, as far as this person may see it now; `given__examiner__member` should be prefetched.

    An examiner sees the others' after giving their own, administrators once the defence is settled; everybody else,
    the listener among them, never sees single examiners' points, only what they came to.
    """
    given = sorted(defence.given.all(), key=lambda one: (one.examiner_id, one.pk))
    examiner = own_examiner(defence, user)
    if examiner is not None:
        has_given = any(one.examiner_id == examiner.pk for one in given)
        return given if has_given or defence.state in OPEN_TO_EXAMINERS else []
    if user.is_administrator and defence.state == DefenceState.SETTLED:
        return given
    return []
