"""A trainer answers a version in words, and accepts the work or returns it for another version."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from assessment.handing_in import why_not_taken
from assessment.models import Feedback, Submission, SubmissionState, Version
from assessment.work_letters import tell_answer
from assessment.work_list import TAKING
from core import states
from core.errors import Conflict, Refused

LONGEST = 5000  # characters of the words


class AnsweredMeanwhile(Conflict):
    """The work is not as the trainer saw it: somebody answered, or another version came in."""


def answer(*, version: Version, verdict: str, words: str, seen: int, by: User) -> Feedback:
    """Store the words and the verdict (`Feedback.Verdict`), and tell the listener by a letter.

    `seen` is how many answers the submission had on the page. Accepted work can be returned later, and words added. The
    same answer sent twice is one. Raises `AnsweredMeanwhile` for a submission that has changed since, `Refused` for
    anybody but the cohort's trainers and administrators, for one's own work, for that of somebody who does not take the
    course any more, without words, and for a return of work on an assignment that takes no other version.
    """
    words = words.replace("\r\n", "\n").strip()
    if not words:
        raise Refused(_("Write what is good and what to change: the listener reads these words."))
    if len(words) > LONGEST:
        raise Refused(_("The text is longer than %(length)s characters.") % {"length": LONGEST})
    if verdict not in Feedback.Verdict.values:
        raise Refused(_("Choose whether the work is accepted or returned."))
    return _answer(version, verdict, words, seen, by)


@transaction.atomic
def _answer(version: Version, verdict: str, words: str, seen: int, by: User) -> Feedback:
    held = Submission.objects.select_for_update(of=("self",)).get(pk=version.submission_id)
    _check_right(held, by)
    given = list(Feedback.objects.filter(version__submission=held).select_related("by").order_by("pk"))
    last = given[-1] if given else None
    if last and (last.version_id, last.by_id, last.verdict, last.words) == (version.pk, by.pk, verdict, words):
        return last
    newest = held.versions.order_by("-no").values_list("no", flat=True)[0]
    if version.no != newest:
        raise AnsweredMeanwhile(
            _("Version %(no)s has been handed in meanwhile. Look at it; your words are still here.") % {"no": newest}
        )
    if last and len(given) != seen:
        raise AnsweredMeanwhile(
            _("%(name)s has answered meanwhile. Read it; your words are still here.") % {"name": last.by}
        )
    if verdict == Feedback.Verdict.RETURNED and (refusal := why_not_taken(held.assignment, timezone.now())):
        raise Refused(_("The work cannot be returned: %(why)s") % {"why": refusal})
    feedback = Feedback.objects.create(version=version, verdict=verdict, words=words, by=by)
    if held.state != verdict:
        states.move(held, SubmissionState(verdict), by=by)
    tell_answer(feedback)
    return feedback


def _check_right(submission: Submission, by: User) -> None:
    if submission.enrolment.listener.user_id == by.pk:
        raise Refused(_("Nobody answers their own work."))
    if submission.enrolment.state not in TAKING:
        raise Refused(
            _("%(name)s does not take this course any more; the work is not answered.")
            % {"name": submission.enrolment.listener.full_name}
        )
    if not (by.is_administrator or submission.assignment.cohort.trainers.filter(pk=by.pk).exists()):
        raise Refused(_("Work is answered by the trainers of the cohort."))
