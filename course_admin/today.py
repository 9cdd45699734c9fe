"""The administrators' front page: what waits for a person today, each figure with the page where it is dealt with."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from assessment.models import (
    Appeal,
    AppealState,
    AttemptState,
    Defence,
    DefenceState,
    Outcome,
    Protocol,
    ProtocolState,
)
from assessment.work_queue import overdue_count
from certificates.models import LIVE, Blank, BlankState, CorrectionRequest, Document, DocumentState, Revocation, Wish
from certificates.watching import scanning_now
from core.models import Heartbeat, Message
from core.outbox import PATIENCE
from enrollment.models import (
    SEATED,
    Application,
    Cohort,
    CohortState,
    CorrectionState,
    EmployerNotice,
    EnrolmentState,
    MovementRequest,
    NameCorrection,
)
from postcourse.models import Consultation
from postcourse.planning import waiting

NAMED = 3  # people whom the front page names before it says how many more
ACTIVE = (CohortState.OPEN, CohortState.RUNNING, CohortState.ASSESSING)


@dataclass(frozen=True)
class Figure:
    """One number of the front page; `alarm` marks what should not be there."""

    label: str
    count: int
    url: str
    alarm: bool = False


def cohorts() -> list[Cohort]:
    """Cohorts at work, with `people`, `complete` (fully scored) and `enrolled` (without an outcome yet)."""
    people = Q(enrolments__state__in=SEATED)
    enrolled = Q(enrolments__state=EnrolmentState.ENROLLED)
    complete = enrolled & Q(enrolments__attempts__state=AttemptState.SUBMITTED)
    return list(
        Cohort.objects.filter(state__in=ACTIVE)
        .annotate(
            people=Count("enrolments", filter=people, distinct=True),
            enrolled=Count("enrolments", filter=enrolled, distinct=True),
            complete=Count("enrolments", filter=complete, distinct=True),
        )
        .order_by("starts_on", "code")
    )


def by_state() -> list[Figure]:
    """How many cohorts are in each state."""
    counted = dict(Cohort.objects.order_by().values_list("state").annotate(Count("pk")))
    address = reverse("admin:enrollment_cohort_changelist")
    return [
        Figure(str(state.label), counted.get(state.value, 0), f"{address}?state__exact={state.value}")
        for state in CohortState
    ]


def unissued() -> list[dict[str, Any]]:
    """Closed protocols with outcomes that have no live document: cohort code, protocol and how many."""
    later = Outcome.objects.filter(attempt__enrolment=OuterRef("attempt__enrolment"), pk__gt=OuterRef("pk"))
    rows = (
        Outcome.objects.in_force()
        .exclude(documents__state__in=(*LIVE, DocumentState.REPLACED))
        .exclude(Exists(later))
        .values("protocol", "protocol__no", "protocol__cohort__code")
        .annotate(count=Count("pk"))
        .order_by("protocol")
    )
    return list(rows)


def this_week() -> list[Consultation]:
    """Consultations from today to the end of the week after seven days, the first twenty."""
    start = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    return list(
        Consultation.objects.occupying()
        .filter(starts_at__gte=start, starts_at__lt=start + timedelta(days=7))
        .select_related("consultant", "criterion", "plan__outcome__attempt__enrolment__listener")[:20]
    )


def requests() -> list[MovementRequest]:
    """Open requests of listeners, the longest waiting first, the first ten."""
    return list(MovementRequest.objects.open().select_related("enrolment__listener", "enrolment__cohort")[:10])


def before_the_commission() -> list[Figure]:
    """What waits for the chair: appeals, disputed defences, drafts of protocols."""
    appeals = Appeal.objects.filter(state=AppealState.FILED).count()
    disputes = Defence.objects.filter(state=DefenceState.DISPUTED).count()
    drafts = Protocol.objects.filter(state=ProtocolState.DRAFT).count()
    return [
        Figure("appeals", appeals, reverse("appeal_list")),
        Figure("disputes", disputes, reverse("admin:assessment_sitting_changelist")),
        Figure("drafts", drafts, reverse("admin:assessment_protocol_changelist") + "?state__exact=draft"),
    ]


def letters_due() -> list[EmployerNotice]:
    """Letters to employers whose sending nobody has recorded, the most urgent first (R11)."""
    return list(EmployerNotice.objects.due().select_related("employer", "line__enrolment__listener"))


def corrections() -> list[NameCorrection]:
    """Names that listeners want corrected and nobody has decided about, the oldest first."""
    filed = NameCorrection.objects.filter(state=CorrectionState.FILED)
    return list(filed.select_related("listener").order_by("pk"))


def revocations() -> list[Revocation]:
    """Documents that somebody wants revoked, and that wait for a second person."""
    return list(Revocation.objects.open().select_related("document", "proposed_by"))


def document_requests() -> list[CorrectionRequest]:
    """Requests about documents that nobody has decided about, the oldest first."""
    return list(CorrectionRequest.objects.open().select_related("document"))


def machinery() -> list[Figure]:
    """What the worker has before it, and what it gave up on."""
    documents = Document.objects.aggregate(
        waiting=Count("pk", filter=Q(state=DocumentState.RESERVED, attempts__lt=settings.RENDER_ATTEMPTS)),
        failed=Count("pk", filter=Q(state=DocumentState.RESERVED, attempts__gte=settings.RENDER_ATTEMPTS)),
        held_up=Count("pk", filter=Q(state=DocumentState.RESERVED) & ~Q(last_error="")),
    )
    wished = Wish.objects.filter(state=Wish.State.WISHED).count()
    stuck = Message.objects.filter(sent_at=None, attempts__gte=PATIENCE).count()
    register = reverse("admin:certificates_document_changelist")
    letters = reverse("admin:core_message_changelist")
    stock = Blank.objects.aggregate(any=Count("pk"), left=Count("pk", filter=Q(state=BlankState.IN_STOCK)))
    return [
        Figure(
            "documents_waiting",
            documents["waiting"] + wished,
            f"{register}?state__exact=reserved",
            alarm=documents["held_up"] > 0,  # by a full disk, say: each document tells by what
        ),
        Figure(
            "documents_failed", documents["failed"], f"{register}?state__exact=reserved", alarm=documents["failed"] > 0
        ),
        Figure(
            "blanks_left",
            stock["left"],
            reverse("admin:certificates_blank_changelist"),
            alarm=bool(stock["any"]) and stock["left"] < settings.BLANKS_LOW,
        ),
        Figure("letters_stuck", stuck, f"{letters}?sent_at__isempty=1", alarm=stuck > 0),
    ]


def applications() -> Figure:
    """Applications that wait for a decision, or for a look before one."""
    waiting = Application.objects.to_decide().count()
    return Figure("applications", waiting, reverse("admin:enrollment_application_decide"))


def unanswered(user: User) -> Figure:
    """Handed-in work that nobody has answered within WORK_ANSWER_DAYS."""
    return Figure("unanswered", overdue_count(user, settings.WORK_ANSWER_DAYS), reverse("work_queue"))


def scanning() -> Figure:
    """Answers “not found” of a day on which somebody seems to have tried addresses out; else 0."""
    count = scanning_now()
    return Figure("scanning", count, reverse("admin:certificates_checkday_changelist"), alarm=count > 0)


def worker_is_silent() -> bool:
    """Whether the worker's last sign of life is older than four sweeps."""
    limit = timezone.now() - timedelta(seconds=4 * settings.SWEEP_SECONDS)
    return not Heartbeat.objects.filter(name="worker", at__gte=limit).exists()


def gather(user: User) -> dict[str, Any]:
    """Everything that the front page shows an administrator, in a constant number of queries."""
    unplanned, asked = waiting(), corrections()
    return {
        "cohort_list": cohorts(),
        "cohorts_by_state": by_state(),
        "applications": applications(),
        "unissued": unissued(),
        "unanswered": unanswered(user),
        "revocations": revocations(),
        "document_requests": document_requests(),
        "machinery": {figure.label: figure for figure in machinery()},
        "requests": requests(),
        "commission": {figure.label: figure for figure in before_the_commission()},
        "letters_due": letters_due(),
        "consultations": this_week(),
        "unplanned": unplanned[:NAMED],
        "unplanned_more": max(0, len(unplanned) - NAMED),
        "corrections": asked[:NAMED],
        "corrections_more": max(0, len(asked) - NAMED),
        "scanning": scanning(),
        "worker_silent": worker_is_silent(),
    }
