"""Work is handed in: each time another version, and the earlier ones stay as they are."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from assessment import work_files
from assessment.models import Assignment, AssignmentState, Submission, SubmissionState, Version
from core import states
from core.errors import Conflict, Refused
from core.private_files import Checked, Upload
from enrollment.models import CohortState, Enrolment, EnrolmentState

LONGEST = 50_000  # characters of the text
ENDED = (CohortState.CLOSED, CohortState.CANCELLED)


class AlreadyHandedIn(Conflict):
    """The same form came before with other content."""


def why_not(assignment: Assignment, enrolment: Enrolment, submission: Submission | None, now: datetime) -> str:
    """Why this person cannot hand in work on the assignment now, as a sentence; empty when they can.

    `assignment` comes with its cohort.
    """
    if enrolment.cohort_id != assignment.cohort_id:
        return _("This is an assignment of another cohort.")
    if enrolment.state != EnrolmentState.ENROLLED or assignment.cohort.state in ENDED:
        return _("Work is handed in by those who take the course now.")
    if submission is not None and submission.state == SubmissionState.ACCEPTED:
        return _("This work is accepted. If you want to change it, ask your trainer to return it to you.")
    return why_not_taken(assignment, now)


def why_not_taken(assignment: Assignment, now: datetime) -> str:
    """Why the assignment takes nobody's work at this moment."""
    if assignment.state == AssignmentState.DRAFT:
        return _("This assignment is not published yet.")
    if assignment.state == AssignmentState.CLOSED:
        return _("This assignment is closed: work on it is not taken any more.")
    if assignment.closes_at is not None and now > assignment.closes_at:
        return _("Work on this assignment was taken until %(when)s.") % {
            "when": date_format(timezone.localtime(assignment.closes_at), "SHORT_DATETIME_FORMAT")
        }
    return ""


def hand_in(
    *,
    assignment: Assignment,
    enrolment: Enrolment,
    text: str,
    files: Sequence[Upload],
    request_key: str,
    by: User,
    now: datetime | None = None,
) -> Version:
    """Keep what the listener made as the next version of the submission, which then waits for an answer.

    Text, files (PDF, DOCX, XLSX, PPTX, JPEG, PNG; five of 10 MB), or both. It is late when `due_at` has passed. A
    submission that waits already goes on waiting since its first unanswered version. The same form sent twice
    (`request_key`) is one version; with other content it raises `AlreadyHandedIn`. Raises `Refused` for anybody but the
    listener, an empty version, a file that is not taken and for the reasons of `why_not`; nothing is kept then.
    `now` is given only for what happened earlier and is told afterwards, as the demonstration does.
    """
    text = text.replace("\r\n", "\n").strip()
    if enrolment.listener.user_id is None or enrolment.listener.user_id != by.pk:
        raise Refused(_("Work is handed in by the listener."))
    if not text and not files:
        raise Refused(_("Write something or add a file: there is nothing to hand in yet."))
    if len(text) > LONGEST:
        raise Refused(_("The text is longer than %(longest)s characters.") % {"longest": LONGEST})
    checked = work_files.check(files)  # outside the transaction: it takes its time
    return _keep(assignment, enrolment, text, checked, request_key, by, now or timezone.now())


@transaction.atomic
def _keep(
    assignment: Assignment,
    enrolment: Enrolment,
    text: str,
    files: Sequence[Checked],
    key: str,
    by: User,
    now: datetime,
) -> Version:
    assignment = Assignment.objects.select_related("cohort").get(pk=assignment.pk)
    enrolment = Enrolment.objects.get(pk=enrolment.pk)
    known = Submission.objects.filter(assignment=assignment, enrolment=enrolment).first()
    if known is None and (refusal := why_not(assignment, enrolment, None, now)):
        raise Refused(refusal)
    held = _held(assignment, enrolment, now, by)
    if key and (before := held.versions.filter(request_key=key).first()):
        return _same_or_refuse(before, text, files)
    if refusal := why_not(assignment, enrolment, held, now):
        raise Refused(refusal)
    last = held.versions.order_by("-no").first()
    version = Version.objects.create(
        submission=held,
        no=last.no + 1 if last else 1,
        text=text,
        is_late=now > assignment.due_at,
        handed_in_by=by,
        handed_in_at=now,
        request_key=key,
    )
    if held.state != SubmissionState.HANDED_IN:
        states.move(held, SubmissionState.HANDED_IN, by=by, waiting_since=now)
    work_files.store(version, files)
    return version


def _held(assignment: Assignment, enrolment: Enrolment, now: datetime, by: User) -> Submission:
    """The submission, made if there is none yet, its row held until the transaction ends."""
    submission, is_new = Submission.objects.get_or_create(
        assignment=assignment, enrolment=enrolment, defaults={"waiting_since": now}
    )
    if is_new:
        states.born([submission], by=by)
    return Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)


def _same_or_refuse(before: Version, text: str, files: Sequence[Checked]) -> Version:
    """The version that this form made, if it says the same."""
    stored = set(before.files.values_list("sha256", flat=True))
    if before.text == text and stored == {file.sha256 for file in files}:
        return before
    raise AlreadyHandedIn(
        _("Version %(no)s has been handed in with this form already. Send it once more to hand in another version.")
        % {"no": before.no}
    )
