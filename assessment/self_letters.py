"""Letters about the self-assessment: entry not answered after two working days, exit open. Each once (I11)."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from assessment.models import Checklist
from assessment.self_assessing import AFTERWARDS, ENTRY, EXIT, why_not, window_of
from core import outbox
from core.letters import letter
from core.models import Message
from core.nudge import nudge
from core.workdays import workdays_later
from enrollment.models import CohortState, Enrolment, EnrolmentState

KIND = "self-assessment"
WAITS = 2  # working days from the opening of the entry to its reminder
AT_ONCE = 200
FROM_HOUR, TO_HOUR = 8, 21  # by the clocks of Almaty


def remind() -> int:
    """Write what is due now; how many letters. None at night; safe to run at every sweep, and twice at once."""
    if not FROM_HOUR <= timezone.localtime().hour < TO_HOUR:
        return 0
    written = 0
    for enrolment, moment in _due()[:AT_ONCE]:
        _write(enrolment, moment)
        written += 1
    if written:
        nudge("core.send_messages")
    return written


def _due() -> list[tuple[Enrolment, str]]:
    """Whom to write about what, with an account and without an answer; the number of queries does not grow."""
    today = timezone.localdate()
    published = Checklist.objects.filter(edition=OuterRef("cohort__edition"), state="published")
    people = (
        Enrolment.objects.filter(
            Exists(published),
            state__in=(EnrolmentState.ENROLLED, EnrolmentState.COMPLETED, EnrolmentState.NOT_PASSED),
            cohort__state__in=(CohortState.RUNNING, CohortState.ASSESSING),
            cohort__starts_on__lte=today,
            cohort__ends_on__gte=today - AFTERWARDS,
            listener__user__isnull=False,
        )
        .select_related("listener__user", "cohort", "order")
        .prefetch_related("self_assessments")
        .order_by("pk")
    )
    things = [thing(person, moment) for person in people for moment in (ENTRY, EXIT)]
    told = set(Message.objects.filter(kind=KIND, thing__in=things).values_list("thing", flat=True))
    found = []
    for person in people:
        answered = {one.moment for one in person.self_assessments.all()}
        for moment in (ENTRY, EXIT):
            if moment not in answered and thing(person, moment) not in told and _is_time(person, moment, today):
                found.append((person, str(moment)))
    return found


def _is_time(enrolment: Enrolment, moment: str, today: date) -> bool:
    if why_not(enrolment, moment, today):
        return False
    begun = max(enrolment.cohort.starts_on, enrolment.order_date or enrolment.cohort.starts_on)
    return moment == EXIT or today >= workdays_later(begun - timedelta(days=1), WAITS + 1)


def thing(enrolment: Enrolment, moment: str) -> str:
    """What the letter is about, by which it is found again."""
    return f"enrolment {enrolment.pk} {moment}"


@transaction.atomic
def _write(enrolment: Enrolment, moment: str) -> None:
    user = enrolment.listener.user
    if user is None or not user.email:
        return
    with translation.override(user.language):
        until = date_format(window_of(enrolment, moment).closes_on, "DATE_FORMAT")
        entry = _("You have not answered the competence checklist at entry yet. It is open until %(day)s.")
        exit_ = _("The competence checklist at exit is open until %(day)s. Then you see what the course has changed.")
        lines = [
            (entry if moment == ENTRY else exit_) % {"day": until},
            f"{settings.PUBLIC_BASE_URL}/my/self-assessment/{enrolment.pk}/",
        ]
        outbox.write(
            kind=KIND,
            thing=thing(enrolment, moment),
            recipient=user.email,
            subject=_("Self-assessment of your competences"),
            body=letter(lines, to=enrolment.listener.full_name),
        )
