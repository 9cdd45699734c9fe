"""Letters to listeners about their work: what changed, and what is due soon. Each once (I11)."""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessment.models import Assignment, AssignmentState, Feedback, Submission
from assessment.work_list import count_due
from core import outbox
from core.letters import letter
from core.models import Message
from core.nudge import nudge
from enrollment.models import CohortState, Enrolment, EnrolmentQuerySet, EnrolmentState

CHANGED, REMINDER, ANSWERED = "work-changed", "work-reminder", "work-answered"
AT_ONCE = 200  # letters of one sweep; the next one goes on
FROM_HOUR, TO_HOUR = 8, 21  # by the clocks of Almaty


def tell_changed(assignment: Assignment, *, dates: bool, materials: bool) -> None:
    """Write to everybody who takes the course that a published assignment changed."""
    moment = f"{timezone.now():%Y%m%d%H%M%S}"
    for enrolment in _taking(assignment):
        with translation.override(_language(enrolment)):
            lines = [
                _("It is due now: %(when)s") % {"when": _when(assignment)} if dates else "",
                _("The materials for it have changed.") if materials else "",
            ]
            _write(
                CHANGED,
                f"assignment {assignment.pk} enrolment {enrolment.pk} at {moment}",
                enrolment,
                subject=_("An assignment has changed: %(title)s") % {"title": assignment.title},
                lines=[_("The assignment “%(title)s” has changed.") % {"title": assignment.title}, *lines],
                path=f"/my/work/{assignment.pk}/",
            )
    nudge("core.send_messages")


def tell_answer(feedback: Feedback) -> None:
    """Write to the listener that the work has been answered, and how."""
    submission = feedback.version.submission
    enrolment = Enrolment.objects.select_related("listener__user", "cohort").get(pk=submission.enrolment_id)
    assignment = submission.assignment
    with translation.override(_language(enrolment)):
        accepted = feedback.verdict == Feedback.Verdict.ACCEPTED
        subject = _("Your work is accepted: %(title)s") if accepted else _("Your work is returned: %(title)s")
        _write(
            ANSWERED,
            f"feedback {feedback.pk}",
            enrolment,
            subject=subject % {"title": assignment.title},
            lines=[
                _("Your trainer has answered your work on “%(title)s”.") % {"title": assignment.title},
                feedback.words,
                "" if accepted else _("Please hand in another version."),
            ],
            path=f"/my/work/{assignment.pk}/",
        )
    nudge("core.send_messages")


def remind() -> int:
    """Remind those who have handed in nothing on what is due within WORK_REMINDER_DAYS; how many letters it wrote.

    One letter for each person and assignment, ever, and none at night; safe to run at every sweep.
    """
    written = 0
    if not FROM_HOUR <= timezone.localtime().hour < TO_HOUR:
        return written
    for assignment, enrolment in _to_remind():
        _remind(assignment, enrolment)
        written += 1
    if written:
        nudge("core.send_messages")
    return written


def reminder_thing(assignment: Assignment, enrolment: Enrolment) -> str:
    """What the reminder is about, by which it is found again."""
    return f"assignment {assignment.pk} enrolment {enrolment.pk}"


def _to_remind() -> Iterable[tuple[Assignment, Enrolment]]:
    now = timezone.now()
    soon = Assignment.objects.filter(
        state=AssignmentState.PUBLISHED,
        due_at__gt=now,
        due_at__lte=now + timedelta(days=settings.WORK_REMINDER_DAYS),
        cohort__state__in=(CohortState.OPEN, CohortState.RUNNING, CohortState.ASSESSING),
    ).order_by("due_at", "pk")
    left = AT_ONCE
    for assignment in soon:
        prefix = f"assignment {assignment.pk} enrolment "
        told = set(Message.objects.filter(kind=REMINDER, thing__startswith=prefix).values_list("thing", flat=True))
        nothing = ~Exists(Submission.objects.filter(assignment=assignment, enrolment=OuterRef("pk")))
        for enrolment in _taking(assignment).filter(nothing):
            if reminder_thing(assignment, enrolment) in told or not _address(enrolment):
                continue
            if left == 0:
                return
            left -= 1
            yield assignment, enrolment


@transaction.atomic
def _remind(assignment: Assignment, enrolment: Enrolment) -> None:
    with translation.override(_language(enrolment)):
        _write(
            REMINDER,
            reminder_thing(assignment, enrolment),
            enrolment,
            subject=_("Work is due soon: %(title)s") % {"title": assignment.title},
            lines=[
                _("You have not handed in any work on “%(title)s” yet.") % {"title": assignment.title},
                _("It is due: %(when)s") % {"when": _when(assignment)},
                _("Work that you still have to hand in: %(count)s") % {"count": count_due([enrolment])},
            ],
            path=f"/my/work/{assignment.pk}/",
        )


def _taking(assignment: Assignment) -> EnrolmentQuerySet:
    return Enrolment.objects.filter(cohort=assignment.cohort_id, state=EnrolmentState.ENROLLED).select_related(
        "listener__user", "cohort"
    )


def _when(assignment: Assignment) -> str:
    """Date and time by the institute's clocks, in the active language."""
    at = timezone.localtime(assignment.due_at)
    return f"{date_format(at, 'DATE_FORMAT')}, {at:%H:%M}"


def _language(enrolment: Enrolment) -> str:
    user = enrolment.listener.user
    return user.language if user else enrolment.cohort.language


def _address(enrolment: Enrolment) -> str:
    """Where the letter goes; who has no account hands in nothing, but may be told all the same."""
    listener = enrolment.listener
    return listener.user.email if listener.user else listener.email


def _write(kind: str, thing: str, enrolment: Enrolment, *, subject: str, lines: list[str], path: str) -> None:
    """Put the letter in the outbox in the active language; who has no address gets none."""
    if not (address := _address(enrolment)):
        return
    outbox.write(
        kind=kind,
        thing=thing,
        recipient=address,
        subject=subject,
        body=letter([*lines, settings.PUBLIC_BASE_URL + path], to=enrolment.listener.full_name),
    )
