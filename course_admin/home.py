"""Where each person arrives: the public home, and after sign-in what is theirs to do today."""

from django.conf import settings
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Role
from assessment.models import AttemptState
from assessment.self_assessing import to_answer
from assessment.work_list import read_work
from assessment.work_queue import waiting_summary
from certificates.models import CorrectionRequest, Document, DocumentState
from course_admin.standing import standing
from enrollment.attendance import read_own, sessions_to_take
from enrollment.confirming import name_to_check
from enrollment.models import Cohort, Enrolment, EnrolmentState
from postcourse.models import Consultation
from programs.models import ProgrammeEdition


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The public home page, with the edition that is taught now."""
    return render(request, "home/public.html", {"edition": ProgrammeEdition.objects.in_force().first()})


@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """After sign-in: administrators to the admin panel, trainers to their cohorts, listeners to their course."""
    for role, name in (
        (Role.ADMINISTRATOR, "admin:index"),
        (Role.TRAINER, "trainer_home"),
        (Role.LISTENER, "my_course"),
    ):
        if role in request.user.roles:
            return redirect(name)
    return redirect("home")


def _coming(request: HttpRequest) -> list[Consultation]:
    """The person's next five consultations."""
    return list(
        Consultation.objects.visible_to(request.user)
        .occupying()
        .filter(starts_at__gte=timezone.now())
        .select_related("consultant", "criterion", "plan__outcome__attempt__enrolment__listener")
        .order_by("starts_at")[:5]
    )


@require_safe
def trainer_home(request: HttpRequest) -> HttpResponse:
    """A trainer's day: sessions whose attendance is to be taken, the cohorts taught, the next consultations."""
    enrolled = Q(enrolments__state=EnrolmentState.ENROLLED)
    cohorts = (
        Cohort.objects.filter(trainers=request.user)
        .select_related("edition")
        .annotate(
            enrolled=Count("enrolments", filter=enrolled, distinct=True),
            complete=Count(
                "enrolments", filter=enrolled & Q(enrolments__attempts__state=AttemptState.SUBMITTED), distinct=True
            ),
            decided=Count("enrolments", filter=Q(enrolments__attempts__state=AttemptState.DECIDED), distinct=True),
        )
        .order_by("-starts_on")
    )
    context = {
        "sessions": sessions_to_take(request.user),
        "cohorts": cohorts,
        "consultations": _coming(request),
        "works": waiting_summary(request.user),
        "now": timezone.localtime(),
    }
    return render(request, "home/trainer.html", context)


@require_safe
def my_course(request: HttpRequest) -> HttpResponse:
    """A listener's courses: plan and dates, attendance, what the result means, documents, consultations."""
    asked = Prefetch("correction_requests", queryset=CorrectionRequest.objects.open(), to_attr="asked")
    documents = Document.objects.visible_to(request.user).exclude(state=DocumentState.RESERVED).order_by("-id")
    enrolments = (
        Enrolment.objects.visible_to(request.user)
        .filter(listener__user=request.user)
        .select_related("cohort__edition", "cohort__rubric", "listener", "order", "agreement")
        .prefetch_related(
            "cohort__edition__modules",
            "cohort__rubric__criteria",
            "cohort__rubric__bands",
            "cohort__trainers",
            "attempts__outcome__band",
            "attempts__outcome__protocol",
            "attempts__outcome__appeal",
            "attempts__defences__sitting__room",
            Prefetch("documents", queryset=documents.prefetch_related(asked), to_attr="papers"),
        )
        .order_by("-cohort__starts_on")
    )
    attendance = read_own(enrolments)
    courses = [standing(enrolment, attendance[enrolment.pk]) for enrolment in enrolments]
    works = read_work(enrolments)
    context = {
        "courses": courses,
        "consultations": _coming(request),
        "minimum": settings.ATTENDANCE_MINIMUM,
        "works": bool(works),
        "due": sum(work.is_due for work in works),
        "checklists": to_answer(list(enrolments)),
        "name_to_check": name_to_check(enrolments),
    }
    return render(request, "home/listener.html", context)
