"""Assignments and work of the demonstration: late, returned, accepted, waiting since yesterday and for five days."""

from datetime import datetime, time, timedelta
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from assessment.answering import answer
from assessment.handing_in import hand_in
from assessment.models import Assignment, Feedback, Version
from assessment.setting_tasks import publish
from assessment.standard_set import set_up_standard
from core.pdf import render
from core.private_files import Upload
from course_admin.demo_texts import ADVICE, CASES, PRAISE, PROGRAMME, PROJECTS, RISKS, STUDIES, word_document
from enrollment.models import Cohort, Enrolment, EnrolmentState

STUDENT = "student@demo.kz"  # signs in and has work to hand in
STYLE = settings.BASE_DIR / "static" / "certificates" / "papers" / "paper.css"


def seed_work(*, running: Cohort, assessing: Cohort, trainer: User, password: str) -> None:
    """The standard assignments of both cohorts; the modules ahead stay drafts in the one that runs."""
    now = timezone.now()
    tasks = _publish(running, trainer, last_module=5)
    student, *others = _with_accounts(running, 5, password)
    first, second = tasks["legal_study"], tasks["management_case"]
    handed_in = min(first.due_at, now) - timedelta(hours=3)
    _answer(_give(first, student, STUDIES[0], handed_in), "accepted", PRAISE, trainer)
    handed_in = min(second.due_at, now) - timedelta(hours=5)
    _answer(_give(second, student, CASES[0], handed_in, _pdf("Кейс", CASES[0])), "returned", ADVICE, trainer)
    _give(first, others[0], "", now - timedelta(hours=28), _docx(STUDIES[1]))
    _give(first, others[1], STUDIES[2], now - timedelta(days=5))
    _answer(_give(second, others[2], CASES[1], handed_in), "returned", ADVICE, trainer)
    _give(second, others[2], "", now - timedelta(days=1), _docx(f"{CASES[1]}\n{RISKS}"))
    _give(tasks["development_programme"], others[3], "", now - timedelta(hours=3), _pdf("Даму бағдарламасы", PROGRAMME))

    tasks = _publish(assessing, trainer, last_module=7)
    project, study = tasks["project"], tasks["legal_study"]
    enrolments = _with_accounts(assessing, 3, "")
    for place, (enrolment, (title, text)) in enumerate(zip(enrolments, PROJECTS.items(), strict=True)):
        moment = min(project.due_at, now) - timedelta(hours=5 + place)
        version = _give(project, enrolment, title, moment, _pdf(title, text))
        if place < 2:
            _answer(version, "accepted", PRAISE, trainer)
    _give(study, enrolments[2], "", study.due_at + timedelta(hours=20), _docx(STUDIES[3]))


def _publish(cohort: Cohort, trainer: User, *, last_module: int) -> dict[str, Assignment]:
    """The standard set by kind, published on the cohort's first day up to this module."""
    made = set_up_standard(cohort=cohort, by=trainer)
    first_day = timezone.make_aware(datetime.combine(cohort.starts_on, time(9)))
    for assignment in made:
        if assignment.module.no <= last_module:
            publish(assignment=assignment, by=trainer, now=first_day)
    return {assignment.kind: assignment for assignment in made}


def _with_accounts(cohort: Cohort, count: int, password: str) -> list[Enrolment]:
    """Listeners of the cohort with accounts of their own; with a password the first of them is the STUDENT."""
    taking = cohort.enrolments.filter(state=EnrolmentState.ENROLLED, listener__user=None).by_name()
    enrolments = list(taking.select_related("listener", "cohort")[8 : 8 + count])
    for place, enrolment in enumerate(enrolments):
        listener = enrolment.listener
        if password and place == 0:
            listener.email = STUDENT
        listener.user = User.objects.create_user(
            listener.email,
            password if place == 0 and password else None,
            full_name=listener.full_name,
            is_listener=True,
        )
        listener.save()
    return enrolments


def _give(
    assignment: Assignment, enrolment: Enrolment, text: str, now: datetime, file: Upload | None = None
) -> Version:
    """What the listener hands in at that moment."""
    user = enrolment.listener.user
    if user is None:
        raise AssertionError("who hands in has an account")
    return hand_in(
        assignment=assignment,
        enrolment=enrolment,
        text=text,
        files=[file] if file else [],
        request_key="",
        by=user,
        now=now,
    )


def _answer(version: Version, verdict: str, words: str, by: User) -> None:
    """What the trainer answers."""
    seen = Feedback.objects.filter(version__submission=version.submission_id).count()
    answer(version=version, verdict=verdict, words=words, seen=seen, by=by)


def _pdf(title: str, text: str) -> Upload:
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
    body = f"<h1>{escape(title)}</h1>{paragraphs}"
    return Upload(f"{title}.pdf", render(body, stylesheets=[STYLE], language="kk", title=title))


def _docx(text: str) -> Upload:
    return Upload("жұмыс.docx", word_document(text))
